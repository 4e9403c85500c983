"""The example of a house: an operator's overlay of a few files on the shipped pack."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from telecom_rules import scenarios
from telecom_rules.checks import check, check_citations
from telecom_rules.pack import find_shipped, read
from telecom_rules.vocabulary.parameters import ParameterKind

if TYPE_CHECKING:
    from pathlib import Path

    from telecom_rules.pack import Reading
    from telecom_rules.vocabulary.parameters import ParameterValue


DAY = date(2026, 8, 1)


@pytest.fixture(scope="module")
def house() -> Path:
    """The folder of the example."""
    return find_shipped("examples") / "house"


@pytest.fixture(scope="module")
def reading(house: Path) -> Reading:
    """The example as it is read."""
    return read(house)


def test_nothing_is_wrong_with_the_house(reading: Reading) -> None:
    assert reading.findings == ()
    assert check(reading) == ()
    assert check_citations(reading) == ()


def test_an_earlier_answer_promised_opens_no_appeal_earlier(reading: Reading) -> None:
    policy = reading.require_pack().policies["appeal_admissibility"]
    day = date(2026, 7, 18)
    asked = {"complained_on": date(2026, 7, 6), "answered": False, "filed_on": day}
    decision = policy.decide(asked, on=day)
    assert decision.rule is not None
    assert decision.rule.id == "operator_has_time"


def test_a_few_files_change_what_they_name_and_nothing_else(house: Path, reading: Reading) -> None:
    assert len([each for each in house.rglob("*") if each.is_file()]) <= 12
    pack, base = reading.require_pack(), reading.base and reading.base.require_pack()
    assert base is not None
    values = [each.find_on(DAY) for each in pack.parameters.values()]
    own: list[ParameterValue] = [each for each in values if each is not None and each.base]
    kinds = [each.kind for each in own]
    assert kinds.count(ParameterKind.SETTING) == 5
    assert kinds.count(ParameterKind.PROMISE) == 3
    rules = [
        len(mine.rows) + len(mine.checks) - len(its.rows) - len(its.checks)
        for mine, its in zip(pack.policies.values(), base.policies.values(), strict=True)
    ]
    assert sum(rules) == 4
    mine, its = (each.workflows["complaint_handling"].states for each in (pack, base))
    assert mine.keys() - its.keys() == {"visiting", "consulting"}
    named = {each.target for each in reading.overlay.overrides}
    changed = {name for name in pack.digests if pack.digests[name] != base.digests.get(name)}
    # What reads a part that is changed has another meaning too; nothing else has.
    assert {each for each in changed if each.split(".")[0] in {"parameters", "facts"}} <= named
    assert {name for name in base.digests if name not in pack.digests} == set()


def test_the_scenarios_of_the_house_cover_what_it_writes(house: Path, reading: Reading) -> None:
    pack = reading.require_pack()
    written = scenarios.read(house, pack)
    assert written.findings == ()
    results = scenarios.run(written.scenarios, pack, observe=True)
    assert [each.scenario.id for each in results if not each.passed] == []
    coverage = scenarios.measure(results, reading)
    assert coverage.percent == 100
    assert coverage.findings == ()


@pytest.mark.slow
def test_the_house_keeps_every_scenario_of_the_law(house: Path, reading: Reading) -> None:
    pack = reading.require_pack()
    written = scenarios.read(house, pack, base=True)
    results = scenarios.run(written.scenarios, pack)
    assert len(results) > 500
    assert [each.scenario.id for each in results if not each.passed] == []
