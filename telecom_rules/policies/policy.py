"""A policy: a decision table or a checklist over one kind of facts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.errors import FactProblem, FactsError, NotInForce
from telecom_rules.expressions import Context
from telecom_rules.policies.ask import build_question
from telecom_rules.policies.checklist import build_checklist_edition
from telecom_rules.policies.fast.compile import give_up
from telecom_rules.policies.fast.fused import FALLBACK_ERRORS, build_fused
from telecom_rules.policies.hit_policies import MULTIPLE_HIT
from telecom_rules.policies.peers import PeerDecisions
from telecom_rules.policies.table import build_table_edition
from telecom_rules.policies.three_valued import UnaskedRecord
from telecom_rules.vocabulary import Record
from telecom_rules.vocabulary.models import as_mapping
from telecom_rules.vocabulary.vocabulary import ParametersOn
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.expressions import Expression
    from telecom_rules.findings import Span
    from telecom_rules.policies.ask import Question
    from telecom_rules.policies.decision import Decision
    from telecom_rules.policies.edition import Edition
    from telecom_rules.policies.fast.fused import FusedFunction
    from telecom_rules.policies.rules import Aggregation, Check, HitPolicy, Row
    from telecom_rules.vocabulary import (
        Clause,
        FactType,
        Parameter,
        RecordType,
        Value,
        Vocabulary,
    )


NOT_A_DAY = Wording(
    "需要日期（如 2026-03-01）才能确定适用哪些规定",
    "which rules apply depends on a day, such as 2026-03-01; an instant or a text is none",
)

MOST_CACHED_DAYS = 1_000
"""Days whose functions are found at once."""
MOST_CACHED_TYPES = 50
"""Python types of facts that functions are made for."""


@dataclass(frozen=True, eq=False, repr=False)
class Policy:
    """A decision table or a checklist, linked and ready to decide.

    It never changes. What it compiles on the way it keeps, once for each set of rules that are in
    force together; threads may share it.

    Attributes:
        name: its name.
        title: its name for people.
        facts: the records it decides on.
        outputs: what it decides: for a checklist the one output `verdict`.
        entry: what each rule of a table gives; a table that takes all that hold decides lists.
        hit_policy: what becomes of the rules that hold; `None` for a checklist.
        aggregation: what a `collect` table makes of the values it has collected, or `None`.
        priorities: the values that some outputs may only have, those of the highest priority first.
        rows: the rules of a table, in order.
        default: the outputs of a table where no rule holds, or `None`.
        checks: the items of a checklist, in order.
        cites: the clauses it comes from.
        digest: the digest of the pack it is part of.
        span: where its name is written.
    """

    name: str
    title: Wording
    facts: FactType
    outputs: RecordType
    entry: RecordType
    hit_policy: HitPolicy | None
    aggregation: Aggregation | None
    priorities: Mapping[str, tuple[Value, ...]]
    rows: tuple[Row, ...]
    default: Mapping[str, Expression] | None
    checks: tuple[Check, ...]
    cites: tuple[Clause, ...]
    digest: str
    span: Span
    _vocabulary: Vocabulary
    _policies: Mapping[str, Policy]
    _editions: dict[int, Edition | None] = field(default_factory=dict, init=False)
    _functions: dict[int, dict[type, FusedFunction]] = field(default_factory=dict, init=False)
    _fused: dict[date, dict[type, FusedFunction]] = field(default_factory=dict, init=False)

    def __repr__(self) -> str:
        kind = f"{len(self.checks)} checks" if self.checks else f"{len(self.rows)} rules"
        return f"<Policy {self.name}: {kind} over {self.facts.name}>"

    def decide(self, facts: object, *, on: date) -> Decision:
        """Decide on `facts` under the rules and figures in force on a day.

        Args:
            facts: names and values, or any object whose attributes are facts: an instance of
                `self.facts.model`, a dataclass, a pydantic model, a row of an ORM. What is not
                known may be left out; the decision is then unknown if it matters, and says what
                is needed.
            on: the day.

        Raises:
            FactsError: the facts do not fit, or `on` is not a day.
            NotInForce: no rule, or not a figure that is needed, is in force that day.
            NoRuleMatches: no rule of a table without default covers the facts.
            SeveralRulesMatch: more than one rule of a `unique` table holds.
            RulesDisagree: rules of an `any` table hold, and their outputs are not the same.
            EvaluationError: an expression of a rule has no value for these facts.
        """
        try:
            fast = self._fused[on][type(facts)]
        except (KeyError, TypeError):  # the first of its day or type, or `on` is not hashable
            fast = self.fast_for(type(facts), on)
        try:
            return fast(facts, on)
        except FALLBACK_ERRORS:
            # The exact way says what is wrong, and decides where nothing is.
            return self.decide_record(self.facts.read(facts), on=on)

    def fast_for(self, kind: type, on: date) -> FusedFunction:
        """Return the function made for facts of this type and the rules of this day, and keep it.

        Where there is none it is one that leaves everything to the exact way.
        """
        edition = self.edition_on(on) if is_day(on) else None
        if edition is None:
            return give_up
        made = self._functions.setdefault(bisect_right(self.change_days, on), {})
        if kind not in made and len(made) < MOST_CACHED_TYPES:
            made[kind] = build_fused(edition, kind) or give_up
        if len(self._fused) >= MOST_CACHED_DAYS:
            self._fused.clear()
        self._fused[on] = made
        return made.get(kind, give_up)

    def decide_record(self, facts: Record, *, on: date) -> Decision:
        """Decide on a record that `self.facts.read` made; see `decide`."""
        if type(on) is not date and not is_day(on):
            raise FactsError(self.facts.name, [FactProblem("on", NOT_A_DAY)])
        edition = self.edition_on(on)
        if edition is None:
            raise NotInForce(self.name, on)
        return edition.decide(facts, on)

    def edition_on(self, on: date) -> Edition | None:
        """Return the policy as it stands on a day, or `None` where no rule is in force."""
        at = bisect_right(self.change_days, on)
        try:
            edition = self._editions[at]
        except KeyError:
            # Two threads may both come here; they make the same edition.
            edition = self._editions[at] = self.build_edition(on)
        return edition

    def ask(self, facts: object, *, on: date) -> Question | None:
        """Return what to ask next in order to decide, or `None` once nothing more is needed.

        Asking, adding the answer to the facts and asking again leads to the decision that all the
        facts together would give, without a question whose answer cannot matter.

        Args:
            facts: what is known so far. A fact that is given as `None` has been asked for, and is
                not there (if it is optional) or not known; it is not asked for again. One that is
                not given at all may still come, even if it is optional.
            on: the day whose rules and figures apply.

        Raises:
            TelecomRulesError: as `decide` does.
        """
        record = self.facts.read(facts)
        said = set(find_given(facts, self.facts.fields))
        fields = self.facts.fields
        unasked = frozenset(name for name, each in fields.items() if each.optional) - said
        decision = self.decide_record(UnaskedRecord(record, unasked), on=on)
        wanted = (name for name in decision.missing if name in fields and name not in said)
        name = next(wanted, None)
        return None if name is None else build_question(self.facts, name)

    def expressions(self) -> Iterator[Expression]:
        """Yield every expression of the policy."""
        for row in self.rows:
            yield from chain(row.tests, row.outputs.values())
        yield from (self.default or {}).values()
        for check in self.checks:
            yield from (*check.tests, check.require)

    @property
    def is_multiple_hit(self) -> bool:
        """Whether it is a table that takes all the rules that hold."""
        return self.hit_policy in MULTIPLE_HIT

    @cached_property
    def reads(self) -> frozenset[str]:
        """The names its expressions read: `gain`, `parameters.x`, `policies.p.out`, `today`."""
        return frozenset(name for each in self.expressions() for name in each.reads)

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The figures its expressions name, by name."""
        every = self._vocabulary.parameters
        names = sorted(path.split(".")[1] for path in self.reads if path.startswith("parameters."))
        return MappingProxyType({name: every[name] for name in names})

    @cached_property
    def peers(self) -> tuple[str, ...]:
        """The names of the policies that its expressions name."""
        names = {path.split(".")[1] for path in self.reads if path.startswith("policies.")}
        return tuple(sorted(names))

    def peer(self, name: str) -> Policy:
        """Return one of the policies that its expressions name."""
        return self._policies[name]

    @cached_property
    def change_days(self) -> tuple[date, ...]:
        """The days on which a rule or figure comes or goes, or an article has another number."""
        periods = [row.in_force for row in self.rows] + [each.in_force for each in self.checks]
        periods += [value.in_force for each in self.parameters.values() for value in each.values]
        days = {each.since for each in periods} | {each.until for each in periods}
        cites = [row.cites for row in self.rows] + [each.cites for each in self.checks]
        days |= {day for clauses in cites for clause in clauses for day in clause.renumbering_days}
        return tuple(sorted(day for day in days if day is not None))

    def build_edition(self, on: date) -> Edition | None:
        """Return the policy as it stands on a day, or `None` where no rule is in force."""
        rows = tuple(row.on(on) for row in self.rows if on in row.in_force)
        checks = tuple(check.on(on) for check in self.checks if on in check.in_force)
        if rows:
            return build_table_edition(self, rows, on, self.find_shared_context(on))
        return (
            build_checklist_edition(self, checks, on, self.find_shared_context(on))
            if checks
            else None
        )

    def find_shared_context(self, on: date) -> Context | None:
        """Return the context of every decision of the edition of `on`, if they share one."""
        values = [parameter.find_on(on) for parameter in self.parameters.values()]
        if self.peers or "today" in self.reads or None in values:
            return None
        return Context(parameters=Record(ParametersOn(self.parameters, on)))

    def build_context(self, facts: Record, on: date) -> Context:
        """Return what expressions see besides `facts` on a day."""
        parameters = ParametersOn(self.parameters, on)
        return Context(parameters=parameters, policies=self.ask_peers(facts, on), today=on)

    def ask_peers(self, facts: Record, on: date) -> PeerDecisions:
        """Return what the policies that this one names say of the same record on the same day."""
        return PeerDecisions(self._policies, facts, on)


def find_given(facts: object, names: Iterable[str]) -> Iterable[str]:
    """Return those of `names` under which facts are given, known or not."""
    data = as_mapping(facts, names)
    return data if isinstance(data, Mapping) else ()


def is_day(value: object) -> bool:
    """Return whether a value is a day; an instant is none, though Python calls it a date."""
    return isinstance(value, date) and not isinstance(value, datetime)
