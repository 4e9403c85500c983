"""Findings say the titles of what they name, in both languages."""

from __future__ import annotations

import pytest

from telecom_rules.findings.fingerprints import fingerprint
from telecom_rules.validation import examine
from tests.findings.thirty import FILES, FLOW, REPLY
from tests.pack.house import lay

LOST = "  lost: {title: {zh: 遗失, en: Lost}, type: final}\n  closed: {title"


@pytest.fixture
def found(tmp_path):
    """Return the findings of the pack of thirty mistakes with some texts replaced."""

    def find(*changes: tuple[str, str, str]):
        files = dict(FILES)
        for file, right, wrong in changes:
            files[file] = files[file].replace(right, wrong, 1)
        lay(tmp_path, {name: text.encode() for name, text in files.items()})
        return examine(tmp_path)

    return find


def test_a_state_is_told_with_its_title(found):
    (finding,) = found((FLOW, "  closed: {title", LOST)).findings
    assert finding.wording.zh.startswith("状态 `lost`（遗失）不可达")
    assert "`lost` (Lost)" in finding.wording.en


def test_a_figure_that_nothing_uses_is_told_with_its_title(found):
    told = found((FLOW, "limit: parameters.reply_limit", "limit: 5 working days")).findings
    (unused,) = (each for each in told if each.id == "TR901")
    assert unused.span.file == REPLY
    assert "`reply_limit`（答复期限）" in unused.wording.zh


def test_a_key_is_not_taken_for_what_has_its_name(found):
    (finding,) = found((FLOW, "initial: received", "initail: received")).findings
    assert "（" not in finding.wording.zh


def test_another_title_does_not_make_a_known_finding_new(found):
    marks = []
    for title in ("遗失", "丢失"):
        validation = found((FLOW, "  closed: {title", LOST.replace("遗失", title)))
        marks.append(fingerprint(validation.findings, {}))
    assert marks[0] == marks[1]
