"""Runs the examples of the pages of codes, each in the pack of `tests/pack/house.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules import scenarios
from telecom_rules.checks import check_citations
from telecom_rules.interop import NotImportable, from_dmn, from_scxml
from telecom_rules.pack import load, read
from telecom_rules.validation import examine
from tests.pack.house import HOUSE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from telecom_rules.findings import Finding

BUILT: Mapping[str, Callable[[str], bytes]] = {}
"""How the bytes of an example are made of its text, where no text shows them, such as 2 MB."""


def find(code: str, example: str, content: Mapping[str, object], folder: Path) -> list[Finding]:
    """Return the findings of an example.

    Args:
        code: the code of the page.
        example: `wrong` or `right`.
        content: the page.
        folder: where the pack is laid.
    """
    text = content[example]
    build = BUILT.get(code) if example == "wrong" else None
    data = build(text) if build is not None else text.encode()
    files = {name: each.encode() for name, each in {**HOUSE, **content.get("beside", {})}.items()}
    if content["file"].endswith((".scxml", ".dmn")):
        return find_in_import(content["file"], data)
    for name, each in {**files, content["file"]: data}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(each)
    return FINDERS[content.get("found_by", "validate")](folder)


def find_in_import(name: str, data: bytes) -> list[Finding]:
    """Return the findings of a document that is imported."""
    read_document = from_dmn if name.endswith(".dmn") else from_scxml
    try:
        return [*read_document(data.decode(), name).findings]
    except NotImportable as problem:
        return [*problem.findings]


def validate(folder: Path) -> list[Finding]:
    """Return what `telecom-rules validate` lists."""
    return [*examine(folder).findings]


def release(folder: Path) -> list[Finding]:
    """Return what `telecom-rules validate --release` lists."""
    return [*examine(folder, release=True).findings]


def test(folder: Path) -> list[Finding]:
    """Return what `telecom-rules test` lists."""
    pack = load(folder)
    written = scenarios.read(folder, pack)
    results = scenarios.run(written.scenarios, pack)
    return [*written.findings, *(each for result in results for each in result.findings)]


def coverage(folder: Path) -> list[Finding]:
    """Return what `telecom-rules coverage --check` lists."""
    return [*check_citations(read(folder))]


FINDERS: Mapping[str, Callable[[Path], list[Finding]]] = {
    "validate": validate,
    "release": release,
    "test": test,
    "coverage": coverage,
}
