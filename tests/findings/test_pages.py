"""Each code has a page whose wrong example yields it, and whose right example yields nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from telecom_rules.cli import main
from telecom_rules.findings import CODES, pages
from telecom_rules.findings.pages import read_page
from telecom_rules.wording import Wording
from tests.fast_yaml import SafeLoader
from tests.findings.examples import find

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(pages.__file__).parent
NEEDED = {"why", "file", "wrong", "right"}
KEYS = {*NEEDED, "beside", "found_by", "over"}
UNUSED = {"TR901"}
"""An example may leave a part of the pack unused: it is one file of it."""
COMPANIONS = {
    "TR029": {"TR102"},
    "TR033": {"TR109"},
    "TR408": {"TR402"},
    "TR707": {"TR303"},
    "TR735": {"TR730"},
}
"""Codes that another is about: what is counted, what is not to be ignored."""
WRITTEN = sorted(each.stem for each in FOLDER.glob("*.yaml"))


def content_of(code: str) -> Mapping[str, object]:
    return yaml.load((FOLDER / f"{code}.yaml").read_text(encoding="utf-8"), SafeLoader)  # noqa: S506 - it is a safe one


def test_every_code_has_a_page_and_every_page_a_code():
    assert sorted(CODES) == WRITTEN


@pytest.mark.parametrize("code", WRITTEN)
def test_a_page_says_why_in_both_languages_and_has_nothing_unread(code):
    content = content_of(code)
    assert set(content) >= NEEDED
    assert set(content) <= KEYS
    why = Wording(content["why"]["zh"], content["why"]["en"])
    assert why.en.isascii()
    assert why.en.endswith((".", "?"))
    assert why.zh.endswith(("。", "？"))


@pytest.mark.parametrize("code", WRITTEN)
def test_the_wrong_example_yields_the_finding_and_no_other(code, tmp_path, monkeypatch):
    found = {each.id for each in find(code, "wrong", content_of(code), tmp_path, monkeypatch)}
    assert found - UNUSED | {code} & found == {code} | COMPANIONS.get(code, set())


@pytest.mark.parametrize("code", WRITTEN)
def test_the_right_example_yields_none(code, tmp_path, monkeypatch):
    found = {each.id for each in find(code, "right", content_of(code), tmp_path, monkeypatch)}
    assert found - UNUSED | {code} & found == set()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", WRITTEN)
def test_the_command_tells_the_page(code, language, capsys):
    assert main(["explain", code, "--language", language]) == 0
    text = capsys.readouterr().out
    page = read_page(code)
    assert text.startswith(f"{code} {CODES[code].name} (")
    assert page.why.say(language) in text
    assert "{" not in text.split("\n")[1]
    assert page.wrong != page.right


def test_a_code_with_a_slip_names_the_one_that_was_meant(capsys):
    assert main(["explain", "unknown-nam"]) == 2
    assert "did you mean `unknown-name`?" in capsys.readouterr().err
