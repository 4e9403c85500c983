"""What the engine of a policy keeps, and that it answers alike whatever it keeps."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from telecom_rules.policies import engine
from telecom_rules.policies.editions.checklist import ChecklistEdition
from telecom_rules.policies.editions.table import TableEdition
from telecom_rules.policies.explanation import cache
from telecom_rules.policies.fast import build_record_function
from telecom_rules.policies.policy import engine_of
from telecom_rules.vocabulary import Field, RecordType
from telecom_rules.vocabulary.types import TEXT, ListType, MapType
from tests.policies.house import CONDUCT, DAY, FACTS, GRADE, PENALTY, VOCABULARY, house

if TYPE_CHECKING:
    from telecom_rules.policies.editions.edition import Edition
    from telecom_rules.vocabulary.types import Type


def test_functions_are_kept_for_some_days_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_CACHED_DAYS", 3)
    policy = house(PENALTY)["penalty"]
    kept = engine_of(policy).facts_functions
    days = [DAY + timedelta(days=at) for at in range(7)]
    sizes = []
    for day in days:
        assert policy.decide(FACTS, on=day).on == day
        sizes.append(len(kept))
    assert sizes == [1, 2, 3, 1, 2, 3, 1]


def test_functions_are_made_for_some_types_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_CACHED_TYPES", 2)
    policy = house(PENALTY)["penalty"]
    wanted = policy.decide(FACTS, on=DAY)
    for at in range(4):
        kind = type(f"Row{at}", (SimpleNamespace,), {})
        assert policy.decide(kind(**FACTS), on=DAY) == wanted
    assert [kind.__name__ for kind in engine_of(policy).facts_functions[DAY]] == ["dict", "Row0"]


def test_without_generated_code_nothing_is_generated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "FAST", False)
    for name, policy in house(PENALTY, CONDUCT).policies.items():
        exact = engine_of(policy)
        monkeypatch.setattr(engine, "build_record_function", None)
        monkeypatch.setattr(engine, "build_facts_function", None)
        decision = policy.decide(FACTS, on=DAY)
        assert decision.known
        assert exact.decide(policy.facts.read(FACTS), on=DAY) == decision, name


def test_an_edition_of_another_kind_decides_for_itself() -> None:
    class Always:
        def decide(self, *_: object) -> str:
            return "decided"

    policy = house(PENALTY)["penalty"]
    decide = build_record_function(cast("Edition", Always()))
    assert decide(policy.facts.read(FACTS), DAY) == "decided"


def test_a_full_cache_of_explanations_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_KEPT", 3)
    kept = cache.ExplanationCache()
    sizes = []
    for at in range(7):
        assert [kept.recall(at, lambda: f"line {at}") for _ in range(2)] == [f"line {at}"] * 2  # noqa: B023 - called at once
        sizes.append(len(kept.entries))
    assert sizes == [1, 2, 3, 1, 2, 3, 1]
    assert kept.recall(6, lambda: "made anew") == "line 6"


KINDS = """
facts: kinds
title: {zh: 种, en: Kinds}
fields:
  severity: {type: severity, title: {zh: 情节, en: Severity}}
  illegal_gain: {type: money, title: {zh: 违法所得, en: Illegal gain}}
  begun: {type: instant, title: {zh: 开始, en: Begun}}
  took: {type: span, title: {zh: 用时, en: Time taken}}
"""


@pytest.mark.parametrize(
    ("when", "facts"),
    [
        ("severity == 'minor'", ("severity",)),
        ("took > duration('1s') && illegal_gain > parameters.gain", ("illegal_gain", "took")),
        ("illegal_gain > 3 && severity == 'minor'", ("illegal_gain", "severity")),
        ("illegal_gain > 3 && begun == begun", None),
        ("illegal_gain > 3 && today == today", None),
        ("policies.other.level > illegal_gain", None),
    ],
)
def test_a_line_is_kept_by_the_facts_it_tells_unless_more_may_change_it(
    when: str, facts: tuple[str, ...] | None
) -> None:
    text = """
