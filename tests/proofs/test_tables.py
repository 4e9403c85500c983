"""The solver says of tables what every record says: random tables, and stories with arithmetic."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.checks.analysis.reasons import NO_RECORD
from telecom_rules.checks.analysis.table_proof import Undecided, iter_questions, prove_table
from telecom_rules.errors import NoRuleMatches, RulesDisagree, SeveralRulesMatch
from telecom_rules.proofs.tables import TableQuestions
from telecom_rules.proofs.verification import verify
from tests.checks.test_tables import DAY, RECORDS, pack, reading, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from telecom_rules.findings import Finding
    from telecom_rules.policies import Policy


def ask(policy: Policy) -> list[Finding]:
    """Return what the solver finds in a table when it is asked all questions."""
    questions = TableQuestions(policy, DAY)
    rules = tuple(row.rule.id for row in policy.rows)
    found: list[Finding] = []
    for question in iter_questions(policy):
        answer = questions.settle(Undecided(question, rules, NO_RECORD))
        assert answer.undecided is None
        found += (each.finding for each in answer.mistakes)
    return found


def observe(policy: Policy, records: Iterable[Mapping[str, object]]) -> tuple[set[str], set[str]]:
    """Return the codes of the gaps and overlaps that records show, and the rules that decide."""
    codes: set[str] = set()
    decides: set[str] = set()
    for record in records:
        try:
            decision = policy.decide(record, on=DAY)
        except NoRuleMatches:
            codes.add("TR401")
        except (SeveralRulesMatch, RulesDisagree):
            codes.add("TR402")
        else:
            decides |= {rule.id for rule in decision.rules}
    return codes, decides


@settings(max_examples=12)
@given(written())
def test_the_solver_says_of_a_table_what_boxes_and_all_records_say(drawn: tuple[str, str]) -> None:
    hit, table = drawn
    policy = pack(reading(table)).policies["table"]
    found = ask(policy)
    codes, decides = observe(policy, RECORDS)
    assert {each.id for each in found} & {"TR401", "TR402"} == codes
    never = {str(each.values["rule"]) for each in found if each.id in {"TR403", "TR404"}}
    if hit == "first":
        assert never == {row.rule.id for row in policy.rows} - decides
    boxes = {each.id for each in prove_table(policy, DAY, {}).findings}
    assert boxes & {"TR401", "TR402"} == codes


SUMS = (
    "count + extra > 3", "count * 2 <= extra + 1", "count - extra == 1", "extra < count",
    "count == extra", "count / 2 == 1", "count % 2 == 0", "-count >= -2", "extra >= 1",
    "(count > 2 ? extra : count) == 1", "math.greatest(count, extra) == 2",
)  # fmt: skip
SMALL = [{"count": count, "extra": extra} for count, extra in product(range(5), range(3))]


@st.composite
def calculating(draw: st.DrawFn) -> str:
    """Return a table whose conditions calculate."""
    hit = draw(st.sampled_from(("first", "unique")))
    rules = []
    for number in range(draw(st.integers(1, 4))):
        parts = draw(st.lists(st.sampled_from(SUMS), min_size=1, max_size=2, unique=True))
        when = f"has(extra) && {draw(st.sampled_from((' && ', ' || '))).join(parts)}"
        if "||" in when:
            when = f"has(extra) && ({when.removeprefix('has(extra) && ')})"
        rules.append(f'  - {{id: r{number}, when: "{when}", then: {{to: 1}}}}')
    rules.append('  - {id: none, when: "!has(extra)", then: {to: 0}}')
    return f"hit_policy: {hit}\noutputs: {{to: integer}}\nrules:\n" + "\n".join(rules) + "\n"


@settings(max_examples=12)
@given(calculating())
def test_the_solver_calculates_as_the_engine_does(table: str) -> None:
    policy = pack(reading(table)).policies["table"]
    found = ask(policy)
    codes, decides = observe(policy, [*SMALL, {"count": 0}])
    assert {each.id for each in found} & {"TR401", "TR402"} == codes
    if policy.hit_policy == "first":
        never = {str(each.values["rule"]) for each in found if each.id in {"TR403", "TR404"}}
        assert never == {row.rule.id for row in policy.rows} - decides


def written_table(*rules: str, hit: str = "unique") -> str:
    rows = [f'  - {{id: r{at}, when: "{each}", then: {{to: 1}}}}' for at, each in enumerate(rules)]
    return f"hit_policy: {hit}\noutputs: {{to: integer}}\nrules:\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    "rules",
    [
        ("loss * 3 > 100.00", "loss * 3 <= 100.00"),
        ("loss + 0.01 > 5.00", "loss < 5.00"),
        ("day + days(count) > date('2026-03-02')", "day <= date('2026-03-02') - days(count)"),
        ("ratio * 0.5 >= 1.0", "ratio < 2.0"),
        ("roundUp(ratio * 1.5) > 3.00", "ratio <= 2.0"),
        ("note == 'a' || count > i", "note != 'a' && i >= count"),
        ("day.addMonths(1) > date('2026-03-02')", "day.addMonths(1) <= date('2026-03-02')"),
    ],
)
def test_a_table_that_leaves_nothing_out_is_proved(rules: tuple[str, ...]) -> None:
    assert ask(pack(reading(written_table(*rules))).policies["table"]) == []


@pytest.mark.parametrize(
    ("rules", "shown"),
    [
        (("loss * 3 > 100.00", "loss * 3 < 100.00"), None),  # 33.333… is not an amount
        (("loss * 4 > 100.00", "loss * 4 < 100.00"), "loss=25"),
        (("day + days(count) > date('2026-03-02')", "day < date('2026-03-02')"), "count=0"),
        (("roundDown(ratio) > 3.00", "ratio < 3.01"), None),
        (("day.addMonths(1) > date('2026-02-28')", "day < date('2026-01-28')"), "day=2026-01-"),
    ],
)
def test_a_gap_is_told_with_a_record_that_the_engine_does_not_decide(
    rules: tuple[str, ...], shown: str | None
) -> None:
    found = ask(pack(reading(written_table(*rules))).policies["table"])
    told = [str(each.values["facts"]) for each in found if each.id == "TR401"]
    assert bool(told) is (shown is not None)
    assert shown is None or shown in told[0]


def test_what_the_solver_cannot_show_stays_undecided_with_its_reason() -> None:
    table = written_table("tags.join(' ') == 'a b'", "tags.join('-') == 'a-b'")
    policy = pack(reading(table)).policies["table"]
    answer = TableQuestions(policy, DAY).settle(Undecided("overlap", ("r0",), NO_RECORD))
    assert answer.mistakes == ()
    assert answer.undecided is not None
    assert "join" in answer.undecided.why.en


@pytest.mark.parametrize(
    ("rules", "shown"),
    [
        (("tags.exists(t, t == 'a')", "!tags.exists(t, t == 'b')"), "'a'"),
        (("size(tags) == 2", "'a' in tags"), "a"),
        (("tags.all(t, t == 'a') && size(tags) > 0", "size(tags) == 3"), "tags=['a', 'a', 'a']"),
        (("tags.exists_one(t, t == 'a')", "tags.filter(t, t == 'b').size() == 2"), "a"),
    ],
)
def test_a_record_that_shows_a_mistake_may_have_lists_of_several_items(
    rules: tuple[str, str], shown: str
) -> None:
    policy = pack(reading(written_table(*rules))).policies["table"]
    answer = TableQuestions(policy, DAY).settle(Undecided("overlap", ("r0",), NO_RECORD))
    (found,) = [each for each, _ in answer.mistakes if each.id == "TR402"]
    assert shown in str(found.values["facts"])


def test_where_no_short_list_shows_it_that_is_said() -> None:
    table = written_table("size(tags) > 5", "tags.exists(t, t == 'a') && size(tags) > 3")
    policy = pack(reading(table)).policies["table"]
    answer = TableQuestions(policy, DAY).settle(Undecided("overlap", ("r0",), NO_RECORD))
    assert answer.undecided is not None
    assert "up to 3 items" in answer.undecided.why.en


def test_verify_answers_what_validate_leaves_undecided() -> None:
    read = reading(written_table("i * 2 == j * 2 + 1", "true", hit="first"))
    before = prove_table(pack(read).policies["table"], DAY, {})
    assert [each.question for each in before.undecided] == ["dead"]
    result = verify(read)
    assert [each.id for each in result.findings] == ["TR403"]  # even is not odd
    assert result.settled == 1


UNTIL = "in_force: {from: 2020-01-01, until: 2026-01-01}"
EVEN = "{id: even, when: i * 2 == j * 2 + 6, then: {to: 1}, $days}"
TWO = "{id: two, when: i - j == 3, then: {to: 2}, in_force: {from: 2020-01-01}}"


@pytest.mark.parametrize(("days", "shown"), [("in_force: {from: 2020-01-01}", 1), (UNTIL, 0)])
def test_what_shows_a_rule_that_never_decides_is_dropped_with_it(days: str, shown: int) -> None:
    rest = "{id: rest, then: {to: 3}, in_force: {from: 2020-01-01}}"
    rules = [EVEN.replace("$days", days), TWO, rest]
    result = verify(
        reading(
            "hit_policy: first\nin_force: {from: 2020-01-01}\noutputs: {to: integer}\nrules:\n"
            + "".join(f"  - {each}\n" for each in rules)
        )
    )
    assert [each.id for each in result.findings] == ["TR404"] * shown
    assert [each.facts["i"] - each.facts["j"] for each in result.counterexamples] == [3] * shown


def test_the_days_of_a_period_are_all_asked() -> None:
    rules = (
        "day <= date('2020-01-01') || today < date('2024-02-29')",
        "day > date('2020-01-01') && today > date('2024-02-29')",
    )
    found = ask(pack(reading(written_table(*rules))).policies["table"])
    assert [(each.id, each.values["facts"]) for each in found if each.id == "TR401"]


def test_amounts_are_whole_fen() -> None:
    policy = pack(reading(written_table("loss * 100 > 0.50", "loss * 100 < 0.50"))).policies[
        "table"
    ]
    assert ask(policy) == []
    assert policy.decide({"loss": Decimal("0.01")}, on=DAY).outputs == {"to": 1}


def test_several_threads_may_ask_and_wait_for_one_another() -> None:
    several = [reading(written_table("i * 2 == j * 2 + 1", "true", hit="first")) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(verify, several))
    assert [each.tables for each in results] == [1] * 4
    assert all(each.findings == results[0].findings for each in results)
