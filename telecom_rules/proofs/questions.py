"""Questions about the records that one or two policies decide on a day, and records that answer.

Whatever the solver says is looked at by the engine before anybody is told: a record counts as an
answer only where the engine decides as the solver says.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import z3

from telecom_rules.checks.analysis.reasons import (
    NO_RECORD,
    TOO_MANY_STEPS,
    find_reason,
)
from telecom_rules.expressions import Context
from telecom_rules.expressions.consistency import conditions_of
from telecom_rules.policies.digests import find_policy_change_days
from telecom_rules.proofs.encoding import Encoder, Space
from telecom_rules.proofs.policies import PolicyTerms
from telecom_rules.proofs.solver import NotSolved, Solver
from telecom_rules.proofs.symbols import MOST_ITEMS, READABLE_DAYS, Records, Symbol, Texts
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from telecom_rules.expressions.typed import Typed
    from telecom_rules.policies import Policy
    from telecom_rules.proofs.solver import Term
    from telecom_rules.vocabulary import FactType


SHORT_LISTS = Wording(
    f"条件涉及列表，只试了不超过 {MOST_ITEMS} 项的列表",
    f"its condition goes through a list, and only lists of up to {MOST_ITEMS} items were tried",
)
MOST_ROUNDS: Final = 5
"""How often a question is asked again, knowing more of the functions that have no exact term."""
Facts: TypeAlias = "Mapping[str, object]"


class Shown(NamedTuple):
    """A record that the engine has decided as was asked.

    Attributes:
        facts: the record.
        day: the day of the decision.
    """

    facts: Facts
    day: date


class NotProved(Exception):
    """A question is neither answered by a record nor proved to have none.

    Attributes:
        why: the reason, for people.
    """

    def __init__(self, why: Wording) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class Questions:
    """Questions about the records that some policies decide on the days around one.

    Attributes:
        kinds: the kinds of facts that the policies decide on; of a fact of several the last counts.
        day: the day; with it count all days on which the policies have the same rules and figures.
        partial: whether any fact may be unknown, as in a case.
    """

    kinds: tuple[FactType, ...]
    day: date
    partial: bool = False
    _opaque: list[Typed] = field(default_factory=list)
    _terms: list[PolicyTerms] = field(default_factory=list)

    @cached_property
    def space(self) -> Space:
        """The records."""
        fields = {name: each for kind in self.kinds for name, each in kind.fields.items()}
        return Space(Records(fields, Texts()))

    @cached_property
    def bounds(self) -> list[Term]:
        """What holds of every record: types, bounds, and that its facts do not contradict."""
        encoder = Encoder(self.space, Context(), self.no_peer, "|consistent")
        conditions = [each for kind in self.kinds for each in conditions_of(kind)]
        broken = [encoder.encode(each.contradiction.tree) for each in conditions]
        self._opaque += encoder.opaque
        bounds = self.space.records.iter_bounds(partial=self.partial)
        return [*bounds, *map(z3.Not, broken)]

    def iter_days(self) -> Iterator[Term]:
        """Yield the limits of today: the days on which the policies stay the same."""
        for each in self._terms:
            changes = find_policy_change_days(each.policy)
            at = bisect_right(changes, self.day)
            yield self.space.today >= (changes[at - 1] if at else date.min).toordinal()
            if at < len(changes):
                yield self.space.today < changes[at].toordinal()
        yield self.space.today <= date.max.toordinal()

    def no_peer(self, policy: str, output: str) -> Symbol:
        """Refuse to ask: what makes a record consistent asks no policy."""
        raise KeyError(f"{policy}.{output}")

    def encode(self, policy: Policy) -> PolicyTerms:
        """Return the terms of a policy on these records."""
        terms = PolicyTerms(policy, self.day, self.space)
        self._terms.append(terms)
        return terms

    def find_record(self, wanted: Term, is_shown_by: Callable[[Facts, date], bool]) -> Shown | None:
        """Return a record on which something holds and the engine agrees; `None` if none does.

        Raises:
            NotProved: neither is found.
        """
        solver = Solver([*self.bounds, *self.space.laws, *self.iter_days()])
        try:
            for _ in range(MOST_ROUNDS):
                models = list(solver.iter_models([wanted], self.iter_readable()))
                if not models:
                    return None
                for model in models:
                    shown = self.read_model(model)
                    if shown is not None and is_shown_by(*shown):
                        return shown
                fixed = [each.fix_at(model) for model in models for each in self.space.applied]
                laws = [each for each in fixed if each is not None]
                if not laws:
                    break
                solver.known += laws  # what the engine says of the days of these models
        except NotSolved:
            raise NotProved(TOO_MANY_STEPS) from None
        why = next(self.iter_reasons(), NO_RECORD)
        raise NotProved(SHORT_LISTS if self.space.bounded else why)

    def iter_readable(self) -> Iterator[list[Term]]:
        """Yield limits within which a record is easy to read and likely to be one."""
        days = self.space.published_days or READABLE_DAYS
        this_day = self.space.today == self.day.toordinal()
        short = [*self.space.bounded, *self.space.records.iter_list_bounds()]
        for each in self.space.records.iter_readable(*days):
            if self.space.bounded:
                yield [this_day, *each, *self.space.likely, *short]
                yield [this_day, *each, *short]
            yield [this_day, *each, *self.space.likely]
            yield [this_day, *each]
        if self.space.bounded:
            yield short

    def is_impossible(self, wanted: Term) -> bool:
        """Return whether nothing wanted holds on any record; not where that is undecided."""
        try:
            known = [*self.bounds, *self.space.laws, *self.iter_days()]
            return Solver(known).find_model(wanted) is None
        except NotSolved:
            return False

    def read_model(self, model: Term) -> Shown | None:
        """Return the record of a model with its day, or `None` if there is no such record."""
        facts = self.space.records.read_model(model)
        today = model.eval(self.space.today, model_completion=True).as_long()
        return None if facts is None else Shown(facts, date.fromordinal(today))

    def iter_reasons(self) -> Iterator[Wording]:
        """Yield why a record of the solver may be none: the parts without an exact term."""
        opaque = (node for each in self._terms for node in each.opaque)
        for node in (*opaque, *self._opaque):
            yield find_reason(node)
