"""What a decision table decides when everything it needs is known."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from telecom_rules.errors import (
    ArgumentError,
    EvaluationError,
    FactsError,
    NoRuleMatches,
    NotInForce,
    SeveralRulesMatch,
)
from telecom_rules.policies import PeerDecisions
from tests.policies.house import DAY, FACTS, GRADE, PENALTY, house

TABLE = """
policy: p
title: {zh: 甲, en: P}
facts: violation
hit_policy: first
outputs: {level: integer}
rules:
"""


def test_a_gain_one_fen_below_the_threshold_gets_the_flat_fine() -> None:
    decision = house(PENALTY)["penalty"].decide({**FACTS, "illegal_gain": "49999.99"}, on=DAY)
    assert decision.outputs == {
        "measure": "fine",
        "fine_min": Decimal(100000),
        "fine_max": Decimal(1000000),
    }
    assert decision.rule is not None
    assert decision.rule.id == "flat"


def test_a_gain_at_the_threshold_gets_its_multiple() -> None:
    decision = house(PENALTY)["penalty"].decide({**FACTS, "illegal_gain": "50000.00"}, on=DAY)
    assert decision.outputs == {
        "measure": "fine",
        "fine_min": Decimal("150000.00"),
        "fine_max": Decimal("250000.00"),
    }
    assert [str(clause) for clause in decision.cites] == ["law:69"]


def test_the_first_rule_that_holds_decides_though_a_later_one_holds_too() -> None:
    decision = house(PENALTY)["penalty"].decide({**FACTS, "severity": "minor"}, on=DAY)
    assert decision.outputs == {"measure": "warning"}
    assert decision.known


def test_a_rule_without_a_condition_always_holds() -> None:
    decision = house(PENALTY)["penalty"].decide({**FACTS, "is_crime": True}, on=DAY)
    assert decision.rule is not None
    assert decision.rule.id == "crime"
    assert [str(clause) for clause in decision.cites] == ["law:69"], "those of the policy"


def test_an_optional_output_that_a_rule_does_not_give_is_absent() -> None:
    decision = house(PENALTY)["penalty"].decide({**FACTS, "is_crime": True}, on=DAY)
    assert decision.outputs == {"measure": "revocation"}


def test_a_model_of_the_facts_decides_like_a_mapping() -> None:
    policy = house(PENALTY)["penalty"]
    record = policy.facts.model.model_validate(FACTS)
    assert policy.decide(record, on=DAY) == policy.decide(FACTS, on=DAY)


def test_the_same_question_gets_the_same_answer() -> None:
    policy = house(PENALTY)["penalty"]
    assert policy.decide(FACTS, on=DAY) == house(PENALTY)["penalty"].decide(FACTS, on=DAY)
    assert policy.decide(FACTS, on=DAY) != policy.decide(FACTS, on=date(2026, 3, 2))


def test_outputs_cannot_be_changed() -> None:
    decision = house(PENALTY)["penalty"].decide(FACTS, on=DAY)
    with pytest.raises(TypeError):
        decision.outputs["measure"] = "none"  # type: ignore[index]  # the point of the test


# Figures and rules by the day


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (date(2016, 2, 5), "by_gain"),
        (date(2016, 2, 6), "flat"),
        (date(2000, 9, 25), "by_gain"),
    ],
)
def test_a_figure_is_taken_as_in_force_that_day(day: date, rule: str) -> None:
    decision = house(PENALTY)["penalty"].decide({**FACTS, "illegal_gain": 40000}, on=day)
    assert decision.rule is not None
    assert decision.rule.id == rule


def test_a_figure_that_is_not_in_force_stops_only_who_reads_it() -> None:
    policy = house(PENALTY)["penalty"]
    before = date(2000, 9, 24)
    with pytest.raises(NotInForce, match="gain"):
        policy.decide(FACTS, on=before)
    assert policy.decide({**FACTS, "severity": "minor"}, on=before).known


DATED = (
    TABLE
    + """
  - {id: old, in_force: {from: 2001-01-01, until: 2010-01-01}, then: {level: "1"}}
  - {id: new, in_force: {from: 2010-01-01, until: 2020-01-01}, then: {level: "2"}}
