"""The function made for usual facts, and the long way: the same answers and the same errors."""

from __future__ import annotations

import ast
import json
import sys
from collections import UserDict, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import make_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import create_model

from telecom_rules.errors import ArgumentError, FactsError, MissingData, TelecomRulesError
from telecom_rules.policies import Decision
from telecom_rules.policies.editions.table import TableEdition
from telecom_rules.policies.fast import build_facts_function
from telecom_rules.policies.fast.compile import compile_function
from telecom_rules.policies.fast.fused import Substitution
from telecom_rules.policies.policy import engine_of
from telecom_rules.vocabulary.values import Unfit
from tests.policies.house import CONDUCT, DAY, FACTS, GRADE, PENALTY, VOCABULARY, house

if TYPE_CHECKING:
    from telecom_rules.policies import Policy

TODAY = """
policy: today
title: {zh: 当日, en: Today}
facts: violation
hit_policy: unique
outputs: {level: "integer?", sum: "money?"}
default: {level: repeats + 7}
rules:
  - {id: early, when: has(corrected_on) && corrected_on < today, then: {level: 1, sum: 2.50}}
  - {id: late, when: {corrected_on: "> 2026-03-01", repeats: "[0..2]"}, then: {level: 2}}
  - {id: harm, when: {harm: ">= parameters.gain"}, then: {sum: harm * repeats}}
  - {id: divide, when: "!has(harm) && 100 / repeats > 40", then: {level: 100 / repeats}}
"""
LISTED = TODAY.replace("policy: today", "policy: listed").replace("unique", "collect")
POLICIES = house(PENALTY, GRADE, CONDUCT, TODAY, LISTED)
NAMES = ("penalty", "grade", "conduct", "today", "listed")


class Severity(StrEnum):
    """A host's own codes."""

    GRAVE = "grave"


def long_way(policy: Policy, facts: object) -> object:
    """Return what the policy decides without the function made for it."""
    return answer(lambda: engine_of(policy).decide(policy.facts.read(facts), on=DAY))


def answer(decide: Any) -> object:
    """Return a decision, or its error."""
    try:
        return decide()
    except TelecomRulesError as problem:
        return type(problem), problem.wording


USUAL: dict[str, st.SearchStrategy[object]] = {
    "severity": st.sampled_from(["minor", "serious", "grave", Severity.GRAVE]),
    "illegal_gain": st.sampled_from(
        ["0", "0.00", "49999.99", "50000", "80000.00", 50000, Decimal("1E+5"), Decimal("7.50")]
    ),
    "is_crime": st.booleans(),
    "repeats": st.integers(0, 3),
    "harm": st.sampled_from([None, "1.00", 50000, Decimal(3)]),
    "corrected_on": st.sampled_from([None, "2026-02-28", date(2026, 3, 2), "2026-03-01"]),
}
ODD: st.SearchStrategy[object] = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "", "huge", "007.00", ".00", "1.", "-1.00", "+1.00", "1e3", " 1.00", "1_0.00", "１.00",
            "1.000", "1.23.45", "999999999999999999.00", "9999999999999999999.00", "\ud800",
            True, 1, 0, -1, 2**63, 1.5, float("nan"), Decimal("NaN"), Decimal("1E+999"), (), [], {},
            datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 1), b"grave", Severity, object,
        ]
    ),
    st.text(max_size=5),
    st.text("0123456789.", max_size=24),
    st.integers(),
    st.decimals(),
)  # fmt: skip


def mixed(name: str) -> st.SearchStrategy[object]:
    """Return values of a fact, most of them usual."""
    return st.one_of(USUAL[name], USUAL[name], USUAL[name], ODD)


MIXED = st.fixed_dictionaries(
    {}, optional={**{name: mixed(name) for name in USUAL}, "gain": st.just(1)}
)


@given(st.sampled_from(NAMES), st.one_of(st.fixed_dictionaries(USUAL), MIXED))
def test_a_mapping_is_decided_on_as_the_long_way_does(name: str, facts: dict[str, object]) -> None:
    policy = POLICIES[name]
    decided = answer(lambda: policy.decide(facts, on=DAY))
    assert decided == long_way(policy, facts)
    if not isinstance(decided, tuple):
        assert decided.dump() == long_way(policy, facts).dump()  # type: ignore[attr-defined]  # a decision


@given(st.sampled_from(NAMES), st.one_of(st.fixed_dictionaries(USUAL), MIXED))
def test_an_object_is_decided_on_as_a_mapping_of_its_attributes(
    name: str, facts: dict[str, object]
) -> None:
    policy = POLICIES[name]
    known = {key: value for key, value in facts.items() if key != "gain"}
    wanted = long_way(policy, known or {"repeats": None})
    thing = SimpleNamespace(**{"repeats": None, **known}, something_else=1)
    assert answer(lambda: policy.decide(thing, on=DAY)) == wanted


