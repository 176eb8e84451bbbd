"""Learns the weights of `comments/screening/data/likeness.tsv` from labelled texts, and says what to expect of them.

    pip install scikit-learn
    python -m bench.likeness [--dry-run] [FILE.jsonl …]

Without files: the cases of the tests and all of `bench/labelled/`, each file another hand's. What is printed comes from predicting each file
by what was learned from the others. Logistic regression, the same result on every run; --dry-run keeps the weights as they are.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from comments.screening import Submission
from comments.screening.crisis import CRISIS_LIKE
from comments.screening.medical import CURE_LIKE, DOSE_LIKE, STOP_LIKE
from comments.screening.reading import Reading
from comments.screening.spam import SPAM_LIKE
from comments.screening.text.likeness import BIAS, KINDS, pieces
from comments.screening.text.phrases import sentences

ROOT = pathlib.Path(__file__).resolve().parent.parent
LABELLED = ROOT / "bench/labelled"
CASES = ROOT / "tests/comments/screening_cases.jsonl"
OUT = ROOT / "comments/screening/data/likeness.tsv"
LIMITS = dict(zip(KINDS, (CRISIS_LIKE, DOSE_LIKE, STOP_LIKE, CURE_LIKE, SPAM_LIKE), strict=True))
LABELS = {"dose": {"medical_dose"}, "stop": {"medical_stop"}, "cure": {"medical_cure"}, "spam": {"promo", "spam_bot"}}
# A long text holds much that has nothing to do with its label.
LONGEST = 1500
# How strongly weights are held near 0, how large a piece counts before, and what is not worth a line.
HELD, SIZE, SMALLEST = 1, 4, 0.15


def is_like(row: dict, kind: str) -> bool | None:
    """Return whether a labelled text is of a kind; None where the labels leave it open."""
    if kind != "crisis":
        return not LABELS[kind].isdisjoint(row["labels"])
    if row["lane"] == "urgent":
        return True
    return None if "urgent" in row.get("lane_also", []) else False


def read(path: pathlib.Path) -> list[tuple[dict, tuple]]:
    """Return (labelled text, its pieces) of a file."""
    rows = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        text = Reading(Submission(name="", email="", body=row["text"])).plain.text
        rows.append((row, pieces([text[slice(*place)] for place in sentences(text)])))
    return rows


class Columns:
    """The pieces of some texts as the columns of matrices."""

    def __init__(self, rows):
        self.groups = [
            {piece: at for at, piece in enumerate(sorted({piece for _, found in rows for piece in found[group]}))}
            for group in (0, 1)
        ]
        self.names = [piece for group in self.groups for piece in group]

    def matrix(self, rows) -> csr_matrix:
        """Return a row for each text; pieces weigh less in texts with many."""
        parts = []
        for group, columns in enumerate(self.groups):
            places = [
                (at, columns[piece], found[group])
                for at, (_, found) in enumerate(rows)
                for piece in found[group]
                if piece in columns
            ]
            values = [SIZE / np.sqrt(len(found) + 1) for _, _, found in places]
            across, down = [column for _, column, _ in places], [at for at, _, _ in places]
            parts.append(csr_matrix((values, (down, across)), shape=(len(rows), len(columns))))
        return hstack(parts).tocsr()


def learn(rows: list, kind: str, columns: Columns, matrix: csr_matrix) -> LogisticRegression:
    """Return what tells the texts of a kind from the others, both weighing the same."""
    chosen = [at for at, (row, _) in enumerate(rows) if is_like(row, kind) is not None and len(row["text"]) < LONGEST]
    answers = [is_like(rows[at][0], kind) for at in chosen]
    return LogisticRegression(C=HELD, class_weight="balanced", max_iter=2000).fit(matrix[chosen], answers)


def expect(files: dict[str, list]) -> None:
    """Print what is found in each file by what the others teach."""
    told = {kind: [] for kind in KINDS}
    for name, held_out in files.items():
        rows = [row for other, content in files.items() if other != name for row in content]
        columns = Columns(rows)
        matrix, unseen = columns.matrix(rows), columns.matrix(held_out)
        for kind in KINDS:
            found = learn(rows, kind, columns, matrix).decision_function(unseen)
            told[kind] += [
                (value, row) for value, (row, _) in zip(found, held_out, strict=True) if is_like(row, kind) is not None
            ]
    for kind, values in told.items():
        for limit in sorted({LIMITS[kind], -1.0, -0.5, 0.0, 0.5, 1.0}):
            right = [value > limit for value, row in values if is_like(row, kind)]
            wrong = [value > limit for value, row in values if not is_like(row, kind)]
            normal = [value > limit for value, row in values if row["labels"] == ["normal"]]
            precision = sum(right) / max(1, sum(right) + sum(wrong))
            print(
                f"{kind:6} above {limit:5.2f}{'*' if limit == LIMITS[kind] else ' '}: recall {sum(right) / len(right):.2f}, "
                f"precision {precision:.2f}, normal texts {sum(normal) / len(normal):.3f}"
            )


def main() -> None:
    paths = [pathlib.Path(path) for path in sys.argv[1:] if path != "--dry-run"] or [CASES, *sorted(LABELLED.glob("*.jsonl"))]
    files = {str(path): read(path) for path in paths}
    expect(files)
    rows = [row for content in files.values() for row in content]
    columns = Columns(rows)
    matrix = columns.matrix(rows)
    models = [learn(rows, kind, columns, matrix) for kind in KINDS]
    lines = [(BIAS, [model.intercept_[0] for model in models])]
    lines += zip(columns.names, np.array([model.coef_[0] * SIZE for model in models]).T, strict=True)
    kept = [(piece, found) for piece, found in lines if max(map(abs, found)) >= SMALLEST]
    print(f"{len(kept)} of {len(lines)} weights from {len(rows)} texts")
    if "--dry-run" not in sys.argv:
        OUT.write_text(
            "".join(f"{' '.join(map(written, found))}\t{piece}\n" for piece, found in sorted(kept, key=lambda line: line[0])),
            encoding="utf-8",
        )


def written(weight: float) -> str:
    return str(round(weight * 100) if abs(weight) >= SMALLEST else 0)


if __name__ == "__main__":
    main()
