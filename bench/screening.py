"""What screening makes of real texts and how long it takes: shares by file, by length; and the worst of a fuzzed corpus.

    python -m bench.screening [TEXTS.jsonl …]

Without a file the cases of the tests are taken. A line of a file is {"id", "text"}; with "set", each set is counted apart, and the ordinary texts that
nothing was learned from are counted for the figures of comments/screening/measured.py. All times are processor time. Exit status 1 if the 95th
percentile of a file is 6 ms or more, or the worst of the fuzzed corpus 50 ms or more.
"""

import collections
import json
import pathlib
import random
import statistics
import sys
import time

from bench.likeness import learned_from
from comments.screening import History, Submission, Watch, WatchedWord, is_read_first, lane_of, prepare, screen
from comments.screening.measured import ORDINARY, Measured

ROOT = pathlib.Path(__file__).resolve().parent.parent
LONGEST = 5000
LENGTHS = (20, 80, 150, 400, 100_000)
WATCH = Watch(words=tuple(WatchedWord(f"word{number} watched", whole_word=number % 2 == 0) for number in range(500)))
PIECES = [
    "a", "1", " ", "\n", "(", ")", "[", "]", "<", ">", ".", ",", "!", "?", "@", "-", "_", "'", "*", "/", "+", "#", "$", "%",
    ":", "\u0301", "\u200b", "\u00a0", "\ud835\udcea", "\u00e9", "\u0430", "9 ", "a ", "a.", "1 2", "1-", "(1)", "a@", "@a.",
    "1.", "1/", "at ", "dot ", "arroba ", "punto ", "five ", "cinco ", "www.", "http://", "a@b.", "a at b ", "kill ",
    "i want ", "to die ", "not ", "no quiero ", "me ", "A", "Ab ", "Ab Cd ", "1 Ab ", "calle a ", "calle ", "born ",
    "nac\u00ed ", "1/1/1 ", "id ", "policy ", "take 5 ", "k1ll", "d i e ", "quiero m.o.r.i.r ", "<a ", "[url", "[x](", "die",
    "killmyself", "iiii", "su*cide ", "she ", "he ", "lupus ", "cure ", "a" * 64 + " ", "0" * 16 + " ", "stop taking ",
    "prednisone ", "5 mg ", "i ", "my ", "Dr. ", "@ab ", "has lupus ",
]  # fmt: skip


def fuzzed(seed: int = 1) -> list[str]:
    """Return texts of 5,000 characters: each piece repeated, pairs of pieces, and random mixtures."""
    chance = random.Random(seed)
    texts = [(piece * LONGEST)[:LONGEST] for piece in PIECES]
    texts += [("".join(chance.sample(PIECES, 2)) * LONGEST)[:LONGEST] for _ in range(150)]
    texts += ["".join(chance.choices(PIECES, k=LONGEST))[:LONGEST] for _ in range(30)]
    texts += ["".join(chance.choices(chance.sample(PIECES, 5), k=LONGEST))[:LONGEST] for _ in range(60)]
    return [*texts, "a" + "\u0301" * (LONGEST - 1), "".join(map(chr, range(0xA1, 0xA1 + LONGEST)))]


def milliseconds(text: str, watch: Watch) -> float:
    """Return the processor time of the better of two runs, so that other processes do not count."""
    best = float("inf")
    for _ in range(2):
        started = time.thread_time()
        screen(Submission(name="Marta", email="", body=text), History(), watch)
        best = min(best, time.thread_time() - started)
    return best * 1000


def shares(rows: list[dict]) -> Measured:
    """Print how many of each set come into which lane, how many are urgent or read first, and those by the number of words.

    Return the figures of the ordinary texts that nothing was learned from.
    """
    sets, lengths, unseen = collections.defaultdict(list), collections.defaultdict(list), []
    for row in rows:
        signals = screen(Submission(name="", email="", body=row["text"]))
        lane = lane_of(signals)
        found = (lane, lane == "urgent" or is_read_first(signals), any(signal.code == "rule_error" for signal in signals))
        sets[row.get("set", "")].append(found)
        if row.get("set") == "ordinary" and not learned_from(row):
            unseen.append(found)
        words = len(row["text"].split())
        lengths[next(most for most in LENGTHS if words <= most)].append(found)
    for name, found in [*sets.items(), *((f"up to {most} words", lengths[most]) for most in sorted(lengths))]:
        lanes = collections.Counter(lane for lane, _, _ in found)
        figures = [f"{lane} {lanes[lane] / len(found):.1%}" for lane in ("urgent", "clinician", "standard", "spam_likely")]
        first, errors = sum(first for _, first, _ in found), sum(error for _, _, error in found)
        print(
            f"  {name or 'all'}: {len(found)}, {', '.join(figures)}; urgent or first {first / len(found):.1%}; rule_error {errors}"
        )
    urgent, spam = (sum(lane == name for lane, _, _ in unseen) for name in ("urgent", "spam_likely"))
    return Measured(len(unseen), urgent, sum(first for _, first, _ in unseen) - urgent, spam)


def main(paths: list[pathlib.Path]) -> int:
    started = time.process_time()
    prepare()
    print(f"language data read: {(time.process_time() - started) * 1000:.0f} ms")
    slow, figures = False, []
    for path in paths or [ROOT / "tests/comments/screening_cases.jsonl"]:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        times = sorted(milliseconds(row["text"], WATCH) for row in rows)
        cuts = statistics.quantiles(times, n=100)
        slow = slow or cuts[94] >= 6
        print(f"{len(rows)} texts of {path.name}: median {cuts[49]:.2f} ms, 95th {cuts[94]:.2f} ms, worst {times[-1]:.2f} ms")
        figures.append(shares(rows))
    print(f"ordinary, nothing learned from them: {Measured(*map(sum, zip(*figures, strict=True)))}; published are {ORDINARY}")
    worst = sorted(((milliseconds(text, WATCH), text[:40]) for text in fuzzed()), reverse=True)
    print(f"{len(worst)} fuzzed texts of {LONGEST}: median {worst[len(worst) // 2][0]:.1f} ms, worst:")
    for time_taken, beginning in worst[:8]:
        print(f"  {time_taken:6.1f} ms  {beginning!r}")
    return int(slow or worst[0][0] >= 50)


if __name__ == "__main__":
    sys.exit(main([pathlib.Path(path) for path in sys.argv[1:]]))
