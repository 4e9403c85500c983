"""The fast paths of the shipped rules answer: an exact way behind them would hide that they do not.

A fast path hands whatever is unusual to the exact way, which gives the same answer. One that is
broken therefore costs time only, and no test of an answer would notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telecom_rules.errors import TelecomRulesError
from telecom_rules.policies.engine import FALLBACK_ERRORS
from telecom_rules.policies.fast import build_facts_function, build_record_function
from telecom_rules.policies.policy import engine_of
from telecom_rules.scenarios import PolicyScenario, Runner, read
from telecom_rules.workflows import Accepted
from telecom_rules.workflows.engine.fast_path import build_fast_path, take_fast_path
from telecom_rules.workflows.engine.instants import normalize_instant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from telecom_rules.pack import Pack
    from telecom_rules.policies import Decision, Policy
    from telecom_rules.scenarios import Scenario
    from telecom_rules.scenarios.scenario import ScenarioStep
    from telecom_rules.workflows import Case


@pytest.fixture(scope="module")
def scenarios(pack: Pack) -> tuple[Scenario, ...]:
    return read(None, pack).scenarios


def asked(
    scenarios: tuple[Scenario, ...],
) -> Iterator[tuple[Policy, dict[str, object], date, Decision]]:
    """Yield every question of the scenarios with a complete record that has an answer."""
    for scenario in scenarios:
        for question in scenario.examples if isinstance(scenario, PolicyScenario) else ():
            policy, facts = scenario.policy, dict(question.facts)
            needed = {name for name, each in policy.facts.fields.items() if not each.optional}
            try:
                decision = policy.decide(facts, on=question.on)
            except TelecomRulesError:
                continue
            if decision.known and needed & policy.reads <= facts.keys():
                yield policy, facts, question.on, decision


def test_every_policy_answers_a_complete_record_by_its_generated_function(
    pack: Pack, scenarios: tuple[Scenario, ...]
) -> None:
    answered = set()
    for policy, facts, on, decision in asked(scenarios):
        edition = engine_of(policy).edition_on(on)
        assert edition is not None
        by_record = build_record_function(edition)
        decide = build_facts_function(edition, dict, by_record)
        assert decide is not None, policy
        try:
            assert by_record(policy.facts.read(facts), on) == decision
            assert decide(facts, on) == decision
        except FALLBACK_ERRORS as problem:
            pytest.fail(f"{policy} on {on}: {facts} goes the exact way: {problem!r}")
        answered.add(policy.name)
    assert answered == pack.policies.keys()


class Walker(Runner):
    """Runs scenarios, and keeps the events that are sent and the cases they could be sent to.

    Attributes:
        sends: what was sent with each event of a workflow, by which role.
        cases: for each event of a workflow, the cases on the way for which it is plain, with the
            instants of the steps that they were at.
    """

    def __init__(self, pack: Pack) -> None:
        super().__init__(pack)
        self.sends: dict[tuple[str, str], list[tuple[object, str | None]]] = {}
        self.cases: dict[tuple[str, str], list[tuple[Case, datetime]]] = {}

    def send_event(self, case: Case, step: ScenarioStep, at: datetime):  # type: ignore[no-untyped-def]  # as above
        """Send an event, and note it with the case once its clocks have caught up."""
        if step.event is not None:
            key = case.workflow.name, step.event
            self.sends.setdefault(key, []).append((step.payload, step.by))
        ready = case.tick(at).case
        moment = normalize_instant(at, case.workflow.zone, case.workflow.name)
        configuration = ready._case_state.configuration
        machine, paths = case.workflow._machine, case.workflow._fast_paths
        for event in configuration.external_moves:
            if build_fast_path(paths, machine, configuration, event).moves:
                key = case.workflow.name, event
                self.cases.setdefault(key, []).append((ready, moment))
        return super().send_event(case, step, at)


def test_every_plain_event_that_is_accepted_goes_the_fast_way(
    pack: Pack, scenarios: tuple[Scenario, ...]
) -> None:
    walker = Walker(pack)
    for scenario in scenarios:
        assert walker.run(scenario).passed
    answered = set()
    for (workflow, event), cases in walker.cases.items():
        for case, at in cases:
            for payload, by in walker.sends[workflow, event]:
                outcome = case.send(event, payload, at=at, by=by)
                if isinstance(outcome, Accepted):
                    machine, paths = case.workflow._machine, case.workflow._fast_paths
                    done = take_fast_path(paths, machine, case._case_state, event, payload, at, by)
                    assert done is not None, f"{workflow}: {event} goes the exact way"
                    answered.add((workflow, event))
    assert {workflow for workflow, _ in answered} == pack.workflows.keys()
    assert answered == walker.cases.keys()
