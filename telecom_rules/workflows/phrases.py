"""Formatting of instants, deadlines and clauses in reasons and explanations."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from telecom_rules.vocabulary.time.periods import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from telecom_rules.vocabulary import Clause, Source
    from telecom_rules.wording import Language


def format_instant(at: datetime) -> str:
    """Return an instant as people write it: to the minute, unless seconds matter."""
    return at.isoformat(" ", "auto" if at.second or at.microsecond else "minutes")


def format_deadline(at: datetime) -> str:
    """Return a deadline as text: midnight is written as 24:00 of the day before."""
    if at.time() != time():
        return format_instant(at)
    offset = at.isoformat()[len("2026-03-17T00:00:00") :]
    return f"{at.date() - ONE_DAY} 24:00{offset}"


def format_cites(cites: Iterable[Clause], language: Language) -> str:
    """Return clauses in parentheses, to follow a sentence, or an empty text if there are none.

    Consecutive clauses of one source name it once.
    """
    text = ""
    last: Source | None = None
    for clause in cites:
        title = clause.source.title
        place = clause.place.say(language)
        same = clause.source is last  # sources are shared objects of the pack
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
