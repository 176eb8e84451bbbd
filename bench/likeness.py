"""Learns the weights of `comments/screening/data/likeness.bin` from labeled texts and real ones, and says what to expect of them.

    python -m bench.likeness                    learns, and writes the weights
    python -m bench.likeness --expect           prints what is found in each hand's texts by what the others teach
    python -m bench.likeness --gather FOLDER    makes bench/real.bin.xz anew from the public sets in FOLDER (bench/README.md names them)

The labeled texts are `bench/labelled.jsonl.xz`. Of the real ones only numbers are kept, never a text. Logistic regression, equal on every
run with the locked versions.
"""

import array
import collections
import json
import lzma
import pathlib
import sys
import zlib

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bench import labelled
from comments.screening import Submission, screen
from comments.screening.crisis import CRISIS_LIKE, HIGH
from comments.screening.medical import CURE_LIKE, DOSE_LIKE, STOP_LIKE
from comments.screening.reading import Reading
from comments.screening.spam import SPAM_LIKE
from comments.screening.text.likeness import KINDS, PLACES, WORD, Pieces, pieces, place_of

BENCH = pathlib.Path(__file__).parent
REAL = BENCH / "real.bin.xz"
OUT = BENCH.parent / "comments/screening/data/likeness.bin"
LABELS = {"dose": {"medical_dose"}, "stop": {"medical_stop"}, "cure": {"medical_cure"}, "spam": {"promo", "spam_bot"}}
LIMITS = dict(zip(KINDS, (HIGH, DOSE_LIKE, STOP_LIKE, CURE_LIKE, SPAM_LIKE), strict=True))
# A long text holds much that has nothing to do with its label.
LONGEST = 1500
# How strongly weights are held near 0, and how large a piece counts before.
HELD, SIZE = 1, 4
# Of the real texts so many of a hundred are learned from, by their ids, and none with more words: the others are there to measure.
SHARE, MOST_WORDS = 60, 400
# What people wrote about medicines: nobody labeled whether they speak of a dose, a cure; and of stopping only those of `--gather`.
OF_MEDICINES = {"drug_reviews", "drug_comments", "patient_questions"}
YES, NO, OPEN = 1, 0, 2

Answers = tuple[int, ...]
Places = tuple[array.array, array.array]  # Of stems and of letters.


def answers_of(row: dict) -> Answers:
    """Return YES, NO or OPEN for each of KINDS as the labels of a text say."""
    crisis = YES if row["lane"] == "urgent" else OPEN if "urgent" in row.get("lane_also", []) else NO
    return (crisis, *(YES if LABELS[kind] & set(row["labels"]) else NO for kind in KINDS[1:]))


def plain_of(text: str) -> str:
    """Return a text as the screening compares it."""
    return Reading(Submission(name="", email="", body=text)).plain.text


def learned_from(row: dict) -> bool:
    """Return whether a real text is one of those that are learned from."""
    return zlib.crc32(row["id"].encode()) % 100 < SHARE


def gather(folder: pathlib.Path) -> None:
    """Keep the numbers of the real texts in FOLDER: hashed pieces, sorted, so that no text can be read from them.

    `stopping.jsonl` in it holds what readers said of some ids: {"id", "stop": "yes" or "no"}. Of the ids in bench/stopping.txt none is
    learned from: they measure.
    """
    kept = set((BENCH / "stopping.txt").read_text().split())
    said = {row["id"]: row["stop"] for row in map(json.loads, (folder / "stopping.jsonl").read_text().split("\n")[:-1])}
    numbers = array.array("H")
    count = 0
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem == "stopping":
            continue
        for row in map(json.loads, path.read_text(encoding="utf-8").split("\n")[:-1]):
            stop = {"yes": YES, "no": NO}.get(said.get(row["id"], ""), OPEN)
            if row["id"] in kept or not (learned_from(row) or stop != OPEN):
                continue
            text = plain_of(row["text"])
            if len(WORD.findall(text)) > MOST_WORDS:
                continue
            codes = {signal.code for signal in screen(Submission(name="", email="", body=row["text"]))}
            # One or two reviews of a hundred do speak of suicide: no one looked which.
            crisis = OPEN if codes & {"crisis_now", "crisis_past", "violence", "minor_in_danger"} else NO
            spam = YES if row["set"] == "spam" else NO
            about = path.stem in OF_MEDICINES
            answers = (crisis, OPEN if about else NO, stop if about else NO, OPEN if about else NO, spam)
            found = pieces(text)
            numbers.extend([*answers, len(found.stems), len(found.letters)])
            for group in found:
                numbers.extend(sorted(map(place_of, group)))
            count += 1
    REAL.write_bytes(lzma.compress(numbers.tobytes(), preset=9))
    print(f"{count} texts, {len(numbers)} numbers, {REAL.stat().st_size} bytes")