"""
)


@pytest.mark.parametrize(
    ("day", "level"),
    [
        (date(2001, 1, 1), 1),
        (date(2009, 12, 31), 1),
        (date(2010, 1, 1), 2),
        (date(2019, 12, 31), 2),
    ],
)
def test_a_rule_is_in_force_from_its_first_day_up_to_the_day_before_its_end(
    day: date, level: int
) -> None:
    assert house(DATED)["p"].decide({}, on=day).outputs == {"level": level}


@pytest.mark.parametrize("day", [date(2000, 12, 31), date(2020, 1, 1), date.min, date.max])
def test_a_day_on_which_no_rule_is_in_force_is_said(day: date) -> None:
    with pytest.raises(NotInForce) as caught:
        house(DATED)["p"].decide({}, on=day)
    assert (caught.value.name, caught.value.on) == ("p", day)


def test_no_rule_is_in_force_longer_than_its_policy() -> None:
    policy = house(
        DATED.replace("facts:", "in_force: {from: 2005-01-01, until: 2015-01-01}\nfacts:")
    )
    assert policy["p"].decide({}, on=date(2005, 1, 1)).outputs == {"level": 1}
    for day in (date(2004, 12, 31), date(2015, 1, 1)):
        with pytest.raises(NotInForce):
            policy["p"].decide({}, on=day)


def test_a_condition_may_ask_which_day_it_is() -> None:
    text = (
        TABLE
        + """
  - {id: early, when: has(corrected_on) && corrected_on < today, then: {level: "1"}}
  - {id: late, then: {level: "2"}}
"""
    )
    policy = house(text)["p"]
    assert policy.decide({"corrected_on": "2026-02-28"}, on=DAY).outputs == {"level": 1}
    assert policy.decide({"corrected_on": "2026-03-01"}, on=DAY).outputs == {"level": 2}


@pytest.mark.parametrize("on", [datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01", None, 20260301])
def test_what_is_no_day_is_refused(on: object) -> None:
    with pytest.raises(ArgumentError) as caught:
        house(PENALTY)["penalty"].decide(FACTS, on=on)  # type: ignore[arg-type]  # the point of the test
    assert caught.value.argument == "on"


def test_facts_that_do_not_fit_are_refused_with_every_reason() -> None:
    with pytest.raises(FactsError) as caught:
        house(PENALTY)["penalty"].decide({"severity": "huge", "gain": 1, "repeats": 1.5}, on=DAY)
    assert [each.field for each in caught.value.problems] == ["severity", "repeats", "gain"]


# Hit policy unique, defaults, and no rule at all


@pytest.mark.parametrize(("gain", "level"), [("9999.99", 1), (10000, 2), ("50000.01", 3)])
def test_the_only_rule_that_holds_decides(gain: object, level: int) -> None:
    assert house(GRADE)["grade"].decide({"illegal_gain": gain}, on=DAY).outputs == {"level": level}


def test_two_rules_of_a_unique_table_that_hold_are_an_error_that_names_both() -> None:
    with pytest.raises(SeveralRulesMatch) as caught:
        house(GRADE)["grade"].decide({"illegal_gain": 50000}, on=DAY)
    assert caught.value.rules == ("middle", "heavy")
    assert caught.value.cites == ("law:69",)
    assert caught.value.explain("en") == (
        "at most one rule of the policy `grade` may hold, and 2 hold at once: middle, heavy"
        " [law:69] (facts: Illegal gain = CNY 50,000). Change their conditions so that they"
        " exclude each other"
    )
    assert "违法所得 = 50,000 元" in caught.value.explain("zh")


def test_no_rule_that_holds_is_an_error_that_names_the_nearest() -> None:
    text = (
        TABLE
        + """
  - {id: far, when: "severity == 'grave' && repeats > 5 && is_crime", then: {level: "1"}}
  - id: near
    title: {zh: 接近, en: Near}
    when: severity == 'serious' && repeats > 5
    then: {level: "2"}
    cites: law:69
