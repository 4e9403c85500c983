"""Near misses: the known word somebody most likely meant."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


LONGEST_WORD = 64
"""Words longer than this (in characters) are not worth a suggestion: the cost is quadratic."""
MOST_STEPS = 50_000
"""Pairs of letters that one search compares: a hundredth of a second."""


def find_nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the word of `known` closest to `word`, or `None` when none is close enough.

    Close means: an optimal-string-alignment distance of at most a third of the length, and at
    least one. Full-width characters count as those they stand for. Ties go to the word that comes
    first in `known`. Among very many words of a similar length only the first are looked at.

    >>> find_nearest("clasified", ["closed", "classified"])
    'classified'
    >>> find_nearest("law:34（4）", ["law:3(4)", "law:34(4)"])
    'law:34(4)'
    >>> find_nearest("withdraw", ["classified"]) is None
    True
    """
    if not word or len(word) > LONGEST_WORD:
        return None
    written = word
    best: str | None = None
    word = unicodedata.normalize("NFKC", word)
    least = max(1, len(word) // 3) + 1
    steps = MOST_STEPS
    letters = frozenset(word.lower())
    for candidate in known:
        if candidate == written or abs(len(candidate) - len(word)) >= least:
            continue
        if count_strange(letters, frozenset(candidate.lower())) >= least:
            continue
        steps -= len(word) * len(candidate)
        if steps < 0:
            break
        cost = edit_distance(word.lower(), candidate.lower())
        if cost < least:
            best, least = candidate, cost
    return best


def count_strange(left: frozenset[str], right: frozenset[str]) -> int:
    """Return a number of edits that two words need at least: letters that one of them lacks."""
    return max(len(left - right), len(right - left))


def edit_distance(left: str, right: str) -> int:
    """Return the optimal-string-alignment distance: edits and swaps of neighbours each cost 1.

    Source: Damerau (1964), restricted form in which no part of a text is edited twice.
    """
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, here in enumerate(left, start=1):
        line = [row]
        for column, there in enumerate(right, start=1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (here != there))
            if row > 1 and column > 1 and here == right[column - 2] and left[row - 2] == there:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, above = above, line
    return above[-1]
