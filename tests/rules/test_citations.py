"""Every element of the shipped pack cites a clause that a source registers.

The walk reads the files with PyYAML alone, so that it does not share a mistake with the loader.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.fast_yaml import BaseLoader

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = Path(__file__).resolve().parents[2] / "rules"
FILES = sorted(path.relative_to(RULES).as_posix() for path in RULES.rglob("*.yaml"))
SPECIFICATION_CLAUSES = 220
MOST_FILES = 14
"""Files of one subject, with its page."""


@cache
def document(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load((RULES / name).read_text("utf-8"), BaseLoader)  # noqa: S506 - it builds texts only
    return content


def members(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the elements of a file, each as a file of its own would have it."""
    first = next(iter(content))
    if isinstance(content[first], dict):
        for name, body in content[first].items():
            yield {SHELVES[first]: name, **body}
    else:
        yield content


SHELVES = {
    "facts": "facts",
    "parameters": "parameter",
    "catalogues": "catalogue",
    "matters": "matter",
    "sources": "source",
}
REGISTERED = {
    f"{content['source']}:{clause}"
    for name in FILES
    for content in members(document(name))
    if "source" in content
    for clause in content["clauses"]
}


def one_or_many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def elements(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each element that must cite a clause, with a name for the failure."""
    kind = next(iter(content))
    if kind in {"catalogue", "facts", "policy", "workflow"}:
        yield content[kind], content
    if kind == "parameter":
        for value in content["values"]:
            yield f"{content[kind]} from {value['from']}", value
    for rule in (*content.get("rules", ()), *content.get("checks", ())):
        yield f"{content[kind]}.{rule['id']}", rule
    for name, clock in content.get("clocks", {}).items():
        yield f"{content[kind]}.{name}", clock
    yield from states(content.get("states", {}))


def states(members: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in members.items():
        yield name, state
        for event, transitions in state.get("on", {}).items():
            for transition in one_or_many(transitions):
                assert isinstance(transition, dict), f"{name}.{event}: the short form cites nothing"
                yield f"{name}.{event}", transition
        yield from states(state.get("states", {}))


def test_the_pack_has_files_to_walk() -> None:
    assert len(FILES) > 20


def test_every_clause_of_the_specification_is_registered() -> None:
    assert len(document("law/specification.yaml")["clauses"]) == SPECIFICATION_CLAUSES


@pytest.mark.parametrize("name", FILES)
def test_each_element_cites_a_registered_clause(name: str) -> None:
    each = (pair for content in members(document(name)) for pair in elements(content))
    for element, definition in each:
        cited = one_or_many(definition.get("cites", []))
        assert cited, f"{element} cites no clause"
        assert not [clause for clause in cited if clause not in REGISTERED], element


SUBJECTS = sorted(path for path in RULES.iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", SUBJECTS, ids=lambda path: path.name)
def test_a_subject_has_a_page_and_few_files(folder: Path) -> None:
    text = (folder / "README.md").read_text("utf-8")
    assert text.startswith("# ")
    assert " · " in text.splitlines()[0], "the title is in Chinese and English"
    assert len([path for path in folder.iterdir() if path.is_file()]) <= MOST_FILES


@pytest.mark.parametrize("name", FILES)
def test_a_file_lies_in_the_folder_of_its_subject(name: str) -> None:
    folder, _, rest = name.rpartition("/")
    first = next(iter(document(name)))
    if first == "pack":
        assert name == "pack.yaml"
    elif first == "scenarios":
        assert folder.endswith("/scenarios")
    elif first in {"source", "sources"}:
        assert folder in {"law", "law/statutes", "law/standards"}
    else:
        assert "/" not in folder
        assert rest
