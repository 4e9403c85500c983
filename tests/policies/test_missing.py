"""What is decided when facts are missing: nothing that the missing facts could change."""

from __future__ import annotations

from decimal import Decimal

import pytest

from telecom_rules.errors import EvaluationError, MissingData, NotInForce, SeveralRulesMatch
from telecom_rules.policies import Decision, PeerDecisions
from tests.policies.house import DAY, FACTS, GRADE, PENALTY, house

TABLE = """
policy: p
title: {zh: 甲, en: P}
facts: violation
hit_policy: first
outputs: {level: integer}
rules:
"""


def decided(rules: str, facts: dict[str, object], hit_policy: str = "first") -> Decision:
    """Return what the table with these rules decides."""
    return house(TABLE.replace("first", hit_policy) + rules)["p"].decide(facts, on=DAY)


def unknown(*missing: str) -> tuple[object, ...]:
    """Return what an unknown decision looks like."""
    return (False, {}, None, missing)


def looks(decision: Decision) -> tuple[object, ...]:
    """Return the parts of a decision that say whether it is known."""
    return (decision.known, decision.outputs, decision.rule, decision.missing)


def test_an_unknown_decision_names_the_facts_it_needs_and_has_no_outputs() -> None:
    decision = house(PENALTY)["penalty"].decide({"severity": "serious", "is_crime": False}, on=DAY)
    assert looks(decision) == unknown("illegal_gain")


def test_the_fact_that_most_open_rules_lack_comes_first() -> None:
    rules = """
  - {id: a, when: "repeats > 1 && is_crime", then: {level: "1"}}
  - {id: b, when: "illegal_gain > 1 || is_crime", then: {level: "2"}}
  - {id: c, then: {level: "3"}}
"""
    assert decided(rules, {}).missing == ("is_crime", "repeats", "illegal_gain")


def test_among_facts_lacked_as_often_the_one_that_settles_a_rule_alone_comes_first() -> None:
    rules = """
  - {id: a, when: "repeats > 1 && is_crime", then: {level: "1"}}
  - {id: b, when: illegal_gain > 1, then: {level: "2"}}
  - {id: c, then: {level: "3"}}
"""
    assert decided(rules, {}).missing == ("illegal_gain", "repeats", "is_crime")


def test_a_fact_that_no_rule_asks_for_is_not_missed() -> None:
    assert house(PENALTY)["penalty"].decide({"severity": "minor", "is_crime": False}, on=DAY).known


def test_a_rule_that_fails_on_one_test_does_not_miss_the_fact_of_another() -> None:
    rules = """
  - {id: a, when: {repeats: "> 1", severity: grave}, then: {level: "1"}}
  - {id: b, then: {level: "2"}}
"""
    assert decided(rules, {"severity": "minor"}).outputs == {"level": 2}


def test_missing_facts_do_not_matter_where_every_rule_left_gives_the_same() -> None:
    rules = """
  - {id: a, when: is_crime, then: {level: "2"}}
  - {id: b, when: repeats > 3, then: {level: repeats - repeats + 2}}
  - {id: c, then: {level: "2"}}
"""
    decision = decided(rules, {"repeats": 1})
    assert decision.outputs == {"level": 2}
    assert decision.rule is not None
    assert decision.rule.id == "c"
    assert "Rules not determined, without effect on the decision" in decision.explain("en")


def test_they_do_matter_where_one_rule_left_gives_something_else() -> None:
    rules = """
  - {id: a, when: is_crime, then: {level: "2"}}
  - {id: b, when: repeats > 3, then: {level: "3"}}
  - {id: c, then: {level: "2"}}
"""
    assert looks(decided(rules, {})) == unknown("is_crime", "repeats")


def test_they_do_matter_where_no_rule_may_hold_at_all() -> None:
    rules = '  - {id: a, when: is_crime, then: {level: "2"}}\n'
    assert looks(decided(rules, {})) == unknown("is_crime")


def test_an_output_that_needs_a_missing_fact_is_unknown() -> None:
    assert looks(decided("  - {id: a, then: {level: repeats}}\n", {})) == unknown("repeats")


def test_the_default_is_a_rule_among_those_that_may_still_decide() -> None:
    rules = '  - {id: a, when: is_crime, then: {level: "2"}}\ndefault: {level: "2"}\n'
    decision = decided(rules, {})
    assert decision.outputs == {"level": 2}
    assert decision.rule is None
    assert looks(decided(rules.replace('default: {level: "2"', 'default: {level: "3"'), {})) == (
        unknown("is_crime")
    )


def test_a_unique_table_that_may_have_a_second_rule_is_unknown() -> None:
    rules = """
  - {id: a, when: is_crime, then: {level: "1"}}
  - {id: b, when: repeats > 3, then: {level: "2"}}
"""
    assert looks(decided(rules, {"is_crime": True}, "unique")) == unknown("repeats")
    assert decided(rules, {"is_crime": True, "repeats": 1}, "unique").outputs == {"level": 1}


