"""The figures of the law, said a second time: whoever changes one changes it in two places."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from telecom_rules.vocabulary import Confidence, Parameter, ParameterKind
from telecom_rules.vocabulary.parameters import Stricter

if TYPE_CHECKING:
    from telecom_rules.pack import Pack

TODAY = date(2026, 6, 1)
FIGURES = [
    ("abnormal_bill_multiple", "5 times as much", "telecom_regulations:33(3)"),
    ("appeal_acceptance", "5 working days", "appeal_measures:14"),
    ("appeal_age_charge", "5 months", "appeal_measures:11(1)"),
    ("appeal_age_other", "24 months", "appeal_measures:11(1)"),
    ("appeal_answer", "30 days", "telecom_regulations:39(1)"),
    ("appeal_wait", "15 days", "appeal_measures:10(4)"),
    ("arrears_late_fee", "0.3%", "telecom_regulations:34(1)"),
    ("arrears_restore", "48 hours", "telecom_regulations:34(4)"),
    ("arrears_suspend", "30 days", "telecom_regulations:34(2)"),
    ("arrears_terminate", "60 days", "telecom_regulations:34(2)"),
    ("complaint_reply", "15 days", "appeal_measures:10(4)"),
    ("equipment_review", "60 days", "telecom_regulations:54(2)"),
    ("fraud_compensation", "3 times as much", "consumer_protection_law:55(1)"),
    ("fraud_compensation_least", "CNY 500", "consumer_protection_law:55(1)"),
    ("incident_report_central", "2 hours", "incident_report_measures:4(2)"),
    ("incident_report_infrastructure", "1 hour", "incident_report_measures:4(1)"),
    ("incident_report_other", "4 hours", "incident_report_measures:4(3)"),
    ("incident_summary", "30 days", "incident_report_measures:8"),
    ("installation_late_fee", "1%", "telecom_regulations:31"),
    ("licence_added_capital_local", "CNY 1,000,000", "licence_measures:6(4)"),
    ("licence_added_capital_wide", "CNY 10,000,000", "licence_measures:6(4)"),
    ("licence_added_review", "60 days", "telecom_regulations:14"),
    ("licence_basic_capital_local", "CNY 100,000,000", "licence_measures:5(6)"),
    ("licence_basic_capital_wide", "CNY 1,000,000,000", "licence_measures:5(6)"),
    ("licence_basic_review", "180 days", "telecom_regulations:11"),
    ("licence_delivery", "10 working days", "administrative_licensing_law:44"),
    ("licence_intake", "5 working days", "administrative_licensing_law:32(4)"),
    ("licence_state_share", "51%", "telecom_regulations:10(1)"),
    ("network_log_retention", "6 months", "cybersecurity_law:23(3)"),
    ("penalty_decision", "90 days", "administrative_penalty_law:60"),
    ("portability_stay", "120 days", "number_portability_rule:eligible(5)"),
    ("repair_rural", "72 hours", "telecom_regulations:32"),
    ("repair_town", "48 hours", "telecom_regulations:32"),
    ("security_fine_first_max", "CNY 50,000", "cybersecurity_law:61(1)"),
    ("security_fine_gravest_max", "CNY 10,000,000", "cybersecurity_law:61(3)"),
    ("security_fine_gravest_min", "CNY 2,000,000", "cybersecurity_law:61(3)"),
    ("security_fine_refused_max", "CNY 500,000", "cybersecurity_law:61(1)"),
    ("security_fine_severe_min", "CNY 500,000", "cybersecurity_law:61(3)"),
    ("waiver_rural", "72 hours", "telecom_regulations:32"),
    ("waiver_town", "48 hours", "telecom_regulations:32"),
]


@pytest.mark.parametrize(("name", "figure", "clause"), FIGURES, ids=[each[0] for each in FIGURES])
def test_a_figure_of_the_law_is_what_the_article_says(
    pack: Pack, name: str, figure: str, clause: str
) -> None:
    parameter = pack.parameters[name]
    value = parameter.on(TODAY)
    assert parameter.kind is ParameterKind.LAW
    assert value.wording.en == figure
    assert clause in map(str, value.cites)
    assert value.confidence is Confidence.HIGH


def test_a_setting_says_why_it_is_ours(pack: Pack) -> None:
    for name, parameter in pack.parameters.items():
        if parameter.kind is ParameterKind.SETTING:
            assert all(value.note is not None for value in parameter.values), name


def test_a_figure_is_no_surer_than_the_clauses_it_stands_on(pack: Pack) -> None:
    order = [Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH, None]
    for name, parameter in pack.parameters.items():
        for value in parameter.values:
            if value.confidence is not None:
                best = max(order.index(clause.confidence) for clause in value.cites)
                assert order.index(value.confidence) <= best, name


def test_what_the_law_gives_at_a_limit_is_not_moved_by_a_promise_of_that_limit(pack: Pack) -> None:
    """A clock goes on by the law beside a promise, and a table would read the promise instead."""
    promised = {
        f"parameters.{clock.limit.name}"
        for workflow in pack.workflows.values()
        for clock in workflow.clocks.values()
        if isinstance(clock.limit, Parameter)
        and (clock.limit.kind, clock.limit.stricter) == (ParameterKind.LAW, Stricter.LOWER)
    }
    assert len(promised) > 10
    for name, policy in pack.policies.items():
        if name == "time_limits":  # which tells how long a limit is, and so what is promised
            continue
        for row in policy.rows:
            for each in (*row.tests, *row.outputs.values()):
                assert promised.isdisjoint(each.reads), f"{name}/{row.rule.id}"


def test_a_rule_does_not_speak_of_the_value_of_a_figure_that_a_house_may_change(pack: Pack) -> None:
    """Its note is told beside the figure of the house; only the figure says whose it is."""
    rules = [
        part.rule if hasattr(part, "rule") else part
        for policy in pack.policies.values()
        for part in (*policy.rows, *policy.checks)
    ]
    notes = [each.note for each in rules if each.note is not None]
    assert notes
    assert [note for note in notes if "默认" in note.zh or "default of" in note.en] == []
