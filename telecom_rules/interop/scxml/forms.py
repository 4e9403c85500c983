"""What is read of each element of SCXML: attributes, children and texts.

The children of most elements, and what the elements of a transition hold, are looked at where
they are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.interop.annotations import OUR_NAMESPACE
from telecom_rules.interop.document import Form

if TYPE_CHECKING:
    from collections.abc import Mapping


def state_form(
    attributes: str = "", children: str | None = None, *, single: str = "", has_text: bool = False
) -> Form:
    """Return the form of an element from names with blanks between them."""
    return Form(
        frozenset(attributes.split()),
        None if children is None else frozenset(children.split()),
        frozenset(single.split()),
        has_text,
    )


INITIAL = "initial"
FORMS: Mapping[str, Form] = {
    "scxml": state_form("version name datamodel initial binding", single=INITIAL),
    "state": state_form("id initial", single=INITIAL),
    "parallel": state_form("id"),
    "final": state_form("id"),
    "history": state_form("id type", "transition", single="transition"),
    "initial": state_form("", "transition", single="transition"),
    "transition": state_form("event cond target type"),
    "onentry": state_form(),
    "onexit": state_form(),
    "datamodel": state_form("", "data"),
    "if": state_form("cond"),
    "raise": state_form("event", ""),
    "send": state_form("event target type namelist delay delayexpr"),
    "param": state_form("name expr location", ""),
    "log": state_form("label expr", ""),
    f"{OUR_NAMESPACE} event": state_form("name zh en cites", "field"),
    f"{OUR_NAMESPACE} effect": state_form("name zh en cites", "field"),
    f"{OUR_NAMESPACE} field": state_form("name type", ""),
    f"{OUR_NAMESPACE} clock": Form(None, frozenset()),
    f"{OUR_NAMESPACE} property": state_form("template first then zh en cites", ""),
}
"""The form of each element by its name, of ours after our namespace; others are refused where
they are read."""
