"""Operators and functions: what they take and what they give.

Each overload has an id, and each back end a table by these ids, so that one new function is one
line here and one in each back end that covers it. The overloads of CEL are those of its language
definition, section Standard Definitions. Our profile adds exact numbers and calendar days:

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

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.vocabulary.types import (
    BOOLEAN,
    BYTES,
    DATE,
    DECIMAL,
    DOUBLE,
    DYNAMIC,
    INSTANT,
    INTEGER,
    LIMIT,
    MONEY,
    SPAN,
    TEXT,
    UNSIGNED,
    CodeType,
    ListType,
    MapType,
    Primitive,
    RecordType,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FUNCTIONS", "Function", "Overload", "exact", "is_operator", "joined", "resolve"]


@dataclass(frozen=True, slots=True)
class AnyType:
    """Stands for a type; the same name stands for the same type throughout an overload."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class AnyList:
    """A list of a type."""

    item: AnyType

    def __str__(self) -> str:
        return f"list[{self.item}]"


@dataclass(frozen=True, slots=True)
class AnyMap:
    """A map between two types."""

    key: AnyType
    value: AnyType

    def __str__(self) -> str:
        return f"map[{self.key}, {self.value}]"


@dataclass(frozen=True, slots=True)
class AnyCode:
    """A code of whatever catalogue."""

    def __str__(self) -> str:
        return "code"


Pattern: TypeAlias = Primitive | AnyType | AnyList | AnyMap | AnyCode


@dataclass(frozen=True, slots=True)
class Overload:
    """One meaning of an operator or function.

    Attributes:
        id: what back ends know it by.
        takes: the types of its arguments.
        gives: the type of its value.
    """

    id: str
    takes: tuple[Pattern, ...]
    gives: Pattern


@dataclass(frozen=True, slots=True)
class Function:
    """An operator or function with all its meanings.

    Attributes:
        name: its name.
        overloads: its meanings; at most one fits given types.
        plain: whether it is written `name(value)`.
        method: whether it is written `value.name()`.
    """

    name: str
    overloads: tuple[Overload, ...]
    plain: bool = True
    method: bool = False

    def usage(self) -> list[str]:
        """Return the ways it is written, for messages."""
        forms = []
        for overload in self.overloads:
            first, *rest = map(str, overload.takes)
            inside = ", ".join([first, *rest] if self.plain else rest)
            forms.append(f"`{'' if self.plain else first + '.'}{self.name}({inside})`")
        return forms


A, B = AnyType("A"), AnyType("B")
LIST, MAP = AnyList(A), AnyMap(A, B)
EXACT: tuple[Primitive, ...] = (INTEGER, DECIMAL, MONEY)
ORDERED: tuple[Primitive, ...] = (BOOLEAN, UNSIGNED, DOUBLE, TEXT, BYTES, DATE, INSTANT, SPAN)
OPAQUE = frozenset({LIMIT, DYNAMIC})
"""What operators do not look into."""
MIXED: tuple[tuple[Primitive, Primitive], ...] = tuple(
    pair for pair in product(EXACT, EXACT) if pair != (INTEGER, INTEGER)
)


def sums(verb: str) -> tuple[Overload, ...]:
    """Return addition or subtraction of numbers."""
    return (
        *(Overload(f"{verb}_{kind}", (kind, kind), kind) for kind in (INTEGER, UNSIGNED, DOUBLE)),
        *(
            Overload(f"{verb}_decimal", pair, DECIMAL if DECIMAL in pair else MONEY)
            for pair in MIXED
        ),
    )


def comparison(name: str, id: str) -> Function:
    """Return an operator that orders two values of one type, or two exact numbers."""
    same = tuple((kind, kind) for kind in ORDERED)
    pairs = (*same, *product(EXACT, EXACT))
    return Function(name, tuple(Overload(id, pair, BOOLEAN) for pair in pairs))


def equality(name: str, id: str) -> Function:
    """Return an operator that compares two values of one type, or two exact numbers."""
    return Function(
        name, (*(Overload(id, pair, BOOLEAN) for pair in MIXED), Overload(id, (A, A), BOOLEAN))
    )


def conversion(to: Primitive, name: str, *sources: Pattern) -> Function:
    """Return the function `name` that turns values of `sources` into `to`."""
    return Function(
        name,
        tuple(
            Overload("same" if source is to else f"{name}_of_{source}", (source,), to)
            for source in sources
        ),
    )


