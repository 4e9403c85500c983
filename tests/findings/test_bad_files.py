"""What is said of files with one mistake: the right finding in its place, and no other."""

from __future__ import annotations

import pytest
import yaml

from tests.data.bad import FOLDER, NAMES, tell
from tests.fast_yaml import SafeLoader
from tests.findings.situations import BUILT, SITUATIONS

LEAST = 200
BESIDE_A_FILE = {"beside", "over", "found_by"}


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_file_is_told_as_it_was_read(name: str) -> None:
    assert tell(name) == (FOLDER / f"{name}.out").read_text(encoding="utf-8")


def test_there_are_many_and_each_is_told() -> None:
    assert len(NAMES) >= LEAST
    assert all((FOLDER / f"{name}.out").stat().st_size for name in NAMES)


def test_each_code_that_one_file_can_show_is_among_them() -> None:
    told = "".join((FOLDER / f"{name}.out").read_text(encoding="utf-8") for name in NAMES)
    folder = FOLDER.parents[2] / "telecom_rules" / "findings" / "pages"
    for path in sorted(folder.glob("TR*.yaml")):
        page = yaml.load(path.read_text(encoding="utf-8"), SafeLoader)  # noqa: S506 - it is a safe one
        alone = BESIDE_A_FILE.isdisjoint(page) and page["file"].endswith(".yaml")
        if alone and path.stem not in {*BUILT, *SITUATIONS}:
            assert f"[{path.stem}]" in told
