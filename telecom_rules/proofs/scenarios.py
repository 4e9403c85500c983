"""Counterexamples as scenarios: files that `telecom-rules test` runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.errors import TelecomRulesError
from telecom_rules.scenarios.writing import iter_head, spell, spell_instant, spell_states
from telecom_rules.vocabulary import read_record
from telecom_rules.wording import Wording
from telecom_rules.workflows import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.policies import Policy
    from telecom_rules.proofs.counterexample import Counterexample
    from telecom_rules.proofs.runs.walks import CaseRun

COUNTEREXAMPLES = Wording("{title}：反例", "{title}: counterexamples")


def write_scenarios(
    counterexamples: Iterable[Counterexample], runs: Iterable[CaseRun] = ()
) -> Mapping[str, str]:
    """Return the counterexamples of each policy and workflow as the text of a file of scenarios.

    Each scenario says what the rules do today. Who mends the rules says there what they ought to.
    """
    together: dict[str, list[Counterexample]] = {}
    for each in counterexamples:
        together.setdefault(each.policy.name, []).append(each)
    lines = {name: iter_lines(found) for name, found in together.items()}
    of_flow: dict[str, list[CaseRun]] = {}
    for run in runs:
        of_flow.setdefault(run.workflow.name, []).append(run)
    lines |= {name: iter_run_lines(found) for name, found in of_flow.items()}
    return {name: "\n".join(each) + "\n" for name, each in lines.items()}


def iter_file_head(kind: str, name: str, title: Wording) -> Iterator[str]:
    """Yield the first lines of a file of counterexamples."""
    yield from iter_head(f"{name}_counterexamples", COUNTEREXAMPLES.fill(title=title), kind, name)
    yield ""
    yield "tests:"


def iter_test_head(number: int) -> Iterator[str]:
    """Yield the first lines of a scenario."""
    yield f"  counterexample_{number}:"
    yield f"    title: {{zh: 反例 {number}, en: Counterexample {number}}}"


def iter_run_lines(runs: list[CaseRun]) -> Iterator[str]:
    """Yield the lines of a file with the runs of one workflow."""
    workflow = runs[0].workflow
    yield from iter_file_head("workflow", workflow.name, workflow.title)
    for number, run in enumerate(runs, 1):
        yield from iter_test_head(number)
        yield f"    start: {spell_instant(run.start)}"
        if run.facts:
            yield "    given:"
            record = workflow.facts.read(run.facts)
            yield from (f"      {name}: {spell(value)}" for name, value in record.items())
        if run.steps:
            yield "    steps:"
            yield from iter_steps(run)


def iter_steps(run: CaseRun) -> Iterator[str]:
    """Yield the lines of the events of a run, with what the case does today."""
    case = run.workflow.open(run.facts, at=run.start, id="example").case
    for each in run.steps:
        if each.expires:
            case = case.tick(each.at).case
            yield f"      - wait: {spell_instant(each.at)}"
            yield f"        then: {spell_states(case.state)}"
            continue
        outcome = case.send(each.event, each.payload, at=each.at, by=each.by)
        case = outcome.case
        yield f"      - send: {each.event}"
        if each.by is not None:
            yield f"        by: {each.by}"
        yield f"        at: {spell_instant(each.at)}"
        payload = read_record(run.workflow.events[each.event].payload, each.payload, each.event)
        if payload:
            yield "        with:"
            yield from (f"          {name}: {spell(value)}" for name, value in payload.items())
        if isinstance(outcome, Refused):
            kinds = dict.fromkeys(reason.kind for reason in outcome.reasons)
            yield f"        refused: {{because: [{', '.join(kinds)}]}}"
        else:
            yield f"        then: {spell_states(case.state)}"


def iter_lines(counterexamples: list[Counterexample]) -> Iterator[str]:
    """Yield the lines of a file with the counterexamples of one policy."""
    policy = counterexamples[0].policy
    yield from iter_file_head("policy", policy.name, policy.title)
    for number, each in enumerate(counterexamples, 1):
        yield from iter_test_head(number)
        yield f"    on: {each.day.isoformat()}"
        yield "    given:"
        record = policy.facts.read(each.facts)
        yield from (f"      {name}: {spell(value)}" for name, value in record.items())
        yield from iter_expected(policy, each)


def iter_expected(policy: Policy, counterexample: Counterexample) -> Iterator[str]:
    """Yield the lines with what a policy decides today."""
    try:
        decision = policy.decide(counterexample.facts, on=counterexample.day)
    except TelecomRulesError as problem:
        yield f"    error: {problem.code.replace('-', '_')}"
        return
    yield "    then:"
    for name, value in decision.outputs.items():
        yield f"      {name}: {spell(value)}"