def text_test(name: str, id: str) -> Function:
    """Return a method that asks something about two texts."""
    return Function(name, (Overload(id, (TEXT, TEXT), BOOLEAN),), plain=False, method=True)


PRODUCTS: tuple[tuple[Primitive, Primitive, Primitive], ...] = (
    (DECIMAL, DECIMAL, DECIMAL), (DECIMAL, INTEGER, DECIMAL), (INTEGER, DECIMAL, DECIMAL),
    (MONEY, DECIMAL, DECIMAL), (DECIMAL, MONEY, DECIMAL),
    (MONEY, INTEGER, MONEY), (INTEGER, MONEY, MONEY),
)  # fmt: skip
QUOTIENTS: tuple[tuple[Primitive, Primitive], ...] = (
    (DECIMAL, DECIMAL), (DECIMAL, INTEGER), (INTEGER, DECIMAL),
    (MONEY, DECIMAL), (MONEY, INTEGER), (MONEY, MONEY),
)  # fmt: skip

OPERATORS = (
    Function("!_", (Overload("not", (BOOLEAN,), BOOLEAN),)),
    Function(
        "-_",
        (
            Overload("negate_integer", (INTEGER,), INTEGER),
            Overload("negate_double", (DOUBLE,), DOUBLE),
            Overload("negate_decimal", (DECIMAL,), DECIMAL),
            Overload("negate_decimal", (MONEY,), MONEY),
        ),
    ),
    Function(
        "_+_",
        (
            *sums("add"),
            Overload("join_text", (TEXT, TEXT), TEXT),
            Overload("join_bytes", (BYTES, BYTES), BYTES),
            Overload("join_list", (LIST, LIST), LIST),
            Overload("add_span", (SPAN, SPAN), SPAN),
            Overload("move_instant", (INSTANT, SPAN), INSTANT),
            Overload("moved_instant", (SPAN, INSTANT), INSTANT),
            Overload("move_date", (DATE, SPAN), DATE),
            Overload("moved_date", (SPAN, DATE), DATE),
        ),
    ),
    Function(
        "_-_",
        (
            *sums("subtract"),
            Overload("subtract_span", (SPAN, SPAN), SPAN),
            Overload("between", (INSTANT, INSTANT), SPAN),
            Overload("between", (DATE, DATE), SPAN),
            Overload("move_instant_back", (INSTANT, SPAN), INSTANT),
            Overload("move_date_back", (DATE, SPAN), DATE),
        ),
    ),
    Function(
        "_*_",
        (
            *(
                Overload(f"multiply_{kind}", (kind, kind), kind)
                for kind in (INTEGER, UNSIGNED, DOUBLE)
            ),
            *(Overload("multiply_decimal", (a, b), gives) for a, b, gives in PRODUCTS),
        ),
    ),
    Function(
        "_/_",
        (
            *(
                Overload(f"divide_{kind}", (kind, kind), kind)
                for kind in (INTEGER, UNSIGNED, DOUBLE)
            ),
            *(Overload("divide_decimal", pair, DECIMAL) for pair in QUOTIENTS),
        ),
    ),
    Function(
        "_%_",
        tuple(Overload(f"remainder_{kind}", (kind, kind), kind) for kind in (INTEGER, UNSIGNED)),
    ),
    equality("_==_", "equal"),
    equality("_!=_", "not_equal"),
    comparison("_<_", "less"),
    comparison("_<=_", "less_or_equal"),
    comparison("_>_", "greater"),
    comparison("_>=_", "greater_or_equal"),
    Function(
        "@in", (Overload("contained", (A, LIST), BOOLEAN), Overload("contained", (A, MAP), BOOLEAN))
    ),
    Function("_[_]", (Overload("item", (LIST, INTEGER), A), Overload("entry", (MAP, A), B))),
)

