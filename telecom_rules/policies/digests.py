"""Digests of policies: over a policy with the figures, facts and policies that it reads."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from telecom_rules.digests import (
    calculate_digest,
    describe_meaning,
    find_calendar,
    find_change_days,
)
from telecom_rules.policies.rule_set import iter_expressions, reach_policies
from telecom_rules.vocabulary import ALWAYS, Period
from telecom_rules.vocabulary.time.periods import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.digests import Content
    from telecom_rules.policies.rule_set import RuleSet
    from telecom_rules.vocabulary import Calendar, FactType


Reach: TypeAlias = Literal["whole", "on", "until"]
"""The days that a digest is over: all, one, or one with all before it."""


def digest_policy(policy: RuleSet, reach: Reach = "whole", day: date = date.max) -> str:
    """Return the digest of a policy with everything that it reads.

    Args:
        policy: the policy.
        reach: over which days. What begins or ends on other days makes no difference.
        day: the day, unless all days count.
    """
    kept = policy._derived  # noqa: SLF001 - hidden from hosts only
    # Between two days of change every day has the same digest.
    key = (reach, bisect_right(find_policy_change_days(policy), day))
    digest: str | None = kept.get(key)
    if digest is None:
        digest = kept[key] = calculate_digest(describe(policy, days_of(reach, day)))
    return digest


def find_policy_change_days(policy: RuleSet) -> Sequence[date]:
    """Return the days from which on something that a policy reaches is another, in order."""
    kept = policy._derived  # noqa: SLF001 - as above
    days: Sequence[date] | None = kept.get("days")
    if days is None:
        found = (find_change_days(each) for each in iter_parts(policy))
        days = kept["days"] = tuple(sorted(frozenset[date]().union(*found)))
    return days


def days_of(reach: Reach, day: date) -> Period:
    """Return the days that a digest is over."""
    if reach == "whole":
        return ALWAYS
    after = None if day == date.max else day + ONE_DAY
    return Period(day if reach == "on" else None, after)


def describe(policy: RuleSet, days: Period) -> Content:
    """Return a policy and what it reaches, whatever the way there: circles do no harm."""
    reached = dict(sorted(reach_policies(policy).items()))
    reads = frozenset[str]().union(*(each.reads for each in reached.values()))
    figures = {name: each for one in reached.values() for name, each in one.parameters.items()}
    fields = {name: each for name, each in policy.facts.fields.items() if name in reads}
    calendars = {name: each for name, one in reached.items() if (each := calendar_of(one))}
    counted = {"calendars": describe_meaning(calendars, days)} if calendars else {}
    return {
        **counted,
        "policy": policy.name,
        "policies": {name: describe_rules(each, days) for name, each in reached.items()},
        "parameters": describe_meaning(figures, days),
        "facts": describe_meaning(fields),
        **describe_conditions(policy.facts),
    }


def describe_conditions(facts: FactType) -> Mapping[str, Content]:
    """Return the conditions that refuse records; nothing where there are none."""
    if not facts.conditions:
        return {}
    return {"consistent": {each.id: describe_meaning(each) for each in facts.conditions}}


def describe_rules(policy: RuleSet, days: Period) -> Content:
    """Return what a policy itself says."""
    return {
        "outputs": {name: str(each) for name, each in policy.outputs.fields.items()},
        "hit_policy": policy.hit_policy,
        "aggregation": policy.aggregation,
        "priorities": describe_meaning(policy.priorities),
        "rows": describe_meaning(policy.rows, days),
        "default": describe_meaning(policy.default),
        "checks": describe_meaning(policy.checks, days),
    }


def iter_parts(policy: RuleSet) -> Iterator[object]:
    """Yield everything dated that a policy reaches."""
    for each in reach_policies(policy).values():
        yield from (each.rows, each.checks, each.parameters, calendar_of(each))


def calendar_of(policy: RuleSet) -> Calendar | None:
    """Return the calendar by which the expressions of a policy count days, or `None`."""
    return find_calendar(iter_expressions(policy), policy.parameters.values())
