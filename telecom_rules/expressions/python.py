"""Typed tree to Python: as a syntax tree of `ast`, never as text.

The Python is the plain one: `and`, `or`, `==`. It is exact whenever it returns, because a value
that `and` or `or` decides on the left is the value CEL has. Where something fails it raises, and
only then does the reference interpreter find out what the absorbing `&&` and `||` make of it.
"""

from __future__ import annotations

import ast
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from telecom_rules.expressions.failures import FAILURES
from telecom_rules.expressions.interpret import interpret
from telecom_rules.expressions.runtime import RUNTIME
from telecom_rules.expressions.tree import Looping
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Constant,
    Each,
    Entries,
    Fact,
    Given,
    InState,
    Items,
    Known,
    Local,
    Logic,
    Part,
    Typed,
)
from telecom_rules.vocabulary.types import DOUBLE, ListType, MapType, RecordType, Type

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.expressions.scope import Context
    from telecom_rules.vocabulary import Record, Value

__all__ = ["compiled", "generated"]

COMPARISONS: dict[str, type[ast.cmpop]] = {
    "equal": ast.Eq,
    "not_equal": ast.NotEq,
    "less": ast.Lt,
    "less_or_equal": ast.LtE,
    "greater": ast.Gt,
    "greater_or_equal": ast.GtE,
    "contained": ast.In,
}
SUMS: dict[str, type[ast.operator]] = {
    "add_double": ast.Add,
    "subtract_double": ast.Sub,
    "multiply_double": ast.Mult,
}
"""Operations that are an operator of Python, and cannot fail as such."""
FACTS, CONTEXT = "facts", "context"


def compiled(tree: Typed, filename: str) -> Callable[[Record, Context], Value]:
    """Return the function of facts and context that evaluates `tree`.

    It raises `MissingData` or `EvaluationError` and nothing else.
    """

    def decide(facts: Record, context: Context) -> Value:
        return interpret(tree, facts, context)

    constants: dict[str, object] = {}
    expression = generated(tree, constants)
    names = {**RUNTIME, **constants, "FAILURES": FAILURES, "decide": decide}
    body: list[ast.stmt] = [
        ast.Try(
            [ast.Return(expression)],
            [ast.ExceptHandler(load("FAILURES"), None, [ast.Pass()])],
            [], [],
        ),
        ast.Return(call("decide", load(FACTS), load(CONTEXT))),
    ]  # fmt: skip
    return function(body, names, filename)


def function(
    body: list[ast.stmt], names: dict[str, object], filename: str
) -> Callable[[Record, Context], Value]:
    """Return a function of `facts` and `context` that sees those of `names` it uses."""
    parameters = ast.arguments([], [ast.arg(FACTS), ast.arg(CONTEXT)], None, [], [], None, [])
    definition = ast.FunctionDef("evaluate", parameters, body, [], lineno=1, col_offset=0)
    module = ast.fix_missing_locations(ast.Module([definition], []))
    used = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    namespace: dict[str, Any] = {name: names[name] for name in used & names.keys()}
    exec(compile(module, filename, "exec"), namespace)  # noqa: S102 - our own tree, not text
    evaluate: Callable[[Record, Context], Value] = namespace["evaluate"]
    return evaluate


def generated(  # noqa: C901, PLR0912 - one case for each kind of node
    node: Typed, constants: dict[str, object] | None
) -> ast.expr:
    """Return `node` as Python; constants without a literal go into `constants`, or are built."""
    match node:
        case Constant(value=value):
            return constant(value, constants)
        case Fact(name=name):
            return ast.Subscript(load(FACTS), ast.Constant(name), ast.Load())
        case Given():
            return given(node)
        case Local(name=name):
            return load(variable(name))
        case Part(record=record, name=name):
            return ast.Subscript(generated(record, constants), ast.Constant(name), ast.Load())
        case Known(subject=subject):
            return known(subject, constants)
        case InState(state=state):
            return compare(ast.Constant(state), ast.In(), of_context("states"))
        case Logic(every=every, operands=operands):
            operator = ast.And() if every else ast.Or()
            return ast.BoolOp(operator, [generated(each, constants) for each in operands])
        case Choose(test=test, yes=yes, no=no):
            return ast.IfExp(*(generated(each, constants) for each in (test, yes, no)))
        case Items(items=items):
            return tuple_of(generated(item, constants) for item in items)
        case Entries(entries=entries):
            pairs = (tuple_of(generated(each, constants) for each in pair) for pair in entries)
            return call("mapping", tuple_of(pairs))
        case Apply():
            return applied(node, constants)
        case Each():
            return each_of(node, constants)


