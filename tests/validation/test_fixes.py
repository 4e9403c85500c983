"""A fix writes what was meant and nothing else, or leaves the file as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from telecom_rules.pack import load
from telecom_rules.validation import examine, fix
from tests.pack.house import HOUSE, lay

if TYPE_CHECKING:
    from pathlib import Path

REPLY, GRADING = "parameters/reply.yaml", "policies/grading.yaml"
HANDLING, GRADE = "workflows/handling.yaml", "catalogues/grade.yaml"
WHEN = "when: loss >= parameters.threshold"

RESTORED = [
    (REPLY, "unit: calendar_days", "unit：calendar_days"),
    (REPLY, "unit: calendar_days", "unit： calendar_days"),
    (REPLY, "unit: calendar_days", "unit:calendar_days"),
    (REPLY, "unit: calendar_days", "unit:\u00a0calendar_days"),
    (REPLY, "unit: calendar_days", "unit: \u3000calendar_days"),
    (REPLY, "unit: calendar_days", "Unit: calendar_days"),
    (REPLY, "unit: calendar_days", "unit: Calendar-Days"),
    (REPLY, "unit: calendar_days", "unit: ｃalendar_days"),
    (REPLY, "答复时限, en", "答复时限，en"),
    (REPLY, "答复时限, en: Time", "答复时限，en：Time"),
    (REPLY, "答复时限, en: Time", "答复时限， en： Time"),
    (REPLY, "{zh: 答复时限, en: Time to answer}", "｛zh: 答复时限, en: Time to answer｝"),
    (HANDLING, "{zh: 待办, en: Open}", "｛zh: 待办, en: Open｝"),
    (GRADE, "{title: {zh: 低, en: Low}}", "{title: ｛zh: 低, en: Low｝}"),
    (REPLY, "value: 15,", "value: １５,"),
    (REPLY, "value: 15,", "value: 15天,"),
    (REPLY, "value: 15,", "value: 15 days,"),
    (REPLY, "value: 15,", 'value: "15",'),
    (REPLY, "from: 2020-01-01", "from: 2020/1/1"),
    (REPLY, "from: 2020-01-01", "from: 2020年1月1日"),
    (REPLY, "from: 2020-01-01", "from: ２０２０-01-01"),
    (REPLY, "  - {from", "\u3000- {from"),
    (REPLY, "  - {from", "\u00a0\u00a0- {from"),
    (HANDLING, "    cites: [book:2]\n    on", "\u3000\u3000cites: [book:2]\n    on"),
    (HANDLING, "    title: {zh: 待办", "  \u3000title: {zh: 待办"),
    (HANDLING, "  open:\n", "\u3000open:\n"),
    (HANDLING, "  open:\n", "\u3000\u3000open:\n"),
    (HANDLING, "  open:\n    title", "\u3000\u3000open:\n\u3000\u3000\u3000\u3000title"),
    (HANDLING, "  open:\n    title", "\u3000open:\n\u3000\u3000title"),
    (HANDLING, "target: closed", "target: Closed"),
    (HANDLING, "until: closed", "until: closed\u200b"),
    (GRADING, "hit_policy", "hit-policy"),
    (GRADING, WHEN, "when: loss ≥ parameters.threshold"),
    (GRADING, WHEN, "when: loss ＞＝ parameters.threshold"),
    (GRADING, "{grade: high}", "{grade：high}"),
    (GRADE, "cites: [book:1]", "cites: [book：1]"),
    (GRADE, "cites: [book:1]", "cites: [book:1] # telecom-rules: ignore[TR310] once"),
    (GRADE, "cites: [book:1]\n", "cites: [book:1]\n# telecom-rules: ignore[TR310] once\n"),
    (GRADE, "cites: [book:1]", "cites: 【book:1】"),
    ("pack.yaml", "version: 1.0.0", "version: 1．0．0"),
    ("pack.yaml", "version: 1.0.0", "version: １.0。0"),
    ("pack.yaml", "require_titles: false", "require_titles: 否"),
    ("pack.yaml", "require_titles: false", "require_titles: False"),
    ("pack.yaml", "require_titles: false", 'require_titles: "false"'),
]
NEGATION = """\
close:
        target: closed
        guard: !has(grade)  # why
        cites: [book:2]
