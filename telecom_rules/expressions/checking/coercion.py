"""Which value may stand where which type is wanted, and the conversions that this takes.

Only conversions that lose nothing happen by themselves: a whole number becomes a decimal or money,
money a decimal, a code a text.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from telecom_rules.expressions.functions.overloads import join_types
from telecom_rules.expressions.functions.profile import exact_type_of
from telecom_rules.expressions.typed import Apply, Constant
from telecom_rules.vocabulary.types import (
    DECIMAL,
    INTEGER,
    MONEY,
    NOTHING,
    TEXT,
    CodeType,
    RecordType,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.expressions.typed import Typed


def coerce(value: Typed, expected: Type | None) -> Typed | None:
    """Return `value` as an `expected` (`None`: any value, but no record), or `None`."""
    if expected is None:
        return None if isinstance(value.type, RecordType) or value.type is NOTHING else value
    if isinstance(value.type, RecordType) or value.type is NOTHING:
        return None
    if join_types(value.type, expected) is not None:
        return value
    if expected is TEXT and isinstance(value.type, CodeType):
        return value
    widens = (value.type is INTEGER and expected in {DECIMAL, MONEY}) or (
        value.type is MONEY and expected is DECIMAL
    )
    return promote(value, expected) if widens else None


def promote(value: Typed, to: Type) -> Typed:
    """Return `value`, of a type that fits `to`, in the form values of `to` have."""
    if value.type is not INTEGER or to not in {DECIMAL, MONEY}:
        return value
    if isinstance(value, Constant) and isinstance(value.value, int):
        return Constant(value.start, value.end, to, Decimal(value.value))
    return Apply(value.start, value.end, to, "decimal_of_integer", (value,))


def find_common_type(values: Sequence[Typed], wanted: Type | None = None) -> Type | None:
    """Return the type that all of `values` have or can be promoted to, or `None`.

    Whole numbers only are promoted to an exact type that is `wanted`.
    """
    common: Type | None = values[0].type
    for value in values[1:]:
        common = (
            None
            if common is None
            else (join_types(common, value.type) or exact_type_of(common, value.type))
        )
    if common is INTEGER and wanted in {DECIMAL, MONEY}:
        return wanted
    return None if isinstance(common, RecordType) else common