def applied(node: Apply, constants: dict[str, object] | None) -> ast.expr:
    """Return an operator of Python where it does the same, else the call of the operation."""
    arguments = [generated(argument, constants) for argument in node.arguments]
    comparison = COMPARISONS.get(node.overload)
    if comparison is not None and not any(holds_doubles(each.type) for each in node.arguments):
        left, right = arguments
        return compare(left, comparison(), right)
    if node.overload in SUMS:
        left, right = arguments
        return ast.BinOp(left, SUMS[node.overload](), right)
    if node.overload == "not":
        return ast.UnaryOp(ast.Not(), arguments[0])
    if node.overload == "same":
        return arguments[0]
    return call(node.overload, *arguments)


def holds_doubles(type: Type) -> bool:
    """Return whether values are lists or maps with doubles, whose NaN Python would find equal."""
    match type:
        case ListType(item=inner) | MapType(value=inner):
            return inner is DOUBLE or holds_doubles(inner)
    return False


def each_of(node: Each, constants: dict[str, object] | None) -> ast.expr:
    """Return a macro as a generator that Python's own functions go through."""
    element = load(variable(node.variable))
    test = None if node.test is None else generated(node.test, constants)
    over = call("within", generated(node.over, constants), ast.Constant(node.most))
    match node.kind:
        case Looping.MAP | Looping.FILTER:
            kept = element if node.step is None else generated(node.step, constants)
            tests = [] if test is None else [test]
        case _:
            kept, tests = test or element, []
    target = ast.Name(variable(node.variable), ast.Store())
    each = ast.GeneratorExp(kept, [ast.comprehension(target, over, tests, 0)])
    return call(GATHERED[node.kind], each)


GATHERED = {
    Looping.ALL: "all_of",
    Looping.EXISTS: "any_of",
    Looping.EXISTS_ONE: "exactly_one",
    Looping.MAP: "tuple_of",
    Looping.FILTER: "tuple_of",
}


def given(node: Given) -> ast.expr:
    """Return what the context gives, which it may not have unless it is a record."""
    value = of_context(node.name)
    if isinstance(node.type, RecordType):
        return value
    return call("given", value, ast.Constant(node.name))


def known(subject: Fact | Part | Apply, constants: dict[str, object] | None) -> ast.expr:
    """Return whether a record or map has something."""
    match subject:
        case Fact(name=name):
            return compare(ast.Constant(name), ast.In(), load(FACTS))
        case Part(record=record, name=name):
            return compare(ast.Constant(name), ast.In(), generated(record, constants))
        case Apply(arguments=(values, key)):
            sought = generated(key, constants)
            return compare(sought, ast.In(), generated(values, constants))
    raise AssertionError(subject)


def constant(value: Value, constants: dict[str, object] | None) -> ast.expr:
    """Return a value that is written down."""
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return ast.Constant(value)
    if constants is not None:
        name = f"constant_{len(constants)}"
        constants[name] = value
        return load(name)
    match value:
        case Decimal():
            return call("Decimal", ast.Constant(str(value)))
        case datetime():
            maker = ast.Attribute(load("datetime"), "fromisoformat", ast.Load())
            return ast.Call(maker, [ast.Constant(value.isoformat())], [])
        case date():
            return call("date", *map(ast.Constant, (value.year, value.month, value.day)))
        case timedelta():
            parts = (value.days, value.seconds, value.microseconds)
            return call("timedelta", *map(ast.Constant, parts))
    raise AssertionError(value)


def load(name: str) -> ast.Name:
    """Return the value of a name."""
    return ast.Name(name, ast.Load())


def variable(name: str) -> str:
    """Return what the variable of a macro is called in Python, apart from everything else."""
    return f"each_{name}"


def of_context(name: str) -> ast.expr:
    """Return an attribute of the context."""
    return ast.Attribute(load(CONTEXT), name, ast.Load())


def call(name: str, *arguments: ast.expr) -> ast.expr:
    """Return the call of a function by its name."""
    return ast.Call(load(name), list(arguments), [])


def compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    """Return a comparison."""
    return ast.Compare(left, [operator], [right])


def tuple_of(items: Any) -> ast.expr:
    """Return a tuple."""
    return ast.Tuple(list(items), ast.Load())
