"""The public cases of CEL: what passes is what docs/reference/cel.md says, not less nor more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.expressions.cel_suite import STAGES, cases, needs_messages, results

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cel.md"
BAR = 0.99
"""The share of cases that has to pass at every stage."""


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading of the page."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_the_page_gives_todays_figures():
    figures = {stage: str(results()[stage]) for stage in STAGES}
    assert {row[0]: row[1] for row in table("Conformance")} == figures


@pytest.mark.parametrize("stage", STAGES)
def test_the_page_lists_every_case_that_fails_with_its_reason(stage):
    listed = {
        id: row[2]
        for row in table("What fails, and why")
        for id in re.findall(r"`([^`]+)`", row[0])
        if stage in row[1].split(", ")
    }
    assert set(listed) == set(results()[stage].failed)
    assert all(listed.values())


@pytest.mark.parametrize("stage", STAGES)
def test_nearly_all_cases_pass(stage):
    figures = results()[stage]
    assert len(figures.failed) <= (1 - BAR) * figures.run


def test_the_suite_is_whole():
    assert len(cases("conformance")) == 2344
    assert sum(not needs_messages(case) for case in cases("conformance")) == 1645
