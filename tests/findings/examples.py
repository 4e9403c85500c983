"""Runs the examples of the pages of codes, each in the pack of `tests/pack/house.py`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from telecom_rules import scenarios
from telecom_rules.checks import check_citations
from telecom_rules.cli.coverage import find_low_shares
from telecom_rules.documents import format_text
from telecom_rules.documents.formatting.differences import find_unformatted
from telecom_rules.errors import PackError
from telecom_rules.findings import Findings
from telecom_rules.interop import NotImportable, from_dmn, from_scxml
from telecom_rules.pack import load, read
from telecom_rules.validation import examine
from tests.findings.situations import BUILT, NOT_WRITTEN, SITUATIONS
from tests.pack.chains import HANDBOOK, pack_file
from tests.pack.house import HOUSE
from tests.pack.house import lay as lay_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pytest

    from telecom_rules.findings import Finding


OVERLAY = {
    "pack.yaml": pack_file("shop", "{path: ../house}").encode(),
    "handbook.yaml": HANDBOOK.encode(),
}
"""The files of a pack that changes the house, unless an example has its own."""


def find(
    code: str,
    example: str,
    content: Mapping[str, object],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> list[Finding]:
    """Return the findings of an example.

    Args:
        code: the code of the page.
        example: `wrong` or `right`.
        content: the page.
        folder: where the pack is laid.
        monkeypatch: what lowers a limit for a test.
    """
    text = content[example]
    build = BUILT.get(code) if example == "wrong" else None
    data = build(text) if build is not None else text.encode()
    if content["file"].endswith((".scxml", ".dmn")):
        return find_in_import(content["file"], data)
    own = {name: each.encode() for name, each in content.get("beside", {}).items()}
    if code not in NOT_WRITTEN:
        own[content["file"]] = data
    root = lay(folder, own, "over" in content)
    if code in SITUATIONS and example == "wrong":
        SITUATIONS[code](root, monkeypatch)
    try:
        return FINDERS[content.get("found_by", "validate")](root)
    except PackError as problem:
        return [*problem.findings]


def lay(folder: Path, own: Mapping[str, bytes], is_overlay: bool) -> Path:
    """Lay a pack: the house with files of its own, or an overlay of them over the house."""
    house = {name: each.encode() for name, each in HOUSE.items()}
    packs = {"house": house, "shop": OVERLAY | own} if is_overlay else {"house": house | own}
    for pack, files in packs.items():
        lay_files(folder / pack, files)
    return folder / [*packs][-1]


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


def validate_on(folder: Path) -> list[Finding]:
    """Return what `telecom-rules validate --on 2026-12-01` lists."""
    return [*examine(folder, on=date(2026, 12, 1)).findings]


def release(folder: Path) -> list[Finding]:
    """Return what `telecom-rules validate --release` lists."""
    return [*examine(folder, release=True).findings]


def test(folder: Path) -> list[Finding]:
    """Return what `telecom-rules test` lists."""
    pack = load(folder)
    written = scenarios.read(folder, pack)
    results = scenarios.run(written.scenarios, pack)
    return [*written.findings, *(each for result in results for each in result.findings)]


def test_coverage(folder: Path) -> list[Finding]:
    """Return what `telecom-rules test --coverage` lists."""
    reading = read(folder)
    written = scenarios.read(folder, load(folder))
    results = scenarios.run(written.scenarios, load(folder), observe=True)
    return [*written.findings, *scenarios.measure(results, reading).findings]


def coverage(folder: Path) -> list[Finding]:
    """Return what `telecom-rules coverage --check` lists."""
    return [*check_citations(read(folder))]


def acting(folder: Path) -> list[Finding]:
    """Return what `telecom-rules coverage --check --acting 100` lists besides."""
    return [*find_low_shares(read(folder), 100)]


def format_files(folder: Path) -> list[Finding]:
    """Return what `telecom-rules fmt --check` lists; the house itself is not in the one style."""
    found = Findings()
    path = folder / "parameters" / "threshold.yaml"
    before = path.read_bytes()
    after = format_text(before, path.name, found)
    if after is not None and after != before.decode():
        found.append(find_unformatted(before.decode(), after, path.name))
    return [*found]


FINDERS: Mapping[str, Callable[[Path], list[Finding]]] = {
    "validate": validate,
    "release": release,
    "on 2026-12-01": validate_on,
    "test": test,
    "test --coverage": test_coverage,
    "coverage": coverage,
    "acting": acting,
    "fmt": format_files,
}
