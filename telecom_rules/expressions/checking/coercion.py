"""Coercion: implicit conversion of a node to the expected type.

Only lossless conversions are implicit: a whole number becomes a decimal or money, money a decimal,
a code a text. A literal also takes the type of the other operand: a text compared with a code is a
code, a number combined with an exact number is exact to the digit, with a double a double. Other
numbers with a point are doubles, as in CEL.
"""

from __future__ import annotations

from decimal import Decimal, DecimalException
from math import isinf
from typing import TYPE_CHECKING

from telecom_rules.expressions.checking.advice import MOST_LISTED
from telecom_rules.expressions.functions.overloads import is_operator, join_types
from telecom_rules.expressions.functions.profile import exact_type_of
from telecom_rules.expressions.operations.arithmetic import EXACT_CONTEXT
from telecom_rules.expressions.operations.kinds import Unsigned
from telecom_rules.expressions.syntax.mistakes import Mistake
from telecom_rules.expressions.syntax.tree import (
    Call,
    Literal,
    MacroCall,
    Name,
    PresenceTest,
    SyntaxNode,
    children_of,
)
from telecom_rules.expressions.typed import Apply, Constant
from telecom_rules.suggestions import find_nearest
from telecom_rules.vocabulary.types import (
    DECIMAL,
    DOUBLE,
    INTEGER,
    MONEY,
    NOTHING,
    TEXT,
    UNSIGNED,
    CodeType,
    RecordType,
    Type,
)
from telecom_rules.wording import Wording, join_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.expressions.typed import Typed


PLACES_OF_MONEY = 2
"""Decimal places of yuan: the fen."""


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
    """Return `value`, whose type fits `to`, promoted to `to`."""
    if value.type is not INTEGER or to not in {DECIMAL, MONEY}:
        return value
    if isinstance(value, Constant) and isinstance(value.value, int):
        return Constant(value.start, value.end, to, Decimal(value.value))
    return Apply(value.start, value.end, to, "decimal_of_integer", (value,))


def find_common_type(values: Sequence[Typed], wanted: Type | None = None) -> Type | None:
    """Return the type that all of `values` have or can be promoted to, or `None`.

    If all are whole numbers, they are promoted to an exact type that is `wanted`.
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


def flexibility_of(node: SyntaxNode) -> int:
    """Return the rank by which a node takes another operand's type: 0 for a fixed type."""
    if isinstance(node, Literal) and node.type is INTEGER:
        return 2
    return 1 if is_constant(node) else 0


def is_constant(node: SyntaxNode) -> bool:
    """Return whether a node is made of literals only."""
    if isinstance(node, Name | PresenceTest | MacroCall):
        return False
    if isinstance(node, Call) and not is_operator(node.function):
        return False
    return all(is_constant(child) for child in children_of(node))


def convert_literal(node: Literal, wanted: Type | None) -> Constant | Mistake:
    """Return a literal as a constant, of type `wanted` if it can be, or its mistake."""
    if isinstance(wanted, CodeType) and node.type is TEXT:
        return convert_code(node, str(node.value), wanted)
    if node.type is DOUBLE:
        return convert_fraction(node, str(node.value), wanted)
    if node.type is INTEGER and isinstance(node.value, int):
        return convert_integer(node, node.value, wanted)
    if node.type is UNSIGNED and isinstance(node.value, int):
        return Constant(node.start, node.end, UNSIGNED, Unsigned(node.value))
    return Constant(node.start, node.end, node.type, node.value)


def convert_code(node: Literal, text: str, wanted: CodeType) -> Constant | Mistake:
    """Return a text as a code of the catalogue."""
    if text in wanted.codes:
        return Constant(node.start, node.end, wanted, text)
    values = {
        "text": text,
        "catalogue": wanted.catalogue,
        "allowed": join_names(wanted.codes, MOST_LISTED),
    }
    return Mistake("TR208", node.start, node.end, values, find_nearest(text, wanted.codes))


def convert_integer(node: Literal, number: int, wanted: Type | None) -> Constant:
    """Return a whole number; beside exact numbers it stays one and is promoted where they meet."""
    if wanted is DOUBLE:
        return Constant(node.start, node.end, DOUBLE, float(number))
    if wanted is UNSIGNED and number >= 0:
        return Constant(node.start, node.end, UNSIGNED, Unsigned(number))
    return Constant(node.start, node.end, INTEGER, number)


def convert_fraction(node: Literal, digits: str, wanted: Type | None) -> Constant | Mistake:
    """Return a number with a point or an exponent."""
    if wanted is DECIMAL or wanted is MONEY:
        return convert_exact(node, digits, wanted)
    value = float(digits)
    if isinf(value):
        return range_mistake(node, digits)
    return Constant(node.start, node.end, DOUBLE, value)


def convert_exact(node: Literal, digits: str, wanted: Type) -> Constant | Mistake:
    """Return an exact number as money if it has at most two places, else as a decimal."""
    try:
        number = EXACT_CONTEXT.create_decimal(digits)
    except DecimalException:
        return range_mistake(node, digits)
    places = number.as_tuple().exponent
    fits = isinstance(places, int) and -places <= PLACES_OF_MONEY
    return Constant(node.start, node.end, wanted if fits else DECIMAL, number)


def range_mistake(node: Literal, digits: str) -> Mistake:
    """Return the mistake of a number that cannot be computed with."""
    why = Wording("`{n}` 位数过多或超出范围", "`{n}` has too many digits or is out of range")
    return Mistake("TR204", node.start, node.end, {"why": why.fill(n=digits)})
