"""Every element of the shipped pack cites a clause that a source registers.

The walk reads the files with PyYAML alone, so that it does not share a mistake with the loader.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = Path(__file__).resolve().parents[2] / "rules"
FILES = sorted(path.relative_to(RULES).as_posix() for path in RULES.rglob("*.yaml"))
SPECIFICATION_CLAUSES = 220


def document(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load((RULES / name).read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader builds texts only
    return content


REGISTERED = {
    f"{content['source']}:{clause}"
    for name in FILES
    if "source" in (content := document(name))
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
    assert len(document("sources/spec.yaml")["clauses"]) == SPECIFICATION_CLAUSES


@pytest.mark.parametrize("name", FILES)
def test_each_element_cites_a_registered_clause(name: str) -> None:
    for element, definition in elements(document(name)):
        cited = one_or_many(definition.get("cites", []))
        assert cited, f"{element} cites no clause"
        assert not [clause for clause in cited if clause not in REGISTERED], element


@pytest.mark.parametrize("name", FILES)
def test_the_first_key_says_what_the_file_is(name: str) -> None:
    first = next(iter(document(name)))
    folder = {"catalogue": "catalogues", "policy": "policies"}.get(
        first, first if first in {"facts", "pack", "scenarios"} else f"{first}s"
    )
    assert name == "pack.yaml" if first == "pack" else name.startswith(f"{folder}/")
