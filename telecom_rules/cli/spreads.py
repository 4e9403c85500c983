"""Sentences that differ only in an instant or in the number of a journal entry, told as one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence


VARYING = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d+)?)?[+-]\d\d:\d\d(?::\d\d)?"
    r"|(?<=日志第 )\d+|(?<=\bentry )\d+"
)
"""What a sentence tells of one case only: an instant, or the number of an entry."""
PLACE = "\0"
"""Stands where that was."""


def strip_varying(wording: Wording) -> Wording:
    """Return a sentence without what it tells of one case only."""
    return Wording(VARYING.sub(PLACE, wording.zh), VARYING.sub(PLACE, wording.en))


def join_spread(wordings: Sequence[Wording]) -> Wording:
    """Return sentences that are the same without what varies as one, with the span of that.

    Args:
        wordings: at least one.
    """
    return Wording(
        write_spans([each.zh for each in wordings], " 至 "),
        write_spans([each.en for each in wordings], " to "),
    )


def write_spans(texts: Sequence[str], between: str) -> str:
    """Return the first text with the least and the greatest of each thing in which all differ."""
    places = zip(*(VARYING.findall(each) for each in texts), strict=True)
    spans = iter([write_span(min(each, key=order_of), max(each, key=order_of), between)
                  for each in places])  # fmt: skip
    return VARYING.sub(lambda _: next(spans), texts[0])


def write_span(least: str, greatest: str, between: str) -> str:
    """Return a span as text."""
    return least if least == greatest else f"{least}{between}{greatest}"


def order_of(text: str) -> tuple[int, str]:
    """Return what orders instants of one zone, or numbers."""
    return len(text) if text.isdigit() else 0, text