policy: NAME
title: {zh: 甲, en: P}
facts: kinds
hit_policy: first
outputs: {level: integer}
rules: [{id: a, when: "WHEN", then: {level: 1}}, {id: b, then: {level: 2}}]
"""
    other = text.replace("NAME", "other").replace("WHEN", "severity == 'minor'")
    asked = text.replace("NAME", "p").replace("WHEN", when.replace(" > illegal_gain", " > 1"))
    policy = house(other, asked, words=(*VOCABULARY, KINDS))["p"]
    tests = engine_of(policy).policy.rows[0].tests
    assert cache.key_facts_of(tests, policy.facts.fields) == facts


@pytest.mark.parametrize(
    "kind", [ListType(TEXT), MapType(TEXT, TEXT), RecordType("thing", {})], ids=str
)
def test_a_line_that_tells_many_values_is_not_kept(kind: Type) -> None:
    policy = house(PENALTY)["penalty"]
    tests = engine_of(policy).policy.rows[0].tests
    fields = dict(policy.facts.fields)
    assert cache.key_facts_of(tests, fields) == ("is_crime", "severity")
    assert cache.key_facts_of(tests, {**fields, "is_crime": Field(kind)}) is None


def test_a_decision_is_equal_to_one_of_the_same_values_and_to_nothing_else() -> None:
    policy = house(PENALTY)["penalty"]
    decision = policy.decide(FACTS, on=DAY)
    assert decision == policy.decide({**FACTS}, on=DAY)
    assert decision != policy.decide({**FACTS, "repeats": 1}, on=DAY)
    assert (decision == FACTS) is False
    assert (decision == 3) is False


def test_the_checks_of_a_checklist_are_counted_by_status() -> None:
    policy = house(CONDUCT)["conduct"]
    for facts, counts in (
        ({"repeats": 0}, (1, 0, 1, 1)),
        ({**FACTS, "harm": 2000}, (1, 2, 0, 0)),
        ({**FACTS, "severity": "minor"}, (1, 0, 2, 0)),
    ):
        told = policy.decide(facts, on=DAY).tally
        assert dict(told) == dict(
            zip(("pass", "fail", "not_applicable", "unknown"), counts, strict=True)
        )


def test_usual_facts_are_decided_by_generated_functions_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policies = house(PENALTY, GRADE, CONDUCT).policies
    facts = {**FACTS, "harm": 3}
    wanted = {name: policy.decide(facts, on=DAY) for name, policy in policies.items()}
    for kind in (TableEdition, ChecklistEdition):
        monkeypatch.setattr(kind, "decide", None)
    for name, policy in house(PENALTY, GRADE, CONDUCT).policies.items():
        for _ in range(2):
            assert policy.decide(facts, on=DAY) == wanted[name]
            assert (
                policy.decide(SimpleNamespace(**facts, corrected_on=None), on=DAY) == wanted[name]
            )
            record = policy.facts.read(facts)
            assert engine_of(policy).decide(record, on=DAY) == wanted[name]
            assert policy.decide(record, on=DAY) == wanted[name]


def test_the_record_of_a_decision_is_made_once() -> None:
    decision = house(PENALTY)["penalty"].decide(FACTS, on=DAY)
    assert decision.facts is decision.facts


def test_results_of_checks_are_equal_by_what_they_say_and_not_by_where_they_come_from() -> None:
    titled = CONDUCT.replace("Corrected in time", "In time").replace("repeats == 0", "repeats < 1")
    one, two = (
        house(text)["conduct"].decide({"repeats": 0}, on=DAY).results for text in (CONDUCT, titled)
    )
    assert one == two
    assert one != house(CONDUCT)["conduct"].decide({"repeats": 1}, on=DAY).results
    assert repr(one[1]) == "CheckResult(id='no_repeat', status='pass', missing=())"


def test_the_figures_of_an_output_are_named_with_those_of_the_rules_asked_before() -> None:
    policy = house("""
policy: most
title: {zh: 上限, en: Most}
facts: violation
hit_policy: first
outputs: {sum: money}
rules:
  - {id: crime, when: is_crime, then: {sum: parameters.gain * 2}}
  - {id: minor, when: severity == 'minor', then: {sum: "0"}}
  - {id: other, then: {sum: parameters.gain}}
""")["most"]
    for facts, named in (
        ({**FACTS, "is_crime": True}, ["gain"]),
        ({**FACTS, "severity": "minor"}, []),
        (FACTS, ["gain"]),
    ):
        assert list(policy.decide(facts, on=DAY).parameters) == named
