"""What standard CEL declares: its operators, functions and the extensions that are in use.

Source: the language definition of cel-spec, section Standard Definitions, and the extensions that
its conformance suite tests (strings, math, encoders, optional values).
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from telecom_rules.expressions.overloads import (
    AnyList,
    AnyMap,
    AnyOptional,
    AnyType,
    AnyTypeOf,
    Function,
    Overload,
)
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    BYTES,
    DOUBLE,
    DYNAMIC,
    INSTANT,
    INTEGER,
    NOTHING,
    NULL,
    SPAN,
    TEXT,
    UNSIGNED,
    ListType,
    MapType,
    OptionalType,
    Primitive,
    Type,
    TypeOf,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.expressions.overloads import Pattern

__all__ = [
    "CALENDAR",
    "COMMON",
    "DYNAMICS",
    "EXTENSIONS",
    "TYPE_NAMES",
    "WHEN_RUN",
    "calendar_fields",
    "conversion",
    "extreme",
    "method",
    "numeric",
]

A, B = AnyType("A"), AnyType("B")
LIST, MAP, OPTIONAL = AnyList(A), AnyMap(A, B), AnyOptional(A)
NUMBERS: tuple[Primitive, ...] = (INTEGER, UNSIGNED, DOUBLE)
ORDERED: tuple[Primitive, ...] = (BOOLEAN, *NUMBERS, TEXT, BYTES, INSTANT, SPAN)


def pairs(id: str, types: tuple[Primitive, ...], gives: Primitive | None = None) -> list[Overload]:
    """Return an overload for two values of each type, whose value has that type or `gives`."""
    return [
        Overload(id if gives else f"{id}_{kind}", (kind, kind), gives or kind) for kind in types
    ]


def conversion(to: Primitive, name: str, *sources: Pattern) -> Function:
    """Return the function `name` that turns values of `sources` into `to`."""
    return Function(
        name,
        tuple(
            Overload("same" if source is to else f"{name}_of_{source}", (source,), to)
            for source in sources
        ),
    )


def comparison(name: str, id: str) -> Function:
    """Return an operator that orders two values of one type."""
    return Function(name, tuple(pairs(id, ORDERED, BOOLEAN)))


def mixed_comparison(name: str, id: str) -> Function:
    """Return an operator that orders two numbers of different types."""
    return Function(
        name,
        tuple(
            Overload(f"{id}_as_double" if DOUBLE in pair else id, pair, BOOLEAN)
            for pair in permutations(NUMBERS, 2)
        ),
    )


def method(name: str, *overloads: tuple[str, tuple[Pattern, ...], Pattern]) -> Function:
    """Return a function that is written behind a dot."""
    return Function(name, tuple(Overload(*each) for each in overloads), plain=False, method=True)


CALENDAR = {
    "getFullYear": "year", "getMonth": "month", "getDate": "day_from_one",
    "getDayOfMonth": "day_from_zero", "getDayOfWeek": "weekday", "getDayOfYear": "day_of_year",
    "getHours": "hours", "getMinutes": "minutes", "getSeconds": "seconds",
    "getMilliseconds": "milliseconds",
}  # fmt: skip
"""What an instant is asked for."""
CLOCK = ("getHours", "getMinutes", "getSeconds", "getMilliseconds")
"""What a length of time is asked for as well."""


def calendar_fields(suffix: str, *takes: Primitive) -> list[Function]:
    """Return what is asked of an instant, or of an instant in a zone."""
    return [
        method(name, (f"{id}_{suffix}", (INSTANT, *takes), INTEGER))
        for name, id in CALENDAR.items()
    ]


OPERATORS = (
    Function("!_", (Overload("not", (BOOLEAN,), BOOLEAN),)),
    Function(
        "-_",
        (
            Overload("negate_integer", (INTEGER,), INTEGER),
            Overload("negate_double", (DOUBLE,), DOUBLE),
        ),
    ),
    Function(
        "_+_",
        (
            *pairs("add", NUMBERS),
            Overload("join_text", (TEXT, TEXT), TEXT),
            Overload("join_bytes", (BYTES, BYTES), BYTES),
            Overload("join_list", (LIST, LIST), LIST),
            Overload("add_span", (SPAN, SPAN), SPAN),
            Overload("move_instant", (INSTANT, SPAN), INSTANT),
            Overload("moved_instant", (SPAN, INSTANT), INSTANT),
        ),
    ),
    Function(
        "_-_",
        (
            *pairs("subtract", NUMBERS),
            Overload("subtract_span", (SPAN, SPAN), SPAN),
            Overload("between", (INSTANT, INSTANT), SPAN),
            Overload("move_instant_back", (INSTANT, SPAN), INSTANT),
        ),
    ),
    Function("_*_", tuple(pairs("multiply", NUMBERS))),
    Function("_/_", tuple(pairs("divide", NUMBERS))),
    Function("_%_", tuple(pairs("remainder", (INTEGER, UNSIGNED)))),
    Function("_==_", (Overload("equal", (A, A), BOOLEAN),)),
    Function("_!=_", (Overload("not_equal", (A, A), BOOLEAN),)),
    comparison("_<_", "less"),
    comparison("_<=_", "less_or_equal"),
    comparison("_>_", "greater"),
    comparison("_>=_", "greater_or_equal"),
    Function(
        "@in", (Overload("contained", (A, LIST), BOOLEAN), Overload("held", (A, MAP), BOOLEAN))
    ),
    Function("_[_]", (Overload("item", (LIST, INTEGER), A), Overload("entry", (MAP, A), B))),
    Function("_._", (Overload("entry", (MAP, A), B),)),
)

NAMED = (
    Function(
        "size",
        tuple(Overload("size", (each,), INTEGER) for each in (TEXT, BYTES, LIST, MAP)),
        method=True,
    ),
    method("contains", ("contains", (TEXT, TEXT), BOOLEAN)),
    method("startsWith", ("starts_with", (TEXT, TEXT), BOOLEAN)),
    method("endsWith", ("ends_with", (TEXT, TEXT), BOOLEAN)),
    Function("matches", (Overload("matches", (TEXT, TEXT), BOOLEAN),), method=True),
    conversion(BOOLEAN, "bool", BOOLEAN, TEXT),
    conversion(INTEGER, "int", INTEGER, UNSIGNED, DOUBLE, TEXT, INSTANT),
    conversion(UNSIGNED, "uint", UNSIGNED, INTEGER, DOUBLE, TEXT),
    conversion(DOUBLE, "double", DOUBLE, INTEGER, UNSIGNED, TEXT),
    conversion(TEXT, "string", TEXT, BOOLEAN, INTEGER, UNSIGNED, DOUBLE, BYTES, INSTANT, SPAN),
    conversion(BYTES, "bytes", BYTES, TEXT),
    conversion(INSTANT, "timestamp", INSTANT, INTEGER, TEXT),
    conversion(SPAN, "duration", SPAN, TEXT),
)

COMMON = (*OPERATORS, *NAMED)
"""What every profile has, the functions that are used most."""

TEXTS = (
    method("charAt", ("char_at", (TEXT, INTEGER), TEXT)),
    method(
        "indexOf",
        ("index_of", (TEXT, TEXT), INTEGER),
        ("index_of", (TEXT, TEXT, INTEGER), INTEGER),
    ),
    method(
        "lastIndexOf",
        ("last_index_of", (TEXT, TEXT), INTEGER),
        ("last_index_of", (TEXT, TEXT, INTEGER), INTEGER),
    ),
    method("lowerAscii", ("lower_ascii", (TEXT,), TEXT)),
    method("upperAscii", ("upper_ascii", (TEXT,), TEXT)),
    method(
        "replace",
        ("replace", (TEXT, TEXT, TEXT), TEXT),
        ("replace", (TEXT, TEXT, TEXT, INTEGER), TEXT),
    ),
    method(
        "split",
        ("split", (TEXT, TEXT), AnyList(TEXT)),
        ("split", (TEXT, TEXT, INTEGER), AnyList(TEXT)),
    ),
    method(
        "substring",
        ("substring", (TEXT, INTEGER), TEXT),
        ("substring", (TEXT, INTEGER, INTEGER), TEXT),
    ),
    method("trim", ("trim", (TEXT,), TEXT)),
    method("join", ("join", (AnyList(TEXT),), TEXT), ("join", (AnyList(TEXT), TEXT), TEXT)),
    method("reverse", ("reverse", (TEXT,), TEXT)),
    method("format", ("format", (TEXT, AnyList(A)), TEXT)),
    Function("strings.quote", (Overload("quote", (TEXT,), TEXT),)),
)

LETTERS = "ABCDEFGHIJKLMNOP"
MOST_ARGUMENTS = len(LETTERS)
"""Arguments of `math.greatest` and `math.least`."""


def extreme(name: str, id: str, numbers: tuple[Primitive, ...] = NUMBERS) -> Function:
    """Return the greatest or least of numbers of one type, given one by one or as a list."""
    one = [Overload("same", (kind,), kind) for kind in numbers]
    counts = range(2, MOST_ARGUMENTS + 1)
    more = [Overload(id, (kind,) * count, kind) for count in counts for kind in numbers]
    lists = [Overload(f"{id}_of_list", (AnyList(kind),), kind) for kind in numbers]
    return Function(name, (*one, *more, *lists))


def mixed_extreme(name: str, id: str) -> Function:
    """Return the greatest or least of numbers of several types."""
    two = [Overload(id, pair, DYNAMIC) for pair in permutations(NUMBERS, 2)]
    # CEL puts three or more into a list, whose items are dynamic once they differ in type.
    more = [
        Overload(id, tuple(map(AnyType, LETTERS[:count])), DYNAMIC)
        for count in range(3, MOST_ARGUMENTS + 1)
    ]
    return Function(name, (*two, *more))


def numeric(
    name: str, id: str, types: tuple[Primitive, ...], gives: Primitive | None = None
) -> Function:
    """Return a function of one number, which gives its type or `gives`."""
    return Function(name, tuple(Overload(f"{id}_{kind}", (kind,), gives or kind) for kind in types))


MATHEMATICS = (
    extreme("math.greatest", "greatest"),
    extreme("math.least", "least"),
    numeric("math.ceil", "ceil", (DOUBLE,)),
    numeric("math.floor", "floor", (DOUBLE,)),
    numeric("math.round", "round", (DOUBLE,)),
    numeric("math.trunc", "trunc", (DOUBLE,)),
    numeric("math.sqrt", "sqrt", NUMBERS, DOUBLE),
    numeric("math.abs", "abs", NUMBERS),
    numeric("math.sign", "sign", NUMBERS),
    numeric("math.isNaN", "is_nan", (DOUBLE,), BOOLEAN),
    numeric("math.isInf", "is_infinite", (DOUBLE,), BOOLEAN),
    numeric("math.isFinite", "is_finite", (DOUBLE,), BOOLEAN),
    Function("math.bitAnd", tuple(pairs("bit_and", (INTEGER, UNSIGNED)))),
    Function("math.bitOr", tuple(pairs("bit_or", (INTEGER, UNSIGNED)))),
    Function("math.bitXor", tuple(pairs("bit_xor", (INTEGER, UNSIGNED)))),
    numeric("math.bitNot", "bit_not", (INTEGER, UNSIGNED)),
    *(
        Function(
            f"math.{name}",
            tuple(Overload(f"{id}_{kind}", (kind, INTEGER), kind) for kind in (INTEGER, UNSIGNED)),
        )
        for name, id in (("bitShiftLeft", "shift_left"), ("bitShiftRight", "shift_right"))
    ),
)  # fmt: skip

ENCODERS = (
    Function("base64.encode", (Overload("base64_of_bytes", (BYTES,), TEXT),)),
    Function("base64.decode", (Overload("bytes_of_base64", (TEXT,), BYTES),)),
)

OPTIONALS = (
    Function("optional.of", (Overload("some", (A,), OPTIONAL),)),
    Function("optional.none", (Overload("none", (), OPTIONAL),)),
    Function("optional.ofNonZeroValue", (Overload("some_unless_zero", (A,), OPTIONAL),)),
    method("hasValue", ("has_value", (OPTIONAL,), BOOLEAN)),
    method("value", ("value_of", (OPTIONAL,), A)),
    method("or", ("or_optional", (OPTIONAL, OPTIONAL), OPTIONAL)),
    method("orValue", ("or_value", (OPTIONAL, A), A)),
    Function(
        "_[_]",
        (
            Overload("item_of_optional", (AnyOptional(LIST), INTEGER), OPTIONAL),
            Overload("entry_of_optional", (AnyOptional(MAP), A), AnyOptional(B)),
        ),
    ),
    Function(
        "_[?_]",
        (
            Overload("optional_item", (LIST, INTEGER), OPTIONAL),
            Overload("optional_entry", (MAP, A), AnyOptional(B)),
            Overload("item_of_optional", (AnyOptional(LIST), INTEGER), OPTIONAL),
            Overload("entry_of_optional", (AnyOptional(MAP), A), AnyOptional(B)),
        ),
    ),
    Function("_._", (Overload("entry_of_optional", (AnyOptional(MAP), A), AnyOptional(B)),)),
    Function(
        "_?._",
        (
            Overload("optional_entry", (MAP, A), AnyOptional(B)),
            Overload("entry_of_optional", (AnyOptional(MAP), A), AnyOptional(B)),
        ),
    ),
)

FIELDS = (
    *calendar_fields("of_instant"),
    *(method(name, (f"{CALENDAR[name]}_of_span", (SPAN,), INTEGER)) for name in CLOCK),
)

EXTENSIONS = (*FIELDS, *TEXTS, *MATHEMATICS, *ENCODERS)
"""What else every profile has: fields of the calendar, and the extensions that leave all types
known before an expression runs."""

DYNAMICS = (
    *OPTIONALS,
    *calendar_fields("in_zone", TEXT),
    mixed_extreme("math.greatest", "greatest"),
    mixed_extreme("math.least", "least"),
    Function("dyn", (Overload("same", (A,), DYNAMIC),)),
    Function("type", (Overload("type_of", (A,), AnyTypeOf(A)),)),
)
"""Values whose type is known only when they are there, types as values, optional values, and the
names of zones, which mean what the machine's time zone data says."""

WHEN_RUN = (
    Function(
        "_[_]",
        tuple(Overload("item_at_number", (LIST, kind), A) for kind in (UNSIGNED, DOUBLE)),
    ),
    mixed_comparison("_<_", "less"),
    mixed_comparison("_<=_", "less_or_equal"),
    mixed_comparison("_>_", "greater"),
    mixed_comparison("_>=_", "greater_or_equal"),
)
"""What is allowed only where types are known when an expression runs."""

TYPE_NAMES: Mapping[str, Type] = {
    "bool": BOOLEAN, "int": INTEGER, "uint": UNSIGNED, "double": DOUBLE, "string": TEXT,
    "bytes": BYTES, "null_type": NULL, "list": ListType(DYNAMIC),
    "map": MapType(DYNAMIC, DYNAMIC), "type": TypeOf(NOTHING),
    "optional_type": OptionalType(DYNAMIC),
    "google.protobuf.Timestamp": INSTANT, "google.protobuf.Duration": SPAN,
}  # fmt: skip
"""The types that have a name of their own in an expression."""
