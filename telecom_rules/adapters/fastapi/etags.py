"""Entity tags of a case: equal as long as a form that shows it is still right.

What a form shows are the states and the facts. A reminder changes neither, so that it spoils no
form that is open; the number of journal entries would.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telecom_rules.digests import calculate_digest
from telecom_rules.vocabulary import dump_record

if TYPE_CHECKING:
    from telecom_rules.workflows import Case

QUOTED = re.compile(r'"([^"]*)"')
LENGTH = 24
"""Characters of the digest that a tag has."""


def tag_of(case: Case) -> str:
    """Return the entity tag of a case, in quotation marks as in the header `ETag`."""
    shown = {"id": case.id, "states": list(case.states), "facts": dump_record(case.facts)}
    return f'"{calculate_digest(shown).removeprefix("sha256:")[:LENGTH]}"'


def is_match(header: str | None, case: Case) -> bool:
    """Return whether a case is still what the header `If-Match` expects; without one it always is.

    Weak tags count as strong ones: the tags of cases have no other kind.
    """
    if header is None or header.strip() == "*":
        return True
    return tag_of(case).strip('"') in QUOTED.findall(header)
