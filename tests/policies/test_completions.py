"""What is decided although facts are missing: the answer that every way to complete them has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.errors import DecisionError
from tests.policies.house import DAY, FACTS, house

if TYPE_CHECKING:
    from telecom_rules.policies import Policy

TABLE = "policy: p\ntitle: {zh: 甲, en: P}\nfacts: violation\nhit_policy: HIT\n"
RISK = """
facts: risk
title: {zh: 风险, en: Risk}
fields:
  k: {type: integer, title: {zh: 甲, en: K}, min: 1, max: 5}
  j: {type: integer, title: {zh: 乙, en: J}, min: 1, max: 5}
  a: {type: money, title: {zh: 甲, en: A}, min: 0}
  b: {type: money, title: {zh: 乙, en: B}, min: 0}
  c: {type: boolean, title: {zh: 丙, en: C}}
  d: {type: boolean, title: {zh: 丁, en: D}}
  note: {type: text, title: {zh: 戊, en: Note}}
  day: {type: date, title: {zh: 己, en: Day}}
  items: {type: "list[integer]", title: {zh: 辛, en: Items}}
  maybe: {type: integer?, title: {zh: 庚, en: Maybe}, min: 0, max: 3}
"""


def table(*rules: tuple[str, str], hit: str = "first", default: str = "") -> Policy:
    """Return a table over the facts `risk` whose rules have a condition and an output each."""
    rows = "".join(
        f"  - {{id: r{at}, {f'when: {json.dumps(test)}, ' if test else ''}"
        f"then: {{level: {json.dumps(level)}}}}}\n"
        for at, (test, level) in enumerate(rules)
    )
    text = TABLE.replace("HIT", hit).replace("violation", "risk")
    text += f"outputs: {{level: integer}}\nrules:\n{rows}"
    return house(text + (f"default: {{level: {default}}}\n" if default else ""), words=(RISK,))["p"]


def checklist(*checks: str) -> Policy:
    """Return a checklist over the facts `risk`; each check is written `when => require`."""
    rows = ""
    for at, each in enumerate(checks):
        when, _, require = each.rpartition("=>")
        rows += (
            f"  - {{id: c{at}, title: {{zh: 甲, en: C}}, severity: error,"
            f" {f'when: {json.dumps(when)}, ' if when else ''}require: {json.dumps(require)},"
            " remedy: {zh: 改, en: Mend}}\n"
        )
    text = f"policy: p\ntitle: {{zh: 甲, en: P}}\nfacts: risk\nchecks:\n{rows}"
    return house(text, words=(RISK,))["p"]


def test_whether_a_needed_fact_is_there_is_unknown_until_it_is_given() -> None:
    policy = checklist("has(note)", "c")
    assert policy.decide({}, on=DAY).outputs == {"verdict": "unknown"}
    assert not policy.decide({"c": True}, on=DAY).known
    assert policy.decide({"c": True, "note": "x"}, on=DAY).outputs == {"verdict": "pass"}
    assert policy.ask({"c": True}, on=DAY) is not None
    told = table(("!has(note)", "1"), ("", "2"))
    assert not told.decide({}, on=DAY).known
    assert told.decide({"note": ""}, on=DAY).outputs == {"level": 2}


def test_an_optional_fact_that_is_not_there_is_a_failure_and_in_an_interview_a_question() -> None:
    policy = checklist("has(maybe)")
    assert policy.decide({}, on=DAY).outputs == {"verdict": "fail"}
    question = policy.ask({}, on=DAY)
    assert question is not None
    assert question.fact == "maybe"
    assert policy.ask({"maybe": None}, on=DAY) is None


@pytest.mark.parametrize(
    ("checks", "facts", "verdict"),
    [
        (("c => d",), {"d": True}, "pass"),
        (("c => d",), {"c": False}, "pass"),
        (("c => k * j <= 25",), {}, "pass"),
        (("c => d", "!c => d"), {"d": False}, "fail"),
        (("a + b >= 0", "has(maybe) => maybe <= 3"), {}, "pass"),
        (("c => d",), {}, "unknown"),
        (("c => d",), {"d": False}, "unknown"),
    ],
)
def test_a_check_that_cannot_fail_leaves_the_verdict_known(
    checks: tuple[str, ...], facts: dict[str, object], verdict: str
) -> None:
    decision = checklist(*checks).decide(facts, on=DAY)
    assert decision.outputs == {"verdict": verdict}
    assert decision.known is (verdict != "unknown")


@pytest.mark.parametrize("hit", ["first", "unique", "any"])
def test_the_rules_that_are_left_all_give_the_same(hit: str) -> None:
    policy = table(("c", "1"), ("!c && d", "1"), ("!c && !d", "2"), hit=hit)
    decision = policy.decide({"d": True}, on=DAY)
    assert decision.outputs == {"level": 1}
    assert [each.id for each in decision.rules] == ["r0", "r1"]
    assert not policy.decide({"d": False}, on=DAY).known
    assert "one of these rules holds, and each gives the same" in decision.explain("en")
    assert "必有以下规则之一成立" in decision.explain("zh")
    assert policy.ask({"d": True}, on=DAY) is None


def test_a_rule_that_may_not_be_the_one_is_not_named_as_the_one() -> None:
    policy = table(("c", "1"), ("!c && d", "1"), ("!c && !d", "2"))
    assert policy.decide({"d": True}, on=DAY).rule is None


@pytest.mark.parametrize(
    ("test", "facts", "level"),
    [
        ("k * j >= 6", {"k": 1}, 2),
        ("k * j >= 6", {"k": 2}, None),
        ("5 < j", {}, 2),
        ("j <= 5", {}, 1),
        ("k + j > 10", {}, 2),
        ("k - j < 5", {}, 1),
        ("k * 3 > (a + b) * 5", {"k": 1, "a": "0.60"}, 2),
        ("k * 3 > (a + b) * 5", {"k": 1, "a": "0.59"}, None),
        ("(a + b) * 2 >= 10", {"b": 5}, 1),
        ("-k < 0", {}, 1),
        ("10 / k >= 2", {}, 1),
        ("has(maybe) && maybe > 3", {}, 2),
        ("c ? k > 5 : j > 5", {}, 2),
        ("day < date('0001-01-01')", {}, 2),
        ("[1, 2, 3, 4, 5].exists(x, x == 9)", {}, 2),
        ("k in [6, 7]", {}, 2),
        ("c || !c", {}, 1),
        ("k < 3 || k > 2", {}, 1),
        ("note == 'a' || note != 'a'", {}, 1),
        ("note == 'a' && note == 'b'", {}, 2),
        ("note.startsWith('a')", {}, None),
    ],
)
def test_bounds_and_cases_of_missing_facts_are_used(
    test: str, facts: dict[str, object], level: int | None
) -> None:
    decision = table((test, "1"), ("", "2")).decide(facts, on=DAY)
    assert decision.outputs == ({} if level is None else {"level": level})


GRADE = """
policy: grade
title: {zh: 等级, en: Grade}
facts: risk
hit_policy: first
outputs: {level: integer, sure: boolean}
rules:
  - {id: high, when: k * j > 12, then: {level: "3", sure: c}}
  - {id: middle, when: k * j > 6, then: {level: "2", sure: c}}
  - {id: low, then: {level: "1", sure: c}}
