"""What is said of outputs: in one line, and for each of several rules."""

from __future__ import annotations

import pytest

from tests.policies.house import DAY, FACTS, house

NOTICE = """
policy: notice
title: {zh: 通报, en: Notice}
facts: violation
hit_policy: first
outputs:
  public: {type: boolean, title: {zh: 公开, en: Public}}
  urgent: {type: boolean, title: {zh: 加急, en: Urgent}}
  copies: {type: integer?, title: {zh: 份数, en: Copies}}
rules:
  - {id: several, when: repeats == 3, then: {public: "true", urgent: "false", copies: 2}}
  - {id: both, when: repeats == 2, then: {public: "true", urgent: "true"}}
  - {id: one, when: repeats == 1, then: {public: "false", urgent: "true"}}
  - {id: none, when: repeats == 0, then: {public: "false", urgent: "false"}}
"""
ONE = """
policy: one
title: {zh: 一, en: One}
facts: violation
hit_policy: first
outputs: {public: {type: boolean, title: {zh: 公开, en: Public}}}
rules:
  - {id: crime, when: is_crime, then: {public: "true"}}
  - {id: other, then: {public: "false"}}
"""
COLLECT = """
policy: fines
title: {zh: 罚款, en: Fines}
facts: violation
hit_policy: collect
outputs: {fine: {type: money, title: {zh: 罚款额, en: Fine}}}
rules:
  - {id: basic, title: {zh: 基本, en: Basic}, when: severity != 'minor', then: {fine: 10000}}
  - {id: gain, when: illegal_gain > 0, then: {fine: illegal_gain * 2}}
  - {id: crime, when: is_crime, then: {fine: 7}}
"""


@pytest.mark.parametrize(
    ("repeats", "zh", "en"),
    [
        (3, "公开；份数：2（规则 several）", "Public; Copies: 2 (rule several)"),
        (2, "公开；加急（规则 both）", "Public; Urgent (rule both)"),
        (1, "加急（规则 one）", "Urgent (rule one)"),
        (0, "公开：否；加急：否（规则 none）", "Public: no; Urgent: no (rule none)"),
    ],
)
def test_a_line_names_what_is_imposed_and_what_is_not_only_where_nothing_is(
    repeats: int, zh: str, en: str
) -> None:
    decision = house(NOTICE)["notice"].decide({"repeats": repeats}, on=DAY)
    assert (decision.summary("zh"), decision.summary("en")) == (zh, en)


@pytest.mark.parametrize(
    ("crime", "said"), [(True, "yes (rule crime)"), (False, "no (rule other)")]
)
def test_a_line_says_yes_or_no_of_an_only_output(crime: bool, said: str) -> None:
    decision = house(ONE)["one"].decide({"is_crime": crime}, on=DAY)
    assert decision.summary("en") == f"Public: {said}"


def test_each_of_several_rules_is_explained_with_its_own_outputs_and_conditions() -> None:
    told = house(COLLECT)["fines"].decide(FACTS, on=DAY).explain("en").splitlines()
    at = told.index("Reason: these rules hold")
    assert told[at + 1 : at + 5] == [
        "  basic (Basic): Fine: CNY 10,000",
        "    `severity != 'minor'` holds: Severity = serious",
        "  gain: Fine: CNY 160,000",
        "    `illegal_gain > 0` holds: Illegal gain = CNY 80,000",
    ]
