"""What the project says of itself holds: quick tests, a whole lock file, paths that exist."""

from __future__ import annotations

import re
import tomllib

from tests.conftest import SLOW, TESTS, is_named_slow

PATH = re.compile(
    r"`((?:telecom_rules|tests|docs|rules|examples|requirements|benchmarks|\.github)/[\w./-]*)`"
)


def test_every_slow_module_or_folder_is_there():
    assert [name for name in SLOW if not (TESTS / name).exists()] == []


def test_a_pack_may_be_tested_in_the_same_run_as_the_library(root):
    assert not is_named_slow(root / "rules" / "licences" / "scenarios")
    assert is_named_slow(TESTS / "adapters" / "django")


def test_each_room_has_tests_that_are_quick():
    rooms = {path.parent for path in TESTS.rglob("test_*.py")}
    without = [
        room.name
        for room in rooms
        if all(path.relative_to(TESTS).as_posix() in SLOW for path in room.glob("test_*.py"))
    ]
    assert without == []


def test_the_lock_file_names_everything_that_development_needs(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.match(r"[\w-]+", each)[0].lower() for each in needed}
    text = (root / "requirements" / "dev.txt").read_text(encoding="utf-8")
    assert names - set(re.findall(r"^([\w-]+)(?:\[\w+\])?==", text, re.MULTILINE)) == set(), (
        "run `make lock`"
    )


def test_the_lock_file_has_a_hash_for_each_release_and_names_no_registry(root):
    text = (root / "requirements" / "dev.txt").read_text(encoding="utf-8")
    releases = re.split(r"^(?=[\w-]+(?:\[\w+\])?==)", text, flags=re.MULTILINE)[1:]
    assert [each for each in releases if "--hash=sha256:" not in each] == []
    assert "://" not in text


def test_every_path_that_contributing_names_is_there(root):
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = PATH.findall(text)
    assert paths
    assert [path for path in paths if not (root / path).exists()] == []