def test_what_is_optional_and_not_given_is_known_to_be_absent() -> None:
    rules = """
  - {id: a, when: has(harm) && harm > 5, then: {level: "1"}}
  - {id: b, then: {level: "2"}}
"""
    assert decided(rules, {}).outputs == {"level": 2}


def test_a_cell_on_an_optional_fact_fails_where_it_is_absent() -> None:
    rules = """
  - {id: a, when: {harm: "< 5"}, then: {level: "1"}}
  - {id: b, then: {level: "2"}}
"""
    assert decided(rules, {}).outputs == {"level": 2}
    assert decided(rules, {"harm": 1}).outputs == {"level": 1}


def test_missing_facts_go_before_an_error_that_they_may_make_irrelevant() -> None:
    rules = """
  - {id: a, when: "10 / repeats > 1 && is_crime", then: {level: "1"}}
  - {id: b, then: {level: "2"}}
"""
    assert looks(decided(rules, {"repeats": 0})) == unknown("is_crime")
    assert decided(rules, {"repeats": 0, "is_crime": False}).outputs == {"level": 2}
    with pytest.raises(EvaluationError):
        decided(rules, {"repeats": 0, "is_crime": True})


def test_an_error_behind_an_open_rule_waits_for_the_facts() -> None:
    rules = """
  - {id: a, when: is_crime, then: {level: "1"}}
  - {id: b, when: 10 / repeats > 1, then: {level: "1"}}
  - {id: c, then: {level: "1"}}
"""
    assert looks(decided(rules, {"repeats": 0})) == unknown("is_crime")


ASKING = """
policy: asking
title: {zh: 甲, en: Asking}
facts: violation
hit_policy: first
outputs: {hard: boolean}
rules:
  - {id: heavy, when: policies.grade.level >= 3 && !is_crime, then: {hard: "true"}}
  - {id: other, then: {hard: "false"}}
"""


def test_what_another_policy_lacks_is_lacking_here() -> None:
    policies = house(ASKING, GRADE)
    assert looks(policies["asking"].decide({}, on=DAY)) == unknown("illegal_gain", "is_crime")
    assert policies["asking"].decide({"is_crime": True}, on=DAY).outputs == {"hard": False}


def test_asking_a_policy_that_cannot_decide_says_what_is_missing() -> None:
    policies = house(GRADE)
    answers = PeerDecisions(policies.policies, policies["grade"].facts.read({}), DAY)
    with pytest.raises(MissingData, match="illegal_gain"):
        _ = answers["grade"]


def test_a_figure_that_is_not_in_force_is_no_missing_fact() -> None:
    rules = """
  - {id: a, when: parameters.gain > illegal_gain, then: {level: "1"}}
"""
    policy = house(TABLE + rules)["p"]
    with pytest.raises(NotInForce):
        policy.decide(FACTS, on=DAY.replace(year=1999))


def test_what_an_output_lacks_comes_after_what_the_rules_lack() -> None:
    rules = """
  - {id: a, when: is_crime, then: {level: "1"}}
  - {id: b, then: {level: repeats}}
"""
    assert decided(rules, {}).missing == ("is_crime", "repeats")


def test_an_optional_fact_beside_a_missing_one_is_not_missed() -> None:
    rules = """
  - {id: a, when: has(harm) == is_crime, then: {level: "1"}}
  - {id: b, then: {level: "2"}}
"""
    assert decided(rules, {}).missing == ("is_crime",)


def test_a_policy_that_fails_does_not_matter_until_it_decides() -> None:
    text = ASKING.replace("level >= 3 && !is_crime", "level >= 3 || is_crime")
    policy = house(text, GRADE)["asking"]
    assert looks(policy.decide({"illegal_gain": 50000}, on=DAY)) == unknown("is_crime")
    assert policy.decide({"illegal_gain": 50000, "is_crime": True}, on=DAY).outputs == {
        "hard": True
    }
    with pytest.raises(SeveralRulesMatch):
        policy.decide({"illegal_gain": 50000, "is_crime": False}, on=DAY)


def test_a_sum_that_a_rule_left_would_take_out_of_range_is_unknown() -> None:
    rules = f"""
  - {{id: a, then: {{level: {2**63 - 1}}}}}
  - {{id: b, when: is_crime, then: {{level: 1}}}}
"""
    summed = "collect\naggregation: sum"
    assert looks(decided(rules, {}, summed)) == unknown("is_crime")
    assert decided(rules, {"is_crime": False}, summed).outputs == {"level": 2**63 - 1}
    with pytest.raises(EvaluationError):
        decided(rules, {"is_crime": True}, summed)


def test_a_sum_that_no_rule_left_would_change_is_known_however_large_it_is() -> None:
    rules = """
  - {id: a, then: {level: "illegal_gain * 100"}}
  - {id: b, when: is_crime, then: {level: 0}}
"""
    text = TABLE.replace("first", "collect\naggregation: sum").replace(
        "level: integer", "level: money"
    )
    decision = house(text + rules)["p"].decide({"illegal_gain": "9" * 18}, on=DAY)
    assert decision.outputs == {"level": Decimal("9" * 18 + "00")}
