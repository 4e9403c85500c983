"""The same facts on two days: the figures of each, cited as the law of each numbers them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.policies.house import SEVERITY, SPEC, VIOLATION, house

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.policies import Policy

LAW = """
source: law
title: {zh: 网络法, en: Network Law}
kind: law
version: "2025"
in_force: {from: 2026-01-01}
earlier:
  "2016": {from: 2017-06-01}
clauses:
  "61": {title: {zh: 处罚, en: Penalty}, aliases: {"2016": "59"}}
  "61(3)": {title: {zh: 严重后果, en: Grave harm}, in_force: {from: 2026-01-01}}
"""
FINE = """
parameter: fine
title: {zh: 罚款, en: Fine}
unit: yuan
stricter: none
values:
  - {from: 2017-06-01, value: 100000, confidence: high, cites: law:61}
  - {from: 2026-01-01, value: 500000, confidence: high, cites: law:61}
"""
TABLE = """
policy: penalty
title: {zh: 处罚, en: Penalty}
facts: violation
hit_policy: first
cites: law:61
outputs: {fine: money}
rules:
  - id: grave
    when: severity == 'grave'
    then: {fine: 10000000}
    in_force: {from: 2026-01-01}
    cites: law:61(3)
  - {id: usual, when: severity != 'minor', then: {fine: parameters.fine}, cites: law:61}
default: {fine: 0}
"""
LIST = """
policy: duties
title: {zh: 义务, en: Duties}
facts: violation
checks:
  - id: no_crime
    title: {zh: 不构成犯罪, en: No crime}
    require: "!is_crime"
    remedy: {zh: 移送, en: Transfer it}
    cites: [law:61, spec:3.3(2)]
"""
BEFORE, AFTER = date(2025, 12, 31), date(2026, 1, 1)
FACTS = {"severity": "grave", "illegal_gain": "0", "is_crime": True, "repeats": 0}


@pytest.fixture(scope="module")
def policies() -> Mapping[str, Policy]:
    made = house(TABLE, LIST, words=(LAW, SPEC, FINE, SEVERITY, VIOLATION))
    assert made.told == []
    return made.policies


def test_the_same_facts_give_two_answers_with_two_citations(policies: Mapping[str, Policy]) -> None:
    before = policies["penalty"].decide(FACTS, on=BEFORE)
    after = policies["penalty"].decide(FACTS, on=AFTER)
    assert (before.outputs["fine"], [*map(str, before.cites)]) == (
        100_000,
        ["law@2016:59"],
    )
    assert (after.outputs["fine"], [*map(str, after.cites)]) == (10_000_000, ["law:61(3)"])
    assert "《网络法》（2016年文本）第59条" in before.explain("zh")
    assert "Network Law (text of 2016), Art. 59" in before.explain("en")
    assert before.dump()["cites"] == ["law@2016:59"]


def test_a_rule_keeps_its_number_where_only_the_day_changes(policies: Mapping[str, Policy]) -> None:
    serious = FACTS | {"severity": "serious"}
    cites = {
        day: [*map(str, policies["penalty"].decide(serious, on=day).cites)]
        for day in (BEFORE, AFTER)
    }
    assert cites == {BEFORE: ["law@2016:59"], AFTER: ["law:61"]}


def test_the_default_and_the_checks_cite_the_text_of_the_day_too(
    policies: Mapping[str, Policy],
) -> None:
    minor = FACTS | {"severity": "minor"}
    assert [*map(str, policies["penalty"].decide(minor, on=BEFORE).cites)] == ["law@2016:59"]
    before = policies["duties"].decide(FACTS, on=BEFORE)
    assert [*map(str, before.results[0].cites)] == ["law@2016:59", "spec:3.3(2)"]
    after = policies["duties"].decide(FACTS, on=AFTER)
    assert [*map(str, after.cites)] == ["law:61", "spec:3.3(2)"]


def test_a_record_is_decided_the_same_whichever_day_was_asked_first(
    policies: Mapping[str, Policy],
) -> None:
    penalty = policies["penalty"]
    days = [AFTER, BEFORE, AFTER, BEFORE]
    answers = [penalty.decide(FACTS, on=day).dump() for day in days]
    assert answers[0] == answers[2] != answers[1] == answers[3]
