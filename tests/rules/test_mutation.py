"""Mistakes put into the tables that ship: a scenario fails, or the static checks say so.

The mistakes are those that people make: a rule forgotten, two rules in the wrong order, `<` for
`<=`, one code too many.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from itertools import islice, pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from telecom_rules import scenarios
from telecom_rules.checks import tables
from telecom_rules.checks.analysis.boxes import build_space
from telecom_rules.checks.analysis.grid import Grid, unite_masks
from telecom_rules.checks.analysis.outputs import iter_constant_outputs
from telecom_rules.checks.analysis.records import figures_on
from telecom_rules.checks.analysis.table_proof import has_same_outputs, prove_table
from telecom_rules.expressions.typed import Apply, Constant, CreateList, walk
from telecom_rules.findings.kinds import POLICY, WORKFLOW
from telecom_rules.pack import NamedMapping
from telecom_rules.scenarios import PolicyScenario, WorkflowScenario
from telecom_rules.vocabulary import ListType
from telecom_rules.vocabulary.types import CodeType
from tests.rules.removal import BLUNT, NODES, moved, parts, rebuilt, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from telecom_rules.expressions.typed import Typed
    from telecom_rules.pack import Pack
    from telecom_rules.policies import Policy
    from telecom_rules.policies.rules import Row
    from telecom_rules.scenarios import Scenario

RULES = Path(__file__).resolve().parents[2] / "rules"
TODAY = date(2026, 3, 2)
ENOUGH = 0.95
MISTAKES, WIDENINGS = 4, 24
"""Of so many mistakes, and of so many widenings, one is tried; all of them in a long run."""
MANY = 1_000
"""Examples of a test in a long run, at least."""


@pytest.fixture(scope="module")
def ships(pack: Pack) -> tuple[Scenario, ...]:
    return scenarios.read(RULES, pack).scenarios


def dropped(pack: Pack) -> Iterator[tuple[str, str, Pack]]:
    """Yield the pack without each rule of each table."""
    for part in parts(pack):
        if part.mark[0] == "rule":
            yield str(part.mark[1]), f"drop {part.name}", without(pack, part)


def turned(pack: Pack) -> Iterator[tuple[str, str, Pack]]:
    """Yield the pack with two neighbours in the wrong order, where a record shows it."""
    for policy in pack.policies.values():
        if policy.hit_policy != "first":
            continue
        rows = [row for row in policy.rows if TODAY in row.in_force]
        for row, after in pairwise(rows):
            if not has_same_outputs(row, after) and told_apart(pack, policy, rows, row, after):
                order = list(policy.rows)
                one, other = order.index(row), order.index(after)
                order[one], order[other] = after, row
                name = f"swap {policy.name}/{row.rule.id}"
                yield policy.name, name, changed(pack, policy, tuple(order))


def boxes_of(grid: Grid, rules: Iterable[int]) -> int:
    """Return the boxes of some rules, as bits."""
    return unite_masks(map(grid.boxes_of, rules))


def told_apart(pack: Pack, policy: Policy, rows: list[Row], row: Row, after: Row) -> bool:
    """Whether a record is decided by `row` and would else be decided by `after`.

    Rules whose boxes are not exact are taken to meet.
    """
    whole = build_space(rows, figures_on(policy, TODAY), dict(iter_constant_outputs(pack)))
    grid = Grid.of(whole)
    one, other = rows.index(row), rows.index(after)
    earlier = boxes_of(grid, (at for at in range(one) if whole.regions[at].exact))
    return any(
        all(box) and grid.find_uncovered(earlier, box) is not None
        for mine in whole.regions[one].boxes
        for theirs in whole.regions[other].boxes
        if (box := tuple(a & b for a, b in zip(mine, theirs, strict=True)))
    )


def edited(
    pack: Pack,
    edits: Callable[[Typed], Iterator[tuple[str, Callable[[Typed], Typed]]]],
    share: int = 1,
) -> Iterator[tuple[str, str, Pack]]:
    """Yield the pack with one of `share` edits of the conditions of the tables."""
    for policy, at, number, name, edit in islice(iter_edits(pack, edits), 0, None, share):
        row = policy.rows[at]
        tests = list(row.tests)
        tests[number] = replace(tests[number], tree=edit(tests[number].tree))
        rows = list(policy.rows)
        rows[at] = replace(row, tests=tuple(tests))
        told = f"{name} {policy.name}/{row.rule.id}"
        if policy.hit_policy != "first" or matters(pack, policy, at, rows[at]):
            yield policy.name, told, changed(pack, policy, tuple(rows))


def iter_edits(
    pack: Pack, edits: Callable[[Typed], Iterator[tuple[str, Callable[[Typed], Typed]]]]
) -> Iterator[tuple[Policy, int, int, str, Callable[[Typed], Typed]]]:
    """Yield each edit of each condition of each table, with its row and condition."""
    for policy in pack.policies.values():
        for at, row in enumerate(policy.rows):
            for number, test in enumerate(row.tests):
                for name, edit in edits(test.tree):
                    yield policy, at, number, name, edit


def matters(pack: Pack, policy: Policy, at: int, wider: Row) -> bool:
    """Whether a record is decided by the changed rule and was not by it or by one before it."""
    if TODAY not in wider.in_force:
        return True
    rows = [row for row in policy.rows[: at + 1] if TODAY in row.in_force]
    whole = build_space(
        [*rows, wider], figures_on(policy, TODAY), dict(iter_constant_outputs(pack))
    )
    if not (whole.regions[-1].exact and whole.regions[-2].exact):
        return True
    grid = Grid.of(whole)
    known = boxes_of(grid, (n for n, each in enumerate(whole.regions[:-1]) if each.exact))
    narrower = boxes_of(
        grid, (n for n in (*range(len(rows) - 1), len(rows)) if whole.regions[n].exact)
    )
    return any(
        grid.find_uncovered(known, box) is not None for box in whole.regions[-1].boxes
    ) or any(grid.find_uncovered(narrower, box) is not None for box in whole.regions[-2].boxes)


def flips(tree: Typed) -> Iterator[tuple[str, Callable[[Typed], Typed]]]:
    """Yield the other sign for each comparison of a condition."""
    for node in walk(tree):
        if isinstance(node, Apply) and node.overload in BLUNT:
            yield "flip", partial(flipped, node)


def flipped(target: Typed, tree: Typed) -> Typed:
    return rebuilt(tree, target)


def widenings(tree: Typed) -> Iterator[tuple[str, Callable[[Typed], Typed]]]:
    """Yield each one code too many for each code that a condition asks for."""
    for node in walk(tree):
        if not isinstance(node, Apply) or node.overload != "equal":
            continue
        left, right = node.arguments
        if isinstance(right, Constant) and isinstance(left.type, CodeType):
            for other in left.type.codes:
                if other != right.value:
                    more = (right, replace(right, value=other))
                    either = CreateList(right.start, right.end, ListType(right.type), more)
                    wider = replace(node, overload="in_list", arguments=(left, either))
                    yield f"widen {right.value} to {other}", partial(put, node, wider)


def put(target: Typed, wider: Typed, node: Typed) -> Typed:
    """Return a tree with `wider` in the place of `target`."""
    if node == target:
        return wider
    inside = {}
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        if isinstance(value, NODES):
            inside[name] = put(target, wider, value)
        elif isinstance(value, tuple) and value and isinstance(value[0], NODES):
            inside[name] = tuple(put(target, wider, each) for each in value)
    return replace(node, **inside) if inside else node


def changed(pack: Pack, policy: Policy, rows: tuple[Row, ...]) -> Pack:
    """Return the pack with other rules in one table."""
    policies: dict[str, Policy] = {}
    peers = MappingProxyType(policies)
    for each in pack.policies.values():
        mine = rows if each.name == policy.name else each.rows
        policies[each.name] = replace(each, rows=mine, _policies=peers)
    return replace(
        pack,
        policies=NamedMapping(POLICY, policies),
        workflows=NamedMapping(WORKFLOW, dict(without(pack).workflows)),
    )


def noticed(name: str, mutant: Pack, ships: tuple[Scenario, ...]) -> bool:
    """Whether a scenario fails, or the static checks find something, in a changed pack."""
    policy = mutant.policies[name]
    days = tables.iter_days(policy) if policy.rows else iter(())
    outputs = dict(iter_constant_outputs(mutant))
    # A rule that reads a figure not in force has no value that day, and is not proved.
    days = (day for day in days if tables.has_all_figures(policy, day))
    if any(prove_table(policy, day, outputs).findings for day in days):
        return True
    runner = scenarios.Runner(mutant)
    return any(not runner.run(moved(each, mutant)).passed for each in about(policy, mutant, ships))


def about(policy: Policy, pack: Pack, ships: tuple[Scenario, ...]) -> Iterator[Scenario]:
    """Yield the scenarios that may notice: of the table, of those that ask it, of its flows."""
    asking = {each.name for each in pack.policies.values() if policy.name in each.peers}
    for each in ships:
        if isinstance(each, PolicyScenario) and each.policy.name in {policy.name, *asking}:
            yield each
    for each in ships:
        if isinstance(each, WorkflowScenario) and each.workflow.facts.name == policy.facts.name:
            yield each


def test_nearly_every_mistake_in_a_table_is_noticed(
    pack: Pack, ships: tuple[Scenario, ...]
) -> None:
    short = settings().max_examples < MANY
    mistakes = [*dropped(pack), *turned(pack), *edited(pack, flips)]
    assert len(mistakes) > 300
    widened = edited(pack, widenings, WIDENINGS if short else 1)
    mutants = [*mistakes[:: MISTAKES if short else 1], *widened]
    survived = [name for table, name, mutant in mutants if not noticed(table, mutant, ships)]
    assert len(mutants) > 100
    assert len(survived) <= (1 - ENOUGH) * len(mutants), survived


def test_the_judge_notices_nothing_in_the_pack_as_it_ships(
    pack: Pack, ships: tuple[Scenario, ...]
) -> None:
    tabled = [each.name for each in pack.policies.values() if each.rows]
    assert not [name for name in tabled if noticed(name, pack, ships)]
