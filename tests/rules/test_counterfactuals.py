"""What a short explanation tells comes true, for every policy that ships, in a dozen lines."""

from __future__ import annotations

from itertools import islice
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from telecom_rules.errors import TelecomRulesError
from telecom_rules.policies.explanation.parts import MOST_LINES
from tests.rules.records import ON, records

if TYPE_CHECKING:
    from telecom_rules.pack import Pack
    from telecom_rules.policies import Decision, Policy

RECORDS = 10 if settings.default.max_examples <= 100 else 1_000
"""Records of each policy, one in a hundred of those of the long run."""
NEVER_OTHERWISE = ("area", "born_on", "committed_on", "complained_on", "customer_id", "joined_on")
OF_THEIR_KIND = {"accepted_at", "channel"}
"""Names that mean a past event in one kind of facts, and something to be done in another."""
MOST_TRIED = 40
"""Records that are drawn for one that can be decided."""


def decisions(policy: Policy, count: int) -> list[Decision]:
    """Return decisions of a policy that are known."""
    found = []
    chance = Random(policy.name)  # noqa: S311 - not for secrets
    for facts in islice(records(policy, chance), MOST_TRIED * count):
        try:
            decision = policy.decide(facts, on=ON)
        except TelecomRulesError:
            continue
        found += [decision] if decision.known else []
        if len(found) == count:
            break
    return found


def failed(decision: Decision) -> set[str]:
    return {each.id for each in decision.results if each.status == "fail"}


def test_what_began_a_matter_and_who_somebody_is_cannot_be_otherwise(pack: Pack) -> None:
    fields = {name: each for facts in pack.facts.values() for name, each in facts.fields.items()}
    differing = [
        (facts.name, name)
        for facts in pack.facts.values()
        for name, each in facts.fields.items()
        if each.fixed is not fields[name].fixed and name not in OF_THEIR_KIND
    ]
    assert differing == []
    assert all(fields[name].fixed for name in NEVER_OTHERWISE)


@pytest.mark.slow
def test_what_would_be_otherwise_is_so(pack: Pack) -> None:
    told = 0
    for policy in pack.policies.values():
        for decision in decisions(policy, RECORDS):
            for each in decision.explanation.alternatives:
                changes: dict[str, Any] = {one.name: one.value for one in each.changes}
                other = policy.decide({**decision.facts, **changes}, on=ON)
                assert {one.name: one.value for one in each.outputs} == dict(other.outputs)
                same = dict(other.outputs) == dict(decision.outputs)
                assert not same or failed(other) != failed(decision)
                assert not any(policy.facts.fields[name].fixed for name in changes)
                told += 1
    assert told > RECORDS * len(pack.policies)


@pytest.mark.slow
def test_a_short_explanation_has_a_dozen_lines_and_mostly_fewer(pack: Pack) -> None:
    lengths = [
        len(decision.explain(language, detail="short").splitlines())
        for policy in pack.policies.values()
        for decision in decisions(policy, RECORDS)
        for language in ("zh", "en")
    ]
    assert max(lengths) <= MOST_LINES
    assert median(lengths) <= 10
