"""Imports only run downwards, between rooms and inside them; no room is too full or too deep."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest

from tests.project.import_graph import build_graph, find_circles

LISTS = {"checks", "cli", "expressions/operations", "findings/codes", "findings/pages"}
"""Rooms that are lists of things of one kind and may be as long as the list."""
PRESCRIBED = {"management", "migrations", "static", "templates", "templatetags"}
"""Folders of an app whose names and places Django prescribes, and all inside them."""
MOST_ENTRIES = 15
MOST_ENTRIES_AT_THE_TOP = 26
MOST_LEVELS = 2


@pytest.fixture(scope="module")
def contracts(root) -> list[dict]:
    """The layers contracts of pyproject.toml: that of the package first, then one a room."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["importlinter"]["contracts"]


def rooms(root) -> set[str]:
    """The rooms of the package: its folders and its files."""
    package = root / "telecom_rules"
    folders = {path.parent.name for path in package.glob("*/__init__.py")}
    files = {path.stem for path in package.glob("*.py")} - {"__init__"}
    return folders | files


def test_every_room_has_its_floor(root, contracts):
    floors = {room.strip() for layer in contracts[0]["layers"] for room in layer.split("|")}
    assert floors == rooms(root)


def test_a_module_without_a_floor_breaks_the_contract_of_its_room(contracts):
    # A contract that reaches into rooms (`engine.clocks`) names modules and cannot be exhaustive.
    whole = [each for each in contracts if "." not in "".join(each["layers"])]
    assert len(whole) >= len(contracts) - 1
    assert [each["name"] for each in whole if not each.get("exhaustive")] == []


def test_no_room_imports_upwards(root, contracts):
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
    assert f"{len(contracts)} kept, 0 broken" in done.stdout


def test_no_modules_import_one_another_in_a_circle_not_even_for_types(root):
    circles = find_circles(build_graph(root, "telecom_rules"))
    assert circles == [], "\n".join(f"a circle: {', '.join(circle)}" for circle in circles)


def test_the_search_for_circles_finds_one_that_is_closed_by_an_import_for_types(tmp_path):
    house = tmp_path / "house"
    house.mkdir()
    (house / "__init__.py").write_text("from house.upper import top", encoding="utf-8")
    (house / "upper.py").write_text("import house.lower\ntop = 1", encoding="utf-8")
    (house / "lower.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.upper import top",
        encoding="utf-8",
    )
    (house / "apart.py").write_text("import json\nfrom house import top", encoding="utf-8")
    assert find_circles(build_graph(tmp_path, "house")) == [["house.lower", "house.upper"]]


def entries_of(folder) -> list[str]:
    """The files and folders of a room, its face left out."""
    left_out = {"__init__.py", "__pycache__", *PRESCRIBED}
    return sorted(path.name for path in folder.iterdir() if path.name not in left_out)


def folders_of(root) -> list:
    package = root / "telecom_rules"
    folders = [path.parent for path in package.rglob("__init__.py") if path.parent != package]
    return [each for each in folders if PRESCRIBED.isdisjoint(each.relative_to(package).parts)]


def test_no_room_is_too_full_to_be_seen_at_a_glance(root):
    package = root / "telecom_rules"
    counts = {
        room.relative_to(package).as_posix(): len(entries_of(room)) for room in folders_of(root)
    }
    full = {room for room, count in counts.items() if count > MOST_ENTRIES} - LISTS
    assert full == set()
    assert len(entries_of(package)) <= MOST_ENTRIES_AT_THE_TOP


def test_rooms_lie_inside_rooms_and_no_deeper(root):
    package = root / "telecom_rules"
    levels = {room: len(room.relative_to(package).parts) for room in folders_of(root)}
    deep = [room.as_posix() for room, level in levels.items() if level > MOST_LEVELS]
    assert deep == []
