"""Packs on disk that lie on one another, for tests of overlays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks import check
from telecom_rules.pack import read
from tests.pack.house import HOUSE

if TYPE_CHECKING:
    from pathlib import Path

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading


LAW = HOUSE | {"pack.yaml": HOUSE["pack.yaml"].replace("pack: house", "pack: law")}
"""The lowest pack."""

HANDBOOK = """\
source: handbook
title: {zh: 服务手册, en: Service handbook}
kind: rule
clauses:
  "4": {title: {zh: 答复, en: Answers}}
"""


def pack_file(name: str, extends: str = "{path: ../law}") -> str:
    """Return the `pack.yaml` of an overlay."""
    return f"pack: {name}\nversion: 1.0.0\ntitle: {{zh: 包, en: Pack}}\nextends: {extends}\n"


def write_packs(folder: Path, **packs: dict[str, str]) -> None:
    """Write packs side by side, each in a folder of its name; `law` is there unless given."""
    for name, files in ({"law": LAW} | packs).items():
        for file, text in files.items():
            path = folder / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def read_overlay(folder: Path, **files: str) -> Reading:
    """Return the reading of a pack `shop` on `law`; `grading="..."` is its file `grading.yaml`."""
    own = {"pack.yaml": pack_file("shop"), "handbook.yaml": HANDBOOK}
    own |= {f"{name}.yaml": text for name, text in files.items()}
    write_packs(folder, shop=own)
    return read(folder / "shop")


def tell(reading: Reading) -> list[str]:
    """Return each finding of a pack and its checks as `file:line:column code`."""
    return [f"{each.span} {each.id}" for each in find(reading)]


def find(reading: Reading) -> tuple[Finding, ...]:
    """Return the findings of a pack and its checks."""
    return (*reading.findings, *check(reading))
