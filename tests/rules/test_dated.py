"""Law that changed: the same question on the day before and on the day of the change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from telecom_rules.checks import check
from telecom_rules.errors import NotInForce
from telecom_rules.findings import Findings
from telecom_rules.pack import find_shipped, gather_files, link
from telecom_rules.vocabulary import Duration, Unit

if TYPE_CHECKING:
    from telecom_rules.findings import Finding
    from telecom_rules.pack import Pack

DAY = timedelta(days=1)
AMENDED = date(2026, 1, 1)
MESSAGES = date(2026, 5, 1)
REPORTS = date(2025, 11, 1)
BREACH = {
    "critical_infrastructure": False,
    "infrastructure_duties_broken": False,
    "harm_done": True,
    "main_function_lost": False,
    "mass_leak": True,
    "part_of_functions_lost": False,
    "refused_to_correct": True,
}


def test_one_breach_of_security_duties_is_fined_by_two_laws(pack: Pack) -> None:
    penalty = pack.policies["security_penalty"]
    before, after = penalty.decide(BREACH, on=AMENDED - DAY), penalty.decide(BREACH, on=AMENDED)
    ranges = [(each.outputs["lowest"], each.outputs["highest"]) for each in (before, after)]
    assert ranges == [(10_000, 100_000), (500_000, 2_000_000)]
    assert [*map(str, before.cites)] == ["cybersecurity_law@2016:59(1)"]
    assert [*map(str, after.cites)] == ["cybersecurity_law:61(3)"]
    assert "（2016年文本）第59条(1)" in before.explain("zh")
    assert "Art. 61(3)" in after.explain("en")


def test_logs_of_messages_are_kept_a_month_longer_under_the_new_rule(pack: Pack) -> None:
    kept = pack.parameters["sms_log_retention"]
    before, after = kept.on(MESSAGES - DAY), kept.on(MESSAGES)
    assert (before.value, after.value) == (Duration(5, Unit.MONTHS), Duration(6, Unit.MONTHS))
    assert [str(each.cites[0].source) for each in (before, after)] == [
        "sms_rule_2015",
        "sms_rule_2026",
    ]


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("incident_report_infrastructure", 1),
        ("incident_report_central", 2),
        ("incident_report_other", 4),
    ],
)
def test_no_hour_was_set_for_a_report_before_the_measures(
    pack: Pack, name: str, hours: int
) -> None:
    report = pack.parameters[name]
    assert report.on(REPORTS).value == Duration(hours, Unit.HOURS)
    with pytest.raises(NotInForce):
        report.on(REPORTS - DAY)


HISTORY = """\
parameter: licence_notice
title: {zh: 变更报告时限, en: Time to report a change}
unit: calendar_days
stricter: lower
values:
  - {value: 30, from: 2002-01-01, until: 2009-04-10, cites: licence_measures_2001:26, $}
  - {value: 30, from: 2017-09-01, cites: licence_measures:change, $}
""".replace("$", "confidence: medium")


def with_history(text: str) -> tuple[Pack | None, list[Finding]]:
    """Return the sources of the shipped pack with one more figure, and all that is found."""
    shipped_files = gather_files(find_shipped("rules"), Findings())
    files = {
        name: data
        for name, data in shipped_files.items()
        if name.startswith(("pack.yaml", "law/spec", "law/st", "calendars/"))
    }
    reading = link(files | {"history.yaml": text.encode()})
    return reading.pack, [*reading.findings, *check(reading)]


def test_years_whose_rule_nobody_has_read_are_a_hole_that_is_named() -> None:
    pack, found = with_history(HISTORY)
    (hole,) = found
    assert (hole.id, hole.span.line) == ("TR603", 7)
    assert hole.wording.en.endswith("has no value in force from 2009-04-10 to 2017-08-31")
    assert pack is not None
    change = pack.parameters["licence_notice"]
    assert str(change.on(date(2005, 6, 1)).cites[0]) == "licence_measures_2001:26"
    with pytest.raises(NotInForce):
        change.on(date(2012, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (", until: 2009-04-10", "", "TR605"),
        ("2002-01-01", "2001-01-01", "TR606"),
        ("licence_measures_2001:26", "licence_measures_2001:62", "TR502"),
        ("from: 2017-09-01", "from: 2009-04-01", "TR601"),
        ("licence_measures:change", "telecom_regulations:79", "TR505"),
    ],
)
def test_a_mistake_in_dates_or_numbers_of_real_law_is_found_in_its_line(
    old: str, new: str, code: str
) -> None:
    assert old in HISTORY
    _, found = with_history(HISTORY.replace(old, new))
    (mistake,) = (each for each in found if each.id == code)
    assert mistake.span.file == "history.yaml"
    assert mistake.span.line in {6, 7}
