"""Generates Python from the typed tree: as a syntax tree of `ast`, never as text.

The Python uses `and`, `or` and `==`. Its results are exact, because a left operand that decides
`and` or `or` decides in CEL too. On an error it raises, and only then the reference interpreter
evaluates the absorbing `&&` and `||`.
"""

from __future__ import annotations

import ast
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.evaluation.python_ast import (
    build_call,
    build_compare,
    build_function,
    build_lambda,
    build_tuple,
    load_attribute,
    load_item,
    load_name,
)
from telecom_rules.expressions.evaluation.runtime import RUNTIME
from telecom_rules.expressions.operations.failures import FAILURES
from telecom_rules.expressions.operations.kinds import Unsigned
from telecom_rules.expressions.syntax.tree import OPTIONAL_MACROS, Macro
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Comprehension,
    Constant,
    ContextValue,
    CreateList,
    CreateMap,
    Fact,
    FieldAccess,
    InState,
    IsPresent,
    Let,
    Local,
    Logic,
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


PYTHON_COMPARISONS: dict[str, type[ast.cmpop]] = {
    "equal": ast.Eq,
    "not_equal": ast.NotEq,
    "less": ast.Lt,
    "less_or_equal": ast.LtE,
    "greater": ast.Gt,
    "greater_or_equal": ast.GtE,
    "in_list": ast.In,
    "in_map": ast.In,
}
PYTHON_OPERATORS: dict[str, type[ast.operator]] = {
    "add_double": ast.Add,
    "subtract_double": ast.Sub,
    "multiply_double": ast.Mult,
}
"""Operations that are operators of Python and cannot fail."""
NON_WORD_PATTERN = re.compile(r"\W")
FACTS, CONTEXT = "facts", "context"


def compile_expression(tree: Typed, filename: str) -> Callable[[Record, Context], Value]:
    """Return the function of facts and context that evaluates `tree`.

    It raises `MissingData` or `EvaluationError` and nothing else.
    """

    def decide(facts: Record, context: Context) -> Value:
        return interpret(tree, facts, context)

    constants: dict[str, object] = {}
    expression = generate(tree, constants)
    names = {**RUNTIME, **constants, "FAILURES": FAILURES, "decide": decide}
    body: list[ast.stmt] = [
        ast.Try(
            [ast.Return(expression)],
            [ast.ExceptHandler(load_name("FAILURES"), None, [ast.Pass()])],
            [], [],
        ),
        ast.Return(build_call("decide", load_name(FACTS), load_name(CONTEXT))),
    ]  # fmt: skip
    return build_function((FACTS, CONTEXT), body, names, filename)


def generate(  # noqa: C901, PLR0912 - one case for each kind of node
    node: Typed, constants: dict[str, object] | None
) -> ast.expr:
    """Return `node` as Python; constants without a literal go into `constants`, or are built."""
    match node:
        case Constant(value=value):
            return generate_constant(value, constants)
        case Fact(name=name):
            return load_item(load_name(FACTS), name)
        case ContextValue():
            return generate_context_value(node)
        case Local(name=name):
            return load_name(python_name_of(name))
        case FieldAccess(record=record, name=name):
            return load_item(generate(record, constants), name)
        case IsPresent(subject=subject):
            return generate_presence(subject, constants)
        case InState(state=state):
            return build_compare(ast.Constant(state), ast.In(), load_attribute(CONTEXT, "states"))
        case Logic(every=every, operands=operands):
            operator = ast.And() if every else ast.Or()
            return ast.BoolOp(operator, [generate(each, constants) for each in operands])
        case Choose(test=test, yes=yes, no=no):
            return ast.IfExp(*(generate(each, constants) for each in (test, yes, no)))
        case CreateList(items=items, optional=perhaps):
            values = build_tuple(generate(item, constants) for item in items)
            return build_call("list_of", values, build_places(perhaps)) if perhaps else values
        case CreateMap(entries=entries, optional=perhaps):
            pairs = build_tuple(
                build_tuple(generate(each, constants) for each in pair) for pair in entries
            )
            return (
                build_call("map_of", pairs, build_places(perhaps))
                if perhaps
                else build_call("build_map", pairs)
            )
        case Apply():
            return generate_call(node, constants)
        case Comprehension():
            return generate_comprehension(node, constants)
        case Let(variable=name, value=value, body=body):
            inner = build_lambda(python_name_of(name), generate(body, constants))
            return ast.Call(inner, [generate(value, constants)], [])


def generate_call(node: Apply, constants: dict[str, object] | None) -> ast.expr:
    """Return an equivalent operator of Python, or the call of the operation."""
    arguments = [generate(argument, constants) for argument in node.arguments]
    comparison = PYTHON_COMPARISONS.get(node.overload)
    if comparison is not None and all(can_compare_natively(each.type) for each in node.arguments):
        left, right = arguments
        return build_compare(left, comparison(), right)
    if node.overload in PYTHON_OPERATORS:
        left, right = arguments
        return ast.BinOp(left, PYTHON_OPERATORS[node.overload](), right)
    if node.overload == "not":
        return ast.UnaryOp(ast.Not(), arguments[0])
    if node.overload == "same":
        return arguments[0]
    return build_call(node.overload, *arguments)


