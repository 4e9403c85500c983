"""What a refusal says is to be done is accepted, for every refusal in the shipped scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from telecom_rules.scenarios import Runner, read
from telecom_rules.workflows import Accepted, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from telecom_rules.pack import Pack
    from telecom_rules.scenarios.scenario import ScenarioStep
    from telecom_rules.workflows import Case

EACH = 4 if settings.default.max_examples <= 100 else 1
"""One scenario in how many is run."""
MOST_LINES = 12


class Refusals(Runner):
    """Runs scenarios, and keeps what was refused in them."""

    def __init__(self, pack: Pack) -> None:
        super().__init__(pack)
        self.found: list[Refused] = []

    def send_event(self, case: Case, step: ScenarioStep, at: datetime):  # type: ignore[no-untyped-def]  # the runner's own
        outcome = super().send_event(case, step, at)
        if isinstance(outcome, Refused):
            self.found.append(outcome)
        return outcome


@pytest.fixture(scope="module")
def refusals(pack: Pack) -> list[Refused]:
    runner = Refusals(pack)
    for scenario in read(None, pack).scenarios[::EACH]:
        runner.run(scenario)
    return runner.found


@pytest.mark.slow
def test_what_is_to_be_done_is_accepted(refusals: list[Refused]) -> None:
    told = 0
    for refusal in refusals:
        for remedy in refusal.remedies:
            case = refusal.case
            for each in remedy.sendings:
                for role in each.by or (refusal.by,):
                    outcome = case.send(
                        each.event, each.payload, at=remedy.since or refusal.at, by=role
                    )
                    assert isinstance(outcome, Accepted), (remedy.wording.en, outcome)
                case = outcome.case
                told += 1
    assert told > len(refusals) * 2 // 3


@pytest.mark.slow
def test_a_short_refusal_has_a_dozen_lines(refusals: list[Refused]) -> None:
    for refusal in refusals:
        for language in ("zh", "en"):
            lines = refusal.explain(language, detail="short").splitlines()
            assert len(lines) <= MOST_LINES
