"""The mistakes that mutants make: each operator gives the changed forms of a node of the `ast`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OTHER_COMPARISON: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OTHER_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def swap_comparison(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the comparison with another sign: `<` for `<=`, `is not` for `is`."""
    if isinstance(node, ast.Compare):
        for at, sign in enumerate(node.ops):
            signs = [*node.ops]
            signs[at] = OTHER_COMPARISON[type(sign)]()
            yield ast.Compare(node.left, signs, node.comparators)


def swap_connective(node: ast.AST) -> Iterator[ast.AST]:
    """Yield `and` for `or`, and `or` for `and`."""
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield ast.BoolOp(other, node.values)


def drop_not(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a `not` denies."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand


def negate_condition(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a branch or filter with its condition denied, where no other operator does that."""
    if isinstance(node, ast.If) and not denied_elsewhere(node.test):
        yield ast.If(denied(node.test), node.body, node.orelse)
    elif isinstance(node, ast.IfExp) and not denied_elsewhere(node.test):
        yield ast.IfExp(denied(node.test), node.body, node.orelse)
    elif isinstance(node, ast.comprehension):
        for at, test in enumerate(node.ifs):
            if not denied_elsewhere(test):
                tests = [*node.ifs]
                tests[at] = denied(test)
                yield ast.comprehension(node.target, node.iter, tests, node.is_async)


def denied(test: ast.expr) -> ast.expr:
    return ast.copy_location(ast.UnaryOp(ast.Not(), test), test)


def denied_elsewhere(test: ast.expr) -> bool:
    """Whether `drop_not` or `swap_comparison` makes the same mutant."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return not isinstance(test.ops[0], ORDERED)
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)


def swap_arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    """Yield `-` for `+`, `//` for `*` and so on."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OTHER_ARITHMETIC:
        other = OTHER_ARITHMETIC[type(node.op)]()
        if isinstance(node, ast.BinOp):
            yield ast.BinOp(node.left, other, node.right)
        else:
            yield ast.AugAssign(node.target, other, node.value)


def change_constant(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the other truth value, the numbers next to a number, the empty text."""
    if isinstance(node, ast.Constant):
        for value in near(node.value):
            yield ast.Constant(value)


def near(value: object) -> tuple[bool | float | str, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int | float):
        return (value + 1, value - 1)
    return ("",) if isinstance(value, str) and value else ()


def return_none(node: ast.AST) -> Iterator[ast.AST]:
    """Yield `return None`."""
    if isinstance(node, ast.Return) and not is_none(node.value):
        yield ast.Return(ast.Constant(None))


def is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def remove_statement(node: ast.AST) -> Iterator[ast.AST]:
    """Yield nothing for a call, a `continue`, a `break`, or an assignment.

    Whether a name that is assigned had a value before is for the caller to judge.
    """
    removable = (ast.Assign, ast.AugAssign, ast.Expr, ast.Continue, ast.Break)
    if isinstance(node, removable):
        yield ast.Pass()


OPERATORS: dict[str, Callable[[ast.AST], Iterator[ast.AST]]] = {
    "comparison": swap_comparison,
    "connective": swap_connective,
    "not": drop_not,
    "condition": negate_condition,
    "arithmetic": swap_arithmetic,
    "constant": change_constant,
    "return": return_none,
    "removal": remove_statement,
}
