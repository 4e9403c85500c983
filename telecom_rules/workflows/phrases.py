"""Turns of phrase that reasons and explanations share."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from telecom_rules.vocabulary import Clause, Source
    from telecom_rules.wording import Language


LONGEST_SHOWN = 60
"""Characters of a text that a message repeats."""


def quote_title(title: Wording) -> Wording:
    """Return a title in quotation marks."""
    return Wording(f"“{title.zh}”", f"“{title.en}”")


def shorten(value: object) -> str:
    """Return what somebody sent as a message repeats it: short, and fit for every encoding."""
    text = value if isinstance(value, str) else f"({type(value).__name__})"
    return text[:LONGEST_SHOWN].encode("utf-8", "backslashreplace").decode()


def join_wordings(
    items: Iterable[Wording],
    between: tuple[str, str] = ("、", ", "),
    last: tuple[str, str] | None = None,
) -> Wording:
    """Return `items` as one enumeration.

    Args:
        items: what is enumerated.
        between: what stands between two, in Chinese and in English.
        last: what stands before the last instead, such as `("或", " or ")`.
    """
    words = tuple(items)
    last = last or between
    return Wording(
        join_words([each.zh for each in words], between[0], last[0]),
        join_words([each.en for each in words], between[1], last[1]),
    )


def join_words(words: list[str], between: str, last: str) -> str:
    """Return `words` with `between` between them, and `last` before the last."""
    if len(words) <= 1:
        return "".join(words)
    return between.join(words[:-1]) + last + words[-1]


def format_instant(at: datetime) -> str:
    """Return an instant as people write it: to the minute, unless seconds matter."""
    return at.isoformat(" ", "auto" if at.second or at.microsecond else "minutes")


def format_deadline(at: datetime) -> str:
    """Return the last instant of a time limit: a midnight is 24:00 of the day before."""
    if at.time() != time():
        return format_instant(at)
    offset = at.isoformat()[len("2026-03-17T00:00:00") :]
    return f"{at.date() - timedelta(days=1)} 24:00{offset}"


def format_cites(cites: Iterable[Clause], language: Language) -> str:
    """Return the places of clauses behind a sentence, or nothing where there are none.

    A source that several clauses in a row come from is named once.
    """
    text = ""
    last: Source | None = None
    for clause in cites:
        title = clause.source.title
        place = clause.place.say(language)
        same = clause.source is last
        if language == "zh":
            text += ("、" if text else "") + place.removeprefix(f"《{title.zh}》" if same else "")
        elif text:
            text += f", {place.removeprefix(f'{title.en}, ')}" if same else f"; {place}"
        else:
            text = place
        last = clause.source
    if not text:
        return ""
    return f"（{text}）" if language == "zh" else f" ({text})"
