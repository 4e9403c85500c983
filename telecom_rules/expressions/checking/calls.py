"""Operators and functions: their arguments typed, their overload found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.checking.advice import overload_mistake
from telecom_rules.expressions.checking.coercion import flexibility_of, promote
from telecom_rules.expressions.checking.narrowing import path_of
from telecom_rules.expressions.functions.overloads import is_operator, resolve
from telecom_rules.expressions.functions.profile import exact_type_of
from telecom_rules.expressions.functions.standard import (
    CALENDAR_GETTERS,
    COMPARISON_OPERATORS,
    SET_TESTS,
)
from telecom_rules.expressions.operations.calendar_fields import parse_offset
from telecom_rules.expressions.operations.conversions import CONVERSIONS
from telecom_rules.expressions.operations.formatting import refuse_misfit
from telecom_rules.expressions.operations.moments import MOMENTS, require_rounding
from telecom_rules.expressions.regex import count_groups, count_instructions
from telecom_rules.expressions.regex.extraction import parse_replacement, require_one_group
from telecom_rules.expressions.syntax.mistakes import Mistake
from telecom_rules.expressions.syntax.tree import (
    Call,
    Literal,
)
from telecom_rules.expressions.typed import Apply, Constant, CreateList, InState
from telecom_rules.findings.kinds import STATE
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    DECIMAL,
    DOUBLE,
    INTEGER,
    MONEY,
    NOTHING,
    TEXT,
    UNSIGNED,
    ListType,
    MapType,
    Type,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from telecom_rules.expressions.checking.narrowing import Environment
    from telecom_rules.expressions.checking.node_checker import NodeChecker
    from telecom_rules.expressions.syntax.tree import SyntaxNode
    from telecom_rules.expressions.typed import Typed


EXACT_FRACTIONS = frozenset({DECIMAL, MONEY})
HINT_TYPES = EXACT_FRACTIONS | {UNSIGNED, DOUBLE}
"""Number types that a literal may take from its neighbour instead of integer."""
SCALING_OPERATORS = frozenset({"_*_", "_/_"})
ARITHMETIC_OPERATORS = SCALING_OPERATORS | {"_+_", "_-_", "_%_"}
YIELDING = ARITHMETIC_OPERATORS | COMPARISON_OPERATORS | SET_TESTS | {"@in"}
"""The operators and functions of two operands, of which a literal takes the type of the other."""
EXTREME_FUNCTIONS = frozenset({"math.greatest", "math.least"})
FOLDED_OPERATIONS = {
    **{
        id: MOMENTS[id]
        for id in ("date_of_text", "timestamp_of_text", "duration_of_text", "days", "hours")
    },
    **{id: CONVERSIONS[id] for id in ("decimal_of_text", "money_of_text", "money_of_decimal")},
}
"""Operations evaluated on literals while checking: a date that does not exist is a mistake."""
CALENDAR_OVERLOADS = frozenset(f"{field}_of_instant" for field in CALENDAR_GETTERS.values())
"""Operations that read a field of an instant, optionally at an offset."""
PATTERN_CHECKS: Mapping[str, Callable[[str], object]] = {
    "matches": count_instructions,
    "extract": require_one_group,
    "extract_all": require_one_group,
    "replace_matches": count_groups,
}
"""What an operation demands of its pattern, the second argument."""
ROUNDED_OVERLOADS = frozenset({"add_months_rounded", "add_years_rounded"})
"""Operations whose last argument is a rounding of months."""
LITERAL_PLACES = {**dict.fromkeys(FOLDED_OPERATIONS, 0), **dict.fromkeys(ROUNDED_OVERLOADS, 2)}
"""Which argument is a literal that may be mistaken; of the other operations the second one."""
IN_STATE = "in_state"


def check_call(
    checker: NodeChecker, node: Call, around: Environment, wanted: Type | None
) -> Typed | None:
    """Return an operator or function with the overload that takes its arguments."""
    if node.function == IN_STATE and checker.scope.states and not node.method:
        return check_in_state(checker, node)
    functions = checker.profile.functions
    node = qualify_call(checker, node, around)
    function = functions.get(node.function)
    arguments = check_operands(checker, node, around, wanted)
    if function is None:
        known = [name for name in functions if not is_operator(name)]
        if checker.scope.states:
            known.append(IN_STATE)
        checker.report_unknown("TR206", node.name_start, node.function, known)
        return None
    if any(argument is None for argument in arguments):
        return None
    complete = promote_sought([argument for argument in arguments if argument is not None])
    fits = resolve(function, [argument.type for argument in complete])
    if fits is None or not (function.method if node.method else function.is_global):
        checker.mistakes.append(overload_mistake(node, function, complete))
        return None
    return fold_constant(
        checker,
        node,
        Apply(node.start, node.end, fits.type, fits.overload, promote_literals(complete)),
    )


def qualify_call(checker: NodeChecker, node: Call, around: Environment) -> Call:
    """Return `math.abs(x)` as a call of `math.abs`, and every other call as it is."""
    if not node.method:
        return node
    path = path_of(node.arguments[0])
    name = f"{path}.{node.function}"
    if path is None or path in around.variables or name not in checker.profile.functions:
        return node
    return replace(node, function=name, arguments=node.arguments[1:], method=False)


def check_operands(
    checker: NodeChecker, node: Call, around: Environment, wanted: Type | None
) -> list[Typed | None]:
    """Return the arguments typed; a literal operand takes the type of the other one."""
    outer = hint_from_result(node.function, wanted)
    if not checker.profile.literals_yield:
        return [checker.check(each, around) for each in node.arguments]
    if node.function in EXTREME_FUNCTIONS:
        numbers = checker.check_alike(node.arguments, [around] * len(node.arguments), outer)
        return [None] if numbers is None else [*numbers]
    if node.function not in YIELDING or len(node.arguments) != 2:  # noqa: PLR2004 - the two sides
        return [checker.check(each, around, outer) for each in node.arguments]
    left, right = node.arguments
    # The side with a type of its own is typed first, so that a literal can take that type:
    # in `0.5 * fee` it is the right one.
    swapped = flexibility_of(left) > flexibility_of(right)
    first, second = (right, left) if swapped else (left, right)
    before = checker.check(first, around, outer)
    hint = (
        None if before is None else hint_from_operand(node.function, before.type, swapped=swapped)
    )
    after = checker.check(second, around, hint or outer)
    return [after, before] if swapped else [before, after]


def hint_from_result(function: str, wanted: Type | None) -> Type | None:
    """Return the type that literals among the arguments take from the type wanted of the call."""
    if function in {"decimal", "money"} or (function in SCALING_OPERATORS and wanted is MONEY):
        return DECIMAL
    return (
        wanted
        if function in ARITHMETIC_OPERATORS | EXTREME_FUNCTIONS | {"-_"}
        and wanted in EXACT_FRACTIONS
        else None
    )


def promote_sought(arguments: list[Typed]) -> list[Typed]:
    """Return the arguments of `in` with the element promoted to the type of the list."""
    match [argument.type for argument in arguments]:
        case [_, ListType(item=sought)]:
            return [promote(arguments[0], sought), arguments[1]]
    return arguments


def promote_literals(arguments: list[Typed]) -> tuple[Typed, ...]:
    """Return the arguments with literals promoted to the exact type of the others."""
    form = exact_type_of(*(argument.type for argument in arguments)) or INTEGER
    return tuple(promote(each, form) if isinstance(each, Constant) else each for each in arguments)


def hint_from_operand(function: str, other: Type, *, swapped: bool) -> Type | None:
    """Return the type that a literal takes beside an operand of type `other`."""
    if function in COMPARISON_OPERATORS | SET_TESTS:
        return other
    if function == "@in":
        return sought_type_of(other) if swapped else ListType(other)
    if other is MONEY and function in SCALING_OPERATORS:
        return DECIMAL
    return other if other in HINT_TYPES else None


def sought_type_of(collection: Type) -> Type | None:
    """Return the type of the elements of a list or the keys of a map, for `in`."""
    match collection:
        case ListType(item=sought) | MapType(key=sought):
            return None if sought is NOTHING else sought
    return None


def fold_constant(checker: NodeChecker, node: Call, apply: Apply) -> Typed | None:
    """Return the conversion of a literal as a constant, every other call as it is.

    Formats, patterns, offsets and roundings that are literals are checked here, once.
    """
    value: Typed = apply
    try:
        match apply:
            case Apply(
                overload="format", arguments=(Constant(value=str(text)), CreateList() as items)
            ):
                refuse_misfit(text, [each.type for each in items.items])
            case Apply(overload=id, arguments=(_, Constant(value=str(pattern)), *_)) if (
                id in PATTERN_CHECKS
            ):
                PATTERN_CHECKS[id](pattern)
            case Apply(overload=id, arguments=(_, Constant(value=str(zone)))) if (
                id in CALENDAR_OVERLOADS
            ):
                parse_offset(zone)
            case Apply(overload=id, arguments=(_, _, Constant(value=str(rounding)))) if (
                id in ROUNDED_OVERLOADS
            ):
                require_rounding(rounding)
            case Apply(overload=id, arguments=(Constant(value=literal),)) if (
                id in FOLDED_OPERATIONS and not checker.profile.dynamic
            ):
                folded = FOLDED_OPERATIONS[id](literal)
                value = Constant(apply.start, apply.end, apply.type, folded)
    except EvaluationError as problem:
        report_literal(checker, node.arguments[LITERAL_PLACES.get(apply.overload, 1)], problem)
        return None
    return check_replacement(checker, node, value)


def check_replacement(checker: NodeChecker, node: Call, value: Typed) -> Typed | None:
    """Return a call as it is, unless it replaces by a literal that its pattern does not fit."""
    match value:
        case Apply(
            overload="replace_matches",
            arguments=(_, Constant(value=str(pattern)), Constant(value=str(replacement)), *_),
        ):
            try:
                parse_replacement(pattern, replacement)
            except EvaluationError as problem:
                report_literal(checker, node.arguments[2], problem)
                return None
    return value


def report_literal(checker: NodeChecker, at: SyntaxNode, problem: EvaluationError) -> None:
    """Report the mistake of a literal that an operation cannot use."""
    checker.mistakes.append(Mistake("TR204", at.start, at.end, {"why": problem.wording}))


def check_in_state(checker: NodeChecker, node: Call) -> Typed | None:
    """Return `in_state("name")`, whose argument must be a literal."""
    match node.arguments:
        case (Literal(type=type, value=str(state)) as argument,) if type is TEXT:
            if state in checker.scope.states:
                return InState(node.start, node.end, BOOLEAN, state)
            known = sorted(checker.scope.states)
            checker.report_unknown(
                "TR113", argument.start, state, known, end=argument.end, kind=STATE
            )
        case _:
            why = Wording(
                '`in_state` 应写作 `in_state("状态名")`',
                '`in_state` is written `in_state("state")`',
            )
            checker.report("TR204", node, why=why)
    return None
