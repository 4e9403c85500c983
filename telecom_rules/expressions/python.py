"""Typed tree to Python: as a syntax tree of `ast`, never as text.

The Python is the plain one: `and`, `or`, `==`. It is exact whenever it returns, because a value
that `and` or `or` decides on the left is the value CEL has. Where something fails it raises, and
only then does the reference interpreter find out what the absorbing `&&` and `||` make of it.
"""

from __future__ import annotations

import ast
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from telecom_rules.expressions.interpret import interpret
from telecom_rules.expressions.operations.failures import FAILURES
from telecom_rules.expressions.operations.kinds import Unsigned
from telecom_rules.expressions.runtime import RUNTIME
from telecom_rules.expressions.tree import OPENING, Looping
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
    Let,
    Local,
    Logic,
    Part,
    Typed,
)
from telecom_rules.vocabulary.types import (
    DOUBLE,
    DYNAMIC,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
)

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
    "held": ast.In,
}
SUMS: dict[str, type[ast.operator]] = {
    "add_double": ast.Add,
    "subtract_double": ast.Sub,
    "multiply_double": ast.Mult,
}
"""Operations that are an operator of Python, and cannot fail as such."""
WORD = re.compile(r"\W")
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
    # Defined in a namespace of its own, so that a name it uses is not overwritten.
    own: dict[str, Any] = {}
    exec(compile(module, filename, "exec"), namespace, own)  # noqa: S102 - our own tree, not text
    evaluate: Callable[[Record, Context], Value] = own["evaluate"]
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
        case Items(items=items, optional=perhaps):
            values = tuple_of(generated(item, constants) for item in items)
            return call("list_of", values, places(perhaps)) if perhaps else values
        case Entries(entries=entries, optional=perhaps):
            pairs = tuple_of(
                tuple_of(generated(each, constants) for each in pair) for pair in entries
            )
            return call("map_of", pairs, places(perhaps)) if perhaps else call("mapping", pairs)
        case Apply():
            return applied(node, constants)
        case Each():
            return each_of(node, constants)
        case Let(variable=name, value=value, body=body):
            inner = function_of(variable(name), generated(body, constants))
            return ast.Call(inner, [generated(value, constants)], [])


def applied(node: Apply, constants: dict[str, object] | None) -> ast.expr:
    """Return an operator of Python where it does the same, else the call of the operation."""
    arguments = [generated(argument, constants) for argument in node.arguments]
    comparison = COMPARISONS.get(node.overload)
    if comparison is not None and all(compares_alike(each.type) for each in node.arguments):
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


def compares_alike(type: Type) -> bool:
    """Return whether Python compares values of a type as CEL does.

    It does not where types are known only when the values are there, because `True == 1`, and not
    for lists and maps with doubles, because it finds the same NaN equal.
    """
    match type:
        case ListType(item=inner):
            return inner is not DOUBLE and compares_alike(inner)
        case MapType(key=key, value=inner):
            return key is not DYNAMIC and inner is not DOUBLE and compares_alike(inner)
        case OptionalType():
            return False
    return type is not DYNAMIC


def places(optional: frozenset[int]) -> ast.expr:
    """Return the places of optional items."""
    return tuple_of(map(ast.Constant, sorted(optional)))


def each_of(node: Each, constants: dict[str, object] | None) -> ast.expr:
    """Return a macro as a generator that Python's own functions go through."""
    element = load(variable(node.variable))
    test = None if node.test is None else generated(node.test, constants)
    step = None if node.step is None else generated(node.step, constants)
    source = generated(node.over, constants)
    if node.kind in OPENING:
        return call(
            GATHERED[node.kind], source, function_of(variable(node.variable), step or element)
        )
    if node.kind in {Looping.ALL, Looping.EXISTS, Looping.EXISTS_ONE}:
        kept, tests = test or element, []
    else:
        kept, tests = step or element, [] if test is None else [test]
    if node.kind is Looping.TRANSFORM_MAP:
        kept = tuple_of((element, kept))
    target: ast.expr = ast.Name(variable(node.variable), ast.Store())
    if node.second is not None:
        second = ast.Name(variable(node.second), ast.Store())
        target = ast.Tuple([target, second], ast.Store())
    go = "within" if node.second is None else "pairs_within"
    over = call(go, source, ast.Constant(node.most))
    each = ast.GeneratorExp(kept, [ast.comprehension(target, over, tests, 0)])
    return call(GATHERED[node.kind], each)


def function_of(parameter: str, body: ast.expr) -> ast.expr:
    """Return a function of one parameter."""
    return ast.Lambda(ast.arguments([], [ast.arg(parameter)], None, [], [], None, []), body)


GATHERED = {
    Looping.ALL: "all_of",
    Looping.EXISTS: "any_of",
    Looping.EXISTS_ONE: "exactly_one",
    Looping.MAP: "tuple_of",
    Looping.FILTER: "tuple_of",
    Looping.TRANSFORM_LIST: "tuple_of",
    Looping.TRANSFORM_MAP: "transformed",
    Looping.TRANSFORM_MAP_ENTRY: "merged",
    Looping.OPTIONAL_MAP: "optional_map",
    Looping.OPTIONAL_FLAT_MAP: "optional_flat_map",
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
        case Apply(overload=overload, arguments=(values, key)):
            parts = [generated(each, constants) for each in (key, values)]
            if overload == "entry" and compares_alike(values.type) and compares_alike(key.type):
                return compare(parts[0], ast.In(), parts[1])
            return call("has_key", parts[1], parts[0])
    raise AssertionError(subject)


def constant(value: Value, constants: dict[str, object] | None) -> ast.expr:
    """Return a value that is written down."""
    if value is None or (
        isinstance(value, bool | int | float | str | bytes) and not isinstance(value, Unsigned)
    ):
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
    return f"each_{name}" if name.isidentifier() else f"slot{WORD.sub('_', name)}"


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
