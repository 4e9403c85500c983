"""Imports between the rooms only run downwards."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest


@pytest.fixture(scope="module")
def contract(root) -> dict:
    """The layers contract of pyproject.toml."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    return contract


def rooms(root) -> set[str]:
    """The rooms of the package: its folders and its files."""
    package = root / "telecom_rules"
    folders = {path.parent.name for path in package.glob("*/__init__.py")}
    files = {path.stem for path in package.glob("*.py")} - {"__init__"}
    return folders | files


def test_every_room_has_its_floor(root, contract):
    floors = {room.strip() for layer in contract["layers"] for room in layer.split("|")}
    assert floors == rooms(root)
    assert contract["exhaustive"]


def test_no_room_imports_upwards(root):
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own arguments
        [sys.executable, "-c", linter, "--no-cache", "--no-logo"],
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 kept, 0 broken" in done.stdout
