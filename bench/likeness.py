"""Learns the weights of `comments/screening/data/likeness.tsv` from labelled texts, and says what to expect of them.

    python bench/likeness.py LABELLED.jsonl [MORE.jsonl …]

A text counts as a cry for help when its lane is urgent. Logistic regression with AdaGrad, the same result on every run. What is
printed comes from five parts, each predicted by what was learned from the other four.
"""

import json
import math
import os
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lupussite.settings")

from comments.screening import Submission  # noqa: E402
from comments.screening.likeness import BIAS, LIKE, pieces, score  # noqa: E402
from comments.screening.phrases import sentences  # noqa: E402
from comments.screening.reading import Reading  # noqa: E402

OUT = ROOT / "comments/screening/data/likeness.tsv"
LONGEST = 800
ROUNDS, RATE, DECAY = 12, 0.3, 1e-4
SMALLEST = 0.05


def examples(paths: list[str]) -> list[tuple[set[str], bool]]:
    """Return (pieces, is urgent) of every short text; those too vague to know, and crises of the past, are left out."""
    rows = [json.loads(line) for path in paths for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines()]
    result = []
    for row in rows:
        vague = "urgent" in row.get("lane_also", []) and not {"normal", "crisis_past"}.isdisjoint(row["labels"])
        if len(row["text"]) < LONGEST and not vague:
            text = Reading(Submission(name="", email="", body=row["text"])).plain.text
            result.append((pieces([text[slice(*place)] for place in sentences(text)]), row["lane"] == "urgent"))
    return result


def learn(rows: list[tuple[set[str], bool]]) -> dict[str, float]:
    """Return the weights that tell urgent rows from the others, both weighing the same."""
    rows, chance = list(rows), random.Random(1)
    heavier = sum(not urgent for _, urgent in rows) / max(1, sum(urgent for _, urgent in rows))
    known, squares = {BIAS: 0.0}, {}
    for _ in range(ROUNDS):
        chance.shuffle(rows)
        for found, urgent in rows:
            length = 1 / math.sqrt(len(found) + 1)
            likely = 1 / (1 + math.exp(-max(-30.0, min(30.0, score(found, known)))))
            error = (likely - urgent) * (heavier if urgent else 1)
            for piece in sorted(found):
                step = error * length + DECAY * known.get(piece, 0.0)
                squares[piece] = squares.get(piece, 1e-6) + step * step
                known[piece] = known.get(piece, 0.0) - RATE * step / math.sqrt(squares[piece])
            known[BIAS] -= 0.05 * error
    return known


def main() -> None:
    rows = examples(sys.argv[1:])
    random.Random(5).shuffle(rows)
    scores = []
    for part in range(5):
        known = learn([row for index, row in enumerate(rows) if index % 5 != part])
        scores += [(score(found, known), urgent) for found, urgent in rows[part::5]]
    for limit in (-0.5, -0.25, LIKE, 0.25, 0.5, 1.0):
        found = sum(value > limit for value, urgent in scores if urgent) / sum(urgent for _, urgent in scores)
        wrong = sum(value > limit for value, urgent in scores if not urgent) / sum(not urgent for _, urgent in scores)
        print(f"above {limit:5.2f}: {found:.2f} of the urgent texts, {wrong:.3f} of the others")
    known = {piece: weight for piece, weight in learn(rows).items() if abs(weight) >= SMALLEST}
    OUT.write_text("".join(f"{round(known[piece] * 100)}\t{piece}\n" for piece in sorted(known)), encoding="utf-8")
    print(f"{len(known)} weights from {len(rows)} texts")


if __name__ == "__main__":
    main()
