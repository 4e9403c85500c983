"""What standard CEL declares: its operators, functions and the extensions that are in use.

Source: the language definition of cel-spec, section Standard Definitions, and the extensions that
its conformance suite tests (strings, math, encoders, optional values).
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from telecom_rules.expressions.functions.overloads import (
    AnyList,
    AnyMap,
    AnyOptional,
    AnyTypeOf,
    Function,
    Overload,
    TypeParameter,
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

    from telecom_rules.expressions.functions.overloads import TypePattern


A, B = TypeParameter("A"), TypeParameter("B")
LIST, MAP, OPTIONAL = AnyList(A), AnyMap(A, B), AnyOptional(A)
CEL_NUMERIC_TYPES: tuple[Primitive, ...] = (INTEGER, UNSIGNED, DOUBLE)
CEL_ORDERED_TYPES: tuple[Primitive, ...] = (BOOLEAN, *CEL_NUMERIC_TYPES, TEXT, BYTES, INSTANT, SPAN)


def declare_pairs(
    id: str, types: tuple[Primitive, ...], gives: Primitive | None = None
) -> list[Overload]:
    """Return an overload for two values of each type, whose value has that type or `gives`."""
    return [
        Overload(id if gives else f"{id}_{kind}", (kind, kind), gives or kind) for kind in types
    ]


def declare_conversion(to: Primitive, name: str, *sources: TypePattern) -> Function:
    """Return the function `name` that turns values of `sources` into `to`."""
    return Function(
        name,
        tuple(
            Overload("same" if source is to else f"{name}_of_{source}", (source,), to)
            for source in sources
        ),
    )


def declare_comparison(name: str, id: str) -> Function:
    """Return an operator that orders two values of one type."""
    return Function(name, tuple(declare_pairs(id, CEL_ORDERED_TYPES, BOOLEAN)))


def declare_mixed_comparison(name: str, id: str) -> Function:
    """Return an operator that orders two numbers of different types."""
    return Function(
        name,
        tuple(
            Overload(f"{id}_as_double" if DOUBLE in pair else id, pair, BOOLEAN)
            for pair in permutations(CEL_NUMERIC_TYPES, 2)
        ),
    )


def declare_method(
    name: str, *overloads: tuple[str, tuple[TypePattern, ...], TypePattern]
) -> Function:
    """Return a function that is written behind a dot."""
    return Function(
        name, tuple(Overload(*each) for each in overloads), is_global=False, method=True
    )


CALENDAR_GETTERS = {
    "getFullYear": "year", "getMonth": "month", "getDate": "day_from_one",
    "getDayOfMonth": "day_from_zero", "getDayOfWeek": "weekday", "getDayOfYear": "day_of_year",
    "getHours": "hours", "getMinutes": "minutes", "getSeconds": "seconds",
    "getMilliseconds": "milliseconds",
}  # fmt: skip
"""What an instant is asked for."""
SPAN_GETTERS = ("getHours", "getMinutes", "getSeconds", "getMilliseconds")
"""What a length of time is asked for as well."""


def declare_calendar_fields(suffix: str, *takes: Primitive) -> list[Function]:
    """Return what is asked of an instant, or of an instant in a zone."""
    return [
        declare_method(name, (f"{id}_{suffix}", (INSTANT, *takes), INTEGER))
        for name, id in CALENDAR_GETTERS.items()
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
            *declare_pairs("add", CEL_NUMERIC_TYPES),
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
            *declare_pairs("subtract", CEL_NUMERIC_TYPES),
            Overload("subtract_span", (SPAN, SPAN), SPAN),
            Overload("between", (INSTANT, INSTANT), SPAN),
            Overload("move_instant_back", (INSTANT, SPAN), INSTANT),
        ),
    ),
    Function("_*_", tuple(declare_pairs("multiply", CEL_NUMERIC_TYPES))),
    Function("_/_", tuple(declare_pairs("divide", CEL_NUMERIC_TYPES))),
    Function("_%_", tuple(declare_pairs("remainder", (INTEGER, UNSIGNED)))),
    Function("_==_", (Overload("equal", (A, A), BOOLEAN),)),
    Function("_!=_", (Overload("not_equal", (A, A), BOOLEAN),)),
    declare_comparison("_<_", "less"),
    declare_comparison("_<=_", "less_or_equal"),
    declare_comparison("_>_", "greater"),
    declare_comparison("_>=_", "greater_or_equal"),
    Function(
        "@in", (Overload("contained", (A, LIST), BOOLEAN), Overload("held", (A, MAP), BOOLEAN))
    ),
    Function("_[_]", (Overload("item", (LIST, INTEGER), A), Overload("entry", (MAP, A), B))),
    Function("_._", (Overload("entry", (MAP, A), B),)),
)

NAMED_FUNCTIONS = (
    Function(
        "size",
        tuple(Overload("size", (each,), INTEGER) for each in (TEXT, BYTES, LIST, MAP)),
        method=True,
    ),
    declare_method("contains", ("contains", (TEXT, TEXT), BOOLEAN)),
    declare_method("startsWith", ("starts_with", (TEXT, TEXT), BOOLEAN)),
    declare_method("endsWith", ("ends_with", (TEXT, TEXT), BOOLEAN)),
    Function("matches", (Overload("matches", (TEXT, TEXT), BOOLEAN),), method=True),
    declare_conversion(BOOLEAN, "bool", BOOLEAN, TEXT),
    declare_conversion(INTEGER, "int", INTEGER, UNSIGNED, DOUBLE, TEXT, INSTANT),
    declare_conversion(UNSIGNED, "uint", UNSIGNED, INTEGER, DOUBLE, TEXT),
    declare_conversion(DOUBLE, "double", DOUBLE, INTEGER, UNSIGNED, TEXT),
    declare_conversion(
        TEXT, "string", TEXT, BOOLEAN, INTEGER, UNSIGNED, DOUBLE, BYTES, INSTANT, SPAN
    ),
    declare_conversion(BYTES, "bytes", BYTES, TEXT),
    declare_conversion(INSTANT, "timestamp", INSTANT, INTEGER, TEXT),
    declare_conversion(SPAN, "duration", SPAN, TEXT),
)

COMMON_FUNCTIONS = (*OPERATORS, *NAMED_FUNCTIONS)
"""What every profile has, the functions that are used most."""

TEXT_FUNCTIONS = (
    declare_method("charAt", ("char_at", (TEXT, INTEGER), TEXT)),
    declare_method(
        "indexOf",
        ("index_of", (TEXT, TEXT), INTEGER),
        ("index_of", (TEXT, TEXT, INTEGER), INTEGER),
    ),
    declare_method(
        "lastIndexOf",
        ("last_index_of", (TEXT, TEXT), INTEGER),
        ("last_index_of", (TEXT, TEXT, INTEGER), INTEGER),
    ),
    declare_method("lowerAscii", ("lower_ascii", (TEXT,), TEXT)),
    declare_method("upperAscii", ("upper_ascii", (TEXT,), TEXT)),
    declare_method(
        "replace",
        ("replace", (TEXT, TEXT, TEXT), TEXT),
        ("replace", (TEXT, TEXT, TEXT, INTEGER), TEXT),
    ),
    declare_method(
        "split",
        ("split", (TEXT, TEXT), AnyList(TEXT)),
        ("split", (TEXT, TEXT, INTEGER), AnyList(TEXT)),
    ),
    declare_method(
        "substring",
        ("substring", (TEXT, INTEGER), TEXT),
        ("substring", (TEXT, INTEGER, INTEGER), TEXT),
    ),
    declare_method("trim", ("trim", (TEXT,), TEXT)),
    declare_method("join", ("join", (AnyList(TEXT),), TEXT), ("join", (AnyList(TEXT), TEXT), TEXT)),
    declare_method("reverse", ("reverse", (TEXT,), TEXT)),
    declare_method("format", ("format", (TEXT, AnyList(A)), TEXT)),
    Function("strings.quote", (Overload("quote", (TEXT,), TEXT),)),
)

PARAMETER_NAMES = "ABCDEFGHIJKLMNOP"
MOST_ARGUMENTS = len(PARAMETER_NAMES)
"""Arguments of `math.greatest` and `math.least`."""


def declare_extreme(
    name: str, id: str, numbers: tuple[Primitive, ...] = CEL_NUMERIC_TYPES
) -> Function:
    """Return the greatest or least of numbers of one type, given one by one or as a list."""
    one = [Overload("same", (kind,), kind) for kind in numbers]
    counts = range(2, MOST_ARGUMENTS + 1)
    more = [Overload(id, (kind,) * count, kind) for count in counts for kind in numbers]
    lists = [Overload(f"{id}_of_list", (AnyList(kind),), kind) for kind in numbers]
    return Function(name, (*one, *more, *lists))


def declare_mixed_extreme(name: str, id: str) -> Function:
    """Return the greatest or least of numbers of several types."""
    two = [Overload(id, pair, DYNAMIC) for pair in permutations(CEL_NUMERIC_TYPES, 2)]
    # CEL puts three or more into a list, whose items are dynamic once they differ in type.
    more = [
        Overload(id, tuple(map(TypeParameter, PARAMETER_NAMES[:count])), DYNAMIC)
        for count in range(3, MOST_ARGUMENTS + 1)
    ]
    return Function(name, (*two, *more))


def declare_numeric(
    name: str, id: str, types: tuple[Primitive, ...], gives: Primitive | None = None
) -> Function:
    """Return a function of one number, which gives its type or `gives`."""
    return Function(name, tuple(Overload(f"{id}_{kind}", (kind,), gives or kind) for kind in types))


MATH_FUNCTIONS = (
    declare_extreme("math.greatest", "greatest"),
    declare_extreme("math.least", "least"),
    declare_numeric("math.ceil", "ceil", (DOUBLE,)),
    declare_numeric("math.floor", "floor", (DOUBLE,)),
    declare_numeric("math.round", "round", (DOUBLE,)),
    declare_numeric("math.trunc", "trunc", (DOUBLE,)),
    declare_numeric("math.sqrt", "sqrt", CEL_NUMERIC_TYPES, DOUBLE),
    declare_numeric("math.abs", "abs", CEL_NUMERIC_TYPES),
    declare_numeric("math.sign", "sign", CEL_NUMERIC_TYPES),
    declare_numeric("math.isNaN", "is_nan", (DOUBLE,), BOOLEAN),
    declare_numeric("math.isInf", "is_infinite", (DOUBLE,), BOOLEAN),
    declare_numeric("math.isFinite", "is_finite", (DOUBLE,), BOOLEAN),
    Function("math.bitAnd", tuple(declare_pairs("bit_and", (INTEGER, UNSIGNED)))),
    Function("math.bitOr", tuple(declare_pairs("bit_or", (INTEGER, UNSIGNED)))),
    Function("math.bitXor", tuple(declare_pairs("bit_xor", (INTEGER, UNSIGNED)))),
    declare_numeric("math.bitNot", "bit_not", (INTEGER, UNSIGNED)),
    *(
        Function(
            f"math.{name}",
            tuple(Overload(f"{id}_{kind}", (kind, INTEGER), kind) for kind in (INTEGER, UNSIGNED)),
        )
        for name, id in (("bitShiftLeft", "shift_left"), ("bitShiftRight", "shift_right"))
    ),
)  # fmt: skip

ENCODING_FUNCTIONS = (
    Function("base64.encode", (Overload("base64_of_bytes", (BYTES,), TEXT),)),
    Function("base64.decode", (Overload("bytes_of_base64", (TEXT,), BYTES),)),
)

OPTIONAL_FUNCTIONS = (
    Function("optional.of", (Overload("some", (A,), OPTIONAL),)),
    Function("optional.none", (Overload("none", (), OPTIONAL),)),
    Function("optional.ofNonZeroValue", (Overload("some_unless_zero", (A,), OPTIONAL),)),
    declare_method("hasValue", ("has_value", (OPTIONAL,), BOOLEAN)),
    declare_method("value", ("value_of", (OPTIONAL,), A)),
    declare_method("or", ("or_optional", (OPTIONAL, OPTIONAL), OPTIONAL)),
    declare_method("orValue", ("or_value", (OPTIONAL, A), A)),
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

CALENDAR_FUNCTIONS = (
    *declare_calendar_fields("of_instant"),
    *(
        declare_method(name, (f"{CALENDAR_GETTERS[name]}_of_span", (SPAN,), INTEGER))
        for name in SPAN_GETTERS
    ),
)

EXTENSION_FUNCTIONS = (*CALENDAR_FUNCTIONS, *TEXT_FUNCTIONS, *MATH_FUNCTIONS, *ENCODING_FUNCTIONS)
"""What else every profile has: fields of the calendar, and the extensions that leave all types
known before an expression runs."""

DYNAMIC_FUNCTIONS = (
    *OPTIONAL_FUNCTIONS,
    *declare_calendar_fields("in_zone", TEXT),
    declare_mixed_extreme("math.greatest", "greatest"),
    declare_mixed_extreme("math.least", "least"),
    Function("dyn", (Overload("same", (A,), DYNAMIC),)),
    Function("type", (Overload("type_of", (A,), AnyTypeOf(A)),)),
)
"""Values whose type is known only when they are there, types as values, optional values, and the
names of zones, which mean what the machine's time zone data says."""

RUNTIME_FUNCTIONS = (
    Function(
        "_[_]",
        tuple(Overload("item_at_number", (LIST, kind), A) for kind in (UNSIGNED, DOUBLE)),
    ),
    declare_mixed_comparison("_<_", "less"),
    declare_mixed_comparison("_<=_", "less_or_equal"),
    declare_mixed_comparison("_>_", "greater"),
    declare_mixed_comparison("_>=_", "greater_or_equal"),
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