"""
WRITTEN = [
    (GRADE, "[book:1]", "[book:1， book:2]", "[book:1, book:2]"),
    (GRADE, "[book:1]", "[book:1、book:2]", "[book:1, book:2]"),
    (GRADE, "[book:1]", "【book:1，book:2】", "[book:1, book:2]"),
    (GRADING, WHEN, "when: loss > 3 and loss < 9", "when: loss > 3 && loss < 9"),
    (GRADE, "codes:", "＃ 待确认\ncodes:", "# 待确认\ncodes:"),
    (GRADING, WHEN, "when: loss > 3 且 loss < 9", "when: loss > 3 && loss < 9"),
    (GRADING, WHEN, "when: loss大于等于3", "when: loss>=3"),
    (GRADING, WHEN, "when: （loss > 3）", "when: (loss > 3)"),
    (GRADING, WHEN, "when: loss > 3 ＆＆ loss < 9", "when: loss > 3 && loss < 9"),
    (GRADING, WHEN, "when: loss > 3；", "when: loss > 3,"),
    (GRADING, WHEN, "when: loss\u3000> 3", "when: loss > 3"),
    (GRADING, WHEN, "when: 「low」 == grade", """when: "'low' == grade\""""),
    (GRADING, WHEN, "when: loss = ５０", "when: loss == 50"),
    (GRADING, WHEN, "when: ‘low’ == grade", """when: "'low' == grade\""""),
    (GRADING, WHEN, "when: 'grade == “low”'", "when: 'grade == ''low'''"),
    (GRADING, WHEN, "when: {loss: ≥ 5}", 'when: {loss: ">= 5"}'),
    (HANDLING, "limit: parameters.reply", "limit: 15天", "limit: 15 days"),
    (HANDLING, "limit: parameters.reply", "limit: 5个工作日", "limit: 5 working days"),
    (HANDLING, "limit: parameters.reply", "limit: 48小时", "limit: 48 hours"),
    (GRADE, "en: Low", "en: 2020-01-01", 'en: "2020-01-01"'),
    (
        HANDLING,
        "close: {target: closed, guard: policies.grading.grade == 'low', cites: [book:2]}",
        NEGATION,
        '        guard: "!has(grade)"  # why\n',
    ),
]
AMBIGUOUS = [
    (REPLY, "value: 15,", "value: 15小时,"),
    (REPLY, "value: 15,", "value: 十五,"),
    (REPLY, "unit: calendar_days", "unti: calendar_days"),
    (REPLY, "from: 2020-01-01", "from: 1/2/2020"),
    (HANDLING, "    title: {zh: 待办", "   title: {zh: 待办"),
    (HANDLING, "    title: {zh: 待办", "\ttitle: {zh: 待办"),
    (HANDLING, "    title: {zh: 待办", "\u3000\u3000\u3000title: {zh: 待办"),
    (HANDLING, "target: closed", "target: close"),
    (GRADING, WHEN, "when: not loss > 3"),
    (GRADING, WHEN, "when: loss > ‘3"),
    (GRADE, "zh: 低, en: Low", "zh: 低、en: Low"),
    (REPLY, "{zh: 答复时限, en: Time to answer}", "｛zh: 答复时限, en: Time to answer}"),
    (GRADE, "zh: 低, en: Low", 'zh: "低, en: Low'),
    (GRADE, "codes:", "note: see the\nhandbook：page 3\ncodes:"),
    (GRADE, "codes:", "http://example.org\ncodes:"),
    (GRADE, "en: Low", "en: Low\u202e"),
]


def plant(root: Path, file: str, old: str, new: str) -> bytes:
    """Lay the house with a piece of text replaced, and return the file."""
    assert old in HOUSE[file]
    data = HOUSE[file].replace(old, new, 1).encode()
    lay(root, {name: text.encode() for name, text in HOUSE.items()} | {file: data})
    return data


@pytest.mark.parametrize(("file", "right", "slip"), RESTORED)
def test_a_slip_with_one_reading_becomes_what_was_meant(file, right, slip, tmp_path):
    plant(tmp_path, file, right, slip)
    fixed = fix(tmp_path)
    assert [each.after.decode() for each in fixed.files] == [HOUSE[file]]
    assert fixed.validation.findings == ()


@pytest.mark.parametrize(("file", "right", "slip", "written"), WRITTEN)
def test_a_sign_of_another_language_becomes_that_of_ours(file, right, slip, written, tmp_path):
    plant(tmp_path, file, right, slip)
    (only,) = fix(tmp_path).files
    assert written in only.after.decode()


@pytest.mark.parametrize(("file", "right", "slip"), AMBIGUOUS)
def test_what_has_several_readings_is_left_as_it_is(file, right, slip, tmp_path):
    plant(tmp_path, file, right, slip)
    assert examine(tmp_path).findings
    assert fix(tmp_path).files == ()


PIN = """\
pack: own
version: 1.0.0
title: {zh: 自, en: Own}
extends: {path: ../law, version: %s}
"""


def test_a_range_of_versions_is_mended_where_only_its_signs_are_others(tmp_path):
    lay(tmp_path / "law", {name: text.encode() for name, text in HOUSE.items()})
    for written, mended in (
        ('"≥1.0，<2"', '">=1.0,<2"'),
        ("＞＝1.0", '">=1.0"'),
        ('"1.0"', None),
        ('"^1.0"', None),
        ('">=2,<1"', None),
    ):
        lay(tmp_path / "own", {"pack.yaml": (PIN % written).encode()})
        (found,) = examine(tmp_path / "own").findings
        assert found.id == "TR120"
        after = [each.after.decode() for each in fix(tmp_path / "own").files]
        assert after == ([] if mended is None else [PIN % mended])


