"""From the conditions of a policy to one Python function.

The function is built as a syntax tree, never as text, from what `expressions.emit` gives for each
condition. It is exact whenever it returns; where it raises one of `FAILURES`, whoever called it
asks the conditions one by one.
"""

from __future__ import annotations

import ast
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

from telecom_rules.expressions import FAILURES, RUNTIME, Context, Detour, emit
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.vocabulary import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from telecom_rules.expressions import Expression
    from telecom_rules.policies.rules import Check, HitPolicy, Row
    from telecom_rules.vocabulary import Value


Matcher: TypeAlias = "Callable[[Record, Context], int | list[int]]"
"""Gives the index of the row that decides, `NONE` or `SEVERAL`; or those of all rows that hold."""
ChecksFunction: TypeAlias = "Callable[[Record, Context], tuple[bool | None, ...]]"
"""Gives for each check whether its requirement holds, `None` where it does not apply."""
OutputsFunction: TypeAlias = "Callable[[Record, Context], Mapping[str, Value]]"
"""Gives the outputs of a row."""

NO_ROW_HOLDS: Final = -1
"""No row holds."""
SEVERAL_ROWS_HOLD: Final = -2
"""More than one row of a `unique` table holds."""

HIT, HITS = "hit", "hits"


def build_matcher(rows: Sequence[Row], hit_policy: HitPolicy) -> Matcher:
    """Return the function that finds the row that decides, or all that hold.

    Args:
        rows: the rows in the order in which they are tried: for a policy that goes by priorities
            the highest first.
        hit_policy: what becomes of those that hold.
    """
    constants: dict[str, object] = {}
    tests = [emit_conjunction(row.tests, constants) for row in rows]
    if hit_policy in {"first", "priority"}:
        return build_function(emit_first(tests), constants)
    return build_function(
        emit_unique(tests) if hit_policy == "unique" else emit_all(tests), constants
    )


def build_checks_function(checks: Sequence[Check]) -> ChecksFunction:
    """Return the function that tests every item of a checklist."""
    constants: dict[str, object] = {}
    results = [emit_check(check, constants) for check in checks]
    return build_function([ast.Return(ast.Tuple(results, ast.Load()))], constants)


def build_outputs_function(outputs: Mapping[str, Expression]) -> OutputsFunction:
    """Return the function that works out the outputs of a row, compiled when it is first called.

    Where they hang on nothing, they are worked out here and now.
    """
    done = constant_outputs_of(outputs)
    if done is not None:
        return always_return(done)
    made: list[OutputsFunction] = []

    def work(facts: Record, context: Context) -> Mapping[str, Value]:
        if not made:
            made.append(compile_outputs(outputs))
        return made[0](facts, context)

    return work


def constant_outputs_of(outputs: Mapping[str, Expression]) -> Mapping[str, Value] | None:
    """Return outputs that hang on nothing, or `None` where any does or has no value."""
    if any(expression.reads for expression in outputs.values()):
        return None
    nothing, context = Record(), Context()
    try:
        return MappingProxyType(
            {name: interpret(each.tree, nothing, context) for name, each in outputs.items()}
        )
    except FAILURES:
        return None


def compile_outputs(outputs: Mapping[str, Expression]) -> OutputsFunction:
    """Return the function that works out outputs."""
    constants: dict[str, object] = {"sealed": MappingProxyType}
    return build_function([ast.Return(emit_outputs(outputs, constants))], constants)


def emit_outputs(outputs: Mapping[str, Expression], constants: dict[str, object]) -> ast.expr:
    """Return the mapping of outputs, which nobody can change; it needs the name `emit_outputs`."""
    names: list[ast.expr | None] = [ast.Constant(name) for name in outputs]
    values = [emit(expression, constants) for expression in outputs.values()]
    return ast.Call(ast.Name("sealed", ast.Load()), [ast.Dict(names, values)], [])


def always_return(outputs: Mapping[str, Value]) -> OutputsFunction:
    """Return what gives the same outputs whatever the facts."""
    return lambda facts, context: outputs  # noqa: ARG005 - the signature of every work


def give_up(*_: object) -> NoReturn:
    """Stand for an answer that only the exact way has."""
    raise Detour


def emit_first(tests: Sequence[ast.expr]) -> list[ast.stmt]:
    """Return the statements of hit policy `first`: the rows in order, the first that holds."""
    body: list[ast.stmt] = [
        ast.If(test, [ast.Return(ast.Constant(at))], []) for at, test in enumerate(tests)
    ]
    return [*body, ast.Return(ast.Constant(NO_ROW_HOLDS))]


def emit_unique(tests: Sequence[ast.expr]) -> list[ast.stmt]:
    """Return the statements of hit policy `unique`: every row, and no second that holds."""
    body: list[ast.stmt] = [emit_hit(NO_ROW_HOLDS)]
    for at, test in enumerate(tests):
        taken = ast.Compare(ast.Name(HIT, ast.Load()), [ast.GtE()], [ast.Constant(0)])
        clash = ast.If(taken, [ast.Return(ast.Constant(SEVERAL_ROWS_HOLD))], [])
        body.append(ast.If(test, [clash, emit_hit(at)], []))
    return [*body, ast.Return(ast.Name(HIT, ast.Load()))]


def emit_all(tests: Sequence[ast.expr]) -> list[ast.stmt]:
    """Return the statements that gather every row that holds."""
    hits = ast.Name(HITS, ast.Load())
    body: list[ast.stmt] = [ast.Assign([ast.Name(HITS, ast.Store())], ast.List([], ast.Load()))]
    for at, test in enumerate(tests):
        gather = ast.Attribute(hits, "append", ast.Load())
        body.append(ast.If(test, [ast.Expr(ast.Call(gather, [ast.Constant(at)], []))], []))
    return [*body, ast.Return(hits)]


def emit_hit(at: int) -> ast.stmt:
    """Return the statement that remembers the row that holds."""
    return ast.Assign([ast.Name(HIT, ast.Store())], ast.Constant(at))


def emit_conjunction(tests: Sequence[Expression], constants: dict[str, object]) -> ast.expr:
    """Return the test that all of `tests` hold; true where there are none."""
    parts = [emit(test, constants) for test in tests]
    if len(parts) > 1:
        return ast.BoolOp(ast.And(), parts)
    return parts[0] if parts else ast.Constant(value=True)


def emit_check(check: Check, constants: dict[str, object]) -> ast.expr:
    """Return whether the requirement of a check holds, or `None` where it does not apply."""
    holds = emit(check.require, constants)
    if check.when is None:
        return holds
    return ast.IfExp(emit(check.when, constants), holds, ast.Constant(None))


def build_function(
    body: list[ast.stmt],
    constants: Mapping[str, object],
    parameters: Sequence[str] = ("facts", "context"),
) -> Callable[..., Any]:
    """Return a function with these parameters and this body, which sees `constants`."""
    names = [ast.arg(name) for name in parameters]
    arguments = ast.arguments([], names, None, [], [], None, [])
    definition = ast.FunctionDef("decide", arguments, body, [], lineno=1, col_offset=0)
    module = ast.fix_missing_locations(ast.Module([definition], []))
    seen: dict[str, Any] = {**RUNTIME, **constants}
    # Defined in a namespace of its own, so that a constant of the same name is not overwritten.
    own: dict[str, Any] = {}
    exec(compile(module, "<policy>", "exec"), seen, own)  # noqa: S102 - our own tree, no text of a pack
    made: Callable[..., Any] = own["decide"]
    return made
