"""The catalogue of codes is complete, in one style and in two languages."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from telecom_rules.findings import CODES, Code, Finding, Severity, Span, codes
from telecom_rules.wording import Wording

PACKAGE = Path(codes.__file__).parents[2]
HUNDREDS = PACKAGE / "findings" / "codes"
ID = re.compile(r'"(TR\d{3})"')

TEXTS = {
    f"{code.id} {part}": text
    for code in CODES.values()
    for part, text in (("message", code.message), ("label", code.label), ("help", code.help))
    if text is not None
}


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def outside_code(text: str) -> str:
    """Return a text without what stands in backticks or braces."""
    return re.sub(r"`[^`]*`|\{[^}]*\}", "`", text)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_both_languages_name_the_same_values(text: Wording) -> None:
    assert fields(text.zh) == fields(text.en)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_both_languages_are_there(text: Wording) -> None:
    if set(text.zh) - set("{}`") and not re.fullmatch(r"\{\w+\}", text.zh):
        assert re.search(r"[\u4e00-\u9fff]", text.zh)
    assert text.en.isascii()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_english_has_no_capital_at_first_and_no_full_stop_at_last(text: Wording) -> None:
    first = text.en.split()[0]
    assert not first[0].isupper() or first.isupper()
    assert not text.en.endswith(".") or text.en.endswith("...")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_chinese_is_punctuated_as_chinese(text: Wording) -> None:
    prose = outside_code(text.zh)
    assert not re.search(r"[\u4e00-\u9fff`}][,;:?!](?! )|[,;:?!(][\u4e00-\u9fff]", prose)
    assert not prose.endswith(("。", "."))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_backticks_and_brackets_are_closed(text: Wording) -> None:
    for each in text:
        assert each.count("`") % 2 == 0
        prose = outside_code(each)
        assert prose.count("(") == prose.count(")")
        assert prose.count("（") == prose.count("）")


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_a_finding_of_each_code_can_be_worded(code: Code) -> None:
    texts = [text for text in (code.message, code.label, code.help) if text is not None]
    values = {name: name for text in texts for name in fields(text.zh)}
    finding = Finding(code.id, Span("a.yaml", 3, 5), values)
    assert finding.concise("en").startswith(f"a.yaml:3:5: {code.severity}[{code.id}] ")
    assert not re.search(r"{\w+}", finding.concise("zh")), "a value that was not filled in"


def test_names_are_unique_and_in_kebab_case() -> None:
    names = [code.name for code in CODES.values()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)


def test_a_code_is_declared_once_and_in_order() -> None:
    declared = []
    for file in sorted(HUNDREDS.glob("*.py")):
        group = ID.findall(file.read_text("utf-8"))
        assert group == sorted(group)
        assert len({code[:3] for code in group}) <= 1
        declared += group
    assert sorted(declared) == list(CODES)


def test_every_code_that_is_used_is_declared_and_the_other_way_round() -> None:
    used = {
        code
        for file in PACKAGE.rglob("*.py")
        if file.parent != HUNDREDS
        for code in ID.findall(file.read_text("utf-8"))
    }
    assert used - CODES.keys() == set()


def test_a_suggestion_takes_the_place_of_the_help() -> None:
    span = Span("a.yaml")
    values = {"key": "titel", "known": "title"}
    assert Finding("TR102", span, values).help == Wording("可用的键：title", "known keys: title")
    meant = Finding("TR102", span, values, suggestion="title").help
    assert meant == Wording("是否指 `title`？", "did you mean `title`?")


def test_severities_are_words() -> None:
    assert [str(each) for each in Severity] == ["error", "warning"]
