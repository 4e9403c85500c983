"""What comes of a checklist: the status of each check, and the verdict."""

from __future__ import annotations

import pickle
from datetime import date
from typing import TYPE_CHECKING

import pytest

from telecom_rules.errors import EvaluationError, NotInForce
from tests.policies.house import CONDUCT, DAY, house

if TYPE_CHECKING:
    from telecom_rules.policies import Decision

CLEAN = {"severity": "serious", "corrected_on": "2026-02-01", "repeats": 0, "harm": 999}


def conduct(facts: dict[str, object], on: date = DAY) -> Decision:
    """Return what the checklist `conduct` says of `facts`."""
    return house(CONDUCT)["conduct"].decide(facts, on=on)


def statuses(decision: Decision) -> dict[str, str]:
    """Return the status of each check."""
    return {each.id: each.status for each in decision.results}


def test_every_check_passes_where_all_is_well() -> None:
    decision = conduct(CLEAN)
    assert statuses(decision) == {"corrected": "pass", "no_repeat": "pass", "compensated": "pass"}
    assert decision.outputs == {"verdict": "pass"}
    assert decision.known


def test_a_check_whose_condition_is_false_does_not_apply() -> None:
    decision = conduct({"severity": "minor", "repeats": 0})
    assert statuses(decision) == {
        "corrected": "not_applicable",
        "no_repeat": "pass",
        "compensated": "not_applicable",
    }
    assert decision.outputs == {"verdict": "pass"}


def test_one_failed_error_fails_the_whole_though_others_are_unknown() -> None:
    decision = conduct({"corrected_on": "2026-02-01", "harm": 1000})
    assert statuses(decision) == {
        "corrected": "unknown",
        "no_repeat": "unknown",
        "compensated": "fail",
    }
    assert decision.outputs == {"verdict": "fail"}
    assert decision.known
    assert [str(clause) for clause in decision.cites] == ["law:73", "spec:3.3(2)"]


def test_a_failed_warning_warns_and_does_not_fail_the_whole() -> None:
    decision = conduct({**CLEAN, "repeats": 1})
    assert statuses(decision)["no_repeat"] == "fail"
    assert decision.outputs == {"verdict": "warn"}
    assert decision.summary("en") == "Verdict: warnings (Not repeated)"
    assert decision.summary("zh") == "结论\uff1a有警告\uff08没有再犯\uff09"
    assert conduct({**CLEAN, "repeats": 1, "harm": 1000}).outputs == {"verdict": "fail"}


def test_failed_advice_passes() -> None:
    policy = house(CONDUCT.replace("severity: warning", "severity: advice"))["conduct"]
    assert policy.decide({**CLEAN, "repeats": 1}, on=DAY).outputs == {"verdict": "pass"}
    assert policy.decide({**CLEAN, "repeats": None}, on=DAY).outputs == {"verdict": "pass"}


def test_an_unknown_error_outweighs_a_failed_warning() -> None:
    decision = conduct({"harm": 999, "repeats": 1})
    assert decision.outputs == {"verdict": "unknown"}
    assert decision.missing == ("severity",)
    settled = conduct({**CLEAN, "repeats": 1, "severity": None})
    assert settled.outputs == {"verdict": "warn"}, "corrected, however grave it was"


def test_an_unknown_error_leaves_the_verdict_unknown_and_says_what_is_missing() -> None:
    decision = conduct({})
    assert statuses(decision)["corrected"] == "unknown"
    assert decision.outputs == {"verdict": "unknown"}
    assert (decision.known, decision.missing) == (False, ("severity", "repeats"))
    assert decision.results[1].missing == ("repeats",)


def test_an_unknown_warning_leaves_the_verdict_unknown() -> None:
    decision = conduct({key: value for key, value in CLEAN.items() if key != "repeats"})
    assert statuses(decision)["no_repeat"] == "unknown"
    assert decision.outputs == {"verdict": "unknown"}
    assert decision.missing == ("repeats",)


def test_a_result_carries_what_a_reader_needs() -> None:
    result = conduct({**CLEAN, "harm": 5000}).results[2]
    assert (result.id, result.status, result.severity) == ("compensated", "fail", "error")
    assert (result.title.zh, result.remedy.en) == ("用户损失较小", "Compensate the users")
    assert [str(clause) for clause in result.cites] == ["law:73", "spec:3.3(2)"]
    assert [(each.text, each.holds) for each in result.seen] == [("harm < 1000", False)]


@pytest.mark.parametrize(
    ("facts", "texts"),
    [
        ({**CLEAN, "harm": 1}, ["harm < 1000"]),
        ({**CLEAN, "severity": "minor"}, ["severity != 'minor'"]),
        ({"corrected_on": "2026-02-01"}, ["severity != 'minor'"]),
    ],
)
def test_a_result_says_which_part_of_its_condition_decided(
    facts: dict[str, object], texts: list[str]
) -> None:
    results = conduct(facts).results
    decided = results[2] if facts.get("harm") == 1 else results[0]
    assert [each.text for each in decided.seen] == texts


def test_a_requirement_may_rely_on_what_its_condition_has_asked() -> None:
    assert statuses(conduct({**CLEAN, "harm": 999}))["compensated"] == "pass"