NAMED = (
    Function(
        "size",
        tuple(Overload("size", (each,), INTEGER) for each in (TEXT, BYTES, LIST, MAP)),
        method=True,
    ),
    text_test("contains", "contains"),
    text_test("startsWith", "starts_with"),
    text_test("endsWith", "ends_with"),
    conversion(BOOLEAN, "bool", BOOLEAN, TEXT),
    conversion(INTEGER, "int", INTEGER, UNSIGNED, DOUBLE, DECIMAL, MONEY, TEXT, INSTANT),
    conversion(UNSIGNED, "uint", UNSIGNED, INTEGER, DOUBLE, TEXT),
    conversion(DOUBLE, "double", DOUBLE, INTEGER, UNSIGNED, TEXT),
    conversion(DECIMAL, "decimal", DECIMAL, INTEGER, MONEY, TEXT),
    conversion(MONEY, "money", MONEY, INTEGER, DECIMAL, TEXT),
    conversion(
        TEXT, "string",
        TEXT, BOOLEAN, INTEGER, UNSIGNED, DECIMAL, MONEY, BYTES, DATE, INSTANT, SPAN, AnyCode(),
    ),
    conversion(BYTES, "bytes", BYTES, TEXT),
    conversion(DATE, "date", DATE, TEXT),
    conversion(INSTANT, "timestamp", INSTANT, INTEGER, TEXT),
    conversion(SPAN, "duration", SPAN, TEXT),
    Function("days", (Overload("days", (INTEGER,), SPAN),)),
    Function("hours", (Overload("hours", (INTEGER,), SPAN),)),
    Function(
        "addMonths", (Overload("add_months", (DATE, INTEGER), DATE),), plain=False, method=True
    ),
    Function("addYears", (Overload("add_years", (DATE, INTEGER), DATE),), plain=False, method=True),
    Function("amount", (Overload("amount", (LIMIT,), INTEGER),)),
)  # fmt: skip

FUNCTIONS = {each.name: each for each in (*OPERATORS, *NAMED)}
"""Every operator and function by its name."""


def is_operator(name: str) -> bool:
    """Return whether `name` is an operator and not something a text can call by its name."""
    return not name.isidentifier()


def resolve(function: Function, arguments: Sequence[Type]) -> tuple[str, Type] | None:
    """Return the id and the result type of the overload that fits, or `None`."""
    for overload in function.overloads:
        bound: dict[str, Type] = {}
        if len(overload.takes) == len(arguments) and all(
            matches(pattern, argument, bound)
            for pattern, argument in zip(overload.takes, arguments, strict=True)
        ):
            return overload.id, concrete(overload.gives, bound)
    return None


def matches(pattern: Pattern, type: Type, bound: dict[str, Type]) -> bool:
    """Return whether `type` fits `pattern`, and bind the type parameters."""
    match pattern:
        case AnyType(name):
            if isinstance(type, RecordType) or type in OPAQUE:
                return False
            common = joined(bound.get(name, type), type)
            if common is not None:
                bound[name] = common
            return common is not None
        case AnyList(item):
            return isinstance(type, ListType) and matches_part(item, type.item, bound)
        case AnyMap(key, value):
            return (
                isinstance(type, MapType)
                and matches_part(key, type.key, bound)
                and matches_part(value, type.value, bound)
            )
        case AnyCode():
            return isinstance(type, CodeType)
    return type is pattern


def matches_part(parameter: AnyType, part: Type, bound: dict[str, Type]) -> bool:
    """Return whether what a list or map holds fits; an empty one fits everything."""
    return part is DYNAMIC or matches(parameter, part, bound)


def concrete(pattern: Pattern, bound: dict[str, Type]) -> Type:
    """Return `pattern` with its type parameters filled in."""
    match pattern:
        case AnyType(name):
            return bound.get(name, DYNAMIC)
        case AnyList(item):
            return ListType(concrete(item, bound))
        case AnyMap(key, value):
            return MapType(concrete(key, bound), concrete(value, bound))
        case AnyCode():
            return TEXT
    return pattern


def joined(left: Type, right: Type) -> Type | None:
    """Return the type that values of both types have, or `None`; an empty list fits any list."""
    match left, right:
        case CodeType(), CodeType():
            return left if left.catalogue == right.catalogue else None
        case ListType(), ListType():
            item = joined_part(left.item, right.item)
            return None if item is None else ListType(item)
        case MapType(), MapType():
            key, value = joined_part(left.key, right.key), joined_part(left.value, right.value)
            return None if key is None or value is None else MapType(key, value)
        case RecordType(), RecordType():
            return left if left is right else None
    return left if left is right else None


def joined_part(left: Type, right: Type) -> Type | None:
    """Return the common type of what two lists or maps hold."""
    if DYNAMIC in (left, right):
        return right if left is DYNAMIC else left
    return joined(left, right)


def exact(*types: Type) -> Primitive | None:
    """Return the exact number type that holds values of all `types`, or `None`."""
    if not types or any(each not in EXACT for each in types):
        return None
    return next((kind for kind in (DECIMAL, MONEY) if kind in types), INTEGER)