def test_facts_may_be_whatever_a_host_holds_them_in() -> None:
    policy = POLICIES["penalty"]
    wanted = policy.decide(FACTS, on=DAY)
    plain = make_dataclass("Plain", FACTS)(**FACTS)
    model = create_model("Own", **{name: (type(each), ...) for name, each in FACTS.items()})  # type: ignore[call-overload]  # fields by name
    row = type("Row", (), {"__slots__": tuple(FACTS)})()
    for name, each in FACTS.items():
        setattr(row, name, each)
    for given_as in (
        plain,
        model(**FACTS),
        row,
        policy.facts.model.model_validate(FACTS),
        UserDict(FACTS),
        MappingProxyType(FACTS),
        defaultdict(int, FACTS),
        policy.facts.read(FACTS),
    ):
        for _ in range(2):
            assert policy.decide(given_as, on=DAY) == wanted
    assert len(defaultdict(int, FACTS)) == len(FACTS)


class Odd(UserDict[str, object]):
    """A mapping whose attributes are not its items."""

    repeats = 3


@pytest.mark.parametrize("kind", [UserDict, Odd, MappingProxyType, defaultdict, int, list, object])
def test_no_function_is_made_for_other_mappings_and_for_types_of_python(kind: type) -> None:
    for name in NAMES:
        edition = engine_of(POLICIES[name]).edition_on(DAY)
        assert edition is not None
        assert build_facts_function(edition, kind, edition.decide) is None
        assert build_facts_function(edition, SimpleNamespace, edition.decide) is not None
    facts = {**FACTS, "harm": 3}
    decide = POLICIES["listed"].decide
    assert decide(Odd(facts), on=DAY) == decide(facts, on=DAY)


def evaluated(text: str, **values: object) -> tuple[object, bool]:
    """Return what an expression over `facts` and `context` gives once they are substituted."""
    policy = POLICIES["penalty"]
    put = Substitution(policy.facts.fields, {"gain": Decimal(7)})
    body = [ast.Return(put.substitute(ast.parse(text, mode="eval").body))]
    return compile_function(body, put.constants, [*values])(**values), put.failed


def test_facts_and_figures_are_read_from_variables_wherever_they_stand() -> None:
    assert evaluated("facts['repeats']", fact_repeats=3) == (3, False)
    assert evaluated("facts['harm']", fact_harm=3) == (3, False)
    assert evaluated("context.parameters['gain']") == (Decimal(7), False)
    assert evaluated("context.today", on=DAY) == (DAY, False)
    assert evaluated("'harm' in facts", fact_harm=None) == (False, False)
    assert evaluated("'harm' in facts", fact_harm=0) == (True, False)
    inside = "[0, facts['repeats']][facts['repeats'] - 2] in (context.parameters['gain'], 3)"
    assert evaluated(inside, fact_repeats=3) == (True, False)
    assert evaluated("context.today.year", on=DAY) == (2026, False)


def test_an_optional_fact_that_is_absent_is_never_read_as_a_value() -> None:
    with pytest.raises(MissingData, match="harm"):
        evaluated("facts['harm'] == 3", fact_harm=None)


def test_what_is_left_of_the_record_or_the_context_is_noticed() -> None:
    assert evaluated("len(facts)", facts=FACTS) == (len(FACTS), True)
    assert evaluated("context.states", context=SimpleNamespace(states=())) == ((), True)


@pytest.mark.parametrize("nothing", [None, 3, "facts", [FACTS], object(), dict, Decimal(1), DAY])
def test_what_has_no_facts_is_refused(nothing: object) -> None:
    for _ in range(2):
        with pytest.raises(FactsError):
            POLICIES["penalty"].decide(nothing, on=DAY)


class Refusing:
    """A value that fails when it is hashed."""

    def __hash__(self) -> int:
        raise AttributeError("no hash")


@pytest.mark.parametrize("on", [[], {}, Refusing()])
def test_a_day_that_cannot_be_hashed_is_refused_as_no_day(on: Any) -> None:
    with pytest.raises(ArgumentError, match="the argument `on`"):
        POLICIES["penalty"].decide(FACTS, on=on)


def test_a_decision_does_not_see_what_becomes_of_the_facts() -> None:
    facts = dict(FACTS)
    decision = POLICIES["penalty"].decide(facts, on=DAY)
    facts["severity"] = "minor"
    assert decision.facts["severity"] == "serious"
    assert list(decision.facts) == ["severity", "illegal_gain", "is_crime", "repeats"]


@given(st.sampled_from(NAMES), st.fixed_dictionaries({}, optional=USUAL))
def test_an_explanation_does_not_depend_on_those_given_before(
    name: str, facts: dict[str, object]
) -> None:
    policy = POLICIES[name]
    decision = answer(lambda: policy.decide(facts, on=DAY))
    edition = engine_of(policy).build_edition(DAY)
    assert edition is not None
    if isinstance(decision, Decision):
        afresh = edition.decide(policy.facts.read(facts), DAY)
        for language in ("zh", "en"):
            assert decision.explain(language) == afresh.explain(language)


# Long tables


LONG = """
policy: long
title: {zh: 长表, en: Long}
facts: violation
hit_policy: HIT
outputs: {level: integer}
DEFAULT
rules:
"""


