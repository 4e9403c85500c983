"""The kinds of values that a DMN document declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telecom_rules.interop.dmn.feel import FeelValue


LITERAL_KINDS = {
    "text": "text",
    "number": "decimal",
    "boolean": "boolean",
    "span": "span",
    "months": "months",
}
"""Our type for each kind of value in FEEL, but for dates and instants; `months` is not one."""


@dataclass(frozen=True, slots=True)
class ValueKind:
    """The type of a value and its permitted values.

    Attributes:
        type: the name of its type in a pack, or an empty text while it is not known.
        codes: the code of each permitted text in order, or `None` without a list of them.
        least: the least number, or an empty text.
        most: the greatest number, or an empty text.
        listed: the permitted values in order, as written, where they are listed.
        optional: whether null is one of them.
        many: whether it is a list of such values.
    """

    type: str
    codes: dict[str, str] | None = None
    least: str = ""
    most: str = ""
    listed: tuple[FeelValue, ...] = ()
    optional: bool = False
    many: bool = False


UNKNOWN_KIND = ValueKind("")


def kind_of_values(values: Iterable[FeelValue]) -> ValueKind | None:
    """Return the kind that some values have in common, or `None` if they have none."""
    kinds = {LITERAL_KINDS.get(each.kind, "") for each in values if each.kind != "null"}
    (kind,) = kinds if len(kinds) == 1 else ("",)
    return ValueKind(kind) if kind else None
