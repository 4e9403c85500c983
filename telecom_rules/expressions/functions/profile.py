"""Functions of our own, and the profiles of the language that they make up with those of CEL.

A function that CEL declares goes into `standard.py`. A profile says what an expression may use and
how its literals are read; there is one lexer, parser, checker and evaluator for all of them.
`STANDARD_PROFILE` is CEL as its specification says. `PACK_PROFILE` is what the rules of a pack are
written in: standard CEL without what hides mistakes until an expression runs, and with what law and
money need.

- Nothing is dynamic: no `dyn`, no `type`, no optional values, and a list holds values of one type.
- A literal takes the type of its other operand: `illegal_gain * 0.5` is exact.
- `decimal` and `money` are exact and never meet a `double`.
- An `integer` may stand where a `decimal` or `money` is wanted, because nothing is lost.
- `money` and `decimal` give `decimal`; `money` times a whole number is `money`; money times money
  is a mistake.
- The result of exact arithmetic is exact or an error: `10 / 4` is 2.5, `10.0 / 3` an error.
- `roundUp(x)` and `roundDown(x)` are the amounts of whole fen next to an exact number.
- `date("2016-07-30")` plus whole days is a date; the difference of two dates is a `span`.
- `day.addMonths(5)` is the day of the same number, or the last of a shorter month; a rounding as in
  `day.addMonths(5, "up")` says otherwise.
- `day.lastDayOf(parameters.x)` is the last day of a time limit from that day, as clocks count it.
- `amount(parameters.x)` is the number of units of a time limit, in the unit it is given in.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from telecom_rules.expressions.functions.overloads import (
    AnyCode,
    Function,
    Overload,
    Work,
    dispatch_id_of,
    match_overloads,
    merge_functions,
)
from telecom_rules.expressions.functions.standard import (
    COMMON_FUNCTIONS,
    CONSTANT,
    DYNAMIC_FUNCTIONS,
    EXTENSION_FUNCTIONS,
    INSERTED_OVERLOADS,
    RUNTIME_FUNCTIONS,
    TYPE_NAMES,
    declare_calendar_fields,
    declare_conversion,
    declare_extreme,
    declare_list_extremes,
    declare_method,
    declare_numeric,
    declare_sort,
    declare_sum,
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
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Profile:
    """A profile of the language.

    Attributes:
        functions: every operator and function by its name.
        types: the types that have a name of their own in an expression.
        dynamic: whether values may have a type that is known only once they are there; lists and
            maps may then mix types.
        literals_yield: whether a literal takes the type of its other operand.
        checked: whether mistakes of types are findings; otherwise a mistaken part fails when it is
            evaluated, and every type is dynamic.
    """

    functions: Mapping[str, Function]
    types: Mapping[str, Type] = field(default_factory=dict)
    dynamic: bool = False
    literals_yield: bool = False
    checked: bool = True

    @cached_property
    def overloads(self) -> Mapping[str, Overload]:
        """Every overload by its id, with those that the checker inserts."""
        declared = (each for function in self.functions.values() for each in function.overloads)
        return {each.id: each for each in (*declared, *INSERTED_OVERLOADS)}

    @cached_property
    def dispatched(self) -> Mapping[str, Function]:
        """The functions by the ids of the operations that choose their overload at run time."""
        functions = merge_functions(self.functions.values(), RUNTIME_FUNCTIONS)
        return {dispatch_id_of(name): function for name, function in functions.items()}

    def find_candidates(self, id: str, arguments: Sequence[Type]) -> list[Overload]:
        """Return the overloads that an operation may turn out to be, for these types.

        There are several where the overload is chosen at run time.
        """
        function = self.dispatched.get(id)
        if function is None:
            return [self.overloads[id]]
        return [overload for overload, _ in match_overloads(function, arguments)]


EXACT_TYPES: tuple[Primitive, ...] = (INTEGER, DECIMAL, MONEY)
MIXED_PAIRS: tuple[tuple[Primitive, Primitive], ...] = tuple(
    pair for pair in product(EXACT_TYPES, EXACT_TYPES) if pair != (INTEGER, INTEGER)
)


def declare_sums(verb: str) -> tuple[Overload, ...]:
    """Return addition or subtraction of exact numbers."""
    return tuple(
        Overload(f"{verb}_decimal", pair, DECIMAL if DECIMAL in pair else MONEY, CONSTANT)
        for pair in MIXED_PAIRS
    )


def declare_exact_comparison(name: str, id: str) -> Function:
    """Return an operator that orders exact numbers and dates."""
    return Function(
        name, (Overload(id, (DATE, DATE), BOOLEAN, Work.COMPARE), *declare_mixed_overloads(id))
    )


def declare_exact_equality(name: str, id: str) -> Function:
    """Return an operator that compares exact numbers of different types."""
    return Function(name, tuple(declare_mixed_overloads(id)))


def declare_mixed_overloads(id: str) -> list[Overload]:
    """Return the overloads of a comparison for two exact numbers."""
    return [Overload(id, pair, BOOLEAN, Work.COMPARE) for pair in MIXED_PAIRS]


def declare_exact_extreme(name: str, id: str) -> Function:
    """Return the greatest or least of two or three exact numbers of different types."""
    alike = {(kind,) * count for kind in EXACT_TYPES for count in (2, 3)}
    mixed = [
        pair for count in (2, 3) for pair in product(EXACT_TYPES, repeat=count) if pair not in alike
    ]
    return Function(
        name,
        tuple(
            Overload(id, pair, DECIMAL if DECIMAL in pair else MONEY, CONSTANT) for pair in mixed
        ),
    )


PRODUCT_TYPES: tuple[tuple[Primitive, Primitive, Primitive], ...] = (
    (DECIMAL, DECIMAL, DECIMAL), (DECIMAL, INTEGER, DECIMAL), (INTEGER, DECIMAL, DECIMAL),
    (MONEY, DECIMAL, DECIMAL), (DECIMAL, MONEY, DECIMAL),
    (MONEY, INTEGER, MONEY), (INTEGER, MONEY, MONEY),
)  # fmt: skip
QUOTIENT_TYPES: tuple[tuple[Primitive, Primitive], ...] = (
    (DECIMAL, DECIMAL), (DECIMAL, INTEGER), (INTEGER, DECIMAL),
    (MONEY, DECIMAL), (MONEY, INTEGER), (MONEY, MONEY),
)  # fmt: skip

ADDED_FUNCTIONS = (
    declare_exact_equality("_==_", "equal"),
    declare_exact_equality("_!=_", "not_equal"),
    declare_exact_comparison("_<_", "less"),
    declare_exact_comparison("_<=_", "less_or_equal"),
    declare_exact_comparison("_>_", "greater"),
    declare_exact_comparison("_>=_", "greater_or_equal"),
    Function(
        "-_",
        (
            Overload("negate_decimal", (DECIMAL,), DECIMAL, CONSTANT),
            Overload("negate_decimal", (MONEY,), MONEY, CONSTANT),
        ),
    ),
    Function(
        "_+_",
        (
            *declare_sums("add"),
            Overload("move_date", (DATE, SPAN), DATE, CONSTANT),
            Overload("add_span_to_date", (SPAN, DATE), DATE, CONSTANT),
        ),
    ),
    Function(
        "_-_",
        (
            *declare_sums("subtract"),
            Overload("subtract_moments", (DATE, DATE), SPAN, CONSTANT),
            Overload("move_date_back", (DATE, SPAN), DATE, CONSTANT),
        ),
    ),
    Function(
        "_*_",
        tuple(
            Overload("multiply_decimal", (a, b), gives, CONSTANT) for a, b, gives in PRODUCT_TYPES
        ),
    ),
    Function(
        "_/_", tuple(Overload("divide_decimal", pair, DECIMAL, CONSTANT) for pair in QUOTIENT_TYPES)
    ),
    declare_conversion(INTEGER, "int", DECIMAL, MONEY),
    declare_conversion(DECIMAL, "decimal", DECIMAL, INTEGER, MONEY, TEXT),
    declare_conversion(MONEY, "money", MONEY, INTEGER, DECIMAL, TEXT),
    declare_numeric("roundUp", "round_up", EXACT_TYPES, MONEY),
    declare_numeric("roundDown", "round_down", EXACT_TYPES, MONEY),
    declare_conversion(TEXT, "string", DECIMAL, MONEY, DATE, AnyCode()),
    declare_conversion(DATE, "date", DATE, TEXT),
    Function("days", (Overload("days", (INTEGER,), SPAN, CONSTANT),)),
    Function("hours", (Overload("hours", (INTEGER,), SPAN, CONSTANT),)),
    *(
        declare_method(
            name,
            Overload(id, (DATE, INTEGER), DATE, CONSTANT),
            Overload(f"{id}_rounded", (DATE, INTEGER, TEXT), DATE, CONSTANT),
        )
        for name, id in (("addMonths", "add_months"), ("addYears", "add_years"))
    ),
    # The calendar of a pack bounds the days that it goes through.
    declare_method("lastDayOf", Overload("last_day_of", (DATE, LIMIT), DATE, CONSTANT)),
    Function("amount", (Overload("amount", (LIMIT,), INTEGER, CONSTANT),)),
    *declare_calendar_fields("of_instant", TEXT),
    *(declare_extreme(f"math.{name}", name, (DECIMAL, MONEY)) for name in ("greatest", "least")),
    *(declare_exact_extreme(f"math.{name}", f"{name}_exact") for name in ("greatest", "least")),
    declare_numeric("math.abs", "abs", (DECIMAL, MONEY)),
    declare_numeric("math.sign", "sign", (DECIMAL, MONEY), INTEGER),
    *(
        declare_numeric(f"math.{name}", name, (DECIMAL, MONEY))
        for name in ("ceil", "floor", "round", "trunc")
    ),
    declare_sort((DATE, DECIMAL, MONEY)),
    declare_sum((DECIMAL, MONEY)),
    *declare_list_extremes((DATE, DECIMAL, MONEY)),
)
"""The functions of our own."""

STANDARD_PROFILE = Profile(
    merge_functions(COMMON_FUNCTIONS, EXTENSION_FUNCTIONS, DYNAMIC_FUNCTIONS),
    TYPE_NAMES,
    dynamic=True,
)
"""CEL as its specification says."""
UNCHECKED_PROFILE = replace(STANDARD_PROFILE, checked=False)
"""The same, evaluated without checking it first."""
PACK_PROFILE = Profile(
    merge_functions(COMMON_FUNCTIONS, ADDED_FUNCTIONS, EXTENSION_FUNCTIONS), literals_yield=True
)
"""What the rules of a pack are written in."""


def exact_type_of(*types: Type) -> Primitive | None:
    """Return the exact number type that holds values of all `types`, or `None`."""
    if not types or any(each not in EXACT_TYPES for each in types):
        return None
    return next((kind for kind in (DECIMAL, MONEY) if kind in types), INTEGER)