def can_compare_natively(type: Type) -> bool:
    """Return whether Python compares values of a type as CEL does.

    It does not for dynamic types, because `True == 1`, and not for lists and maps of doubles,
    because it compares items by identity first, so that a NaN equals itself.
    """
    match type:
        case ListType(item=inner):
            return inner is not DOUBLE and can_compare_natively(inner)
        case MapType(key=key, value=inner):
            return key is not DYNAMIC and inner is not DOUBLE and can_compare_natively(inner)
        case OptionalType():
            return False
    return type is not DYNAMIC


def build_places(optional: frozenset[int]) -> ast.expr:
    """Return the places of optional items."""
    return build_tuple(map(ast.Constant, sorted(optional)))


def generate_comprehension(node: Comprehension, constants: dict[str, object] | None) -> ast.expr:
    """Return a macro as a generator expression, passed to its collector."""
    element = load_name(python_name_of(node.variable))
    test = None if node.test is None else generate(node.test, constants)
    step = None if node.step is None else generate(node.step, constants)
    source = generate(node.over, constants)
    if node.kind in OPTIONAL_MACROS:
        return build_call(
            COLLECTORS[node.kind],
            source,
            build_lambda(python_name_of(node.variable), step or element),
        )
    if node.kind in {Macro.ALL, Macro.EXISTS, Macro.EXISTS_ONE}:
        kept, tests = test or element, []
    else:
        kept, tests = step or element, [] if test is None else [test]
    if node.kind in {Macro.TRANSFORM_MAP, Macro.SORT_BY}:
        kept = build_tuple((element, kept))
    target: ast.expr = ast.Name(python_name_of(node.variable), ast.Store())
    if node.second is not None:
        second = ast.Name(python_name_of(node.second), ast.Store())
        target = ast.Tuple([target, second], ast.Store())
    go = "limit_elements" if node.second is None else "limit_pairs"
    over = build_call(go, source, ast.Constant(node.most))
    each = ast.GeneratorExp(kept, [ast.comprehension(target, over, tests, 0)])
    return build_call(COLLECTORS[node.kind], each)


COLLECTORS = {
    Macro.ALL: "all_of",
    Macro.EXISTS: "any_of",
    Macro.EXISTS_ONE: "exactly_one",
    Macro.MAP: "tuple_of",
    Macro.FILTER: "tuple_of",
    Macro.SORT_BY: "sort_pairs",
    Macro.TRANSFORM_LIST: "tuple_of",
    Macro.TRANSFORM_MAP: "collect_pairs",
    Macro.TRANSFORM_MAP_ENTRY: "merge_maps",
    Macro.OPTIONAL_MAP: "optional_map",
    Macro.OPTIONAL_FLAT_MAP: "optional_flat_map",
}


def generate_context_value(node: ContextValue) -> ast.expr:
    """Return a value of the context; one that is not a record may be missing."""
    value = load_attribute(CONTEXT, node.name)
    if isinstance(node.type, RecordType):
        return value
    return build_call("require_given", value, ast.Constant(node.name))


def generate_presence(
    subject: Fact | FieldAccess | Apply, constants: dict[str, object] | None
) -> ast.expr:
    """Return the test that a fact, field or key is present."""
    match subject:
        case Fact(name=name):
            return build_compare(ast.Constant(name), ast.In(), load_name(FACTS))
        case FieldAccess(record=record, name=name):
            return build_compare(ast.Constant(name), ast.In(), generate(record, constants))
        case Apply(overload=overload, arguments=(values, key)):
            parts = [generate(each, constants) for each in (key, values)]
            if (
                overload == "entry"
                and can_compare_natively(values.type)
                and can_compare_natively(key.type)
            ):
                return build_compare(parts[0], ast.In(), parts[1])
            return build_call("has_key", parts[1], parts[0])
    raise AssertionError(subject)


def generate_constant(value: Value, constants: dict[str, object] | None) -> ast.expr:
    """Return a constant."""
    if value is None or (
        isinstance(value, bool | int | float | str | bytes) and not isinstance(value, Unsigned)
    ):
        return ast.Constant(value)
    if constants is not None:
        name = f"constant_{len(constants)}"
        constants[name] = value
        return load_name(name)
    match value:
        case Decimal():
            return build_call("Decimal", ast.Constant(str(value)))
        case datetime():
            maker = load_attribute("datetime", "fromisoformat")
            return build_call(maker, ast.Constant(value.isoformat()))
        case date():
            return build_call("date", *map(ast.Constant, (value.year, value.month, value.day)))
        case timedelta():
            parts = (value.days, value.seconds, value.microseconds)
            return build_call("timedelta", *map(ast.Constant, parts))
    raise AssertionError(value)


def python_name_of(name: str) -> str:
    """Return the Python name of a macro's variable, distinct from all other names."""
    return f"each_{name}" if name.isidentifier() else f"slot{NON_WORD_PATTERN.sub('_', name)}"
