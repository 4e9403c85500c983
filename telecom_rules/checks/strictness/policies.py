"""The policies of two packs, compared on every day, those that others ask first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from graphlib import TopologicalSorter
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from telecom_rules.checks.analysis.outputs import find_constant_outputs
from telecom_rules.checks.deviations.deviation import Deviation, Direction
from telecom_rules.checks.strictness.checklists import compare_checklists
from telecom_rules.checks.strictness.sides import PeerValues, Sides
from telecom_rules.checks.strictness.tables import (
    compare_declared_outputs,
    compare_tables,
    policy_part,
)
from telecom_rules.digests import describe_meaning
from telecom_rules.policies.completions.budget import SearchBudget
from telecom_rules.policies.digests import find_policy_change_days
from telecom_rules.vocabulary.parameters import ParameterKind
from telecom_rules.vocabulary.time.periods import ONE_DAY
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.checks.strictness.tables import Together
    from telecom_rules.pack import Pack
    from telecom_rules.policies import Policy
    from telecom_rules.vocabulary import Parameter, Value


MOST_STEPS: Final = 300_000
"""Steps of the comparison of one policy on one day."""
MOST_STEPS_OF_ALL: Final = 3_000_000
"""Steps of the comparisons of all policies together."""
ANY_DAY: Final = date(2000, 1, 1)
"""Represents every day if a policy does not depend on dates."""
GONE = Wording("策略 `{policy}` 被取消", "the policy `{policy}` is gone")
OTHER_KIND = Wording(
    "策略 `{policy}` 在决策表与检查清单之间改变，或改用其他数据",
    "the policy `{policy}` is now another kind of policy, or over other facts",
)


def compare_policies(base: Pack, house: Pack) -> Iterator[Deviation]:
    """Yield the deviations of the policies of a house, each once, on the first day it occurs.

    The settings of the base may be loosened, so the policies of the house are compared with those
    settings as the base has them.
    """
    own = with_settings_of(base, house)
    known = dict(find_constant_outputs(base))
    house_known = find_constant_outputs(house)
    budget = SearchBudget(MOST_STEPS_OF_ALL)
    changed: set[str] = set()
    relations: dict[tuple[str, date], Mapping[str, Together]] = {}
    for name in sort_peers_first(base.policies):
        law, mine = base.policies[name], own.get(name)
        if mine is None:
            wording = GONE.fill(policy=name)
            yield Deviation((policy_part(name),), Direction.LAXER, wording, cites=law.cites)
        elif not is_changed(law, mine):
            continue
        elif bool(law.checks) is not bool(mine.checks) or law.facts.name != mine.facts.name:
            wording = OTHER_KIND.fill(policy=name)
            yield Deviation((policy_part(name),), Direction.INCOMPARABLE, wording, cites=law.cites)
        else:
            changed.add(name)
            yield from compare_declared_outputs(law, mine)
            comparison = PolicyComparison(law, mine, known, house_known, changed, relations, budget)
            yield from (replace(each, policy=name) for each in comparison.find_deviations())


def is_changed(law: Policy, own: Policy) -> bool:
    """Return whether a policy may decide otherwise in the house."""
    return law is not own and (law.digest != own.digest or law.orders != own.orders)


def sort_peers_first(policies: Mapping[str, Policy]) -> tuple[str, ...]:
    """Return the names of policies, those that others ask before these."""
    graph = {name: set(each.peers) for name, each in policies.items()}
    return tuple(TopologicalSorter(graph).static_order())


def with_settings_of(base: Pack, house: Pack) -> Mapping[str, Policy]:
    """Return the policies of a house with the settings as the base has them."""
    figures = dict(house.parameters.items())
    loosened: dict[str, Parameter] = {
        name: each
        for name, each in base.parameters.items()
        if each.kind is ParameterKind.SETTING
        and name in figures
        and figures[name] is not each
        and describe_meaning(figures[name]) != describe_meaning(each)
    }
    if not loosened:
        return house.policies
    changed: dict[str, Policy] = {}
    peers = MappingProxyType(changed)
    for name, policy in house.policies.items():
        changed[name] = replace(policy, _figures={**figures, **loosened}, _policies=peers)
    return peers


def has_all_figures(policy: Policy, day: date) -> bool:
    """Return whether every figure that a policy reads is in force on a day."""
    return all(each.find_on(day) is not None for each in policy.parameters.values())


class PolicyComparison:
    """The comparison of one policy on every day on which something of it changes."""

    def __init__(
        self,
        law: Policy,
        own: Policy,
        known: Mapping[str, frozenset[Value]],
        house_known: Mapping[str, frozenset[Value]],
        changed: set[str],
        relations: dict[tuple[str, date], Mapping[str, Together]],
        budget: SearchBudget,
    ) -> None:
        """Prepare the comparison.

        Args:
            law: the policy of the base.
            own: the policy of the house.
            known: the possible values of outputs in the base, by path.
            house_known: the same in the house.
            changed: the policies that differ.
            relations: what the outputs of these have together, by policy and day; filled.
            budget: the steps that may be taken.
        """
        self.law = law
        self.own = own
        self.known = known
        self.house_known = house_known
        self.changed = changed
        self.relations = relations
        self.budget = budget

    def find_deviations(self) -> Iterator[Deviation]:
        """Return the deviations, each once; what one day shows is not undecided on another."""
        found: dict[object, Deviation] = {}
        for day in self.iter_days():
            for each in self.compare_on(day):
                key = (each.parts[0], each.direction)
                is_shown = each.is_refused or each.evidence is not None
                if each.direction is Direction.UNDECIDED or not is_shown:
                    is_shown = has_all_figures(self.law, day)  # else nothing is decided that day
                if not is_shown:
                    continue
                if key not in found or (found[key].evidence is None and each.evidence is not None):
                    found[key] = each
        shown = {each.parts[0] for each in found.values() if each.is_refused}
        return (
            each
            for each in found.values()
            if each.direction is not Direction.UNDECIDED or each.parts[0] not in shown
        )

    def iter_days(self) -> Iterator[date]:
        """Yield a day of each period in which both have the same rules and figures."""
        days = sorted({*find_policy_change_days(self.law), *find_policy_change_days(self.own)})
        yield from (days[0] - ONE_DAY, *days) if days else (ANY_DAY,)

    def compare_on(self, day: date) -> Iterator[Deviation]:
        """Yield the deviations on a day."""
        with self.budget.lend(MOST_STEPS) as lent:
            sides = Sides(self.law, self.own, day, self.peers_on(day), self.known, lent)
            if self.law.checks:
                yield from compare_checklists(sides)
            else:
                deviations, together = compare_tables(sides)
                self.relations[self.law.name, day] = together
                yield from deviations

    def peers_on(self, day: date) -> Mapping[str, PeerValues]:
        """Return the outputs of other policies that differ between the packs on a day."""
        found: dict[str, PeerValues] = {}
        for path in sorted(self.law.reads | self.own.reads):
            root, _, rest = path.partition(".")
            name, _, output = rest.partition(".")
            if root == "policies" and name in self.changed:
                together = self.relation_on(name, day).get(output)
                values = self.known.get(path), self.house_known.get(path)
                if together is not None and all(one == other for one, other in together):
                    continue  # the other policy gives the same on every record of this day
                none: frozenset[Value] = frozenset()
                found[path] = PeerValues(values[0] or none, values[1] or none, together)
        return found

    def relation_on(self, name: str, day: date) -> Mapping[str, Together]:
        """Return what the outputs of another policy have together in the period of a day."""
        days = [each for policy, each in self.relations if policy == name and each <= day]
        return self.relations[name, max(days)] if days else {}