@pytest.mark.parametrize("sign", ["：", "，", "\u3000", "\u00a0", "５"])
def test_no_fix_makes_a_pack_that_means_something_else(sign, tmp_path):
    """One sign is put in the place of each that looks like it; what loads then is the house."""
    narrow = {"：": ": ", "，": ", ", "５": "5"}.get(sign, " ")
    lay(tmp_path, {name: text.encode() for name, text in HOUSE.items()})
    meaning = load(tmp_path).digest
    mended = 0
    for name in (REPLY, GRADING, HANDLING):
        text = HOUSE[name]
        for match in [*re.finditer(re.escape(narrow), text)][::2]:
            slip = text[: match.start()] + sign + text[match.end() :]
            (tmp_path / name).write_text(slip, "utf-8")
            fixed = fix(tmp_path)
            after = fixed.validation.pack
            if fixed.files and after is not None:
                assert after.digest == meaning, slip
                mended += 1
        (tmp_path / name).write_text(text, "utf-8")
    assert mended


def test_a_file_with_other_mistakes_is_mended_where_it_is_sure(tmp_path):
    plant(tmp_path, REPLY, "unit: calendar_days", "unit：calendar_days\nnonsense: 1")
    fixed = fix(tmp_path)
    assert [each.after.decode() for each in fixed.files] == [
        HOUSE[REPLY].replace("unit: calendar_days", "unit: calendar_days\nnonsense: 1")
    ]
    assert [each.id for each in fixed.validation.findings] == ["TR102"]


def test_the_slips_of_a_file_are_all_mended_though_each_hides_the_next(tmp_path):
    slips = HOUSE[HANDLING].replace(": {", "：{").replace("limit: ", "limit：")
    plant(tmp_path, HANDLING, HOUSE[HANDLING], slips)
    fixed = fix(tmp_path)
    assert [each.after.decode() for each in fixed.files] == [HOUSE[HANDLING]]
    assert fixed.count > 3


def test_a_second_run_finds_nothing_to_mend(tmp_path):
    plant(tmp_path, REPLY, "unit: calendar_days", "Unit：calendar_days")
    for each in fix(tmp_path).files:
        each.path.write_bytes(each.after)
    assert fix(tmp_path).files == ()


def test_line_ends_byte_order_mark_and_comments_stay(tmp_path):
    text = HOUSE[REPLY].replace("unit: calendar_days", "unit：calendar_days  # 日历日")
    plant(tmp_path, REPLY, HOUSE[REPLY], text)
    data = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    (tmp_path / REPLY).write_bytes(data)
    (only,) = fix(tmp_path).files
    assert only.before == data
    assert only.after == data.replace("：".encode(), b": ")


def test_a_guess_is_written_only_when_it_is_asked_for(tmp_path):
    plant(tmp_path, HANDLING, "target: closed", "target: close")
    (found,) = examine(tmp_path).findings
    assert found.fix is not None
    assert not found.fix.is_safe
    assert fix(tmp_path).files == ()
    assert [each.after.decode() for each in fix(tmp_path, unsafe=True).files] == [HOUSE[HANDLING]]


def test_a_fix_that_makes_it_worse_is_taken_back_and_not_offered_again(tmp_path):
    """A second line of a text looks like a key, which the file does not have."""
    plant(tmp_path, GRADE, "codes:", "note: see the\nhandbook：page 3\ncodes:")
    assert any(each.fix for each in examine(tmp_path).findings)
    fixed = fix(tmp_path)
    assert fixed.files == ()
    assert {each.fix for each in fixed.validation.findings} == {None}


def test_a_base_is_never_changed(tmp_path):
    plant(tmp_path / "group", REPLY, "unit: calendar_days", "unit：calendar_days")
    pack = 'pack: own\nversion: 1.0.0\ntitle: {zh: 自, en: Own}\nutc_offset: "+08:00"\n'
    lay(tmp_path / "own", {"pack.yaml": f"{pack}extends: {{path: ../group}}\n".encode()})
    assert examine(tmp_path / "own").findings
    assert fix(tmp_path / "own").files == ()


def test_only_what_is_chosen_is_mended(tmp_path):
    plant(tmp_path, REPLY, "unit: calendar_days", "unit: Calendar_Days")
    assert fix(tmp_path, choose=lambda _: ()).files == ()


def test_a_comment_is_not_idle_while_the_pack_does_not_load(tmp_path):
    comment = "codes: # telecom-rules: ignore[TR901] kept for the next release"
    plant(tmp_path, GRADE, "codes:", comment)
    assert [each.id for each in examine(tmp_path).findings] == ["TR032"]
    (tmp_path / REPLY).write_text("parameter: [\n", "utf-8")
    assert "TR032" not in [each.id for each in examine(tmp_path).findings]


def test_of_a_comment_only_the_idle_codes_go(tmp_path):
    spare = "parameter: spare  # telecom-rules: ignore[TR310, TR901] next release\n"
    lay(tmp_path, {name: text.encode() for name, text in HOUSE.items()})
    rest = HOUSE[REPLY].partition("\n")[2]
    lay(tmp_path, {"parameters/spare.yaml": f"{spare}{rest}".encode()})
    (only,) = fix(tmp_path).files
    assert only.after.decode() == f"{spare}{rest}".replace("TR310, TR901", "TR901")
