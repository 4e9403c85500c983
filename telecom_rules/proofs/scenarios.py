"""Counterexamples as scenarios: files that `telecom-rules test` runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from telecom_rules.errors import TelecomRulesError
from telecom_rules.vocabulary import dump_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.policies import Policy
    from telecom_rules.proofs.counterexample import Counterexample
    from telecom_rules.vocabulary import Value


def write_scenarios(counterexamples: Iterable[Counterexample]) -> Mapping[str, str]:
    """Return the counterexamples of each policy as the text of a file of scenarios.

    Each scenario says what the policy decides today. Who mends the rules says there what it ought
    to decide.
    """
    together: dict[str, list[Counterexample]] = {}
    for each in counterexamples:
        together.setdefault(each.policy.name, []).append(each)
    return {name: "\n".join(iter_lines(found)) + "\n" for name, found in together.items()}


def iter_lines(counterexamples: list[Counterexample]) -> Iterator[str]:
    """Yield the lines of a file with the counterexamples of one policy."""
    policy = counterexamples[0].policy
    yield f"scenarios: {policy.name}_counterexamples"
    yield f"title: {{zh: {quote(f'{policy.title.zh}：反例')}, "
    yield f"  en: {quote(f'{policy.title.en}: counterexamples')}}}"
    yield f"policy: {policy.name}"
    yield ""
    yield "tests:"
    for number, each in enumerate(counterexamples, 1):
        yield f"  counterexample_{number}:"
        yield f"    title: {{zh: 反例 {number}, en: Counterexample {number}}}"
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


def spell(value: Value) -> str:
    """Return a value as YAML: as JSON, but for texts that need no quotes."""
    dumped = dump_value(value)
    if isinstance(dumped, str) and dumped.replace("-", "").replace(".", "").isalnum():
        return quote(dumped) if isinstance(value, str) and not value.isidentifier() else dumped
    return quote(dumped)


def quote(value: object) -> str:
    """Return a value of JSON as YAML reads it."""
    return json.dumps(value, ensure_ascii=False)