def long_table(rows: list[str], hit_policy: str, default: str = "") -> Policy:
    """Return a table with these conditions."""
    lines = [
        f"  - {{id: r{at}, {row}, then: {{level: {at} + repeats - repeats}}}}\n"
        for at, row in enumerate(rows)
    ]
    text = LONG.replace("HIT", hit_policy).replace("DEFAULT", default)
    return house(text + "".join(lines))["long"]


CELLS = {
    "severity": ["minor", "serious", "grave", '"minor, grave"', "not(minor)"],
    "repeats": ['"0"', '"1"', '"0, 2"', '">= 2"'],
    "is_crime": ['"true"', '"false"'],
    "harm": ['"1"', '"1, 50000"', '"> 5"'],
}
ROW = st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in CELLS.items()}).map(
    lambda cells: f"when: {{{', '.join(f'{name}: {cell}' for name, cell in cells.items())}}}"
)
ROWS = st.lists(
    st.one_of(ROW, ROW, ROW, st.just("when: 10 / repeats > 4 && severity == 'minor'")),
    min_size=17, max_size=40,
)  # fmt: skip


@given(ROWS, st.sampled_from(["first", "unique"]), st.sampled_from(["", "default: {level: 99}"]),
       st.lists(st.fixed_dictionaries(USUAL), min_size=5, max_size=5))  # fmt: skip
def test_a_long_table_is_decided_as_its_rows_one_by_one(
    rows: list[str], hit_policy: str, default: str, every: list[dict[str, object]]
) -> None:
    policy = long_table(
        [each.replace("when: {}", "when: 'true'") for each in rows], hit_policy, default
    )
    for facts in every:
        assert answer(lambda: policy.decide(facts, on=DAY)) == long_way(policy, facts)  # noqa: B023 - called at once


def test_only_the_rows_that_can_hold_are_compiled_for_a_value() -> None:
    policy = long_table([f'when: {{repeats: "{at}"}}' for at in range(300)], "first")
    edition = engine_of(policy).build_edition(DAY)
    assert isinstance(edition, TableEdition)
    decide = build_facts_function(edition, dict, edition.decide)
    assert decide is not None
    assert decide({"repeats": 250}, DAY).outputs == {"level": 250}
    assert decide({"repeats": 250}, DAY) == engine_of(policy).decide(
        policy.facts.read({"repeats": 250}), on=DAY
    )


# Amounts with bounds

BILL = """
facts: bill
title: {zh: 账单, en: Bill}
fields:
  due: {type: money, title: {zh: 应付, en: Due}, BOUNDS}
"""
PAY = """
policy: pay
title: {zh: 付款, en: Payment}
facts: bill
hit_policy: first
outputs: {sum: money}
rules: [{id: all, then: {sum: due}}]
"""


@pytest.mark.parametrize(
    ("bounds", "within", "outside"),
    [
        ("min: 10", ["10", "10.00", "1000"], ["9.99", "0"]),
        ("max: 100", ["0", "100.00"], ["100.01", "101"]),
        ("min: 10, max: 100", ["10", "99.99"], ["9", "100.01"]),
        ("min: 0", ["0", "0.00"], []),
    ],
)
def test_an_amount_outside_its_bounds_is_refused_and_one_within_is_read_the_fast_way(
    bounds: str, within: list[str], outside: list[str]
) -> None:
    policy = house(PAY, words=(BILL.replace("BOUNDS", bounds),))["pay"]
    edition = engine_of(policy).edition_on(DAY)
    assert edition is not None
    fast = build_facts_function(edition, dict, lambda *_: pytest.fail("not the fast way"))
    assert fast is not None
    for amount in within:
        assert fast({"due": amount}, DAY).outputs == {"sum": Decimal(amount)}
    for amount in outside:
        with pytest.raises(Unfit):
            fast({"due": amount}, DAY)
        with pytest.raises(FactsError):
            policy.decide({"due": amount}, on=DAY)


# Threads


def test_threads_get_the_answers_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = [
        {**FACTS, "repeats": at % 5, "illegal_gain": str(at * 1000), "severity": severity}
        for at in range(40)
        for severity in ("minor", "serious", "grave")
    ]
    wanted = [long_way(POLICIES["penalty"], facts) for facts in samples]
    fresh = house(PENALTY, words=tuple(VOCABULARY))["penalty"]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            runs = [
                pool.submit(lambda: [fresh.decide(facts, on=DAY) for facts in samples])
                for _ in range(8)
            ]
            assert all(run.result() == wanted for run in runs)
    finally:
        sys.setswitchinterval(before)


def test_a_decision_is_written_down_alike_whichever_way_it_was_made() -> None:
    for name in NAMES:
        policy = POLICIES[name]
        decision = policy.decide({**FACTS, "repeats": 1}, on=DAY)
        again = engine_of(policy).decide(policy.facts.read({**FACTS, "repeats": 1}), on=DAY)
        assert json.dumps(decision.dump()) == json.dumps(again.dump())
        assert decision.explain("zh") == again.explain("zh")
