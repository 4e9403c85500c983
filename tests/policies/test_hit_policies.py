"""What each hit policy makes of the rules that hold, and what a table needs for it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from telecom_rules.errors import EvaluationError, NoRuleMatches, RulesDisagree
from tests.policies.house import DAY, FACTS, house

if TYPE_CHECKING:
    from telecom_rules.policies import Policy

TABLE = """
policy: p
title: {zh: 甲, en: P}
cites: law:69
facts: violation
hit_policy: HIT
outputs:
  measure: {type: measure, title: {zh: 措施, en: Measure}, values: [revocation, fine, warning]}
rules:
  - {id: any_case, then: {measure: warning}, cites: spec:3.3(2)}
  - {id: serious, when: {severity: "serious, grave"}, then: {measure: fine}, cites: law:69}
  - {id: repeated, when: {repeats: "> 2"}, then: {measure: revocation}, cites: law:73}
  - {id: gain, when: {illegal_gain: "> 0"}, then: {measure: fine}}
"""
SUM = """
policy: p
title: {zh: 甲, en: P}
facts: violation
hit_policy: collect
aggregation: sum
outputs: {fine: money}
rules:
  - {id: basic, when: severity != 'minor', then: {fine: 10000}, cites: law:69}
  - {id: gain, when: illegal_gain > 0, then: {fine: illegal_gain * 2}, cites: law:73}
"""


def table(hit_policy: str) -> Policy:
    """Return the table of measures with a hit policy."""
    return house(TABLE.replace("HIT", hit_policy))["p"]


def ids(policy: Policy, **facts: object) -> tuple[object, list[str]]:
    """Return the measure, and the rules behind it."""
    decision = policy.decide({**FACTS, **facts}, on=DAY)
    return decision.outputs["measure"], [rule.id for rule in decision.rules]


@pytest.mark.parametrize(
    ("hit_policy", "measure", "rules"),
    [
        ("first", "warning", ["any_case"]),
        ("priority", "revocation", ["repeated"]),
        (
            "collect",
            ("warning", "fine", "revocation", "fine"),
            ["any_case", "serious", "repeated", "gain"],
        ),
        (
            "rule_order",
            ("warning", "fine", "revocation", "fine"),
            ["any_case", "serious", "repeated", "gain"],
        ),
        (
            "output_order",
            ("revocation", "fine", "fine", "warning"),
            ["repeated", "serious", "gain", "any_case"],
        ),
    ],
)
def test_each_hit_policy_gives_its_outputs_and_the_rules_behind_them(
    hit_policy: str, measure: object, rules: list[str]
) -> None:
    assert ids(table(hit_policy), repeats=3) == (measure, rules)


def test_rules_of_equal_priority_go_by_their_order() -> None:
    assert ids(table("priority"), repeats=0) == ("fine", ["serious"])
    assert ids(table("priority"), repeats=0, severity="minor") == ("fine", ["gain"])


def test_the_second_output_with_values_decides_between_equals_of_the_first() -> None:
    text = """
policy: p
title: {zh: 甲, en: P}
facts: violation
hit_policy: priority
outputs:
  measure: {type: measure, values: [fine, warning]}
  level: {type: "integer?", values: [3, 2, 1]}
rules:
  - {id: low, then: {measure: fine, level: 1}}
  - {id: none, then: {measure: fine}}
  - {id: high, when: repeats > 0, then: {measure: fine, level: 3}}
  - {id: other, then: {measure: warning, level: 3}}
