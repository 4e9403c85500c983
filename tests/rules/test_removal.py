"""A scenario fails when what it shows is taken out of the pack.

Coverage says what was at work; this says that somebody would notice if it were not.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from telecom_rules import scenarios
from telecom_rules.scenarios.coverage.conditions import iter_boundaries
from telecom_rules.vocabulary import SourceKind
from tests.rules.removal import blunted, moved, parts, without
from tests.shipped import shipped_reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.pack import Pack
    from telecom_rules.scenarios import Scenario, ScenarioResult
    from telecom_rules.scenarios.coverage.conditions import Site
    from tests.rules.removal import Part

RULES = Path(__file__).resolve().parents[2] / "rules"


@pytest.fixture(scope="module")
def results(pack: Pack) -> tuple[ScenarioResult, ...]:
    return scenarios.run(scenarios.read(RULES, pack).scenarios, pack, observe=True)


def test_scenarios_see_enough_for_this_to_mean_something(
    pack: Pack, results: tuple[ScenarioResult, ...]
) -> None:
    shown = [part for part in parts(pack) if any(seen(part, each) for each in results)]
    assert len(shown) > 190


def seen(part: Part, result: ScenarioResult) -> bool:
    """Whether a scenario has seen a part at work."""
    kind, *name = part.mark
    if kind == "clock":
        return (*part.mark, "expired") in result.marks
    if kind == "check":
        return (*part.mark, "fail") in result.marks
    return (kind, *name) in result.marks


def noticed(gone: Iterable[Part], by: Iterable[Scenario], pack: Pack) -> bool:
    """Whether one of some scenarios fails in a pack without some of its parts."""
    return fails(without(pack, *gone), by)


def fails(pack: Pack, by: Iterable[Scenario]) -> bool:
    """Whether one of some scenarios fails in another pack."""
    runner = scenarios.Runner(pack)
    return any(not runner.run(moved(each, pack)).passed for each in by)


def sites(pack: Pack) -> Iterator[Site]:
    """Every comparison with a figure in a pack."""
    for policy in pack.policies.values():
        for row in policy.rows:
            yield from (site for test in row.tests for site in iter_boundaries(test))
        for check in policy.checks:
            yield from (
                site for test in (*check.tests, check.require) for site in iter_boundaries(test)
            )
    for workflow in pack.workflows.values():
        for state in workflow.states.values():
            guards = (each.guard for each in state.transitions if each.guard is not None)
            yield from (site for guard in guards for site in iter_boundaries(guard))


def test_the_scenarios_that_ship_come_true(results: tuple[ScenarioResult, ...]) -> None:
    failed = [each.scenario.id for each in results if not each.passed]
    assert failed == []


def test_nothing_that_a_scenario_shows_can_be_taken_out_unnoticed(
    pack: Pack, results: tuple[ScenarioResult, ...]
) -> None:
    survived = []
    for part in parts(pack):
        by = [each.scenario for each in results if seen(part, each)]
        if by and not noticed([part], by, pack):
            survived.append(part.name)
    assert survived == []


def test_no_scenario_cites_a_clause_in_vain(
    pack: Pack, results: tuple[ScenarioResult, ...]
) -> None:
    vain = scenarios.measure(results, shipped_reading()).findings
    assert [each.concise() for each in vain] == []


def test_at_no_figure_that_scenarios_meet_can_the_sign_change_unnoticed(
    pack: Pack, results: tuple[ScenarioResult, ...]
) -> None:
    survived = []
    for site in sites(pack):
        at = ("boundary", *site.key, "at")
        by = [each.scenario for each in results if at in each.marks]
        if by and not fails(blunted(pack, site), by):
            survived.append(f"{site.text} {site.expression.span}")
    assert survived == []


def test_each_clause_a_scenario_names_would_be_missed_by_it(
    pack: Pack, results: tuple[ScenarioResult, ...]
) -> None:
    every = list(parts(pack))
    clauses = dict.fromkeys(
        clause
        for part in every
        for clause in part.cites
        if clause.source.kind is SourceKind.SPECIFICATION
    )
    survived = []
    for clause in clauses:
        gone = [part for part in every if clause in part.cites]
        by = [
            each.scenario
            for each in results
            if any(named.value == clause for named in each.scenario.cites)
        ]
        if by and not noticed(gone, by, pack):
            survived.append(str(clause))
    assert survived == []
