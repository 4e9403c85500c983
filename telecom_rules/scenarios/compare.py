"""Compares the outcome of a scenario with the expected one: a finding for each difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from itertools import zip_longest
from typing import TYPE_CHECKING

from telecom_rules.errors import TelecomRulesError
from telecom_rules.findings import Finding
from telecom_rules.pack.overlay.layers import is_of_base
from telecom_rules.vocabulary import DATE, INSTANT, TEXT, describe, end_day
from telecom_rules.vocabulary.time.periods import ONE_DAY
from telecom_rules.wording import Wording, join_or_none
from telecom_rules.workflows import Accepted, Refused
from telecom_rules.workflows.linking.promises import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from telecom_rules.policies import Decision, Policy
    from telecom_rules.scenarios.scenario import (
        Deadline,
        Expected,
        ExpectedCase,
        ExpectedDecision,
        ExpectedEffect,
        ExpectedRefusal,
    )
    from telecom_rules.vocabulary import Clause, Field, Value
    from telecom_rules.wording import Language
    from telecom_rules.workflows import Case, Effect, Run, Ticked


NOT_THERE = Wording("没有这一项", "absent")
IS_DECIDED = Wording("已有结论", "a decision")
WHY_NOTE = Wording("原因：{text}", "why: {text}")
DEFAULT_DECIDES = Wording("默认结论", "the default")
UNDETERMINED_END = Wording("{end}（{why}）", "{end} ({why})")
FACTS_MISSING = Wording("缺少{needs}，无法判断", "unknown: {needs} missing")


def explain_notes(explain: Callable[[Language], str]) -> tuple[Wording, ...]:
    """Return an explanation as notes of a finding, line by line, in both languages."""
    lines = zip_longest(explain("zh").split("\n"), explain("en").split("\n"), fillvalue="")
    first, *rest = (Wording(*each) for each in lines)
    if not (first.zh or rest):
        return ()
    return (WHY_NOTE.fill(text=first), *(Wording(f"  {each.zh}", f"  {each.en}") for each in rest))


def explain_first(
    findings: Iterable[Finding], explain: Callable[[Language], str] | None
) -> Iterator[Finding]:
    """Yield the findings on one outcome, with its explanation only at the first.

    Where nothing differs nothing is explained: that takes longer than to decide.
    """
    for at, finding in enumerate(findings):
        if at or finding.notes or explain is None:
            yield replace(finding, notes=() if at else finding.notes)
        else:
            yield replace(finding, notes=explain_notes(explain))


def build_difference(what: str, got: Wording, expected: Wording, at: Expected[object]) -> Finding:
    """Return the finding about one difference; `what` names it."""
    values = {"what": what, "got": got, "expected": expected}
    return Finding("TR730", at.span, values)


def compare_decision(
    policy: Policy, decision: Decision, wanted: ExpectedDecision
) -> Iterator[Finding]:
    """Yield each difference between a decision and the expected one."""
    fields = policy.outputs.fields
    if wanted.needs is not None:
        needs = set(decision.missing)
        if needs != set(wanted.needs.value):
            got, expected = quote_names(decision.missing), quote_names(wanted.needs.value)
            yield build_difference("needs", got, expected, wanted.needs)
        return
    if not decision.known and (wanted.outputs or wanted.rules or wanted.absent):
        got = FACTS_MISSING.fill(needs=quote_names(decision.missing))
        expectations = [
            *wanted.outputs.values(),
            *wanted.absent,
            *([wanted.rules] if wanted.rules else []),
        ]
        yield build_difference(policy.name, got, IS_DECIDED, expectations[0])
        return
    yield from compare_values(decision.outputs, fields, wanted.outputs)
    yield from compare_absences(decision.outputs, fields, wanted.absent)
    if wanted.rules is not None:
        rules = tuple(each.id for each in decision.rules)
        if rules != wanted.rules.value:
            got, expected = (
                quote_names(each) if each else DEFAULT_DECIDES
                for each in (rules, wanted.rules.value)
            )
            yield build_difference("rule", got, expected, wanted.rules)
    statuses = {each.id: each.status for each in decision.results}
    for name, status in wanted.checks.items():
        found = statuses.get(name)
        if found != status.value:
            got = NOT_THERE if found is None else Wording.same(f"`{found}`")
            yield build_difference(name, got, Wording.same(f"`{status.value}`"), status)


def compare_values(
    got: Mapping[str, Value],
    fields: Mapping[str, Field],
    wanted: Mapping[str, Expected[Value]],
) -> Iterator[Finding]:
    """Yield each value that differs from the expected one."""
    for name, each in wanted.items():
        if name not in got or got[name] != each.value:
            kind = fields[name].type
            found = describe(got[name], kind) if name in got else NOT_THERE
            yield build_difference(name, found, describe(each.value, kind), each)


def compare_absences(
    got: Mapping[str, Value],
    fields: Mapping[str, Field],
    absent: Iterable[Expected[str]],
) -> Iterator[Finding]:
    """Yield each value that is present and must be absent."""
    for each in absent:
        if each.value in got:
            found = describe(got[each.value], fields[each.value].type)
            yield build_difference(each.value, found, NOT_THERE, each)


def compare_case(
    case: Case,
    outcome: Accepted | Ticked | None,
    wanted: ExpectedCase,
    policies: Mapping[str, Policy],
) -> Iterator[Finding]:
    """Yield each difference between a case and the expected one.

    Args:
        case: the case.
        outcome: the outcome of the step; `None` at the end of a scenario, or after a refusal.
        wanted: the expected case.
        policies: the policies of the pack.
    """
    fields = case.workflow.facts.fields
    for state in wanted.states:
        if state.value not in case.states:
            got, expected = Wording.same(f"`{case.state}`"), Wording.same(f"`{state.value}`")
            yield build_difference("state", got, expected, state)
    yield from compare_values(case.facts, fields, wanted.facts)
    yield from compare_absences(case.facts, fields, wanted.absent)
    for clock, due in wanted.due.items():
        run = case.clocks.get(clock)
        if not is_due(run, due.value):
            yield build_difference(clock, describe_end(run), describe_deadline(due.value), due)
    yield from compare_policies(case, wanted, policies)
    yield from compare_progress(case, outcome, wanted)


def compare_progress(
    case: Case, outcome: Accepted | Ticked | None, wanted: ExpectedCase
) -> Iterator[Finding]:
    """Yield each difference in breaches, warnings, effects and clauses of a step."""
    progress = case if outcome is None else outcome
    for what, names, got in (
        ("breaches", wanted.breaches, progress.breaches),
        ("warnings", wanted.warnings, progress.warnings),
    ):
        if names is None:
            continue
        found = tuple(each.clock for each in got if each.promise is None or knows_promises(names))
        if found != names.value:
            yield build_difference(what, quote_names(found), quote_names(names.value), names)
    if outcome is None:
        return
    if wanted.effects is not None:
        yield from compare_effects(outcome.effects, wanted.effects)
    cites = {str(clause) for step in outcome.steps for clause in step.cites}
    cites |= {str(clause) for each in outcome.effects for clause in each.cites}
    cites |= {str(clause) for each in outcome.breaches for clause in each.cites}
    cites |= {str(clause) for each in outcome.warnings for clause in each.cites}
    if isinstance(outcome, Accepted):
        cites |= set(map(str, outcome.cites))
    yield from compare_clauses(cites, wanted.cites)


def knows_promises(names: Expected[tuple[str, ...]]) -> bool:
    """Return whether a scenario speaks of promises: one of a base does if it names one.

    What a base expects is the law of a house on it, whose promises the base cannot know.
    """
    return not is_of_base(names.span.file) or any(each.endswith(SUFFIX) for each in names.value)


def compare_effects(
    got: Sequence[Effect], wanted: Expected[tuple[ExpectedEffect, ...]]
) -> Iterator[Finding]:
    """Yield each difference between the requested and the expected effects."""
    found, expected = [each.name for each in got], [each.name for each in wanted.value]
    if found != expected:
        yield build_difference("effects", quote_names(found), quote_names(expected), wanted)
        return
    for effect, each in zip(got, wanted.value, strict=True):
        for name, value in each.payload.items():
            if effect.payload.get(name) != value.value:
                got_value, expected_value = effect.payload.get(name), value.value
                yield build_difference(
                    f"{effect.name}.{name}",
                    describe(got_value, TEXT),
                    describe(expected_value, TEXT),
                    value,
                )


def compare_policies(
    case: Case, wanted: ExpectedCase, policies: Mapping[str, Policy]
) -> Iterator[Finding]:
    """Yield each difference in the outputs of policies for the facts of a case."""
    for name, outputs in wanted.policies.items():
        policy = policies[name]
        fields = policy.outputs.fields
        try:
            decision = policy.decide(case.facts, on=case.at.date())
        except TelecomRulesError as problem:
            yield from (
                build_difference(
                    name, problem.wording, describe(each.value, fields[output].type), each
                )
                for output, each in outputs.items()
            )
            continue
        differences = compare_values(decision.outputs, fields, outputs)
        yield from explain_first(differences, decision.explain)


def compare_refusal(outcome: Refused, wanted: ExpectedRefusal) -> Iterator[Finding]:
    """Yield each difference between a refusal and the expected one."""
    kinds = tuple(dict.fromkeys(each.kind for each in outcome.reasons))
    if set(kinds) != set(wanted.because.value):
        yield build_difference(
            "refused", quote_names(kinds), quote_names(wanted.because.value), wanted.because
        )
        return
    if wanted.needs is not None:
        needs = tuple(dict.fromkeys(iter_needs(outcome)))
        if set(needs) != set(wanted.needs.value):
            yield build_difference(
                "needs", quote_names(needs), quote_names(wanted.needs.value), wanted.needs
            )
    yield from compare_clauses(set(map(str, outcome.cites)), wanted.cites)


def iter_needs(outcome: Refused) -> Iterator[str]:
    """Yield the facts and fields that the reasons of a refusal name as missing or invalid."""
    for reason in outcome.reasons:
        for key in ("facts", "needs", "problems"):
            found = reason.data.get(key, ())
            for each in found if isinstance(found, tuple) else ():
                yield str(getattr(each, "field", each))


def compare_clauses(got: set[str], wanted: Iterable[Expected[Clause]]) -> Iterator[Finding]:
    """Yield each expected clause that is not cited."""
    for each in wanted:
        if str(each.value) not in got:
            expected = Wording.same(f"`{each.value}`")
            yield build_difference("cites", quote_names(sorted(got)), expected, each)


def deadline_of(run: Run | None) -> Deadline:
    """Return the deadline of a clock, or the word for its condition."""
    if run is None or not run.running:
        return "none"
    if run.paused is not None:
        return "paused"
    return "undetermined" if run.deadline is None else run.deadline


def is_due(run: Run | None, wanted: Deadline) -> bool:
    """Return whether a clock has the expected deadline; a day stands for its end."""
    got = deadline_of(run)
    if run is not None and isinstance(got, datetime) and type(wanted) is date:
        return got == end_day(wanted, got.tzinfo, run.clock.close)
    return got == wanted


def describe_end(run: Run | None) -> Wording:
    """Return the deadline of a clock for people, and why it has none where that is undetermined."""
    end, why = deadline_of(run), None if run is None else run.undetermined
    said = describe_deadline(end)
    return said if end != "undetermined" else UNDETERMINED_END.fill(end=said, why=why)


def describe_deadline(due: Deadline) -> Wording:
    """Return a deadline for people: a day if it is at 24:00."""
    if isinstance(due, datetime) and due.time() == time():
        return Wording.same((due - ONE_DAY).date().isoformat())
    if isinstance(due, date):
        return describe(due, INSTANT if isinstance(due, datetime) else DATE)
    return Wording.same(f"`{due}`")


def quote_names(names: Iterable[object]) -> Wording:
    """Return names in backquotes as one enumeration."""
    return join_or_none(Wording.same(f"`{name}`") for name in names)
