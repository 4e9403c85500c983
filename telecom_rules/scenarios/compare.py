"""What came of a scenario against what must come of it: a finding for each difference."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING

from telecom_rules.errors import TelecomRulesError
from telecom_rules.findings import Finding
from telecom_rules.vocabulary import DATE, INSTANT, TEXT, describe
from telecom_rules.wording import Wording
from telecom_rules.workflows import Accepted, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from telecom_rules.policies import Decision, Policy
    from telecom_rules.scenarios.scenario import (
        Answer,
        Deadline,
        EffectWanted,
        Posture,
        Refusal,
        Wanted,
    )
    from telecom_rules.vocabulary import Clause, Field, Value
    from telecom_rules.wording import Language
    from telecom_rules.workflows import Case, Effect, Run, Ticked

__all__ = ["answer", "explained", "posture", "refusal"]

ONE_DAY = timedelta(days=1)
NOTHING = Wording("无", "none")
NOT_ASKED = Wording("没有这一项", "not there")
KNOWN = Wording("已有结论", "a decision")
WHY = Wording("原因：{text}", "why: {text}")
DEFAULT = Wording("默认结论", "the default")
UNDECIDED = Wording("无法判断，缺少{needs}", "unknown, for want of {needs}")


def explained(explain: Callable[[Language], str]) -> tuple[Wording, ...]:
    """Return an explanation as the notes of a finding: line by line, in both languages."""
    lines = zip_longest(explain("zh").split("\n"), explain("en").split("\n"), fillvalue="")
    first, *rest = (Wording(*each) for each in lines)
    if not (first.zh or rest):
        return ()
    return (WHY.fill(text=first), *(Wording(f"  {each.zh}", f"  {each.en}") for each in rest))


def differs(
    what: str, got: Wording, expected: Wording, at: Wanted[object], notes: tuple[Wording, ...] = ()
) -> Finding:
    """Return the finding that something is not as expected."""
    values = {"what": what, "got": got, "expected": expected}
    return Finding("TR730", at.span, values, notes=notes)


def answer(policy: Policy, decision: Decision, wanted: Answer) -> Iterator[Finding]:
    """Yield what a decision says otherwise than it must."""
    notes = explained(decision.explain)
    fields = policy.outputs.fields
    if wanted.needs is not None:
        needs = set(decision.missing)
        if needs != set(wanted.needs.value):
            yield differs("needs", listed(decision.missing), listed(wanted.needs.value),
                          wanted.needs, notes)  # fmt: skip
        return
    if not decision.known and (wanted.outputs or wanted.rules or wanted.absent):
        got = UNDECIDED.fill(needs=listed(decision.missing))
        every = [
            *wanted.outputs.values(),
            *wanted.absent,
            *([wanted.rules] if wanted.rules else []),
        ]
        yield differs(policy.name, got, KNOWN, every[0], notes)
        return
    yield from values(decision.outputs, fields, wanted.outputs, notes)
    yield from absences(decision.outputs, fields, wanted.absent, notes)
    if wanted.rules is not None:
        rules = tuple(each.id for each in decision.rules)
        if rules != wanted.rules.value:
            got, expected = (
                listed(each) if each else DEFAULT for each in (rules, wanted.rules.value)
            )
            yield differs("rule", got, expected, wanted.rules, notes)
    statuses = {each.id: each.status for each in decision.results}
    for name, status in wanted.checks.items():
        found = statuses.get(name)
        if found != status.value:
            got = NOT_ASKED if found is None else Wording.same(f"`{found}`")
            yield differs(name, got, Wording.same(f"`{status.value}`"), status, notes)


def values(
    got: Mapping[str, Value],
    fields: Mapping[str, Field],
    wanted: Mapping[str, Wanted[Value]],
    notes: tuple[Wording, ...],
) -> Iterator[Finding]:
    """Yield the values that are others than they must be."""
    for name, each in wanted.items():
        if name not in got or got[name] != each.value:
            kind = fields[name].type
            found = describe(got[name], kind) if name in got else NOT_ASKED
            yield differs(name, found, describe(each.value, kind), each, notes)


def absences(
    got: Mapping[str, Value],
    fields: Mapping[str, Field],
    absent: Iterable[Wanted[str]],
    notes: tuple[Wording, ...],
) -> Iterator[Finding]:
    """Yield the values that are there and must not be."""
    for each in absent:
        if each.value in got:
            found = describe(got[each.value], fields[each.value].type)
            yield differs(each.value, found, NOT_ASKED, each, notes)


def posture(
    case: Case, outcome: Accepted | Ticked | None, wanted: Posture, policies: Mapping[str, Policy]
) -> Iterator[Finding]:
    """Yield where a case stands otherwise than it must.

    Args:
        case: the case.
        outcome: what the step did; `None` for the end of a scenario, or after a refusal.
        wanted: where it must stand.
        policies: the policies of the pack.
    """
    notes = () if outcome is None else explained(outcome.explain)
    fields = case.workflow.facts.fields
    for state in wanted.states:
        if state.value not in case.states:
            got, expected = Wording.same(f"`{case.state}`"), Wording.same(f"`{state.value}`")
            yield differs("state", got, expected, state, notes)
    yield from values(case.facts, fields, wanted.facts, notes)
    yield from absences(case.facts, fields, wanted.absent, notes)
    for clock, due in wanted.due.items():
        run = case.clocks.get(clock)
        if not is_due(run, due.value):
            yield differs(clock, told(deadline_of(run)), told(due.value), due, notes)
    yield from asked(case, wanted, policies)
    yield from done(case, outcome, wanted, notes)


def done(
    case: Case, outcome: Accepted | Ticked | None, wanted: Posture, notes: tuple[Wording, ...]
) -> Iterator[Finding]:
    """Yield what a step has done otherwise than it must."""
    happened = case if outcome is None else outcome
    for what, names, got in (
        ("breaches", wanted.breaches, happened.breaches),
        ("warnings", wanted.warnings, happened.warnings),
    ):
        found = tuple(each.clock for each in got)
        if names is not None and found != names.value:
            yield differs(what, listed(found), listed(names.value), names, notes)
    if outcome is None:
        return
    if wanted.effects is not None:
        yield from effects(outcome.effects, wanted.effects, notes)
    cites = {str(clause) for step in outcome.steps for clause in step.cites}
    cites |= {str(clause) for each in outcome.effects for clause in each.cites}
    cites |= {str(clause) for each in outcome.breaches for clause in each.cites}
    cites |= {str(clause) for each in outcome.warnings for clause in each.cites}
    if isinstance(outcome, Accepted):
        cites |= set(map(str, outcome.cites))
    yield from grounds(cites, wanted.cites, notes)


def effects(
    got: Sequence[Effect], wanted: Wanted[tuple[EffectWanted, ...]], notes: tuple[Wording, ...]
) -> Iterator[Finding]:
    """Yield which effects were asked for otherwise than they must be."""
    found, expected = [each.name for each in got], [each.name for each in wanted.value]
    if found != expected:
        yield differs("effects", listed(found), listed(expected), wanted, notes)
        return
    for effect, each in zip(got, wanted.value, strict=True):
        for name, value in each.payload.items():
            if effect.payload.get(name) != value.value:
                got_value, expected_value = effect.payload.get(name), value.value
                yield differs(
                    f"{effect.name}.{name}",
                    describe(got_value, TEXT),
                    describe(expected_value, TEXT),
                    value,
                    notes,
                )


def asked(case: Case, wanted: Posture, policies: Mapping[str, Policy]) -> Iterator[Finding]:
    """Yield what policies say otherwise than they must of the facts that a case has."""
    for name, outputs in wanted.policies.items():
        policy = policies[name]
        fields = policy.outputs.fields
        try:
            decision = policy.decide(case.facts, on=case.at.date())
        except TelecomRulesError as problem:
            yield from (
                differs(name, problem.wording, describe(each.value, fields[output].type), each)
                for output, each in outputs.items()
            )
            continue
        yield from values(decision.outputs, fields, outputs, explained(decision.explain))


def refusal(outcome: Refused, wanted: Refusal) -> Iterator[Finding]:
    """Yield how an event was refused otherwise than it must be."""
    notes = explained(outcome.explain)
    kinds = tuple(dict.fromkeys(each.kind for each in outcome.reasons))
    if set(kinds) != set(wanted.because.value):
        yield differs("refused", listed(kinds), listed(wanted.because.value), wanted.because, notes)
        return
    if wanted.needs is not None:
        needs = tuple(dict.fromkeys(needed(outcome)))
        if set(needs) != set(wanted.needs.value):
            yield differs("needs", listed(needs), listed(wanted.needs.value), wanted.needs, notes)
    yield from grounds(set(map(str, outcome.cites)), wanted.cites, notes)


def needed(outcome: Refused) -> Iterator[str]:
    """Yield the facts and fields that the reasons of a refusal say are missing or do not fit."""
    for reason in outcome.reasons:
        for key in ("facts", "needs", "problems"):
            found = reason.data.get(key, ())
            for each in found if isinstance(found, tuple) else ():
                yield str(getattr(each, "field", each))


def grounds(
    got: set[str], wanted: Iterable[Wanted[Clause]], notes: tuple[Wording, ...]
) -> Iterator[Finding]:
    """Yield the clauses that something does not rest on and must."""
    for each in wanted:
        if str(each.value) not in got:
            expected = Wording.same(f"`{each.value}`")
            yield differs("cites", listed(sorted(got)), expected, each, notes)


def deadline_of(run: Run | None) -> Deadline:
    """Return when a clock is due."""
    if run is None or not run.running:
        return "none"
    if run.paused is not None:
        return "paused"
    return "undetermined" if run.deadline is None else run.deadline


def is_due(run: Run | None, wanted: Deadline) -> bool:
    """Return whether a clock is due when it must be; a limit of days ends at 24:00 of the last."""
    got = deadline_of(run)
    if isinstance(got, datetime) and type(wanted) is date:
        return got == datetime.combine(wanted + ONE_DAY, time(), got.tzinfo)
    return got == wanted


def told(due: Deadline) -> Wording:
    """Return when a clock is due, for people: a day for a limit that ends at 24:00."""
    if isinstance(due, datetime) and due.time() == time():
        return Wording.same((due - ONE_DAY).date().isoformat())
    if isinstance(due, date):
        return describe(due, INSTANT if isinstance(due, datetime) else DATE)
    return Wording.same(f"`{due}`")


def listed(names: Iterable[object]) -> Wording:
    """Return names in a row, for people."""
    every = [f"`{name}`" for name in names]
    return Wording("、".join(every), ", ".join(every)) if every else NOTHING
