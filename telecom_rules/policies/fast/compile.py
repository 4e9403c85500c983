"""Compiles the conditions of a policy into one Python function.

The function is built as a syntax tree, never as text, from the trees of `expressions.emit` for the
conditions. Its results are exact; if it raises one of `FAILURES`, the caller evaluates the
conditions one by one.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

from telecom_rules.expressions import FAILURES, RUNTIME, Context, Detour, emit
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.evaluation.python_ast import (
    assign_name,
    build_call,
    build_compare,
    build_function,
    build_tuple,
    load_attribute,
    load_name,
)
from telecom_rules.frozen import FrozenDict
from telecom_rules.policies.decision import CheckResult, Decision
from telecom_rules.policies.editions.checklist import STATUS_BY_TRUTH, ChecklistEdition
from telecom_rules.policies.editions.table import TableEdition
from telecom_rules.policies.hit_policies import STOPS_AT_FIRST
from telecom_rules.vocabulary import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from telecom_rules.expressions import Expression
    from telecom_rules.policies.editions.edition import Edition
    from telecom_rules.policies.rules import Check
    from telecom_rules.vocabulary import Value


RowFunction: TypeAlias = "Callable[[Record, Context], int]"
"""Returns the index of the one row that decides, or `NO_ROW_HOLDS`."""
RowsFunction: TypeAlias = "Callable[[Record, Context], list[int]]"
"""Returns the indices of all rows that hold."""
OutputsFunction: TypeAlias = "Callable[[Record, Context], Mapping[str, Value]]"
"""Returns the outputs of a row."""
RecordFunction: TypeAlias = "Callable[[Record, date], Decision]"
"""Decides on a record, or raises one of `FAILURES`."""

NO_ROW_HOLDS: Final = -1

HIT, HITS = "hit", "hits"


def build_record_function(edition: Edition) -> RecordFunction:
    """Return the function that decides on records by the compiled rules of an edition.

    It raises one of `FAILURES` where exact evaluation is needed.
    """
    if isinstance(edition, ChecklistEdition):
        return build_checks_function(edition)
    if not isinstance(edition, TableEdition):
        return edition.decide
    one = edition.policy.hit_policy in {*STOPS_AT_FIRST, "unique"}
    return (decide_by_row if one else decide_by_rows)(edition, compile_rows(edition))


def compile_rows(edition: TableEdition) -> Callable[[Record, Context], Any]:
    """Return the function that finds the deciding row, or all rows for a multiple-hit policy."""
    constants: dict[str, object] = {}
    tests = [emit_conjunction(row.tests, constants) for row in edition.ordered_rows]
    places, hit_policy = range(len(tests)), edition.policy.hit_policy
    if hit_policy in STOPS_AT_FIRST:
        return compile_function(emit_first(tests, places), constants)
    return compile_function(
        emit_unique(tests, places) if hit_policy == "unique" else emit_all(tests), constants
    )


def decide_by_row(edition: TableEdition, find: RowFunction) -> RecordFunction:
    """Return the function that decides by the one row that `find` finds."""
    # `NO_ROW_HOLDS` is the index of the last item: the default, which no rule gives.
    rules = (*((row.rule,) for row in edition.ordered_rows), ())
    outputs = build_outputs_functions(edition)

    def decide(facts: Record, on: date) -> Decision:
        context = edition.build_context(facts, on)
        at = find(facts, context)
        return Decision(edition, on, facts, outputs[at](facts, context), rules[at])

    return decide


def decide_by_rows(edition: TableEdition, find: RowsFunction) -> RecordFunction:
    """Return the function that decides by all rows that `find` finds."""
    outputs = build_outputs_functions(edition)

    def decide(facts: Record, on: date) -> Decision:
        context = edition.build_context(facts, on)
        hits = find(facts, context)
        if not hits:
            return Decision(edition, on, facts, outputs[NO_ROW_HOLDS](facts, context), ())
        combined = edition.combine_outputs([outputs[at](facts, context) for at in hits])
        if combined is None:
            raise Detour
        rules = tuple(edition.ordered_rows[at].rule for at in hits)
        return Decision(edition, on, facts, combined, rules)

    return decide


def build_outputs_functions(edition: TableEdition) -> tuple[OutputsFunction, ...]:
    """Return the outputs function of each row, and last that of the default."""

    def default(facts: Record, context: Context) -> Mapping[str, Value]:
        outputs = edition.evaluate_default(facts, context).outputs
        if outputs is None:
            raise Detour
        return outputs

    return (*(build_outputs_function(row.outputs) for row in edition.ordered_rows), default)


def build_outputs_function(outputs: Mapping[str, Expression]) -> OutputsFunction:
    """Return the outputs function of a row, compiled on its first call."""
    constant = constant_outputs_of(outputs)
    if constant is not None:
        return lambda facts, context: constant  # noqa: ARG005 - the signature of the others
    made: list[OutputsFunction] = []

    def evaluate(facts: Record, context: Context) -> Mapping[str, Value]:
        if not made:
            constants: dict[str, object] = {"sealed": FrozenDict}
            body = ast.Return(emit_outputs(outputs, constants))
            made.append(compile_function([body], constants))
        return made[0](facts, context)

    return evaluate


def build_checks_function(edition: ChecklistEdition) -> RecordFunction:
    """Return the function that decides by every item of a checklist."""
    constants: dict[str, object] = {}
    results = [emit_check(check, constants) for check in edition.checks]
    run = compile_function([ast.Return(build_tuple(results))], constants)

    def decide(facts: Record, on: date) -> Decision:
        context = edition.build_context(facts, on)
        found = tuple(
            CheckResult(check.id, STATUS_BY_TRUTH[holds], (), check, facts, context)
            for check, holds in zip(edition.checks, run(facts, context), strict=True)
        )
        return edition.build_decision(found, facts, on)

    return decide


def constant_outputs_of(outputs: Mapping[str, Expression]) -> Mapping[str, Value] | None:
    """Return outputs that are constant, or `None` if one reads a name or has no value."""
    if any(expression.reads for expression in outputs.values()):
        return None
    facts, context = Record(), Context()
    try:
        return FrozenDict(
            {name: interpret(each.tree, facts, context) for name, each in outputs.items()}
        )
    except FAILURES:
        return None


def emit_outputs(outputs: Mapping[str, Expression], constants: dict[str, object]) -> ast.expr:
    """Return the read-only mapping of outputs; it needs the constant `sealed`."""
    names: list[ast.expr | None] = [ast.Constant(name) for name in outputs]
    values = [emit(expression, constants) for expression in outputs.values()]
    return build_call("sealed", ast.Dict(names, values))


def emit_first(tests: Sequence[ast.expr], places: Iterable[int]) -> list[ast.stmt]:
    """Return the statements of hit policy `first`: the place of the first row that holds.

    Args:
        tests: the test of each row, in the order in which they are tried.
        places: the index of each row in the whole table.
    """
    body: list[ast.stmt] = [
        ast.If(test, [ast.Return(ast.Constant(place))], [])
        for test, place in zip(tests, places, strict=True)
    ]
    return [*body, ast.Return(ast.Constant(NO_ROW_HOLDS))]


def emit_unique(tests: Sequence[ast.expr], places: Iterable[int]) -> list[ast.stmt]:
    """Return the statements of hit policy `unique`: as `emit_first`, and no second that holds."""
    return [*emit_unique_hit(tests, places), ast.Return(load_name(HIT))]


def emit_unique_hit(tests: Sequence[ast.expr], places: Iterable[int]) -> list[ast.stmt]:
    """Return the statements that find the one row that holds, and detour where two do."""
    body: list[ast.stmt] = [assign_name(HIT, ast.Constant(NO_ROW_HOLDS))]
    for test, place in zip(tests, places, strict=True):
        taken = build_compare(load_name(HIT), ast.GtE(), ast.Constant(0))
        clash = ast.If(taken, [emit_detour()], [])
        body.append(ast.If(test, [clash, assign_name(HIT, ast.Constant(place))], []))
    return body


def emit_all(tests: Sequence[ast.expr]) -> list[ast.stmt]:
    """Return the statements that gather every row that holds."""
    body: list[ast.stmt] = [assign_name(HITS, ast.List([], ast.Load()))]
    for at, test in enumerate(tests):
        gather = build_call(load_attribute(HITS, "append"), ast.Constant(at))
        body.append(ast.If(test, [ast.Expr(gather)], []))
    return [*body, ast.Return(load_name(HITS))]


def emit_detour() -> ast.stmt:
    """Return the statement that hands over to exact evaluation."""
    return ast.Raise(load_name("Detour"))


def emit_conjunction(tests: Sequence[Expression], constants: dict[str, object]) -> ast.expr:
    """Return the test that all of `tests` hold; true where there are none."""
    parts = [emit(test, constants) for test in tests]
    if len(parts) > 1:
        return ast.BoolOp(ast.And(), parts)
    return parts[0] if parts else ast.Constant(value=True)


def emit_check(check: Check, constants: dict[str, object]) -> ast.expr:
    """Return whether the requirement of a check holds, or `None` where it does not apply.

    Where too little was measured it hands over to exact evaluation.
    """
    holds = emit(check.require, constants)
    if check.measured is not None:
        constants["unmeasured"] = raise_detour
        measured = emit(check.measured, constants)
        holds = ast.IfExp(measured, holds, build_call("unmeasured"))
    if check.when is None:
        return holds
    return ast.IfExp(emit(check.when, constants), holds, ast.Constant(None))


def raise_detour() -> NoReturn:
    """Hand over to exact evaluation, from within an expression."""
    raise Detour


def compile_function(
    body: list[ast.stmt],
    constants: Mapping[str, object],
    parameters: Sequence[str] = ("facts", "context"),
) -> Callable[..., Any]:
    """Return a function with these parameters and this body, which sees `constants`."""
    return build_function(parameters, body, {**RUNTIME, **constants}, "<policy>")