def real() -> list[tuple[Answers, Places]]:
    """Return the real texts as they were gathered: answers, and places of stems and letters."""
    numbers = array.array("H")
    numbers.frombytes(lzma.decompress(REAL.read_bytes()))
    rows, at, head = [], 0, len(KINDS) + 2
    while at < len(numbers):
        *answers, stems, letters = numbers[at : at + head]
        at += head
        rows.append((tuple(answers), (numbers[at : at + stems], numbers[at + stems : at + stems + letters])))
        at += stems + letters
    return rows


def places(found: Pieces) -> Places:
    """Return the places of stems and of letters."""
    return tuple(array.array("H", map(place_of, group)) for group in found)


def matrix(rows: list[Places]) -> csr_matrix:
    """Return a row for each text; pieces weigh less in texts with many."""
    values, across, down = [], [], []
    for at, groups in enumerate(rows):
        row = collections.Counter()
        for group in groups:
            share = SIZE / np.sqrt(len(group) + 1)
            for place, count in collections.Counter(group).items():
                row[place] += count * share
        down += [at] * len(row)
        across += row.keys()
        values += row.values()
    return csr_matrix((values, (down, across)), shape=(len(rows), PLACES))


def learn(answers: list[Answers], texts: csr_matrix, kind: int) -> LogisticRegression:
    """Return what tells the texts of a kind from the others, both weighing the same."""
    chosen = [at for at, answer in enumerate(answers) if answer[kind] != OPEN]
    wanted = np.array([answers[at][kind] for at in chosen])
    shares = np.where(wanted == YES, (wanted == NO).sum() / (wanted == YES).sum(), 1.0)
    return LogisticRegression(C=HELD, solver="liblinear", random_state=0, max_iter=1000).fit(texts[chosen], wanted, shares)


def hands() -> dict[str, list[tuple[dict, Places]]]:
    """Return the labeled texts that are short enough, by whose hand they are: (row, places)."""
    found = collections.defaultdict(list)
    for row in labelled.read():
        if len(row["text"]) < LONGEST:
            found[row["hand"]].append((row, places(pieces(plain_of(row["text"])))))
    return found


def weights() -> array.array:
    """Return the weights in hundredths, as `comments.screening.text.likeness.weights` reads them."""
    rows = [(answers_of(row), found) for content in hands().values() for row, found in content] + real()
    answers, texts = [answer for answer, _ in rows], matrix([found for _, found in rows])
    models = [learn(answers, texts, kind) for kind in range(len(KINDS))]
    table = np.column_stack([np.append(model.coef_[0] * SIZE, model.intercept_[0]) for model in models])
    return array.array("h", np.rint(table * 100).astype(int).ravel().tolist())


def expect() -> None:
    """Print what is found in each hand's texts by what the others and the real texts teach."""
    told = [[] for _ in KINDS]
    known, by_hand = real(), hands()
    for name, held_out in by_hand.items():
        rows = [(answers_of(row), found) for other, content in by_hand.items() if other != name for row, found in content] + known
        answers, texts = [answer for answer, _ in rows], matrix([found for _, found in rows])
        unseen = matrix([found for _, found in held_out])
        for kind in range(len(KINDS)):
            scores = learn(answers, texts, kind).decision_function(unseen)
            told[kind] += [(score, answers_of(row)[kind]) for score, (row, _) in zip(scores, held_out, strict=True)]
    for kind, name in enumerate(KINDS):
        for limit in sorted({LIMITS[name], CRISIS_LIKE, -1.0, 0.0, 1.0, 2.0}):
            right = [score > limit for score, answer in told[kind] if answer == YES]
            wrong = [score > limit for score, answer in told[kind] if answer == NO]
            precision = sum(right) / max(1, sum(right) + sum(wrong))
            print(
                f"{name:6} above {limit:5.2f}{'*' if limit == LIMITS[name] else ' '}: recall {sum(right) / len(right):.3f}, "
                f"precision {precision:.3f}, others {sum(wrong) / len(wrong):.3f}"
            )


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--gather"]:
        gather(pathlib.Path(arguments[1]))
    elif arguments == ["--expect"]:
        expect()
    else:
        table = weights()
        if sys.byteorder == "big":
            table.byteswap()
        OUT.write_bytes(table.tobytes())
        print(f"{len(table)} weights, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
