"""Reads and writes the labeled comments that the screening learns from: one compressed file of JSON lines.

    python -m bench.labelled                    prints all of them
    python -m bench.labelled 'wor[dt]' …        prints those whose line matches one of the patterns
    python -m bench.labelled --write < FILE     puts the lines of FILE in place of those with the same ids; new ids come last

To correct a label: print a line, change it, write it. What a line holds is said in bench/README.md.
"""

import json
import lzma
import pathlib
import re
import sys

PATH = pathlib.Path(__file__).with_name("labelled.jsonl.xz")


def read() -> list[dict]:
    """Return all labeled comments."""
    return [json.loads(line) for line in lzma.decompress(PATH.read_bytes()).decode().split("\n") if line]


def write(rows: list[dict]) -> None:
    """Keep these in the place of all; the same rows give the same file."""
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    PATH.write_bytes(lzma.compress(lines.encode(), preset=9))


def main(arguments: list[str]) -> None:
    if arguments == ["--write"]:
        known = {row["id"]: row for row in read()}
        known |= {row["id"]: row for row in map(json.loads, filter(str.strip, sys.stdin))}
        write(list(known.values()))
        return
    for row in read():
        line = json.dumps(row, ensure_ascii=False)
        if not arguments or any(re.search(pattern, line) for pattern in arguments):
            print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
