"""Thirty mistakes of an officer: each is found once, at its line, with its cause and a way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telecom_rules.findings import render
from telecom_rules.validation import examine, fix
from tests.findings.thirty import COMPENSATION, FILES, FLOW, SLIPS, TICKET
from tests.pack.house import lay

if TYPE_CHECKING:
    from pathlib import Path

    from tests.findings.thirty import Slip


def plant(slip: Slip, folder: Path) -> str:
    """Lay the pack with a mistake, and return the file in which it is."""
    text = FILES[slip.file].replace(slip.right, slip.wrong, 1)
    assert text != FILES[slip.file]
    files = {**FILES, slip.file: text}
    lay(folder, {name: each.encode() for name, each in files.items()})
    return text


def test_there_are_thirty_and_the_pack_has_no_other(tmp_path):
    lay(tmp_path, {name: each.encode() for name, each in FILES.items()})
    assert len(SLIPS) == 30
    assert examine(tmp_path).findings == ()


@pytest.mark.parametrize("slip", SLIPS, ids=lambda each: each.name)
def test_a_mistake_is_found_once_at_its_place_with_its_cause_and_a_way_out(slip, tmp_path):
    text = plant(slip, tmp_path)
    validation = examine(tmp_path)
    (found,) = validation.findings
    span = found.span
    line = text.split("\n")[span.line - 1]
    assert (found.id, span.file, span.line) == (slip.code, slip.file, slip.line)
    assert line[span.column - 1 : span.end_column - 1] == slip.marked
    frame = render([found], validation.texts, "zh")
    assert all(each in frame for each in slip.says), frame
    assert "：\n" not in frame  # nothing is announced that does not come


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        (COMPENSATION, "then: {amount: 300}", "then: {amount：300}"),
        (COMPENSATION, "title: {zh: 泄露, en: Leak}", "title：{zh: 泄露, en: Leak}"),
        (FLOW, "received:\n", "received：\n"),
        (TICKET, "phone: {type", "phone：{type"),
    ],
)
def test_a_wide_colon_is_one_mistake_wherever_it_stands(file, right, wrong, tmp_path):
    text = FILES[file].replace(right, wrong, 1)
    lay(tmp_path, {n: t.encode() for n, t in {**FILES, file: text}.items()})
    (found,) = examine(tmp_path).findings
    assert "全角冒号" in found.wording.zh
    assert [each.after.decode() for each in fix(tmp_path).files] == [FILES[file]]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda each: each.name)
def test_a_mistake_is_mended_where_there_is_one_reading_and_left_alone_elsewhere(slip, tmp_path):
    text = plant(slip, tmp_path)
    fixed = fix(tmp_path)
    if slip.becomes is None:
        assert fixed.files == ()
        return
    (file,) = fixed.files
    assert file.after.decode() == text.replace(slip.wrong, slip.becomes, 1)
    assert fixed.validation.findings == ()
