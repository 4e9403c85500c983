"""The import graph of the package, imports for types included, and its circles."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    Graph = Mapping[str, AbstractSet[str]]


def read_modules(root: Path, package: str) -> dict[str, Path]:
    """Return the file of each module of a package, by its dotted name."""
    modules = {}
    for path in sorted((root / package).rglob("*.py")):
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        modules[name.removesuffix(".__init__")] = path
    return modules


def build_graph(root: Path, package: str) -> dict[str, set[str]]:
    """Return the modules that each module imports, wherever in it the import stands.

    A face (`__init__.py`) re-exports its room, so what it imports is no edge: an import from a
    face counts as an import of the face alone.
    """
    modules = read_modules(root, package)
    graph: dict[str, set[str]] = {}
    for name, path in modules.items():
        imported = set() if path.name == "__init__.py" else set(iter_imports(path))
        graph[name] = {nearest_module(each, modules) for each in imported} - {name, ""}
    return graph


def iter_imports(path: Path) -> Iterator[str]:
    """Yield the dotted name of each import of a file; relative ones are forbidden by ruff."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def nearest_module(name: str, modules: Mapping[str, Path]) -> str:
    """Return the module that holds `name`, or an empty text where it lies outside the package."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name


def find_circles(graph: Graph) -> list[list[str]]:
    """Return the strongly connected components of more than one module, each sorted."""
    reachable = {module: find_reachable(module, graph) for module in graph}
    circles = {
        tuple(sorted(each for each in reachable[module] if module in reachable[each]))
        for module in graph
        if module in reachable[module]
    }
    return sorted(map(list, circles))


def find_reachable(module: str, graph: Graph) -> set[str]:
    """Return every module that `module` imports, directly or through others."""
    found: set[str] = set()
    ahead = [*graph[module]]
    while ahead:
        if (each := ahead.pop()) not in found:
            found.add(each)
            ahead += graph[each]
    return found