def test_a_requirement_may_ask_again_what_its_condition_has_asked() -> None:
    again = CONDUCT.replace("require: harm < 1000", "require: has(harm) && harm < 1000")
    decision = house(again)["conduct"].decide({**CLEAN, "harm": None}, on=DAY)
    assert statuses(decision)["compensated"] == "not_applicable"
    assert decision.known


def test_a_check_is_in_force_on_its_days_only() -> None:
    text = CONDUCT.replace(
        "    require: repeats == 0",
        "    in_force: {from: 2020-01-01, until: 2026-03-01}\n    require: repeats == 0",
    )
    policy = house(text)["conduct"]
    assert "no_repeat" in statuses(policy.decide(CLEAN, on=date(2026, 2, 28)))
    assert "no_repeat" not in statuses(policy.decide(CLEAN, on=DAY))


def test_a_checklist_without_a_check_in_force_is_not_in_force() -> None:
    text = CONDUCT.replace("facts: violation", "facts: violation\nin_force: {from: 2020-01-01}")
    with pytest.raises(NotInForce):
        house(text)["conduct"].decide(CLEAN, on=date(2019, 12, 31))


def test_a_check_without_a_value_is_an_error_that_names_it() -> None:
    text = CONDUCT.replace("require: repeats == 0", "require: 10 / repeats > 1")
    with pytest.raises(
        EvaluationError, match=r"in no_repeat \(Not repeated\) of the policy `conduct`"
    ):
        house(text)["conduct"].decide(CLEAN, on=DAY)


ASKING = """
policy: asking
title: {zh: 甲, en: Asking}
facts: violation
hit_policy: first
outputs: {hard: boolean}
rules:
  - {id: bad, when: policies.conduct.verdict != 'pass', then: {hard: "true"}}
  - {id: good, then: {hard: "false"}}
"""


def test_a_table_may_ask_for_the_verdict() -> None:
    policy = house(ASKING, CONDUCT)["asking"]
    assert policy.decide({**CLEAN, "harm": 5000}, on=DAY).outputs == {"hard": True}
    assert policy.decide(CLEAN, on=DAY).outputs == {"hard": False}


def test_an_unknown_verdict_is_neither_good_nor_bad() -> None:
    decision = house(ASKING, CONDUCT)["asking"].decide({}, on=DAY)
    assert (decision.outputs, decision.missing) == ({}, ("severity", "repeats"))


def test_a_verdict_that_does_not_exist_is_a_mistake() -> None:
    wrong = house(ASKING.replace("'pass'", "'passed'"), CONDUCT)
    assert [each.id for each in wrong.found] == ["TR208"]
    assert wrong.found[0].suggestion == "pass"


def test_the_clauses_of_a_verdict_are_those_of_the_checks_that_made_it() -> None:
    text = CONDUCT.replace("severity: warning", "severity: warning\n    cites: spec:3.3(2)")
    policy = house(text)["conduct"]
    failing = policy.decide({**CLEAN, "repeats": 1, "corrected_on": "2026-03-02"}, on=DAY)
    assert [str(clause) for clause in failing.cites] == ["law:69"]
    warning = policy.decide({**CLEAN, "repeats": 1}, on=DAY)
    assert [str(clause) for clause in warning.cites] == ["spec:3.3(2)"]
    passing = policy.decide({"severity": "minor", "repeats": 0, "harm": 1}, on=DAY)
    assert [str(clause) for clause in passing.cites] == ["spec:3.3(2)", "law:73"]


def measured(**facts: object) -> Decision:
    """Return what the checklist `conduct` says where `no_repeat` needs a harm of ten."""
    text = CONDUCT.replace(
        "    require: repeats == 0",
        "    when: has(harm)\n    measured: harm >= 10\n    require: repeats == 0",
    )
    return house(text)["conduct"].decide({**CLEAN, **facts}, on=DAY)


def test_what_is_measured_too_little_is_unknown_whatever_it_says() -> None:
    for repeats in (0, 1):
        decision = measured(harm=9, repeats=repeats)
        assert statuses(decision)["no_repeat"] == "unknown"
        assert (decision.outputs, decision.missing) == ({"verdict": "unknown"}, ("harm",))
        assert decision.results[1].is_unmeasured
    assert measured(harm=10, repeats=0).outputs == {"verdict": "pass"}
    assert measured(harm=10, repeats=1).outputs == {"verdict": "warn"}
    assert measured(harm=None, repeats=1).outputs == {"verdict": "pass"}, "it does not apply"


def test_a_graver_failure_needs_no_measure() -> None:
    assert measured(harm=9, corrected_on="2026-03-02").outputs == {"verdict": "fail"}


def test_no_answer_settles_what_is_measured_too_little() -> None:
    decision = measured(harm=9, repeats=None)
    assert decision.outputs == {"verdict": "unknown"}
    assert not decision.known


def test_too_little_is_said_with_its_figure() -> None:
    decision = measured(harm=9)
    assert (
        "Not repeated (no_repeat): too little was measured to judge it (`harm >= 10` does not hold:"
        " Loss of users = CNY 9)"
    ) in decision.explain()
    assert "没有再犯\uff08no_repeat\uff09\uff1a测得的太少\uff0c不作判断" in decision.explain("zh")
    again = pickle.loads(pickle.dumps(decision.results[1]))  # noqa: S301 - our own
    assert again.is_unmeasured
