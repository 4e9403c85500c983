"""Runs the examples of the pages of codes, each in the pack of `tests/pack/house.py`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules import scenarios
from telecom_rules.checks import check_citations
from telecom_rules.documents import NodeBudget
from telecom_rules.errors import PackError
from telecom_rules.interop import NotImportable, from_dmn, from_scxml
from telecom_rules.pack import files as packs
from telecom_rules.pack import load, read
from telecom_rules.validation import examine
from tests.pack.house import HOUSE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pytest

    from telecom_rules.findings import Finding

BUILT: Mapping[str, Callable[[str], bytes]] = {
    "TR002": lambda text: text.encode() + b"#" * 1_000_000,
    "TR003": lambda text: text.encode("gbk"),
    "TR010": lambda text: text.replace("[[[[", "[" * 40).replace("]]]]", "]" * 40).encode(),
    "TR011": lambda text: f"{text}more: [{'a, ' * 100_000}a]\n".encode(),
    "TR012": lambda text: text.replace("very", "very" * 20_000).encode(),
    "TR028": lambda text: text.replace("# 50 000", "#\n" * 30_000 + "# 50 000").encode(),
    "TR029": lambda text: (text + "".join(f"wrong_{each}: 1\n" for each in range(120))).encode(),
}
"""How the bytes of a wrong example are made of its text, where they are too many to be shown."""


def lay_pipe(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Lay a named pipe where a file should be."""
    os.mkfifo(folder / "parameters" / "pipe.yaml")


def lay_nothing(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Take the `pack.yaml` away."""
    (folder / "pack.yaml").unlink()


def lay_link(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Lay a link that leads out of the pack."""
    outside = folder.parent / "elsewhere.yaml"
    outside.write_text("x: 1\n", encoding="utf-8")
    (folder / "parameters" / "link.yaml").symlink_to(outside)


def lay_deep_folder(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Lay folders inside one another."""
    folder.joinpath(*["a"] * (packs.MOST_FOLDERS + 1)).mkdir(parents=True)


def lay_odd_name(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Lay a file whose name is not UTF-8."""
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.yaml")).write_text("x: 1\n", encoding="utf-8")


def allow_few_files(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow one file less than the pack has."""
    monkeypatch.setattr(packs, "MOST_FILES", len(HOUSE) - 1)


def allow_few_bytes(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow fewer bytes than the pack has."""
    monkeypatch.setattr(packs, "MOST_BYTES", 1_000)


def allow_few_entries(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow no more entries than the pack has folders."""
    monkeypatch.setattr(packs, "MOST_ENTRIES", 5)


def allow_few_nodes(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow fewer values than the pack has."""
    monkeypatch.setattr("telecom_rules.pack.drafts.NodeBudget", lambda: NodeBudget(nodes=60))


SITUATIONS: Mapping[str, Callable[[Path, pytest.MonkeyPatch], None]] = {
    "TR001": lay_pipe,
    "TR021": lay_nothing,
    "TR022": lay_link,
    "TR023": allow_few_files,
    "TR024": allow_few_bytes,
    "TR025": lay_deep_folder,
    "TR026": allow_few_entries,
    "TR027": lay_odd_name,
    "TR030": allow_few_nodes,
}
"""What makes a pack wrong whose mistake lies in no text; the page tells it in words."""


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
    files = {name: each.encode() for name, each in {**HOUSE, **content.get("beside", {})}.items()}
    if code not in SITUATIONS:
        files[content["file"]] = data
    root = folder / "house"
    for name, each in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(each)
    if code in SITUATIONS and example == "wrong":
        SITUATIONS[code](root, monkeypatch)
    try:
        return FINDERS[content.get("found_by", "validate")](root)
    except PackError as problem:
        return [*problem.findings]


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