"""
ASKING = """
policy: asking
title: {zh: 甲, en: Asking}
facts: risk
hit_policy: first
outputs: {hard: boolean}
rules:
  - {id: bad, when: policies.grade.level >= 2, then: {hard: "true"}}
  - {id: good, then: {hard: "false"}}
"""


def test_of_another_policy_only_what_is_read_must_be_known() -> None:
    asking = house(GRADE, ASKING, words=(RISK,))["asking"]
    assert asking.decide({"k": 5, "j": 3}, on=DAY).outputs == {"hard": True}, "`sure` is not read"
    assert asking.decide({"k": 1}, on=DAY).outputs == {"hard": False}
    assert asking.ask({"k": 1}, on=DAY) is None
    assert not asking.decide({"k": 5}, on=DAY).known


def test_of_another_policy_a_fact_is_asked_that_changes_what_it_gives() -> None:
    paying = """
policy: paying
title: {zh: 甲, en: Paying}
facts: risk
hit_policy: first
outputs: {due: money, back: money}
rules:
  - {id: all, then: {due: "math.greatest(a - b, 0)", back: "c ? b : money(0)"}}
"""
    asking = ASKING.replace(
        "policies.grade.level >= 2", "policies.paying.due + policies.paying.back > 0"
    )
    policy = house(paying, asking, words=(RISK,))["asking"]
    question = policy.ask({"a": 0, "c": True}, on=DAY)
    assert question is not None
    assert question.fact == "b"
    assert policy.decide({"a": 0, "c": False}, on=DAY).outputs == {"hard": False}


CONSISTENT = (
    RISK
    + """