"""
    policy = house(text)["p"]
    assert policy.decide({"repeats": 1}, on=DAY).outputs == {"measure": "fine", "level": 3}
    assert policy.decide({"repeats": 0}, on=DAY).outputs == {"measure": "fine", "level": 1}


def test_any_takes_what_all_rules_that_hold_agree_on_with_the_clauses_of_all() -> None:
    policy = table("any").decide
    agreed = house(TABLE.replace("HIT", "any").replace("measure: warning", "measure: fine"))["p"]
    decision = agreed.decide(FACTS, on=DAY)
    assert decision.outputs == {"measure": "fine"}
    assert [rule.id for rule in decision.rules] == ["any_case", "serious", "gain"]
    assert decision.rule is decision.rules[0]
    assert [str(clause) for clause in decision.cites] == ["spec:3.3(2)", "law:69"]
    with pytest.raises(RulesDisagree) as caught:
        policy(FACTS, on=DAY)
    assert caught.value.rules == ("any_case", "serious", "gain")
    assert caught.value.cites == ("spec:3.3(2)", "law:69")
    assert caught.value.explain("en") == (
        "all rules of the policy `p` that hold must have the same outputs: any_case"
        " [spec:3.3(2)]: Measure: warning; serious [law:69]: Measure: fine; gain: Measure: fine"
        " (facts: Severity = serious, Illegal gain = CNY 80,000, Repeats = 0). Change their"
        " conditions or their outputs"
    )
    assert "必须给出相同的结论" in caught.value.explain("zh")


def test_rules_that_disagree_already_are_said_though_facts_are_missing() -> None:
    with pytest.raises(RulesDisagree):
        table("any").decide({"severity": "grave"}, on=DAY)


@pytest.mark.parametrize(
    ("aggregation", "fine"),
    [("sum", "170000.00"), ("min", "10000"), ("max", "160000.00"), ("count", 2)],
)
def test_a_collect_table_may_aggregate_what_it_has_collected(aggregation: str, fine: str) -> None:
    decision = house(SUM.replace("sum", aggregation))["p"].decide(FACTS, on=DAY)
    assert decision.outputs == {"fine": Decimal(fine)}
    assert [rule.id for rule in decision.rules] == ["basic", "gain"]
    assert [str(clause) for clause in decision.cites] == ["law:69", "law:73"]


NONE_HOLDS = {**FACTS, "severity": "minor", "illegal_gain": 0}


def test_where_no_rule_holds_a_list_is_empty_and_a_sum_and_a_count_are_nought() -> None:
    listed = SUM.replace("aggregation: sum\n", "")
    assert house(listed)["p"].decide(NONE_HOLDS, on=DAY).outputs == {"fine": ()}
    assert house(SUM)["p"].decide(NONE_HOLDS, on=DAY).outputs == {"fine": Decimal(0)}
    count = house(SUM.replace("sum", "count"))["p"]
    assert count.decide(NONE_HOLDS, on=DAY).outputs == {"fine": 0}


@pytest.mark.parametrize("aggregation", ["min", "max"])
def test_there_is_no_least_and_no_greatest_of_nothing(aggregation: str) -> None:
    text = SUM.replace("sum", aggregation)
    with pytest.raises(NoRuleMatches):
        house(text)["p"].decide(NONE_HOLDS, on=DAY)
    default = house(text.replace("rules:", "default: {fine: 5}\nrules:"))["p"]
    assert default.decide(NONE_HOLDS, on=DAY).outputs == {"fine": 5}


@pytest.mark.parametrize(("aggregation", "fine"), [("", (Decimal(5),)), ("sum", Decimal(5))])
def test_the_default_is_what_one_rule_would_give(aggregation: str, fine: object) -> None:
    text = SUM.replace("aggregation: sum\n", aggregation and f"aggregation: {aggregation}\n")
    default = house(text.replace("rules:", "default: {fine: 5}\nrules:"))["p"]
    decision = default.decide(NONE_HOLDS, on=DAY)
    assert (decision.outputs, decision.rules) == ({"fine": fine}, ())


def test_dates_have_a_latest_and_an_optional_output_may_be_left_out_of_a_list() -> None:
    text = """
