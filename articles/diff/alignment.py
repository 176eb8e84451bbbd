"""Two sequences -> what is the same in both and what differs, in order and in bounded time. Pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher


def stretches_of(old: Sequence, new: Sequence, most: int) -> list[tuple[Sequence, Sequence]]:
    """Return both sequences cut into stretches that are the same on both sides, and such that differ, in turn."""
    stretches = []
    i = j = 0
    for start, other, length in [*_matches(old, new, 0, len(old), 0, len(new), most), (len(old), len(new), 0)]:
        if i < start or j < other:
            stretches.append((old[i:start], new[j:other]))
        if length:
            stretches.append((old[start : start + length], new[other : other + length]))
        i, j = start + length, other + length
    return stretches


def _matches(a: Sequence, b: Sequence, alo: int, ahi: int, blo: int, bhi: int, most: int) -> list[tuple[int, int, int]]:
    """Return what is the same as (start in a, start in b, length), in order, without overlap.

    What both have exactly once holds the rest together; between those, difflib, as long as the product of lengths is small.
    """
    found: list[tuple[int, int, int]] = []
    tail: list[tuple[int, int, int]] = []
    length = 0
    while alo + length < ahi and blo + length < bhi and a[alo + length] == b[blo + length]:
        length += 1
    if length:
        found.append((alo, blo, length))
        alo, blo = alo + length, blo + length
    length = 0
    while alo < ahi - length and blo < bhi - length and a[ahi - length - 1] == b[bhi - length - 1]:
        length += 1
    if length:
        ahi, bhi = ahi - length, bhi - length
        tail.append((ahi, bhi, length))
    if alo < ahi and blo < bhi:
        if (ahi - alo) * (bhi - blo) <= most // 16:
            inner = SequenceMatcher(None, a[alo:ahi], b[blo:bhi], autojunk=False).get_matching_blocks()
            found += [(alo + i, blo + j, size) for i, j, size in inner if size]
        else:
            anchors = _anchors(a, b, alo, ahi, blo, bhi)
            for i, j in [*anchors, (ahi, bhi)] if anchors else []:
                found += _matches(a, b, alo, i, blo, j, most)
                if i < ahi:
                    found.append((i, j, 1))
                alo, blo = i + 1, j + 1
            if not anchors and (ahi - alo) * (bhi - blo) <= most:
                inner = SequenceMatcher(None, a[alo:ahi], b[blo:bhi], autojunk=False).get_matching_blocks()
                found += [(alo + i, blo + j, size) for i, j, size in inner if size]
    return _joined(found + tail)


def _joined(matches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    joined: list[tuple[int, int, int]] = []
    for i, j, size in matches:
        if joined and joined[-1][0] + joined[-1][2] == i and joined[-1][1] + joined[-1][2] == j:
            joined[-1] = (*joined[-1][:2], joined[-1][2] + size)
        else:
            joined.append((i, j, size))
    return joined


def _anchors(a: Sequence, b: Sequence, alo: int, ahi: int, blo: int, bhi: int) -> list[tuple[int, int]]:
    """Return the longest row of what stands exactly once on both sides, in the same order (patience diff)."""
    once_in_a = Counter(a[alo:ahi])
    once_in_b = Counter(b[blo:bhi])
    place = {b[j]: j for j in range(blo, bhi)}
    pairs = [(i, place[a[i]]) for i in range(alo, ahi) if once_in_a[a[i]] == 1 and once_in_b[a[i]] == 1]
    tops: list[int] = []
    piles: list[tuple[int, int]] = []
    back: list[int] = []
    last: list[int] = []
    for number, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        tops[pile : pile + 1] = [j]
        last[pile : pile + 1] = [number]
        back.append(last[pile - 1] if pile else -1)
    number = last[-1] if last else -1
    while number >= 0:
        piles.append(pairs[number])
        number = back[number]
    return piles[::-1]
