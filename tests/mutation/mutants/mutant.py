"""Mutants: a module with one change, found and made on its `ast`."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.mutation.mutants.operators import OPERATORS
from tests.mutation.mutants.sites import Site, iter_sites, targets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import CodeType

    from tests.mutation.mutants.sites import Function
    from tests.mutation.mutants.sites import Path as Steps

LONGEST = 160
"""Characters of a change that are shown."""


@dataclass(frozen=True)
class Mutant:
    """One change of one module.

    Attributes:
        room: the room it is of.
        path: the file of the module, from the root of the checkout.
        line: where the change stands in it, from 1; `column` from 0.
        operator: the name of the operator that made it.
        number: which it is of those that the operator makes there.
        before: what stood there, as far as it is changed.
        after: what stands there now.
        text: the line, without the blanks around it.
        at: the place of the change in `text`.
        lines: the lines of what is changed, and of the statement around it.
        in_function: whether it runs when a function is called, and not when the module is imported.
        steps: the way to the node that is changed.
        node: what takes its place.
    """

    room: str
    path: str
    line: int
    column: int
    operator: str
    number: int
    before: str
    after: str
    text: str
    at: int
    lines: tuple[range, range]
    in_function: bool
    steps: Steps = field(repr=False)
    node: ast.AST | None = field(repr=False)

    @property
    def module(self) -> str:
        """The name of the module."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def id(self) -> str:
        """What the mutant is called on the command line."""
        return f"{self.module}:{self.line}:{self.column}:{self.operator}:{self.number}"

    @property
    def change(self) -> str:
        """The change, as people read it."""
        return f"{self.before} -> {self.after}"


def find_mutants(room: str, root: Path, path: Path) -> list[Mutant]:
    """Return the mutants of a module, in the order of its text."""
    text = (root / path).read_text(encoding="utf-8")
    return list(iter_mutants(room, path.as_posix(), text))


def iter_mutants(room: str, path: str, text: str) -> Iterator[Mutant]:
    lines = text.splitlines()
    numbers: Counter[tuple[int, int, str]] = Counter()
    for site in iter_sites(ast.parse(text)):
        for operator, make in OPERATORS.items():
            if operator == "removal" and not is_removable(site):
                continue
            for node in make(site.node):
                line, column = position(site.node)
                number = numbers[line, column, operator]
                numbers[line, column, operator] += 1
                yield Mutant(
                    room=room,
                    path=path,
                    line=line,
                    column=column,
                    operator=operator,
                    number=number,
                    before=shown(site.node),
                    after=shown(node),
                    text=lines[line - 1].strip(),
                    at=place_in(lines[line - 1], column),
                    lines=(extent(site.node), extent(site.statement or site.node)),
                    in_function=site.function is not None,
                    steps=site.path,
                    node=node,
                )


def position(node: ast.AST) -> tuple[int, int]:
    """Return the line and column of a node; a filter has none but those of its variable."""
    placed = node.target if isinstance(node, ast.comprehension) else node
    return getattr(placed, "lineno", 1), getattr(placed, "col_offset", 0)


def place_in(line: str, column: int) -> int:
    """Return a column, which `ast` counts in bytes, as a place in the line without its indent."""
    before = line.encode()[:column].decode()
    return len(before) - (len(line) - len(line.lstrip()))


def extent(node: ast.AST) -> range:
    """Return the lines of a node, of a compound statement those of its head."""
    if isinstance(node, ast.comprehension):
        return range(node.target.lineno, (node.ifs or [node.iter])[-1].lineno + 1)
    first = getattr(node, "lineno", 1)
    body = getattr(node, "body", None)
    if isinstance(body, list) and body:
        return range(first, max(first + 1, body[0].lineno))
    return range(first, (getattr(node, "end_lineno", None) or first) + 1)


def shown(node: ast.AST) -> str:
    """Return a node as text: of a branch its condition, of a filter what it filters by."""
    if isinstance(node, ast.If):
        text = f"if {ast.unparse(node.test)}"
    elif isinstance(node, ast.comprehension):
        text = " ".join(f"if {ast.unparse(test)}" for test in node.ifs)
    elif isinstance(node, ast.Pass):
        text = "pass"
    else:
        text = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def is_removable(site: Site) -> bool:
    """Whether without a statement every name still has a value: its mistake is not a crash."""
    if site.function is None or not isinstance(site.node, ast.stmt):
        return False
    bound = first_bindings(site.function)
    return all(
        not isinstance(name, ast.Name) or bound[name.id] < (name.lineno, name.col_offset)
        for target in targets(site.node)
        for name in parts(target)
    )


def parts(target: ast.expr) -> list[ast.expr]:
    """Return what a target assigns to one by one."""
    if isinstance(target, ast.Tuple | ast.List):
        return [part for each in target.elts for part in parts(each)]
    return [target]


def first_bindings(function: Function) -> dict[str, tuple[int, int]]:
    """Return where each name of a function gets its first value."""
    places: dict[str, tuple[int, int]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.id
        elif isinstance(node, ast.arg):
            name = node.arg
        else:
            continue
        place = (node.lineno, node.col_offset)
        places[name] = min(place, places.get(name, place))
    return places


def compile_mutant(mutant: Mutant, text: str, filename: str) -> CodeType:
    """Return the code of the module `text` with the change; as it stands if that is none."""
    tree = ast.parse(text)
    if mutant.node is not None:
        replace_node(tree, mutant.steps, copy.deepcopy(mutant.node))
    return compile(tree, filename, "exec", dont_inherit=True)


def replace_node(tree: ast.Module, steps: Steps, node: ast.AST) -> None:
    """Put `node` where `steps` lead."""
    parent: ast.AST = tree
    for name, at in steps[:-1]:
        value = getattr(parent, name)
        parent = value if at is None else value[at]
    name, at = steps[-1]
    old = getattr(parent, name) if at is None else getattr(parent, name)[at]
    if not isinstance(old, ast.comprehension):
        ast.fix_missing_locations(ast.copy_location(node, old))
    else:
        ast.fix_missing_locations(ast.copy_location(node, old.iter))
    if at is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[at] = node