policy: p
title: {zh: 甲, en: P}
facts: violation
hit_policy: collect
aggregation: max
outputs: {until: date}
rules:
  - {id: a, then: {until: "today"}}
  - {id: b, when: repeats > 0, then: {until: "today + days(5)"}}
"""
    policy = house(text)["p"]
    assert policy.decide({"repeats": 1}, on=DAY).outputs == {"until": DAY + timedelta(5)}
    listed = house(
        text.replace("aggregation: max\n", "")
        .replace("{until: date}", "{until: 'date?', level: integer}")
        .replace('then: {until: "today"}', "then: {level: 1}")
        .replace('+ days(5)"', '+ days(5)", level: 2')
    )["p"]
    assert listed.decide({"repeats": 1}, on=DAY).outputs == {
        "until": (date(2026, 3, 6),),
        "level": (1, 2),
    }


def test_a_sum_that_is_out_of_range_is_an_error() -> None:
    text = """
policy: p
title: {zh: 甲, en: P}
facts: violation
hit_policy: collect
aggregation: sum
outputs: {level: integer}
rules:
  - {id: a, then: {level: 9223372036854775807}}
  - {id: b, then: {level: repeats}}
"""
    policy = house(text)["p"]
    assert policy.decide({"repeats": 0}, on=DAY).outputs == {"level": 2**63 - 1}
    with pytest.raises(EvaluationError, match="in the aggregation of the policy `p`"):
        policy.decide({"repeats": 1}, on=DAY)


ASKING = """
policy: asking
title: {zh: 乙, en: Asking}
facts: violation
hit_policy: first
outputs: {hard: boolean}
rules:
  - {id: hard, when: "'revocation' in policies.p.measure", then: {hard: "true"}}
  - {id: other, then: {hard: "size(policies.p.measure) > 3"}}
