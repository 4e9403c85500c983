"""The severity of a check, held to the confidence of what it rests on."""

from __future__ import annotations

import pytest

from telecom_rules.checks import check
from telecom_rules.pack import link

PACK = """\
pack: house
version: 1.0.0
$t
utc_offset: "+08:00"
require_cites: false
require_titles: false
"""
LAW = """\
source: law
$t
kind: law
clauses:
  "1": {$t, confidence: high}
  "2": {$t, confidence: medium}
  "3": {$t, confidence: low}
  "4": {$t}
"""
TICKET = "facts: ticket\n$t\nfields: {days: {type: integer, $t}}\n"
FIGURE = """\
parameter: kept
$t
unit: none
type: integer
stricter: higher
values: [{from: 2015-06-30, value: 5, cites: "law:1", confidence: high}]
"""
LIST = """\
policy: duties
$t
facts: ticket
checks:
  - id: kept
    $t
    require: days >= parameters.kept
    severity: error
    remedy: {zh: 改, en: Mend}
    cites: law:1
"""
GRADE = """\
policy: grade
$t
facts: ticket
hit_policy: first
outputs: {late: boolean}
rules:
  - {id: late, when: days > parameters.kept, then: {late: "true"}}
  - {id: other, then: {late: "false"}}
"""
MEDIUM = FIGURE.replace("confidence: high", "confidence: medium")
LOW = FIGURE.replace("confidence: high", "confidence: low")
SETTING = FIGURE.replace(", confidence: high", "").replace("stricter", "kind: setting\nstricter")
PROMISE = SETTING.replace("kind: setting", "kind: promise")
READING = FIGURE.replace("confidence: high", "confidence: high, interpretation: true")


def most(figure: str = FIGURE, duties: str = LIST) -> str:
    """Return the most severe that the check may be without a finding."""
    texts = {"pack": PACK, "law": LAW, "ticket": TICKET, "figure": figure, "grade": GRADE}
    for severity in ("error", "warning", "advice"):
        text = duties.replace("severity: error", f"severity: {severity}")
        files = {name: each.replace("$t", "title: {zh: 题, en: T}") for name, each in texts.items()}
        files["duties"] = text.replace("$t", "title: {zh: 题, en: T}")
        found = check(link({f"{name}.yaml": each.encode() for name, each in files.items()}))
        assert {each.id for each in found} <= {"TR607", "TR604", "TR504", "TR506"}
        if all(each.id != "TR607" for each in found):
            return severity
    return "none"


@pytest.mark.parametrize(
    ("figure", "severity"),
    [
        (FIGURE, "error"),
        (MEDIUM, "warning"),
        (LOW, "advice"),
        (SETTING, "warning"),
        (PROMISE, "error"),
        (READING, "warning"),
        (LOW.replace("low", "low, interpretation: true"), "advice"),
    ],
)
def test_a_figure_allows_what_its_confidence_does(figure: str, severity: str) -> None:
    assert most(figure) == severity
    asking = LIST.replace("require: days >= parameters.kept", "require: policies.grade.late")
    assert most(figure, asking) == severity, "also where another policy reads it"


@pytest.mark.parametrize(
    ("cites", "severity"),
    [
        ("law:1", "error"),
        ("law:2", "warning"),
        ("law:3", "advice"),
        ("law:4", "error"),
        ("[law:2, law:1]", "error"),
        ("[law:3, law:4]", "advice"),
    ],
)
def test_of_the_clauses_the_surest_counts(cites: str, severity: str) -> None:
    assert most(duties=LIST.replace("cites: law:1", f"cites: {cites}")) == severity


def test_the_weakest_ground_counts() -> None:
    assert most(MEDIUM, LIST.replace("cites: law:1", "cites: law:3")) == "advice"
    assert most(duties=f"{LIST}    interpretation: true\n") == "warning"


def test_a_figure_counts_while_the_check_is_in_force() -> None:
    two = FIGURE.replace("values: [", "values: [{from: 2010-01-01, value: 4, confidence: low}, ")
    assert most(two) == "advice"
    assert most(two, f"{LIST}    in_force: {{from: 2015-06-30}}\n") == "error"
