"""How much of a pack is worked out, how much is declared, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.matrix import ClauseStanding, build_matrix
from telecom_rules.checks.analysis.tally import Tally, build_tally
from telecom_rules.checks.analysis.ways import Way
from telecom_rules.cli import main
from telecom_rules.pack import link
from tests.checks.test_ways import BOOK, CHECKLIST, FACTS
from tests.pack.house import house, lay

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

NOTE = "note: {zh: 由申请人声明, en: The applicant says so}"
MEASURED = """\
  - id: small
    title: {zh: 损失小, en: Small}
    require: loss < 5
    remedy: {zh: 改正, en: Correct it}
    cites: [book:1]
"""


def tally(checklist: str, **changes: str) -> Tally:
    files = house(
        sources_book=BOOK, facts_ticket=FACTS, policies_conduct=checklist + MEASURED, **changes
    )
    reading = link(files)
    assert reading.pack is not None, [str(each.wording.en) for each in reading.findings]
    return build_tally(reading.pack, build_matrix(reading))


def test_clauses_and_checks_are_counted_by_the_way_they_are_answered() -> None:
    found = tally(CHECKLIST % "told")
    assert found.clauses == {Way.FORMULA: 1, Way.CLOCK: 1, Way.DECLARATION: 1}
    assert found.standings == {ClauseStanding.ANSWERED: 3, ClauseStanding.NOWHERE: 1}
    assert found.checks == {Way.DECLARATION: 1, Way.FORMULA: 1}
    assert found.declared_share == 0.5
    assert (found.executable, found.worked_out) == (3, 2)


def test_what_is_measured_is_not_weak_and_raises_the_share() -> None:
    found = tally(CHECKLIST % "loss > 1")
    assert found.weak == ()
    assert (found.declared_share, found.worked_out_share) == (0, 1)


def test_a_weak_check_and_its_clause_are_listed_with_the_reason_of_the_check() -> None:
    found = tally(CHECKLIST % "told")
    assert [(each.kind, each.name, each.way, each.reason) for each in found.weak] == [
        ("clause", "book:3", Way.DECLARATION, None),
        ("check", "conduct.asked", Way.DECLARATION, None),
    ]
    found = tally(CHECKLIST.replace("    remedy", f"    {NOTE}\n    remedy") % "told")
    assert [each.reason and each.reason.en for each in found.weak] == ["The applicant says so"] * 2


def test_a_check_is_shown_with_its_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    noted = CHECKLIST.replace("    remedy", f"    {NOTE}\n    remedy") % "told"
    lay(tmp_path, house(sources_book=BOOK, facts_ticket=FACTS, policies_conduct=noted))
    assert main(["show", "conduct", "--rules", str(tmp_path)]) == 0
    assert "\n  note: The applicant says so\n" in capsys.readouterr().out


def test_the_reason_of_a_clause_may_stand_in_its_source() -> None:
    why = BOOK.replace(
        "en: Asked about}", "en: Asked about}, guidance: {zh: 看心意, en: Of the mind}"
    )
    reading = link(house(sources_book=why, facts_ticket=FACTS, policies_conduct=CHECKLIST % "told"))
    assert reading.pack is not None
    first = build_tally(reading.pack, build_matrix(reading)).weak[0]
    assert (first.name, first.reason and first.reason.en) == ("book:3", "Of the mind")


def test_a_pack_without_checks_and_specifications_has_no_shares() -> None:
    reading = link(house())
    assert reading.pack is not None
    found = build_tally(reading.pack, build_matrix(reading))
    assert (found.declared_share, found.worked_out_share, found.weak) == (None, None, ())


def test_one_command_tells_the_counts_in_every_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = house(
        sources_book=BOOK, facts_ticket=FACTS, policies_conduct=(CHECKLIST % "told") + MEASURED
    )
    lay(tmp_path, files)
    assert main(["coverage", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "checks 2: formula 1, declaration 1; 50.0% are declarations" in text
    assert "executable clauses of specifications 3: worked out 2, 66.6%" in text
    assert "    conduct.asked Asked [declaration]: no reason is given\n" in text
    assert main(["coverage", str(tmp_path), "--format", "json"]) == 0
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert summary["clauses"]["how"]["declaration"] == 1
    assert summary["checks"]["declared_percent"] == 50.0
    assert summary["executable"] == {"total": 3, "worked_out": 2, "percent": 66.6}
    assert [each["name"] for each in summary["weak"]] == ["book:3", "conduct.asked"]
    assert main(["coverage", str(tmp_path), "--format", "markdown", "--language", "zh"]) == 0
    assert "仅凭申报的占 50.0%" in capsys.readouterr().out


def test_of_one_source_only_the_checks_that_cite_it_count() -> None:
    reading = link(
        house(
            sources_book=BOOK, facts_ticket=FACTS, policies_conduct=(CHECKLIST % "told") + MEASURED
        )
    )
    assert reading.pack is not None
    third = [row for row in build_matrix(reading) if row.clause.id == "3"]
    assert build_tally(reading.pack, third).checks == {Way.DECLARATION: 1}