"""


def test_a_list_that_a_policy_decides_is_typed_for_those_that_ask_it() -> None:
    asking = house(TABLE.replace("HIT", "collect"), ASKING)["asking"]
    assert asking.decide({**FACTS, "repeats": 3}, on=DAY).outputs == {"hard": True}
    assert asking.decide(FACTS, on=DAY).outputs == {"hard": False}
    wrong = house(
        TABLE.replace("HIT", "collect"),
        ASKING.replace("'revocation' in p", "p").replace(
            'policies.p.measure"', "policies.p.measure == 'fine'\""
        ),
    )
    assert [each.id for each in wrong.found] == ["TR204"]


# Missing facts


def test_a_value_that_cannot_change_the_least_is_not_needed() -> None:
    least = house(SUM.replace("sum", "min").replace("illegal_gain * 2", "20000"))["p"]
    assert least.decide({"severity": "grave"}, on=DAY).outputs == {"fine": 10000}
    most = house(SUM.replace("sum", "max").replace("illegal_gain * 2", "20000"))["p"]
    assert most.decide({"severity": "grave"}, on=DAY).missing == ("illegal_gain",)
    nothing = house(SUM.replace("illegal_gain * 2", "0"))["p"]
    assert nothing.decide({"severity": "grave"}, on=DAY).outputs == {"fine": 10000}


def test_rules_that_each_give_the_default_may_add_up_to_something_else() -> None:
    text = SUM.replace("illegal_gain * 2", "10000").replace(
        "rules:", "default: {fine: 10000}\nrules:"
    )
    assert house(text)["p"].decide({}, on=DAY).missing == ("severity", "illegal_gain")


def test_a_rule_of_lower_priority_is_not_waited_for() -> None:
    policy = table("priority")
    assert policy.decide({"repeats": 3}, on=DAY).outputs == {"measure": "revocation"}
    assert policy.decide({"repeats": 0}, on=DAY).missing == ("severity", "illegal_gain")


# What a table needs


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            TABLE.replace("HIT", "priority").replace(", values: [revocation, fine, warning]", ""),
            "TR101 6: the key `values` is missing",
        ),
        (
            TABLE.replace("HIT", "first").replace("[revocation, fine", "[fine, fine, revocation"),
            "TR112 7: the value `fine` is defined twice",
        ),
        (TABLE.replace("HIT", "first").replace("[revocation", "[revoc, revocation"), "TR208 7"),
        (
            TABLE.replace("HIT", "first").replace("measure: warning}", "measure: none}"),
            r"TR120 9: the output `measure` must be one of .*revocation, .*; found `none`",
        ),
        (
            TABLE.replace("HIT", "first").replace(
                "measure: warning}", "measure: \"is_crime ? 'fine' : 'warning'\"}"
            ),
            "TR120 9",
        ),
        (
            SUM.replace("hit_policy: collect", "hit_policy: first"),
            "TR120 5: only `hit_policy: collect` has an `aggregation`",
        ),
        (
            SUM.replace("fine: money}", "'fine': 'money?'}"),
            "TR120 5: `aggregation: sum` needs exactly one output, of type integer / decimal",
        ),
        (
            SUM.replace("sum", "count").replace("rules:", "default: {fine: 1}\nrules:"),
            "TR120 7: a `count` is 0 where no rule holds, so it cannot have a `default`",
        ),
        (SUM.replace("hit_policy: collect", "hit_policy: collected"), "TR109 4"),
        (SUM.replace("aggregation: sum", "aggregation: average"), "TR109 5"),
    ],
)
def test_a_table_that_does_not_fit_its_hit_policy_is_a_mistake(text: str, told: str) -> None:
    found = house(text).told
    assert len(found) == 1, found
    assert re.match(told, found[0]), found


ORDERED = "integer / decimal / money / date / instant / span"


@pytest.mark.parametrize(
    ("aggregation", "types"),
    [
        ("sum", "integer / decimal / money"),
        ("min", ORDERED),
        ("max", ORDERED),
        ("count", "not optional"),
    ],
)
def test_what_an_aggregation_takes_is_told(aggregation: str, types: str) -> None:
    text = SUM.replace("aggregation: sum", f"aggregation: {aggregation}")
    for wrong in ("{fine: money?}", "{fine: money, other: money}"):
        told = house(text.replace("{fine: money}", wrong)).told
        assert told[0] == (
            f"TR120 5: `aggregation: {aggregation}` needs exactly one output, of type {types}"
        )


def test_the_first_of_the_rules_that_agree_is_the_one_that_decided() -> None:
    rules = """
  - {id: never, when: "false", then: {measure: warning}}
  - {id: grave, when: {severity: grave}, then: {measure: fine}}
  - {id: repeated, when: {repeats: "> 2"}, then: {measure: fine}}
"""
    text = TABLE.partition("rules:")[0].replace("HIT", "any") + "rules:" + rules
    decision = house(text)["p"].decide({**FACTS, "severity": "grave", "repeats": 3}, on=DAY)
    assert [rule.id for rule in decision.rules] == ["grave", "repeated"]
    assert decision.rule is not None
    assert decision.rule.id == "grave"


def test_rules_that_list_what_they_found_have_none_that_decided_alone() -> None:
    listed = SUM.replace("aggregation: sum\n", "")
    decision = house(listed)["p"].decide({**FACTS, "severity": "minor"}, on=DAY)
    assert [rule.id for rule in decision.rules] == ["gain"]
    assert decision.rule is None


@pytest.mark.parametrize(
    ("kind", "nothing"), [("integer", "0"), ("decimal", "0"), ("money", "0.00")]
)
def test_the_sum_of_nothing_is_nothing(kind: str, nothing: str) -> None:
    text = SUM.partition("rules:")[0].replace("fine: money", f"fine: {kind}")
    rules = "rules: [{id: basic, when: severity == 'grave', then: {fine: \"1\"}}]\n"
    decision = house(text + rules)["p"].decide({"severity": "minor"}, on=DAY)
    assert str(decision.outputs["fine"]) == nothing
