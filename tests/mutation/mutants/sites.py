"""The nodes of a module that may be changed: not its types, its documentation or its messages."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Step = tuple[str, int | None]
"""The way to a child: a field and, where that is a list, a place in it."""
Path = tuple[Step, ...]
Function = ast.FunctionDef | ast.AsyncFunctionDef

TYPES = {"annotation", "returns", "decorator_list", "bases", "format_spec"}
"""Fields that say what is, not what is done."""
DECLARED = {"__all__", "__slots__"}
TYPE_MAKERS = {"TypeVar", "ParamSpec", "NewType", "cast"}
MESSAGE_MAKERS = {"Wording"}
ASSERTIONS = {"strict", "repr"}
"""Keywords that ask for a check of what holds anyhow, or for a text for programmers."""


@dataclass(frozen=True)
class Site:
    """A node that may be changed, and where it stands.

    Attributes:
        node: the node.
        path: the way to it from the module.
        statement: the statement it belongs to.
        function: the innermost function whose body it belongs to.
        message: whether it belongs to an error that is raised.
    """

    node: ast.AST
    path: Path
    statement: ast.stmt | None = None
    function: Function | None = None
    message: bool = False


def iter_sites(tree: ast.Module) -> Iterator[Site]:
    """Yield every node of a module that may be changed."""
    return iter_inside(Site(tree, ()))


def iter_inside(site: Site) -> Iterator[Site]:
    yield site
    for step, child in iter_children(site.node):
        if kept(site, step[0], child):
            yield from iter_inside(entered(site, step, child))


def entered(site: Site, step: Step, child: ast.AST) -> Site:
    inside = replace(site, node=child, path=(*site.path, step))
    if isinstance(child, ast.Raise):
        inside = replace(inside, message=True)
    if isinstance(child, ast.stmt):
        inside = replace(inside, statement=child)
    if isinstance(site.node, Function) and step[0] == "body":
        inside = replace(inside, function=site.node)
    return inside


def iter_children(node: ast.AST) -> Iterator[tuple[Step, ast.AST]]:
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield (field, None), value
        elif isinstance(value, list):
            for at, each in enumerate(value):
                if isinstance(each, ast.AST):
                    yield (field, at), each


def kept(parent: Site, field: str, child: ast.AST) -> bool:
    """Whether a child may be changed."""
    node = parent.node
    if field in TYPES or (isinstance(node, ast.ClassDef) and field == "keywords"):
        return False
    if isinstance(node, ast.Call) and called(node) in TYPE_MAKERS | MESSAGE_MAKERS:
        return called(node) == "cast" and child is not node.args[0]
    if isinstance(child, ast.Constant):
        in_text = isinstance(node, ast.JoinedStr) or parent.message
        return not (in_text and isinstance(child.value, str))
    if isinstance(child, ast.keyword):
        return child.arg not in ASSERTIONS
    return not isinstance(child, ast.stmt) or does_something(child, in_body=bool(parent.function))


def does_something(node: ast.stmt, *, in_body: bool) -> bool:
    """Whether a statement is more than an import, a type, a text or an assertion."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert):
        return False
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.If):
        return not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING")
    if isinstance(node, Function):
        return node.name != "__repr__" and "overload" not in map(named, node.decorator_list)
    names = {named(target) for target in targets(node)}
    return not names & DECLARED and (in_body or not any(map(names_type, names)))


def targets(node: ast.stmt) -> list[ast.expr]:
    """Return what a statement assigns to."""
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []


def called(node: ast.Call) -> str:
    return named(node.func)


def named(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def names_type(name: str) -> bool:
    """Whether a name is written as those of types are: `Record`, and not `RECORDS`."""
    return name[:1].isupper() and not name.isupper()
