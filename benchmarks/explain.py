"""What an explanation costs beside its decision, over every shipped policy.

The records are those by which the tests try the rules, each new to the policy. With `--print N`,
the short explanations of the first N policies are printed as well, in both languages, after the
long ones that they stand for.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measure import cpu, machine, table
from policy import DAY, PENALTY

from telecom_rules.errors import TelecomRulesError
from tests.rules.records import ON, records
from tests.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules import Decision, Policy

RECORDS = 30
DRAWN = 400


class Cost(NamedTuple):
    """Microseconds of a decision, and how many times as long its explanation takes."""

    policy: str
    decide: float
    short: float


def draw(policy: Policy, count: int = RECORDS) -> list[dict[str, object]]:
    """Return records that a policy can decide."""
    found = []
    for facts in islice(records(policy, Random(policy.name)), DRAWN):
        try:
            decision = policy.decide(facts, on=ON)
        except TelecomRulesError:
            continue
        found += [facts] if decision.known else []
    return found[:count]


def explain_briefly(decision: Decision) -> str:
    """Return what is timed."""
    return decision.explain("zh", detail="short")


def measure(policy: Policy) -> Cost | None:
    """Return the cost for one policy, `None` where no record was found."""
    facts = draw(policy)
    if len(facts) < RECORDS:
        return None
    for each in facts[:3]:
        explain_briefly(policy.decide(each, on=ON))
    decide = cpu(lambda each: policy.decide(each, on=ON), facts * 20)
    fresh = [policy.decide(each, on=ON) for each in facts[3:]]
    return Cost(policy.name, decide, cpu(explain_briefly, fresh) / decide)


def six_rows() -> float:
    """Return how many times as long as its decision a long explanation takes, amounts new."""
    facts = [
        {"severity": "serious", "gain": f"{100_000 + at}.00", "crime": False, "repeats": 1}
        for at in range(2_000)
    ]
    decide = cpu(lambda each: PENALTY.decide(each, on=DAY), facts)
    decided = [PENALTY.decide(each, on=DAY) for each in facts]
    return cpu(lambda each: each.explain(), decided) / decide


def tell(policy: Policy) -> Iterator[str]:
    """Yield the long and the short explanation of one decision."""
    for facts in draw(policy, 1):
        decision = policy.decide(facts, on=ON)
        for language in ("zh", "en"):
            yield decision.explain(language)
            yield decision.explain(language, detail="short")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", type=int, default=0, metavar="N")
    told: int = parser.parse_args().print
    policies = list(shipped().policies.values())
    costs = sorted(filter(None, map(measure, policies)), key=lambda each: each.short)
    rows = [(each.policy, f"{each.decide:.1f}", f"{each.short:.0f}") for each in costs]
    print(f"{machine()}; CPU time\n")
    print(table(("", "decide µs", "short x"), rows))
    ratios = [each.short for each in costs]
    within = sum(each <= 60 for each in ratios)  # noqa: PLR2004 - what is aimed at
    print(f"\nmedian {statistics.median(ratios):.0f}x; {within} of {len(ratios)} at most 60x")
    print(f"long explanation of six rows, amounts new: {six_rows():.0f}x")
    for policy in policies[:told]:
        print("\n\n".join(tell(policy)), end="\n\n---\n\n")


if __name__ == "__main__":
    main()