consistent:
  - {id: ordered, title: {zh: 甲, en: Ordered}, require: j <= k}
"""
)


def test_facts_still_missing_cannot_be_such_as_contradict_those_given() -> None:
    text = (
        TABLE.replace("HIT", "first").replace("violation", "risk")
        + """
outputs: {level: integer}
rules:
  - {id: r0, when: c && j > 3, then: {level: "1"}}
  - {id: r1, then: {level: "2"}}
"""
    )
    policy = house(text, words=(CONSISTENT,))["p"]
    assert policy.decide({"k": 3}, on=DAY).outputs == {"level": 2}
    assert not policy.decide({"k": 4}, on=DAY).known


def measured(*checks: tuple[str, str]) -> Policy:
    """Return a checklist whose checks have what is measured for them, and a condition."""
    rows = "".join(
        f"  - {{id: c{at}, title: {{zh: 甲, en: C}}, severity: error, measured: {json.dumps(one)},"
        f" require: {json.dumps(require)}, remedy: {{zh: 改, en: Mend}}}}\n"
        for at, (one, require) in enumerate(checks)
    )
    text = f"policy: p\ntitle: {{zh: 甲, en: P}}\nfacts: risk\nchecks:\n{rows}"
    return house(text, words=(RISK,))["p"]


def test_no_more_is_asked_once_too_little_is_measured_whatever_is_given() -> None:
    policy = measured(("k >= 3", "k * j > 4"), ("j >= 1", "day < date('2030-01-01')"))
    question = policy.ask({"k": 1}, on=DAY)
    assert question is not None, "the other check may still fail"
    known = {"k": 1, "day": "2026-01-01"}
    assert policy.ask(known, on=DAY) is None
    assert policy.decide(known, on=DAY).outputs == {"verdict": "unknown"}


def test_too_little_measured_is_no_failure_where_a_graver_check_is_known() -> None:
    policy = measured(("k >= 3", "k * j > 4"), ("j >= 1", "c"))
    assert policy.decide({"c": False}, on=DAY).outputs == {"verdict": "fail"}
    assert policy.ask({"c": False}, on=DAY) is None


def test_an_error_that_missing_facts_may_still_bring_is_not_answered_away() -> None:
    policy = table(("10 / (k - 3) > 0", "1"), ("10 / (k - 3) <= 0", "1"))
    assert not policy.decide({}, on=DAY).known


def test_a_question_whose_answer_changes_nothing_is_not_asked() -> None:
    policy = table(("c && d", "1"), ("k > 3 && !c", "2"), ("", "1"))
    known: dict[str, object] = {"c": True}
    assert policy.ask(known, on=DAY) is None
    asked = policy.ask({}, on=DAY)
    assert asked is not None
    assert asked.fact in {"c", "k"}


def test_a_list_is_tried_with_items_of_its_own_type() -> None:
    policy = table(
        ("note == 'a' && items.exists(x, x > 3)", "1"), ("items.size() > 2", "2"), ("", "3")
    )
    assert not policy.decide({}, on=DAY).known
    question = policy.ask({"note": "b"}, on=DAY)
    assert question is not None
    assert question.fact == "items"


def test_the_fact_is_asked_first_whose_answers_settle_most() -> None:
    policy = table(("k > 3 && c", "1"), ("j > 3 && c", "2"), ("d", "3"), ("!c", "4"), ("", "5"))
    question = policy.ask({"d": True}, on=DAY)
    assert question is not None
    assert question.fact == "c", "no answer settles more: without it the third rule decides"


CONDITIONS = st.sampled_from(
    [
        "c", "!d", "k > 2", "k * j >= 6", "k + j == 7", "k < j", "a + b > 10", "a >= b",
        "a * k > 20", "note == 'x'", "note != ''", "has(maybe)", "has(maybe) && maybe > k",
        "!has(maybe) || maybe < 2", "k in [1, 3]", "c ? k > 2 : j > 2", "c && d || k == j",
        "(a - b) * 2 <= 5", "k % 2 == 0", "note.size() > 2",
    ]
)  # fmt: skip
VALUES: dict[str, list[object]] = {
    "k": [1, 2, 3, 4, 5],
    "j": [1, 2, 3, 4, 5],
    "a": ["0", "2.50", "10", "10.01", "100"],
    "b": ["0", "0.01", "7.50", "10"],
    "c": [True, False],
    "d": [True, False],
    "note": ["", "x", "xyz"],
    "maybe": [None, 0, 1, 2, 3],
}


@given(
    st.sampled_from(["first", "unique", "any", "collect"]),
    st.lists(CONDITIONS, min_size=1, max_size=4),
    st.fixed_dictionaries({name: st.sampled_from(each) for name, each in VALUES.items()}),
    st.sets(st.sampled_from(sorted(VALUES))),
)
def test_what_is_known_early_is_what_the_complete_facts_say(
    hit: str, tests: list[str], full: dict[str, object], kept: set[str]
) -> None:
    policy = table(*((test, str(at % 2)) for at, test in enumerate(tests)), hit=hit)
    # What is left out is optional and absent, or not optional and still to be given.
    known = {name: full[name] for name in kept | {"maybe"}}
    try:
        early = policy.decide(known, on=DAY)
    except DecisionError as problem:
        with pytest.raises(type(problem)):
            policy.decide(full, on=DAY)
        return
    if early.known:
        assert policy.decide(full, on=DAY).outputs == early.outputs


def test_facts_that_are_given_as_not_known_stay_unknown() -> None:
    policy = checklist("has(note)")
    assert policy.decide({"note": None}, on=DAY).outputs == {"verdict": "unknown"}
    assert policy.ask({"note": None}, on=DAY) is None


def test_a_long_table_is_not_searched_without_end() -> None:
    rules = [(f"k * j == {at} && note != 't{at}'", str(at)) for at in range(400)]
    assert not table(*rules, ("", "0")).decide({"k": 1}, on=DAY).known
    assert FACTS


@pytest.mark.parametrize(
    "require",
    [
        "cel.bind(more, k * j - 6, more <= 0 || more * more < 4 * j)",
        "items.all(each, each + j > k)",
        "cel.bind(twice, k + k, twice + j > 3 || c)",
    ],
)
def test_a_comparison_with_a_name_of_a_macro_is_not_taken_out_of_it(require: str) -> None:
    policy = checklist(require, "d")
    assert policy.decide({"j": 2}, on=DAY).outputs == {"verdict": "unknown"}
    assert policy.ask({"j": 2}, on=DAY) is not None
    assert policy.decide({"d": False, "j": 2}, on=DAY).outputs == {"verdict": "fail"}