"""
    )
    with pytest.raises(NoRuleMatches) as caught:
        house(text)["p"].decide(FACTS, on=DAY)
    assert caught.value.cites == ("law:69",)
    assert caught.value.explain("en") == (
        "no rule of the policy `p` covers these facts (Severity = serious, Suspected crime: no,"
        " Repeats = 0); the nearest is near (Near), which fails on: `repeats > 5` does not hold:"
        " Repeats = 0. Add a rule, or a `default`"
    )
    assert "最接近的是 near" in caught.value.explain("zh")


@pytest.mark.parametrize("hit_policy", ["first", "unique"])
def test_the_default_decides_where_no_rule_holds(hit_policy: str) -> None:
    text = TABLE.replace("first", hit_policy).replace(
        "rules:", "default: {level: repeats + 7}\nrules:"
    )
    text += '  - {id: a, when: is_crime, then: {level: "1"}}\n'
    decision = house(text)["p"].decide(FACTS, on=DAY)
    assert decision.outputs == {"level": 7}
    assert decision.rule is None
    assert decision.known


def test_an_expression_without_a_value_is_an_error_that_names_its_rule() -> None:
    text = TABLE + "  - {id: divide, when: 10 / repeats > 2, then: {level: 10 / repeats}}\n"
    with pytest.raises(EvaluationError, match=r"in divide of the policy `p`: .*zero"):
        house(text)["p"].decide(FACTS, on=DAY)
    outputs = TABLE + "  - {id: divide, then: {level: 10 / repeats}}\n"
    with pytest.raises(EvaluationError, match="in divide of the policy `p`"):
        house(outputs)["p"].decide(FACTS, on=DAY)


def test_an_error_does_not_matter_where_another_test_fails() -> None:
    text = (
        TABLE
        + """
  - {id: a, when: 10 / repeats > 1, where: is_crime, then: {level: "1"}}
  - {id: b, then: {level: "2"}}
"""
    )
    assert house(text)["p"].decide(FACTS, on=DAY).outputs == {"level": 2}


# Policies that ask each other


ASKING = """
policy: asking
title: {zh: 甲, en: Asking}
facts: violation
hit_policy: first
outputs: {hard: boolean}
rules:
  - {id: heavy, when: policies.grade.level >= 3, then: {hard: "true"}}
  - {id: other, then: {hard: "false"}}
"""


def test_a_policy_may_ask_another_about_the_same_record() -> None:
    policies = house(ASKING, GRADE)
    assert policies["asking"].peers == ("grade",)
    assert policies["asking"].decide({"illegal_gain": 60000}, on=DAY).outputs == {"hard": True}
    assert policies["asking"].decide({"illegal_gain": 1}, on=DAY).outputs == {"hard": False}


def test_what_goes_wrong_in_a_policy_that_is_asked_keeps_its_name() -> None:
    with pytest.raises(SeveralRulesMatch) as caught:
        house(ASKING, GRADE)["asking"].decide({"illegal_gain": 50000}, on=DAY)
    assert caught.value.policy == "grade"


def test_answers_are_worked_out_once_and_only_when_asked_for() -> None:
    policies = house(PENALTY, GRADE).policies
    answers = PeerDecisions(policies, policies["grade"].facts.read({"illegal_gain": 60000}), DAY)
    assert set(answers) == {"penalty", "grade"}
    assert len(answers) == 2
    assert answers["grade"]["level"] == 3
    assert answers.decision_of("grade") is answers.decision_of("grade")


def test_threads_may_share_a_policy() -> None:
    policy = house(DATED)["p"]
    days = [date(2001 + at % 19, 1, 1) for at in range(400)]
    with ThreadPoolExecutor(8) as pool:
        levels = list(pool.map(lambda day: policy.decide({}, on=day).outputs["level"], days))
    assert levels == [1 if day.year < 2010 else 2 for day in days]
