"""The fast paths of the shipped rules answer: an exact way behind them would hide that they do not.

A fast path hands whatever is unusual to the exact way, which gives the same answer. One that is
broken therefore costs time only, and no test of an answer would notice.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from telecom_rules.errors import TelecomRulesError
from telecom_rules.policies import Decision
from telecom_rules.policies.engine import FALLBACK_ERRORS
from telecom_rules.policies.fast import build_facts_function, build_record_function
from telecom_rules.policies.policy import engine_of
from telecom_rules.scenarios import PolicyScenario, Runner, read
from telecom_rules.workflows import Accepted
from telecom_rules.workflows.engine.fast_path import build_fast_path, take_fast_path
from telecom_rules.workflows.engine.instants import normalize_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from telecom_rules.pack import Pack
    from telecom_rules.policies import Policy
    from telecom_rules.policies.editions.edition import Edition
    from telecom_rules.policies.engine import FactsFunction, RecordFunction
    from telecom_rules.scenarios import Scenario
    from telecom_rules.scenarios.scenario import ScenarioStep
    from telecom_rules.workflows import Case

LACKING = 4
"""Of so many records that lack a fact one is tried; all of them in a long run."""
MANY = 1_000
"""Examples of a test in a long run, at least."""


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


@cache
def generated(edition: Edition) -> tuple[RecordFunction, FactsFunction, FactsFunction]:
    """Return the functions generated for records, mappings and objects."""
    by_record = build_record_function(edition)
    mapping = build_facts_function(edition, dict, by_record)
    thing = build_facts_function(edition, SimpleNamespace, by_record)
    assert mapping is not None, edition
    assert thing is not None, edition
    return by_record, mapping, thing


def test_every_policy_answers_a_complete_record_by_its_generated_function(
    pack: Pack, scenarios: tuple[Scenario, ...]
) -> None:
    answered = set()
    for policy, facts, on, decision in asked(scenarios):
        edition = engine_of(policy).edition_on(on)
        assert edition is not None
        by_record, decide, _ = generated(edition)
        if is_unmeasured(decision):
            with pytest.raises(FALLBACK_ERRORS):  # Too little was measured: for the exact way.
                decide(facts, on)
            continue
        try:
            assert by_record(policy.facts.read(facts), on) == decision
            assert decide(facts, on) == decision
        except FALLBACK_ERRORS as problem:
            pytest.fail(f"{policy} on {on}: {facts} goes the exact way: {problem!r}")
        answered.add(policy.name)
    assert answered == pack.policies.keys()


def answer(decide: Callable[[], Decision]) -> Decision | type[Exception]:
    """Return a decision, or the kind of error that there is instead."""
    try:
        return decide()
    except (*FALLBACK_ERRORS, TelecomRulesError) as problem:
        return type(problem)


def is_unmeasured(found: Decision | type[Exception]) -> bool:
    """Return whether too little was measured for a check."""
    return isinstance(found, Decision) and any(each.is_unmeasured for each in found.results)


def test_without_any_one_fact_every_way_gives_the_same_and_the_fast_one_where_none_is_needed(
    pack: Pack, scenarios: tuple[Scenario, ...]
) -> None:
    tried = set()
    share = LACKING if settings().max_examples < MANY else 1
    asked_before: Counter[str] = Counter()
    for policy, full, on, _ in asked(scenarios):
        number = asked_before[policy.name]
        asked_before[policy.name] += 1
        edition = engine_of(policy).edition_on(on)
        assert edition is not None
        _, decide, from_object = generated(edition)
        for lacking in list(full)[number % share :: share]:
            facts = {name: value for name, value in full.items() if name != lacking}
            if (key := (policy.name, on, repr(facts))) in tried:
                continue
            tried.add(key)
            thing = SimpleNamespace(**{**dict.fromkeys(policy.facts.fields), **facts})
            exact = answer(lambda: edition.decide(policy.facts.read(facts), on))  # noqa: B023 - called at once
            fast = [
                answer(lambda: decide(facts, on)),  # noqa: B023 - likewise
                answer(lambda: from_object(thing, on)),  # noqa: B023 - likewise
            ]
            asks_others = engine_of(policy).policy.peers  # which may need it
            if is_unmeasured(exact):  # Too little was measured: for the exact way.
                assert not any(isinstance(each, Decision) for each in fast)
            elif policy.facts.fields[lacking].optional or not (
                lacking in policy.reads or asks_others
            ):
                assert fast == [exact, exact], (policy.name, on, facts)
            else:
                if lacking in policy.reads:
                    assert not any(isinstance(each, Decision) for each in fast)
                answered = answer(lambda: policy.decide(facts, on=on))  # noqa: B023 - likewise
                assert answered == answer(lambda: policy.decide(thing, on=on))  # noqa: B023
                # Where the rules that are left agree, a policy knows more than its edition.
                if not isinstance(exact, Decision) or not exact.missing:
                    assert answered == exact
    assert {name for name, _, _ in tried} == pack.policies.keys()


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
