"""A scenario fails when what it shows is taken out of the pack.

Coverage says what was at work; this says that somebody would notice if it were not.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from removal import moved, parts, without

from telecom_rules import scenarios
from telecom_rules.vocabulary import SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from removal import Part

    from telecom_rules.pack import Pack
    from telecom_rules.scenarios import Result, Scenario

RULES = Path(__file__).resolve().parents[2] / "rules"


@pytest.fixture(scope="module")
def results(pack: Pack) -> tuple[Result, ...]:
    return scenarios.run(scenarios.read(RULES, pack).scenarios, pack, observe=True)


def test_scenarios_see_enough_for_this_to_mean_something(
    pack: Pack, results: tuple[Result, ...]
) -> None:
    shown = [part for part in parts(pack) if any(seen(part, each) for each in results)]
    assert len(shown) > 190


def seen(part: Part, result: Result) -> bool:
    """Whether a scenario has seen a part at work."""
    kind, *name = part.mark
    if kind == "clock":
        return (*part.mark, "expired") in result.marks
    if kind == "check":
        return (*part.mark, "fail") in result.marks
    return (kind, *name) in result.marks


def noticed(gone: Iterable[Part], by: Iterable[Scenario], pack: Pack) -> bool:
    """Whether one of some scenarios fails in a pack without some of its parts."""
    less = without(pack, *gone)
    runner = scenarios.Runner(less)
    return any(not runner.run(moved(each, less)).passed for each in by)


def test_the_scenarios_that_ship_come_true(results: tuple[Result, ...]) -> None:
    failed = [each.scenario.id for each in results if not each.passed]
    assert failed == []


def test_nothing_that_a_scenario_shows_can_be_taken_out_unnoticed(
    pack: Pack, results: tuple[Result, ...]
) -> None:
    survived = []
    shown = [part for part in parts(pack) if any(seen(part, each) for each in results)]
    for part in shown:
        by = [each.scenario for each in results if seen(part, each)]
        if not noticed([part], by, pack):
            survived.append(part.name)
    assert survived == []


def test_each_clause_a_scenario_names_would_be_missed_by_it(
    pack: Pack, results: tuple[Result, ...]
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
