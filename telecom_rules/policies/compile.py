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
from telecom_rules.expressions.interpret import interpret
from telecom_rules.vocabulary import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from telecom_rules.expressions import Expression
    from telecom_rules.policies.row import Check, HitPolicy, Row
    from telecom_rules.vocabulary import Value

__all__ = [
    "NONE",
    "SEVERAL",
    "Match",
    "Survey",
    "Work",
    "conjunction",
    "constantly",
    "function",
    "give_up",
    "matcher",
    "sealed",
    "settled",
    "surveyor",
    "worker",
]

Match: TypeAlias = "Callable[[Record, Context], int | list[int]]"
"""Gives the index of the row that decides, `NONE` or `SEVERAL`; or those of all rows that hold."""
Survey: TypeAlias = "Callable[[Record, Context], tuple[bool | None, ...]]"
"""Gives for each check whether its requirement holds, `None` where it does not apply."""
Work: TypeAlias = "Callable[[Record, Context], Mapping[str, Value]]"
"""Gives the outputs of a row."""

NONE: Final = -1
"""No row holds."""
SEVERAL: Final = -2
"""More than one row of a `unique` table holds."""

HIT, HITS = "hit", "hits"


def matcher(rows: Sequence[Row], hit_policy: HitPolicy) -> Match:
    """Return the function that finds the row that decides, or all that hold.

    Args:
        rows: the rows in the order in which they are tried: for a policy that goes by priorities
            the highest first.
        hit_policy: what becomes of those that hold.
    """
    constants: dict[str, object] = {}
    tests = [conjunction(row.tests, constants) for row in rows]
    if hit_policy in {"first", "priority"}:
        return function(first_of(tests), constants)
    return function(only_of(tests) if hit_policy == "unique" else all_of(tests), constants)


def surveyor(checks: Sequence[Check]) -> Survey:
    """Return the function that tests every item of a checklist."""
    constants: dict[str, object] = {}
    results = [applied(check, constants) for check in checks]
    return function([ast.Return(ast.Tuple(results, ast.Load()))], constants)


def worker(outputs: Mapping[str, Expression]) -> Work:
    """Return the function that works out the outputs of a row, compiled when it is first called.

    Where they hang on nothing, they are worked out here and now.
    """
    done = settled(outputs)
    if done is not None:
        return constantly(done)
    made: list[Work] = []

    def work(facts: Record, context: Context) -> Mapping[str, Value]:
        if not made:
            made.append(compiled(outputs))
        return made[0](facts, context)

    return work


def settled(outputs: Mapping[str, Expression]) -> Mapping[str, Value] | None:
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


def compiled(outputs: Mapping[str, Expression]) -> Work:
    """Return the function that works out outputs."""
    constants: dict[str, object] = {"sealed": MappingProxyType}
    return function([ast.Return(sealed(outputs, constants))], constants)


def sealed(outputs: Mapping[str, Expression], constants: dict[str, object]) -> ast.expr:
    """Return the mapping of outputs, which nobody can change; it needs the name `sealed`."""
    names: list[ast.expr | None] = [ast.Constant(name) for name in outputs]
    values = [emit(expression, constants) for expression in outputs.values()]
    return ast.Call(ast.Name("sealed", ast.Load()), [ast.Dict(names, values)], [])


def constantly(outputs: Mapping[str, Value]) -> Work:
    """Return what gives the same outputs whatever the facts."""
    return lambda facts, context: outputs  # noqa: ARG005 - the signature of every work


def give_up(*_: object) -> NoReturn:
    """Stand for an answer that only the exact way has."""
    raise Detour


def first_of(tests: Sequence[ast.expr]) -> list[ast.stmt]:
    """Return the statements of hit policy `first`: the rows in order, the first that holds."""
    body: list[ast.stmt] = [
        ast.If(test, [ast.Return(ast.Constant(at))], []) for at, test in enumerate(tests)
    ]
    return [*body, ast.Return(ast.Constant(NONE))]


def only_of(tests: Sequence[ast.expr]) -> list[ast.stmt]:
    """Return the statements of hit policy `unique`: every row, and no second that holds."""
    body: list[ast.stmt] = [keep(NONE)]
    for at, test in enumerate(tests):
        taken = ast.Compare(ast.Name(HIT, ast.Load()), [ast.GtE()], [ast.Constant(0)])
        clash = ast.If(taken, [ast.Return(ast.Constant(SEVERAL))], [])
        body.append(ast.If(test, [clash, keep(at)], []))
    return [*body, ast.Return(ast.Name(HIT, ast.Load()))]


def all_of(tests: Sequence[ast.expr]) -> list[ast.stmt]:
    """Return the statements that gather every row that holds."""
    hits = ast.Name(HITS, ast.Load())
    body: list[ast.stmt] = [ast.Assign([ast.Name(HITS, ast.Store())], ast.List([], ast.Load()))]
    for at, test in enumerate(tests):
        gather = ast.Attribute(hits, "append", ast.Load())
        body.append(ast.If(test, [ast.Expr(ast.Call(gather, [ast.Constant(at)], []))], []))
    return [*body, ast.Return(hits)]


def keep(at: int) -> ast.stmt:
    """Return the statement that remembers the row that holds."""
    return ast.Assign([ast.Name(HIT, ast.Store())], ast.Constant(at))


def conjunction(tests: Sequence[Expression], constants: dict[str, object]) -> ast.expr:
    """Return the test that all of `tests` hold; true where there are none."""
    parts = [emit(test, constants) for test in tests]
    if len(parts) > 1:
        return ast.BoolOp(ast.And(), parts)
    return parts[0] if parts else ast.Constant(value=True)


def applied(check: Check, constants: dict[str, object]) -> ast.expr:
    """Return whether the requirement of a check holds, or `None` where it does not apply."""
    holds = emit(check.require, constants)
    if check.when is None:
        return holds
    return ast.IfExp(emit(check.when, constants), holds, ast.Constant(None))


def function(
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
