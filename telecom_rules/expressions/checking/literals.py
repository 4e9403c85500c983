"""What a literal becomes where it stands.

A text beside a code is a code. A number beside an exact number is exact, to the digit; beside a
double it is a double. A number with a point that stands beside nothing exact is a double, as in
CEL.
"""

from __future__ import annotations

from decimal import DecimalException
from math import isinf
from typing import TYPE_CHECKING

from telecom_rules.expressions.checking.advice import join_names
from telecom_rules.expressions.operations.arithmetic import EXACT_CONTEXT
from telecom_rules.expressions.operations.kinds import Unsigned
from telecom_rules.expressions.syntax.mistakes import Mistake
from telecom_rules.expressions.typed import Constant
from telecom_rules.suggestions import find_nearest
from telecom_rules.vocabulary.types import (
    DECIMAL,
    DOUBLE,
    INTEGER,
    MONEY,
    TEXT,
    UNSIGNED,
    CodeType,
    Type,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from telecom_rules.expressions.syntax.tree import Literal


PLACES_OF_MONEY = 2
"""Decimal places of yuan: the fen."""


def convert_literal(node: Literal, wanted: Type | None) -> Constant | Mistake:
    """Return the value of a literal, as a `wanted` if it can be one, or what is wrong with it."""
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
    values = {"text": text, "catalogue": wanted.catalogue, "allowed": join_names(wanted.codes)}
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
    """Return such a number as money if its places allow, else as a decimal."""
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
