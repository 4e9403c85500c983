"""Attributes in the namespace of this library, where an XML format has no attribute.

They carry titles in two languages, clauses, roles, required facts and our types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from telecom_rules.wording import Wording

OUR_NAMESPACE = "urn:telecom-rules"
OUR_PREFIX = "tr"


def add_prefix(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return attributes with the prefix of our namespace."""
    return {f"{OUR_PREFIX}:{key}": value for key, value in attributes.items()}


def write_title(title: Wording | None) -> dict[str, str]:
    """Return a title as attributes without a prefix, one for each language."""
    return {} if title is None else title._asdict()


def write_cites(cites: Iterable[object]) -> dict[str, str]:
    """Return clauses as an attribute without a prefix; no clauses give no attribute."""
    written = " ".join(map(str, cites))
    return {"cites": written} if written else {}
