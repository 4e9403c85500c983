"""Functions that CEL itself declares: those of its definition and of its extensions in use.

A function of our own goes into `profile.py`.

Source: the language definition of cel-spec, section Standard Definitions, and the extensions of
cel-go: strings, math, encoders and optional values, as the conformance suite tests them, lists,
sets and regex. The sum and the extremes of a list are those of the list library of Kubernetes.
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from telecom_rules.expressions.functions.overloads import (
    AnyCode,
    AnyList,
    AnyMap,
    AnyOptional,
    AnyTypeOf,
    Function,
    Overload,
    ResultSize,
    TypeParameter,
    Work,
)
from telecom_rules.expressions.operations.kinds import CEL_INTEGER_TYPES, CEL_NUMERIC_TYPES
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
CONSTANT, SCAN, FIRST, ELEMENT = Work.CONSTANT, Work.SCAN, ResultSize.FIRST, ResultSize.ELEMENT
LIST, MAP, OPTIONAL = AnyList(A), AnyMap(A, B), AnyOptional(A)
CEL_ORDERED_TYPES: tuple[Primitive, ...] = (BOOLEAN, *CEL_NUMERIC_TYPES, TEXT, BYTES, INSTANT, SPAN)
COMPARISON_OPERATORS = frozenset({"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_"})


def declare_arithmetic(id: str, numbers: tuple[Primitive, ...]) -> list[Overload]:
    """Return an overload for two numbers of each type, which gives a number of that type."""
    return [Overload(f"{id}_{kind}", (kind, kind), kind, CONSTANT) for kind in numbers]


def declare_conversion(to: Primitive, name: str, *sources: TypePattern) -> Function:
    """Return the function `name` that turns values of `sources` into `to`."""
    return Function(name, tuple(declare_conversion_from(source, to, name) for source in sources))


def declare_conversion_from(source: TypePattern, to: Primitive, name: str) -> Overload:
    """Return the overload that turns a value of `source` into `to`."""
    if source is to:
        return Overload("same", (source,), to, CONSTANT, FIRST)
    id = f"{name}_of_{source}"
    if isinstance(source, AnyCode):
        return Overload(id, (source,), to, CONSTANT, FIRST)
    if source is TEXT and to in {BYTES, DOUBLE}:
        return Overload(id, (source,), to, SCAN)
    if source is BYTES:
        return Overload(id, (source,), to, SCAN)
    # Every other text that is read or written this way is as short as a number or a date.
    return Overload(
        id, (source,), to, CONSTANT,
        ResultSize.SCALAR_TEXT if to is TEXT else ResultSize.ANY,
    )  # fmt: skip


def declare_comparison(name: str, id: str) -> Function:
    """Return an operator that orders two values of one type."""
    return Function(
        name, tuple(Overload(id, (kind, kind), BOOLEAN, Work.COMPARE) for kind in CEL_ORDERED_TYPES)
    )


def declare_mixed_comparison(name: str, id: str) -> Function:
    """Return an operator that orders two numbers of different types."""
    return Function(
        name,
        tuple(
            Overload(f"{id}_as_double" if DOUBLE in pair else id, pair, BOOLEAN, Work.COMPARE)
            for pair in permutations(CEL_NUMERIC_TYPES, 2)
        ),
    )


def declare_method(name: str, *overloads: Overload) -> Function:
    """Return a function that is written behind a dot."""
    return Function(name, overloads, is_global=False, method=True)


CALENDAR_GETTERS = {
    "getFullYear": "year", "getMonth": "month", "getDate": "day_from_one",
    "getDayOfMonth": "day_from_zero", "getDayOfWeek": "weekday", "getDayOfYear": "day_of_year",
    "getHours": "hours", "getMinutes": "minutes", "getSeconds": "seconds",
    "getMilliseconds": "milliseconds",
}  # fmt: skip
"""The getters of an instant, with the ids of its fields."""
SPAN_GETTERS = ("getHours", "getMinutes", "getSeconds", "getMilliseconds")
"""Those that a length of time has as well."""


def declare_calendar_fields(suffix: str, *takes: Primitive) -> list[Function]:
    """Return the getters of an instant, or of an instant in a zone."""
    return [
        declare_method(name, Overload(f"{id}_{suffix}", (INSTANT, *takes), INTEGER, CONSTANT))
        for name, id in CALENDAR_GETTERS.items()
    ]


OPERATORS = (
    Function("!_", (Overload("not", (BOOLEAN,), BOOLEAN, CONSTANT),)),
    Function(
        "-_",
        (
            Overload("negate_integer", (INTEGER,), INTEGER, CONSTANT),
            Overload("negate_double", (DOUBLE,), DOUBLE, CONSTANT),
        ),
    ),
    Function(
        "_+_",
        (
            *declare_arithmetic("add", CEL_NUMERIC_TYPES),
            Overload("join_text", (TEXT, TEXT), TEXT, SCAN, ResultSize.SUM),
            Overload("join_bytes", (BYTES, BYTES), BYTES, SCAN, ResultSize.SUM),
            Overload("join_list", (LIST, LIST), LIST, SCAN, ResultSize.SUM),
            Overload("add_span", (SPAN, SPAN), SPAN, CONSTANT),
            Overload("move_instant", (INSTANT, SPAN), INSTANT, CONSTANT),
            Overload("add_span_to_instant", (SPAN, INSTANT), INSTANT, CONSTANT),
        ),
    ),
    Function(
        "_-_",
        (
            *declare_arithmetic("subtract", CEL_NUMERIC_TYPES),
            Overload("subtract_span", (SPAN, SPAN), SPAN, CONSTANT),
            Overload("subtract_moments", (INSTANT, INSTANT), SPAN, CONSTANT),
            Overload("move_instant_back", (INSTANT, SPAN), INSTANT, CONSTANT),
        ),
    ),
    Function("_*_", tuple(declare_arithmetic("multiply", CEL_NUMERIC_TYPES))),
    Function("_/_", tuple(declare_arithmetic("divide", CEL_NUMERIC_TYPES))),
    Function("_%_", tuple(declare_arithmetic("remainder", CEL_INTEGER_TYPES))),
    Function("_==_", (Overload("equal", (A, A), BOOLEAN, Work.COMPARE),)),
    Function("_!=_", (Overload("not_equal", (A, A), BOOLEAN, Work.COMPARE),)),
    declare_comparison("_<_", "less"),
    declare_comparison("_<=_", "less_or_equal"),
    declare_comparison("_>_", "greater"),
    declare_comparison("_>=_", "greater_or_equal"),
    Function(
        "@in",
        (
            Overload("in_list", (A, LIST), BOOLEAN, Work.SEARCH),
            Overload("in_map", (A, MAP), BOOLEAN, CONSTANT),
        ),
    ),
    Function(
        "_[_]",
        (
            Overload("item", (LIST, INTEGER), A, CONSTANT, ELEMENT),
            Overload("entry", (MAP, A), B, CONSTANT, ELEMENT),
        ),
    ),
    Function("_._", (Overload("entry", (MAP, A), B, CONSTANT, ELEMENT),)),
)

NAMED_FUNCTIONS = (
    Function(
        "size",
        tuple(Overload("size", (each,), INTEGER, CONSTANT) for each in (TEXT, BYTES, LIST, MAP)),
        method=True,
    ),
    declare_method("contains", Overload("contains", (TEXT, TEXT), BOOLEAN, SCAN)),
    declare_method("startsWith", Overload("starts_with", (TEXT, TEXT), BOOLEAN, SCAN)),
    declare_method("endsWith", Overload("ends_with", (TEXT, TEXT), BOOLEAN, SCAN)),
    Function("matches", (Overload("matches", (TEXT, TEXT), BOOLEAN, Work.MATCH),), method=True),
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
"""The functions of every profile that are used most; advice lists them first."""

TEXT_FUNCTIONS = (
    declare_method("charAt", Overload("char_at", (TEXT, INTEGER), TEXT, CONSTANT, FIRST)),
    declare_method(
        "indexOf",
        Overload("index_of", (TEXT, TEXT), INTEGER, SCAN),
        Overload("index_of", (TEXT, TEXT, INTEGER), INTEGER, SCAN),
    ),
    declare_method(
        "lastIndexOf",
        Overload("last_index_of", (TEXT, TEXT), INTEGER, SCAN),
        Overload("last_index_of", (TEXT, TEXT, INTEGER), INTEGER, SCAN),
    ),
    declare_method("lowerAscii", Overload("lower_ascii", (TEXT,), TEXT, SCAN, FIRST)),
    declare_method("upperAscii", Overload("upper_ascii", (TEXT,), TEXT, SCAN, FIRST)),
    declare_method(
        "replace",
        Overload("replace", (TEXT, TEXT, TEXT), TEXT, SCAN, ResultSize.REPLACED),
        Overload("replace", (TEXT, TEXT, TEXT, INTEGER), TEXT, SCAN, ResultSize.REPLACED),
    ),
    declare_method(
        "split",
        Overload("split", (TEXT, TEXT), AnyList(TEXT), Work.SPLIT, ResultSize.PARTS),
        Overload("split", (TEXT, TEXT, INTEGER), AnyList(TEXT), Work.SPLIT, ResultSize.PARTS),
    ),
    declare_method(
        "substring",
        Overload("substring", (TEXT, INTEGER), TEXT, SCAN, FIRST),
        Overload("substring", (TEXT, INTEGER, INTEGER), TEXT, SCAN, FIRST),
    ),
    declare_method("trim", Overload("trim", (TEXT,), TEXT, SCAN, FIRST)),
    declare_method(
        "join",
        Overload("join", (AnyList(TEXT),), TEXT, Work.JOIN, ResultSize.JOINED),
        Overload("join", (AnyList(TEXT), TEXT), TEXT, Work.JOIN, ResultSize.JOINED),
    ),
    declare_method("reverse", Overload("reverse", (TEXT,), TEXT, SCAN, FIRST)),
    declare_method(
        "format", Overload("format", (TEXT, AnyList(A)), TEXT, SCAN, ResultSize.FORMATTED)
    ),
    Function("strings.quote", (Overload("quote", (TEXT,), TEXT, SCAN),)),
)


def declare_regex(name: str, id: str, result: TypePattern, size: ResultSize) -> Function:
    """Return a function that takes parts out of a text by a pattern."""
    return Function(f"regex.{name}", (Overload(id, (TEXT, TEXT), result, Work.SEARCH_TEXT, size),))


REGEX_FUNCTIONS = (
    declare_regex("extract", "extract", AnyOptional(TEXT), ResultSize.PART),
    declare_regex("extractAll", "extract_all", AnyList(TEXT), ResultSize.PARTS),
    Function(
        "regex.replace",
        tuple(
            Overload(
                "replace_matches", (TEXT, TEXT, TEXT, *count), TEXT, Work.SEARCH_TEXT,
                ResultSize.REPLACED,
            )
            for count in ((), (INTEGER,))
        ),
    ),
)  # fmt: skip


def declare_set_test(name: str, id: str) -> Function:
    """Return a question about two lists as sets."""
    return Function(f"sets.{name}", (Overload(id, (LIST, LIST), BOOLEAN, SCAN),))


SET_FUNCTIONS = (
    declare_set_test("contains", "set_contains"),
    declare_set_test("equivalent", "set_equivalent"),
    declare_set_test("intersects", "set_intersects"),
)


SET_TESTS = frozenset(function.name for function in SET_FUNCTIONS)


def declare_sort(types: tuple[Primitive, ...]) -> Function:
    """Return the sorting of lists whose items have an order."""
    lists = map(AnyList, types)
    return declare_method(
        "sort", *(Overload("sort", (kind,), kind, Work.SORT, FIRST) for kind in lists)
    )


def declare_list_extremes(types: tuple[Primitive, ...]) -> tuple[Function, ...]:
    """Return the greatest and least item of lists whose items have an order."""
    return tuple(
        declare_method(
            name, *(Overload(id, (AnyList(kind),), kind, SCAN, ELEMENT) for kind in types)
        )
        for name, id in (("max", "greatest_item"), ("min", "least_item"))
    )


def declare_sum(types: tuple[Primitive, ...]) -> Function:
    """Return the sum of lists of numbers or of lengths of time."""
    return declare_method(
        "sum", *(Overload(f"sum_{kind}", (AnyList(kind),), kind, SCAN) for kind in types)
    )


LIST_FUNCTIONS = (
    declare_method("distinct", Overload("distinct", (LIST,), LIST, SCAN, FIRST)),
    declare_sort(CEL_ORDERED_TYPES),
    declare_method(
        "slice", Overload("slice", (LIST, INTEGER, INTEGER), LIST, Work.COPY, FIRST)
    ),
    declare_method(
        "flatten",
        Overload("flatten", (AnyList(LIST),), LIST, Work.COPY, ResultSize.FLATTENED),
    ),
    declare_method("reverse", Overload("reverse_list", (LIST,), LIST, Work.COPY, FIRST)),
    Function("lists.range", (Overload("range", (INTEGER,), AnyList(INTEGER), Work.COPY),)),
    declare_method("first", Overload("first", (LIST,), OPTIONAL, CONSTANT, ELEMENT)),
    declare_method("last", Overload("last", (LIST,), OPTIONAL, CONSTANT, ELEMENT)),
    declare_sum((*CEL_NUMERIC_TYPES, SPAN)),
    *declare_list_extremes(CEL_ORDERED_TYPES),
)  # fmt: skip

PARAMETER_NAMES = "ABCDEFGHIJKLMNOP"
MOST_ARGUMENTS = len(PARAMETER_NAMES)
"""Arguments of `math.greatest` and `math.least`."""


def declare_extreme(
    name: str, id: str, numbers: tuple[Primitive, ...] = CEL_NUMERIC_TYPES
) -> Function:
    """Return the greatest or least of numbers of one type, given one by one or as a list."""
    one = [Overload("same", (kind,), kind, CONSTANT, FIRST) for kind in numbers]
    counts = range(2, MOST_ARGUMENTS + 1)
    more = [Overload(id, (kind,) * count, kind, CONSTANT) for count in counts for kind in numbers]
    lists = [Overload(f"{id}_of_list", (AnyList(kind),), kind, SCAN) for kind in numbers]
    return Function(name, (*one, *more, *lists))


def declare_mixed_extreme(name: str, id: str) -> Function:
    """Return the greatest or least of numbers of several types."""
    two = [Overload(id, pair, DYNAMIC, CONSTANT) for pair in permutations(CEL_NUMERIC_TYPES, 2)]
    # CEL puts three or more into a list, whose items are dynamic once they differ in type.
    more = [
        Overload(id, tuple(map(TypeParameter, PARAMETER_NAMES[:count])), DYNAMIC, CONSTANT)
        for count in range(3, MOST_ARGUMENTS + 1)
    ]
    return Function(name, (*two, *more))


def declare_numeric(
    name: str, id: str, types: tuple[Primitive, ...], gives: Primitive | None = None
) -> Function:
    """Return a function of one number, which gives its type or `gives`."""
    return Function(
        name, tuple(Overload(f"{id}_{kind}", (kind,), gives or kind, CONSTANT) for kind in types)
    )


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
    Function("math.bitAnd", tuple(declare_arithmetic("bit_and", CEL_INTEGER_TYPES))),
    Function("math.bitOr", tuple(declare_arithmetic("bit_or", CEL_INTEGER_TYPES))),
    Function("math.bitXor", tuple(declare_arithmetic("bit_xor", CEL_INTEGER_TYPES))),
    declare_numeric("math.bitNot", "bit_not", CEL_INTEGER_TYPES),
    *(
        Function(
            f"math.{name}",
            tuple(
                Overload(f"{id}_{kind}", (kind, INTEGER), kind, CONSTANT)
                for kind in CEL_INTEGER_TYPES
            ),
        )
        for name, id in (("bitShiftLeft", "shift_left"), ("bitShiftRight", "shift_right"))
    ),
)  # fmt: skip

ENCODING_FUNCTIONS = (
    Function("base64.encode", (Overload("base64_of_bytes", (BYTES,), TEXT, SCAN),)),
    Function("base64.decode", (Overload("bytes_of_base64", (TEXT,), BYTES, SCAN),)),
)

OPTIONAL_METHODS = (
    declare_method("hasValue", Overload("has_value", (OPTIONAL,), BOOLEAN, CONSTANT)),
    declare_method("value", Overload("value_of", (OPTIONAL,), A, CONSTANT, ELEMENT)),
    declare_method("or", Overload("or_optional", (OPTIONAL, OPTIONAL), OPTIONAL, CONSTANT, FIRST)),
    declare_method("orValue", Overload("or_value", (OPTIONAL, A), A, CONSTANT, ELEMENT)),
)
"""What may be asked of a value that may be absent, such as the first item of a list."""

OPTIONAL_FUNCTIONS = (
    Function("optional.of", (Overload("some", (A,), OPTIONAL, CONSTANT, FIRST),)),
    Function("optional.none", (Overload("none", (), OPTIONAL, CONSTANT),)),
    Function("optional.ofNonZeroValue", (Overload("some_unless_zero", (A,), OPTIONAL, CONSTANT),)),
    Function(
        "_[_]",
        (
            Overload("item_of_optional", (AnyOptional(LIST), INTEGER), OPTIONAL, CONSTANT),
            Overload("entry_of_optional", (AnyOptional(MAP), A), AnyOptional(B), CONSTANT),
        ),
    ),
    Function(
        "_[?_]",
        (
            Overload("optional_item", (LIST, INTEGER), OPTIONAL, CONSTANT, ELEMENT),
            Overload("optional_entry", (MAP, A), AnyOptional(B), CONSTANT),
            Overload("item_of_optional", (AnyOptional(LIST), INTEGER), OPTIONAL, CONSTANT),
            Overload("entry_of_optional", (AnyOptional(MAP), A), AnyOptional(B), CONSTANT),
        ),
    ),
    Function(
        "_._", (Overload("entry_of_optional", (AnyOptional(MAP), A), AnyOptional(B), CONSTANT),)
    ),
    Function(
        "_?._",
        (
            Overload("optional_entry", (MAP, A), AnyOptional(B), CONSTANT),
            Overload("entry_of_optional", (AnyOptional(MAP), A), AnyOptional(B), CONSTANT),
        ),
    ),
)

CALENDAR_FUNCTIONS = (
    *declare_calendar_fields("of_instant"),
    *(
        declare_method(
            name, Overload(f"{CALENDAR_GETTERS[name]}_of_span", (SPAN,), INTEGER, CONSTANT)
        )
        for name in SPAN_GETTERS
    ),
)

EXTENSION_FUNCTIONS = (
    *CALENDAR_FUNCTIONS, *TEXT_FUNCTIONS, *REGEX_FUNCTIONS, *MATH_FUNCTIONS, *LIST_FUNCTIONS,
    *SET_FUNCTIONS, *ENCODING_FUNCTIONS, *OPTIONAL_METHODS,
)  # fmt: skip
"""The other functions of every profile: fields of the calendar, and the extensions whose types are
all known before an expression runs."""

DYNAMIC_FUNCTIONS = (
    *OPTIONAL_FUNCTIONS,
    *declare_calendar_fields("in_zone", TEXT),
    declare_method(
        "flatten",
        Overload("flatten_deep", (AnyList(A), INTEGER), AnyList(DYNAMIC), Work.COPY),
    ),
    declare_mixed_extreme("math.greatest", "greatest"),
    declare_mixed_extreme("math.least", "least"),
    Function("dyn", (Overload("same", (A,), DYNAMIC, CONSTANT, FIRST),)),
    Function("type", (Overload("type_of", (A,), AnyTypeOf(A), CONSTANT),)),
)
"""Values whose type is known only when they are there, types as values, optional values, and the
names of zones, which mean what the machine's time zone data says."""

