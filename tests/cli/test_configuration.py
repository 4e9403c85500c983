"""A `pyproject.toml` gives the defaults of the command line, and is refused where it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pack.house import broken, house, lay

if TYPE_CHECKING:
    from pathlib import Path

CLEAN, FINDINGS, USAGE = 0, 1, 2


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder of a repository whose pack is in `house/`, outside any CI."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    lay(tmp_path / "house", broken("policies/grading.yaml", "loss >=", "los >="))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


@pytest.fixture
def configure(here: Path):
    def write(*lines: str) -> None:
        text = "\n".join(["[tool.other]", "x = 1", "[tool.telecom-rules]", *lines])
        (here / "pyproject.toml").write_text(text, encoding="utf-8")

    return write


def test_the_pack_the_language_and_the_format_come_from_the_file(tell, configure):
    configure('path = "house"', 'language = "zh"', 'format = "concise"')
    status, text = tell("validate")
    assert status == FINDINGS
    assert "未知的名称" in text
    assert text.split(":")[0].endswith("/house/policies/grading.yaml")


def test_the_command_line_comes_first(tell, configure, here):
    configure('path = "nowhere"', 'language = "zh"', 'format = "concise"')
    status, text = tell("validate", str(here / "house"), "--language", "en", "--format", "text")
    assert status == FINDINGS
    assert "error[TR203]: " in text


def test_codes_a_baseline_and_strictness_are_for_validate_alone(tell, configure, here):
    lay(here / "house", house())
    configure(
        'path = "house"', 'ignore = ["TR2"]', 'select = ["TR5"]', "strict = true", "release = true"
    )
    assert tell("validate")[0] == CLEAN
    assert tell("test")[1] == "there are no scenarios to run\n"
    assert tell("show", "grading", "--rules", str(here / "house"))[0] == CLEAN


def test_a_file_without_the_table_is_passed_over(tell, here):
    (here / "work" / "pyproject.toml").write_text("[tool.other]\nx = 1\n", "utf-8")
    (here / "pyproject.toml").write_text('[tool.telecom-rules]\npath = "house"\n', "utf-8")
    assert tell("validate")[0] == FINDINGS


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('pth = "house"', "unknown key `pth`"),
        ('pth = "house"', "did you mean `path`?"),
        ("path = 1", "`path` of `tool.telecom-rules` has to be a text"),
        ("select = [1]", "has to be a list of texts"),
        ('strict = "yes"', "has to be true or false"),
        ('language = "fr"', "fr"),
        ("path = ", "not TOML"),
        ('format = "xml"', "there is no format `xml`"),
    ],
)
def test_a_wrong_line_is_refused_with_what_would_be_right(tell, configure, line, told):
    configure(line)
    status, text = tell("validate")
    assert status == USAGE
    assert told in text


def test_a_table_that_is_none_is_refused(tell, here):
    (here / "pyproject.toml").write_text("[tool]\ntelecom-rules = 1\n", "utf-8")
    assert tell("validate")[0] == USAGE
