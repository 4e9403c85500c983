"""The few forms of `ast` that generated code is built from, and the function made of them.

Code is built as a syntax tree and never as text, so that no text of a pack can become code.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


def load_name(name: str) -> ast.Name:
    """Return the value of a name."""
    return ast.Name(name, ast.Load())


def assign_name(name: str, value: ast.expr) -> ast.stmt:
    """Return the statement `name = value`."""
    return ast.Assign([ast.Name(name, ast.Store())], value)


def load_attribute(name: str, attribute: str) -> ast.expr:
    """Return `name.attribute`."""
    return ast.Attribute(load_name(name), attribute, ast.Load())


def load_item(values: ast.expr, key: str) -> ast.expr:
    """Return `values["key"]`."""
    return ast.Subscript(values, ast.Constant(key), ast.Load())


def build_call(called: str | ast.expr, *arguments: ast.expr) -> ast.expr:
    """Return the call of a function, by its name or as a value."""
    return ast.Call(load_name(called) if isinstance(called, str) else called, list(arguments), [])


def build_compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    """Return a comparison."""
    return ast.Compare(left, [operator], [right])


def build_tuple(items: Iterable[ast.expr]) -> ast.expr:
    """Return a tuple."""
    return ast.Tuple(list(items), ast.Load())


def build_lambda(parameter: str, body: ast.expr) -> ast.expr:
    """Return a function of one parameter."""
    return ast.Lambda(build_parameters([parameter]), body)


def build_parameters(names: Sequence[str]) -> ast.arguments:
    """Return positional parameters."""
    return ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])


PLACE = {"lineno": 1, "end_lineno": 1, "col_offset": 0, "end_col_offset": 0}
"""Where all generated code is: there is no text of it."""


def build_function(
    parameters: Sequence[str], body: list[ast.stmt], names: Mapping[str, object], filename: str
) -> Callable[..., Any]:
    """Return a function with these parameters and this body, which sees those of `names` it uses.

    Args:
        parameters: their names.
        body: its statements.
        names: the values of the names that are not parameters, variables or built in.
        filename: what a traceback calls the place of the code.
    """
    definition = ast.FunctionDef("evaluate", build_parameters(parameters), body, [])
    module = ast.Module([definition], [])
    used: set[str] = set()
    # In place of `ast.fix_missing_locations`, which would walk the tree once more.
    for node in ast.walk(module):
        if "lineno" in type(node)._attributes:  # noqa: SLF001 - documented, as `_fields` is
            vars(node).update(PLACE)
        if isinstance(node, ast.Name):
            used.add(node.id)
    namespace: dict[str, Any] = {name: names[name] for name in used & names.keys()}
    # Defined in a namespace of its own, so that a name it uses is not overwritten.
    own: dict[str, Any] = {}
    exec(compile(module, filename, "exec"), namespace, own)  # noqa: S102 - our own tree, not text
    evaluate: Callable[..., Any] = own["evaluate"]
    return evaluate