RUNTIME_FUNCTIONS = (
    Function(
        "_[_]",
        tuple(
            Overload("item_at_number", (LIST, kind), A, CONSTANT, ELEMENT)
            for kind in (UNSIGNED, DOUBLE)
        ),
    ),
    declare_mixed_comparison("_<_", "less"),
    declare_mixed_comparison("_<=_", "less_or_equal"),
    declare_mixed_comparison("_>_", "greater"),
    declare_mixed_comparison("_>=_", "greater_or_equal"),
)
"""Overloads that fit only values whose types are not known before an expression runs."""

INSERTED_OVERLOADS = (
    Overload("require_boolean", (A,), BOOLEAN, CONSTANT),
    Overload("refuse_undefined", (TEXT,), DYNAMIC, CONSTANT),
)
"""Operations that the checker inserts: the test that a dynamic value is a boolean, and the failure
of a part that has no meaning, where types are not checked."""

TYPE_NAMES: Mapping[str, Type] = {
    "bool": BOOLEAN, "int": INTEGER, "uint": UNSIGNED, "double": DOUBLE, "string": TEXT,
    "bytes": BYTES, "null_type": NULL, "list": ListType(DYNAMIC),
    "map": MapType(DYNAMIC, DYNAMIC), "type": TypeOf(NOTHING),
    "optional_type": OptionalType(DYNAMIC),
    "google.protobuf.Timestamp": INSTANT, "google.protobuf.Duration": SPAN,
}  # fmt: skip
"""The types that have a name of their own in an expression."""
