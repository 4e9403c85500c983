"""Profiles of the language: what an expression may use, and how its literals are read.

There is one lexer, parser, checker and evaluator. `STANDARD` is CEL as its specification says;
`OURS` is what the rules of a pack are written in. Ours is standard CEL less what hides mistakes
until an expression runs, and more what law and money need:

- Nothing is dynamic: no `dyn`, no `type`, no optional values, and a list holds values of one type.
- A literal takes the type of its other operand: `illegal_gain * 0.5` is exact.
- `decimal` and `money` are exact and never meet a `double`.
- An `integer` may stand where a `decimal` or `money` is wanted, because nothing is lost.
- `money` and `decimal` give `decimal`; `money` times a whole number is `money`; money times money
  is nothing at all.
- The result of exact arithmetic is exact or an error: `10 / 4` is 2.5, `10.0 / 3` an error.
- `date("2016-07-30")` plus whole days is a date; the difference of two dates is a `span`.
- `day.addMonths(5)` is the day of the same number, or the last of a shorter month.
- `amount(parameters.x)` is the figure of a time limit in its own unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

from telecom_rules.expressions.overloads import AnyCode, Function, Overload, by_name
from telecom_rules.expressions.standard import (
    COMMON,
    DYNAMICS,
    EXTENSIONS,
    TYPE_NAMES,
    calendar_fields,
    conversion,
    extreme,
    method,
    numeric,
)
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    LIMIT,
    MONEY,
    SPAN,
    TEXT,
    Primitive,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OURS", "STANDARD", "UNCHECKED", "Profile", "exact"]


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of the language.

    Attributes:
        functions: every operator and function by its name.
        types: the types that have a name of their own in an expression.
        dynamic: whether values may have a type that is known only once they are there; lists and
            maps may then mix types.
        literals_yield: whether a literal takes the type of its other operand.
        checked: whether mistakes of types are findings; otherwise what is mistaken fails when it
            is evaluated, and every type is dynamic.
    """

    functions: Mapping[str, Function]
    types: Mapping[str, Type] = field(default_factory=dict)
    dynamic: bool = False
    literals_yield: bool = False
    checked: bool = True


EXACT: tuple[Primitive, ...] = (INTEGER, DECIMAL, MONEY)
MIXED: tuple[tuple[Primitive, Primitive], ...] = tuple(
    pair for pair in product(EXACT, EXACT) if pair != (INTEGER, INTEGER)
)


def sums(verb: str) -> tuple[Overload, ...]:
    """Return addition or subtraction of exact numbers."""
    return tuple(
        Overload(f"{verb}_decimal", pair, DECIMAL if DECIMAL in pair else MONEY) for pair in MIXED
    )


def comparison(name: str, id: str) -> Function:
    """Return an operator that orders exact numbers and dates."""
    return Function(name, (Overload(id, (DATE, DATE), BOOLEAN), *exactly(id)))


def equality(name: str, id: str) -> Function:
    """Return an operator that compares exact numbers of different types."""
    return Function(name, tuple(exactly(id)))


def exactly(id: str) -> list[Overload]:
    """Return the overloads of a comparison for two exact numbers."""
    return [Overload(id, pair, BOOLEAN) for pair in MIXED]


def exact_extreme(name: str, id: str) -> Function:
    """Return the greatest or least of two or three exact numbers of different types."""
    alike = {(kind,) * count for kind in EXACT for count in (2, 3)}
    mixed = [pair for count in (2, 3) for pair in product(EXACT, repeat=count) if pair not in alike]
    return Function(
        name, tuple(Overload(id, pair, DECIMAL if DECIMAL in pair else MONEY) for pair in mixed)
    )


PRODUCTS: tuple[tuple[Primitive, Primitive, Primitive], ...] = (
    (DECIMAL, DECIMAL, DECIMAL), (DECIMAL, INTEGER, DECIMAL), (INTEGER, DECIMAL, DECIMAL),
    (MONEY, DECIMAL, DECIMAL), (DECIMAL, MONEY, DECIMAL),
    (MONEY, INTEGER, MONEY), (INTEGER, MONEY, MONEY),
)  # fmt: skip
QUOTIENTS: tuple[tuple[Primitive, Primitive], ...] = (
    (DECIMAL, DECIMAL), (DECIMAL, INTEGER), (INTEGER, DECIMAL),
    (MONEY, DECIMAL), (MONEY, INTEGER), (MONEY, MONEY),
)  # fmt: skip

ADDED = (
    equality("_==_", "equal"),
    equality("_!=_", "not_equal"),
    comparison("_<_", "less"),
    comparison("_<=_", "less_or_equal"),
    comparison("_>_", "greater"),
    comparison("_>=_", "greater_or_equal"),
    Function(
        "-_",
        (
            Overload("negate_decimal", (DECIMAL,), DECIMAL),
            Overload("negate_decimal", (MONEY,), MONEY),
        ),
    ),
    Function(
        "_+_",
        (
            *sums("add"),
            Overload("move_date", (DATE, SPAN), DATE),
            Overload("moved_date", (SPAN, DATE), DATE),
        ),
    ),
    Function(
        "_-_",
        (
            *sums("subtract"),
            Overload("between", (DATE, DATE), SPAN),
            Overload("move_date_back", (DATE, SPAN), DATE),
        ),
    ),
    Function("_*_", tuple(Overload("multiply_decimal", (a, b), gives) for a, b, gives in PRODUCTS)),
    Function("_/_", tuple(Overload("divide_decimal", pair, DECIMAL) for pair in QUOTIENTS)),
    conversion(INTEGER, "int", DECIMAL, MONEY),
    conversion(DECIMAL, "decimal", DECIMAL, INTEGER, MONEY, TEXT),
    conversion(MONEY, "money", MONEY, INTEGER, DECIMAL, TEXT),
    conversion(TEXT, "string", DECIMAL, MONEY, DATE, AnyCode()),
    conversion(DATE, "date", DATE, TEXT),
    Function("days", (Overload("days", (INTEGER,), SPAN),)),
    Function("hours", (Overload("hours", (INTEGER,), SPAN),)),
    method("addMonths", ("add_months", (DATE, INTEGER), DATE)),
    method("addYears", ("add_years", (DATE, INTEGER), DATE)),
    Function("amount", (Overload("amount", (LIMIT,), INTEGER),)),
    *calendar_fields("of_instant", TEXT),
    *(extreme(f"math.{name}", name, (DECIMAL, MONEY)) for name in ("greatest", "least")),
    *(exact_extreme(f"math.{name}", f"{name}_exact") for name in ("greatest", "least")),
    numeric("math.abs", "abs", (DECIMAL, MONEY)),
)
"""What our profile adds to the functions of CEL."""

STANDARD = Profile(by_name(COMMON, EXTENSIONS, DYNAMICS), TYPE_NAMES, dynamic=True)
"""CEL as its specification says."""
UNCHECKED = replace(STANDARD, checked=False)
"""The same, evaluated without checking it first."""
OURS = Profile(by_name(COMMON, ADDED, EXTENSIONS), literals_yield=True)
"""What the rules of a pack are written in."""


def exact(*types: Type) -> Primitive | None:
    """Return the exact number type that holds values of all `types`, or `None`."""
    if not types or any(each not in EXACT for each in types):
        return None
    return next((kind for kind in (DECIMAL, MONEY) if kind in types), INTEGER)
