"""A host that uses every public name. It is never run, only read by the type checker."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, assert_never, assert_type

from pydantic import BaseModel

import telecom_rules as tr

if TYPE_CHECKING:
    from collections.abc import Mapping


def load(folder: str) -> tr.Pack:
    """Load a pack, or say what is wrong with it."""
    try:
        return tr.load(folder)
    except tr.PackNotFound as problem:
        raise SystemExit(problem.explain("zh")) from None
    except tr.PackError as problem:
        assert_type(problem.findings, tuple[tr.Finding, ...])
        raise SystemExit("\n".join(map(told, problem.findings))) from None


def told(finding: tr.Finding) -> str:
    """One line for a finding."""
    assert_type(finding.severity, tr.Severity)
    assert_type(finding.span, tr.Span)
    assert_type(finding.wording, tr.Wording)
    assert_type(finding.help, tr.Wording | None)
    return finding.concise("en")


def decide(pack: tr.Pack, facts: Mapping[str, object], day: date) -> str:
    """Decide on a record, in the two ways there are."""
    policy = pack.policies["violation_penalty"]
    assert_type(policy, tr.Policy)
    in_force = pack.on(day)
    assert_type(in_force, tr.InForce)
    assert_type(in_force.policies["violation_penalty"].decide(facts), tr.Decision)
    decision = policy.decide(facts, on=day)
    assert_type(decision, tr.Decision)
    assert_type(decision.known, bool)
    assert_type(decision.missing, tuple[str, ...])
    assert_type(decision.cites, tuple[tr.Clause, ...])
    assert_type(decision.results, tuple[tr.CheckResult, ...])
    for result in decision.results:
        assert_type(result.remedy, tr.Wording)
    return decision.explain("zh")


def walk(pack: tr.Pack, facts: Mapping[str, object], now: datetime) -> tr.Case:
    """Open a case and send it an event; both outcomes have to be looked at."""
    workflow = pack.workflows["complaint_handling"]
    assert_type(workflow, tr.Workflow)
    opened = workflow.open(facts, at=now, id="C-1")
    assert_type(opened, tr.Accepted)
    assert_type(opened.case, tr.Case)
    outcome: tr.Outcome = opened.case.send("record", {"note": "x"}, at=now, by="agent")
    match outcome:
        case tr.Accepted():
            assert_type(outcome.effects, tuple[tr.Effect, ...])
            assert_type(outcome.entry, tr.Entry)
            return outcome.case
        case tr.Refused():
            assert_type(outcome.reasons, tuple[tr.Reason, ...])
            assert_type(outcome.explain("en"), str)
            return outcome.case
        case _:
            assert_never(outcome)


def fill(pack: tr.Pack, form: Mapping[str, object], now: datetime) -> tr.Outcome:
    """Read a form by the models of facts and events: an instance is taken wherever a mapping is."""
    workflow = pack.workflows["complaint_handling"]
    facts = workflow.facts.partial.model_validate(form)
    started = workflow.start(facts, at=now, id="C-1")
    assert_type(workflow.adopt(facts, "recorded", at=now, id="C-2"), tr.Adopted)
    payload = workflow.events["supplement"].model.model_validate(form)
    return started.send("supplement", payload, at=now, by="agent")


def keep(pack: tr.Pack, case: tr.Case, now: datetime) -> tr.Case:
    """Store a case, let its clocks run, and draw its buttons."""
    ticked = case.tick(now)
    assert_type(ticked, tr.Ticked)
    assert_type(ticked.breaches, tuple[tr.Breach, ...])
    assert_type(case.due, tuple[tr.Due, ...])
    assert_type(case.next_due, datetime | None)
    for option in case.allowed(by="agent"):
        assert_type(option, tr.Option)
        assert_type(option.allowed, bool | None)
    journal = [tr.Entry.load(entry.dump()) for entry in ticked.entries]
    assert_type(case.workflow.replay(journal), tr.Case)
    for judged in case.workflow.judge(journal):
        assert_type(judged, tr.Judgement)
        assert_type(judged.property, tr.Property)
    return pack.restore(case.dump())


def guard(case: tr.Case, status: str, groups: list[str], now: datetime) -> tr.Outcome | None:
    """Send the event that leads to a status, for a person with several roles."""
    ways = case.ways(status, "tmf621", by=groups, at=now)
    assert_type(ways, tr.Ways)
    assert_type(ways.nearest, tr.Option | None)
    assert_type(ways.reasons, tuple[tr.Reason, ...])
    for way in ways:
        assert_type(way.targets, tuple[str, ...])
    if ways.nearest is None:
        return None
    event = case.workflow.events[ways.nearest.event]
    assert_type(event.model, type[BaseModel])
    assert_type(event.model_in("zh"), type[BaseModel])
    assert_type(case.workflow.facts.partial, type[BaseModel])
    outcome = case.send(event.name, at=now, by=groups, actor="u42")
    assert_type(outcome, tr.Accepted | tr.Refused)
    return outcome


def move(pack: tr.Pack, snapshot: Mapping[str, object], now: datetime) -> tr.Case | None:
    """Let a case of an older pack go on in this one, or say why it cannot."""
    moved: tr.Moved = pack.migrate(snapshot, at=now)
    match moved:
        case tr.Migrated():
            assert_type(moved.entry, tr.Entry)
            return moved.case
        case tr.Stranded():
            assert_type(moved.reasons, tuple[tr.Reason, ...])
            return None
        case _:
            assert_never(moved)


def say(wording: tr.Wording, language: tr.Language) -> str:
    """A text in one of the two languages."""
    return wording.say(language)


def answer(problem: tr.TelecomRulesError) -> object:
    """What each error carries."""
    match problem:
        case tr.FactsError():
            assert_type(problem.problems, tuple[tr.FactProblem, ...])
            return problem.problems
        case tr.NotInForce():
            return problem.on
        case tr.UnknownName():
            return problem.suggestion
        case tr.MissingData():
            return problem.path
        case tr.SnapshotMismatch():
            return problem.expected, problem.found
        case tr.JournalError():
            return problem.sequence
        case tr.SeveralRulesMatch() | tr.RulesDisagree():
            return problem.rules
        case tr.NoRuleMatches() | tr.DecisionError():
            return problem.policy
        case tr.EvaluationError() | tr.SnapshotError() | tr.PackError():
            return problem.code
        case _:
            return problem.explain("en")
