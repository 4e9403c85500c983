"""Laws of every policy: generated tables and checklists against a naive reading of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.errors import DecisionError
from telecom_rules.policies.editions.table import TableEdition
from telecom_rules.policies.policy import engine_of
from tests.policies.house import DAY, house

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from telecom_rules.policies import Decision, Policy

Facts: TypeAlias = "dict[str, object]"

DOMAIN: dict[str, tuple[object, ...]] = {
    "severity": ("minor", "serious", "grave"),
    "repeats": (0, 1, 2),
    "is_crime": (False, True),
}
EVERY: list[Facts] = [
    dict(zip(DOMAIN, values, strict=True)) for values in product(*DOMAIN.values())
]


# A condition, once as the text of an expression and once as plain Python


@dataclass(frozen=True)
class Test:
    """A condition: its text in the policy, and for which complete facts it holds."""

    __test__ = False

    text: str
    holds: frozenset[int]

    def __call__(self, facts: Facts) -> bool:
        return EVERY.index(facts) in self.holds


def where(text: str, holds: object) -> Test:
    """Return the condition `text` that holds where the function `holds` of the facts says so."""
    assert callable(holds)
    return Test(text, frozenset(at for at, facts in enumerate(EVERY) if holds(facts)))


ATOMS = st.sampled_from(
    [
        where("is_crime", lambda facts: facts["is_crime"]),
        where("severity == 'minor'", lambda facts: facts["severity"] == "minor"),
        where("severity != 'grave'", lambda facts: facts["severity"] != "grave"),
        where("severity in ['minor', 'grave']", lambda facts: facts["severity"] != "serious"),
        where("repeats > 0", lambda facts: facts["repeats"] > 0),
        where("repeats == 1", lambda facts: facts["repeats"] == 1),
        where("repeats < 2", lambda facts: facts["repeats"] < 2),
        where("true", bool),
    ]
)
WHOLE = frozenset(range(len(EVERY)))


def larger(smaller: st.SearchStrategy[Test]) -> st.SearchStrategy[Test]:
    """Return conditions made of smaller ones."""
    return st.one_of(
        smaller.map(lambda test: Test(f"!({test.text})", WHOLE - test.holds)),
        st.tuples(smaller, smaller).map(
            lambda both: Test(
                f"({both[0].text}) && ({both[1].text})", both[0].holds & both[1].holds
            )
        ),
        st.tuples(smaller, smaller).map(
            lambda both: Test(
                f"({both[0].text}) || ({both[1].text})", both[0].holds | both[1].holds
            )
        ),
    )


TESTS = st.recursive(ATOMS, larger, max_leaves=4)


# A table, and what it decides by the plain meaning of its hit policy


HIT_POLICIES = (
    "unique",
    "first",
    "any",
    "priority",
    "collect",
    "collect sum",
    "collect min",
    "collect max",
    "collect count",
    "rule_order",
    "output_order",
)
PRIORITIES = (2, 3, 1)


@dataclass(frozen=True)
class Table:
    """A table whose rules give a level: a number, or `None` for the number of repeats."""

    hit_policy: str
    rules: tuple[tuple[Test, int | None], ...]
    default: int | None

    @property
    def policy(self) -> Policy:
        """The same, linked."""
        lines = [
            f"  - {{id: r{at}, when: {json.dumps(test.text)}, then: {{level: {output(level)}}}}}"
            for at, (test, level) in enumerate(self.rules)
        ]
        default = "" if self.default is None else f"default: {{level: {output(self.default)}}}\n"
        hit_policy, _, aggregation = self.hit_policy.partition(" ")
        values = f", values: {list(PRIORITIES)}" if ranked(hit_policy) else ""
        return house(
            "policy: p\ntitle: {zh: 甲, en: P}\nfacts: violation\n"
            f"hit_policy: {hit_policy}\n{aggregation and f'aggregation: {aggregation}'}\n"
            f"outputs: {{level: {{type: integer{values}}}}}\n{default}rules:\n" + "\n".join(lines)
        )["p"]

    def decide(self, facts: Facts) -> object:
        """Return the level for complete facts, or the name of the error."""
        levels = [
            (facts["repeats"] if level is None else level)
            for test, level in self.rules
            if test(facts)
        ]
        if not levels and self.default is not None:
            levels = [self.default]
        taken = TAKEN.get(self.hit_policy)
        if taken is not None and (levels or self.hit_policy not in {"collect min", "collect max"}):
            return taken(levels)
        if not levels:
            return "NoRuleMatches"
        if self.hit_policy == "unique" and len(levels) > 1:
            return "SeveralRulesMatch"
        if self.hit_policy == "any" and len(set(levels)) > 1:
            return "RulesDisagree"
        return min(levels, key=PRIORITIES.index) if self.hit_policy == "priority" else levels[0]


TAKEN: dict[str, Callable[[Sequence[int]], object]] = {
    "collect": tuple,
    "rule_order": tuple,
    "output_order": lambda levels: tuple(sorted(levels, key=PRIORITIES.index)),
    "collect count": len,
    "collect sum": sum,
    "collect min": min,
    "collect max": max,
}


def ranked(hit_policy: str) -> bool:
    """Return whether a hit policy goes by priorities, so that outputs are written out."""
    return hit_policy in {"priority", "output_order"}


def output(level: int | None) -> str:
    """Return a level as the output of a rule."""
    return json.dumps("repeats" if level is None else str(level))


def tables(hit_policy: str) -> st.SearchStrategy[Table]:
    """Return tables of one hit policy."""
    levels = st.sampled_from([1, 1, 2, 3 if ranked(hit_policy) else None])
    rules = st.lists(st.tuples(TESTS, levels), min_size=1, max_size=4).map(tuple)
    default = st.none() if hit_policy == "collect count" else st.sampled_from([None, 1])
    return st.builds(Table, st.just(hit_policy), rules, default)


TABLES = st.sampled_from(HIT_POLICIES).flatmap(tables)
PARTIAL = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in DOMAIN.items()}
)


def asked(policy: Policy, facts: Facts) -> Decision | str:
    """Return what a policy decides, or the name of the error."""
    try:
        return policy.decide(facts, on=DAY)
    except DecisionError as problem:
        return type(problem).__name__


def completions(facts: Mapping[str, object]) -> Iterator[Facts]:
    """Yield every complete record that agrees with `facts`."""
    return (every for every in EVERY if facts.items() <= every.items())


@given(TABLES)
def test_a_table_decides_what_its_hit_policy_means(table: Table) -> None:
    policy = table.policy
    for facts in EVERY:
        answer = asked(policy, facts)
        decided = answer if isinstance(answer, str) else answer.outputs["level"]
        assert decided == table.decide(facts), facts


@given(TABLES, PARTIAL)
def test_a_decision_on_incomplete_facts_agrees_with_every_completion(
    table: Table, facts: Facts
) -> None:
    answer = asked(table.policy, facts)
    outcomes = {table.decide(each) for each in completions(facts)}
    if isinstance(answer, str):
        assert outcomes == {answer}
    elif answer.known:
        # A completion in which two rules of a unique table hold shows a fault of the table.
        assert outcomes - {"SeveralRulesMatch"} <= {answer.outputs["level"]}
        assert table.hit_policy == "unique" or outcomes == {answer.outputs["level"]}
    elif len(facts) == len(DOMAIN):
        raise AssertionError("the facts are complete, and still nothing is decided")
    else:
        assert answer.outputs == {}
        assert answer.rule is None


@given(TABLES, PARTIAL, st.data())
def test_giving_what_is_missing_leads_to_a_decision(
    table: Table, facts: Facts, data: st.DataObject
) -> None:
    policy = table.policy
    for _ in range(len(DOMAIN) + 1):
        answer = asked(policy, facts)
        if isinstance(answer, str) or answer.known:
            return
        assert set(answer.missing) <= DOMAIN.keys() - facts.keys()
        name = answer.missing[0]
        facts = {**facts, name: data.draw(st.sampled_from(DOMAIN[name]))}
    raise AssertionError("the facts are complete, and still nothing is decided")


@given(TABLES, PARTIAL)
def test_the_compiled_table_and_the_rules_one_by_one_agree(table: Table, facts: Facts) -> None:
    policy = table.policy
    record = policy.facts.read(facts)
    engine = engine_of(policy)
    edition = engine.edition_on(DAY)
    assert isinstance(edition, TableEdition)
    answer = asked(policy, facts)
    try:
        weighed: Decision | str = engine.decide_exactly(edition, record, DAY)
    except DecisionError as problem:
        weighed = type(problem).__name__
    assert weighed == answer


@given(TABLES, PARTIAL)
def test_every_decision_can_be_explained_and_written_down(table: Table, facts: Facts) -> None:
    answer = asked(table.policy, facts)
    if isinstance(answer, str):
        return
    for language in ("zh", "en"):
        assert answer.explain(language)
        assert "\n" not in answer.summary(language)
    assert json.loads(json.dumps(answer.dump())) == answer.dump()
    assert answer.dump() == table.policy.decide(facts, on=DAY).dump()


# A checklist


CHECKS = st.lists(
    st.tuples(TESTS, TESTS, st.sampled_from(["error", "warning"])), min_size=1, max_size=3
)


def checklist(checks: list[tuple[Test, Test, str]]) -> Policy:
    """Return a checklist of conditions, requirements and severities."""
    items = [
        f"  - {{id: c{at}, title: {{zh: 项, en: C}}, remedy: {{zh: 改, en: Mend}},"
        f" severity: {severity},"
        f" when: {json.dumps(when.text)}, require: {json.dumps(require.text)}}}"
        for at, (when, require, severity) in enumerate(checks)
    ]
    head = "policy: c\ntitle: {zh: 乙, en: C}\nfacts: violation\nchecks:\n"
    return house(head + "\n".join(items))["c"]


def naive(check: tuple[Test, Test, str], facts: Facts) -> str:
    """Return the status of a check for complete facts."""
    when, require, _ = check
    if not when(facts):
        return "not_applicable"
    return "pass" if require(facts) else "fail"


@given(CHECKS, PARTIAL)
def test_a_checklist_agrees_with_every_completion(
    checks: list[tuple[Test, Test, str]], facts: Facts
) -> None:
    decision = checklist(checks).decide(facts, on=DAY)
    for check, result in zip(checks, decision.results, strict=True):
        statuses = {naive(check, each) for each in completions(facts)}
        assert result.status == "unknown" or statuses == {result.status}
        assert (result.status == "unknown") is bool(result.missing)
    for each in completions(facts):
        failed = {check[2] for check in checks if naive(check, each) == "fail"}
        verdict = "fail" if "error" in failed else "warn" if "warning" in failed else "pass"
        assert decision.outputs["verdict"] in {verdict, "unknown"}
    assert decision.known is (decision.outputs["verdict"] != "unknown")
    assert len(facts) < len(DOMAIN) or decision.known
