"""How a policy compares with an older one, with records on which the engine says so."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules import scenarios
from telecom_rules.checks.strictness import Deviation, Direction, Part
from telecom_rules.checks.strictness.places import Placed
from telecom_rules.findings.kinds import RULE
from telecom_rules.pack import read
from telecom_rules.proofs.comparison import Relation, Way, compare_policy
from telecom_rules.proofs.counterexample import Counterexample
from telecom_rules.proofs.overlays import settle
from telecom_rules.proofs.scenarios import write_scenarios
from telecom_rules.proofs.verification import verify
from tests.checks.test_laxer_than_base import CRITICAL, NEW_CODE, read_ordered
from tests.checks.test_tables import AROUND, ATOMS, DAY, RECORDS, pack, reading

if TYPE_CHECKING:
    from pathlib import Path

    from telecom_rules.pack import Pack
    from telecom_rules.policies import Policy

TITLE = "title: {zh: 名, en: Name}"


def build(*rules: tuple[str, str], output: str = "stricter: higher, ") -> Pack:
    """Return a pack with a table of conditions and answers."""
    rows = "".join(
        f'  - {{id: r{at}, when: "{when}", then: {{to: {to}}}}}\n'
        for at, (when, to) in enumerate(rules)
    )
    text = (
        f"hit_policy: first\noutputs: {{to: {{type: decimal, {output}$t}}}}\n"
        f"default: {{to: 0}}\nrules:\n{rows}"
    )
    return pack(reading(text))


def table(*rules: tuple[str, str], output: str = "stricter: higher, ") -> Policy:
    """Return the table of such a pack."""
    return build(*rules, output=output).policies["table"]


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        (("count > 2", "1"), ("!(count <= 2)", "1"), Relation.EQUIVALENT),
        (("count > i + j", "1"), ("count - i > j", "1"), Relation.EQUIVALENT),
        (("loss > 0", "loss * 2"), ("loss > 0", "loss + loss"), Relation.EQUIVALENT),
        (("count > 2", "1"), ("count > 1", "1"), Relation.STRICTER),
        (("loss > 0", "loss * 0.5"), ("loss > 0", "loss * 0.3"), Relation.LAXER),
        (("loss > 10", "loss"), ("loss > 20", "loss * 2"), Relation.INCOMPARABLE),
        (("count >= parameters.line", "1"), ("count >= 3", "1"), Relation.LAXER),
        (("tags.size() > 1", "1"), ("tags.size() > 1", "2"), Relation.STRICTER),
        (("tags.size() > 4", "1"), ("tags.size() > 4", "2"), Relation.UNDECIDED),
    ],
)
def test_a_policy_is_compared_on_all_records(
    old: tuple[str, str], new: tuple[str, str], relation: Relation
) -> None:
    found = compare_policy(table(old), table(new))
    assert found.relation is relation
    assert (found.why is not None) is (relation is Relation.UNDECIDED)
    for way, (facts, day) in found.shown.items():
        answers = [
            float(str(each.decide(facts, on=day).outputs["to"])) for each in (found.old, found.new)
        ]
        assert (answers[1] > answers[0]) is (way is Way.STRICTER)


def test_an_answer_without_an_order_is_the_same_or_not_comparable() -> None:
    one, other = (("flag", "1"),), (("flag", "2"),)
    plain = [table(*each, output="") for each in (one, one, other)]
    assert compare_policy(plain[0], plain[1]).relation is Relation.EQUIVALENT
    found = compare_policy(plain[0], plain[2])
    assert (found.relation, set(found.shown)) == (Relation.INCOMPARABLE, {Way.OTHER})


@st.composite
def two_tables(draw: st.DrawFn) -> tuple[Policy, Policy]:
    """Return two tables that differ in a condition or an answer."""
    rules = draw(
        st.lists(st.tuples(st.sampled_from(ATOMS), st.sampled_from("012")), min_size=1, max_size=3)
    )
    at = draw(st.integers(0, len(rules) - 1))
    changed = (draw(st.sampled_from(ATOMS)), draw(st.sampled_from("012")))
    return table(*rules), table(*rules[:at], changed, *rules[at + 1 :])


@settings(max_examples=12)
@given(two_tables())
def test_the_relation_is_what_all_records_say(drawn: tuple[Policy, Policy]) -> None:
    old, new = drawn
    ways = set()
    for day in (date(2021, 1, 1), DAY):
        for record in RECORDS:
            answers = [int(str(each.decide(record, on=day).outputs["to"])) for each in drawn]
            if answers[0] != answers[1]:
                ways.add(Way.STRICTER if answers[1] > answers[0] else Way.LAXER)
    assert set(compare_policy(old, new).shown) == ways


def test_a_saved_counterexample_is_a_scenario_that_comes_true(tmp_path: Path) -> None:
    old, new = table(("loss > 10", "loss")), table(("loss > 20 && kind == 'mid'", "loss * 2"))
    found = compare_policy(old, new)
    texts = write_scenarios(Counterexample(new, *each) for each in found.shown.values())
    files = {**AROUND, "table.yaml": "policy: table\n$t\nfacts: ticket\nhit_policy: first\n"
             "outputs: {to: {type: decimal, stricter: higher, $t}}\ndefault: {to: 0}\nrules:\n"
             "  - {id: r0, when: \"loss > 20 && kind == 'mid'\", then: {to: loss * 2}}\n",
             "scenarios/table.yaml": texts["table"]}  # fmt: skip
    (tmp_path / "scenarios").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text.replace("$t", TITLE), encoding="utf-8")
    rules = read(tmp_path).require_pack()
    written = scenarios.read(tmp_path, rules)
    assert [each.concise() for each in written.findings] == []
    assert [each.passed for each in scenarios.run(written.scenarios, rules)] == [True, True]


@pytest.mark.slow
def test_nothing_is_left_undecided_of_the_house_that_ships() -> None:
    result = verify(read("examples/house"))
    assert (result.findings, result.counterexamples) == ((), ())


@pytest.mark.parametrize(("least", "code"), [("count >= 2", None), ("count >= 4", "TR760")])
def test_what_was_undecided_of_a_house_is_settled(least: str, code: str | None) -> None:
    rule = "{test} && i * 2 != j * 2 + 1"
    base, house = (build((rule.format(test=test), "1")) for test in ("count >= 3", least))
    old, new = base.policies["table"], house.policies["table"]
    part = Part("policies.table", RULE, "table.r0")
    left = Deviation((part,), Direction.UNDECIDED, part.what, part.what, policy="table")
    placed = Placed(left, base, new.span, ())
    found = settle(placed, compare_policy(old, new))
    assert (None if found.finding is None else found.finding.id) == code
    assert (found.counterexample is not None) is (code is not None)


@pytest.mark.parametrize(
    ("order", "relation"),
    [("critical, high, low", Relation.STRICTER), ("high, low, critical", Relation.LAXER)],
)
def test_a_code_of_the_house_counts_where_the_house_has_placed_it(
    tmp_path: Path, order: str, relation: Relation
) -> None:
    rule = CRITICAL.replace("$order", order).replace("$before", "high")
    house = read_ordered(tmp_path, grade=NEW_CODE, grading=rule)
    assert house.base is not None
    packs = (house.base, house)
    old, new = (each.require_pack().policies["grading"] for each in packs)
    assert compare_policy(old, new).relation is relation
