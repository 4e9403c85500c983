"""Formatting of instants, deadlines and clauses in reasons and explanations."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from telecom_rules.vocabulary.time.periods import ONE_DAY
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from telecom_rules.vocabulary import Clause, Source
    from telecom_rules.wording import Language

SAME_SOURCE = Wording("、", ", ")
NEXT_SOURCE = Wording("、", "; ")
IN_PARENTHESES = Wording("（{text}）", " ({text})")


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

    Consecutive clauses of one source name it once; those whose number nobody has seen are named by
    it alone, and add nothing once it is named.
    """
    text = ""
    last: Source | None = None
    for clause in cites:
        same = clause.source is last  # sources are shared objects of the pack
        title = clause.source.title
        if same and clause.place == Wording(f"《{title.zh}》", title.en):
            continue
        named = Wording(f"《{title.zh}》", f"{title.en}, ").say(language) if same else ""
        between = (SAME_SOURCE if same else NEXT_SOURCE).say(language) if text else ""
        text += between + clause.place.say(language).removeprefix(named)
        last = clause.source
    return IN_PARENTHESES.fill(text=text).say(language) if text else ""
