"""The engine of one policy: decides by generated code where `fast/` exists, else exactly.

Other rooms of the library get it by `policy.engine_of`; it is not for hosts.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias, cast

from telecom_rules.errors import NotInForce
from telecom_rules.expressions import FAILURES, Context, Detour
from telecom_rules.policies.completions.dependencies import Dependencies
from telecom_rules.policies.completions.examples import ExampleSearch
from telecom_rules.policies.completions.search import Completions
from telecom_rules.policies.decision import Decision
from telecom_rules.policies.editions.checklist import build_checklist_edition
from telecom_rules.policies.editions.edition import build_context
from telecom_rules.policies.editions.table import build_table_edition
from telecom_rules.policies.editions.three_valued import TriedRecord, UnaskedRecord
from telecom_rules.policies.rule_set import find_change_days
from telecom_rules.values.arguments import read_day
from telecom_rules.vocabulary import Record
from telecom_rules.vocabulary.values import Unfit
from telecom_rules.vocabulary.vocabulary import ParametersOn

# The only import of generated code. Without `fast/` every decision is evaluated exactly.
try:
    from telecom_rules.policies.fast import build_facts_function, build_record_function
except ImportError:
    FAST = False
else:
    FAST = True

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from telecom_rules.policies.completions.budget import SearchBudget
    from telecom_rules.policies.completions.examples import Goal
    from telecom_rules.policies.editions.edition import Edition
    from telecom_rules.policies.peers import Peer
    from telecom_rules.policies.rule_set import RuleSet
    from telecom_rules.vocabulary import Value


FactsFunction: TypeAlias = "Callable[[Any, date], Decision]"
"""Decides on facts of one Python type, or raises one of `FALLBACK_ERRORS`."""
RecordFunction: TypeAlias = "Callable[[Record, date], Decision]"
"""Decides on a record."""

FALLBACK_ERRORS: Final = (*FAILURES, Unfit)
"""Errors that hand over to exact evaluation; any other error is a defect and is not caught."""

MOST_CACHED_DAYS: Final = 1_000
"""Days for which the generated functions are kept."""
MOST_CACHED_TYPES: Final = 50
"""Python types of facts for which functions are generated."""


@dataclass(frozen=True, eq=False, repr=False)
class Engine:
    """Editions of one policy, and the functions generated for them. Threads may share it.

    Attributes:
        policy: the rules.
        peers: the policies of the pack. The mapping may still be growing while a pack is linked.
        facts_functions: the function for each Python type of facts, by day.
    """

    policy: RuleSet
    peers: Mapping[str, Peer]
    facts_functions: dict[date, dict[type, FactsFunction]] = field(default_factory=dict)
    _editions: dict[int, Edition | None] = field(default_factory=dict)
    _functions: dict[int, dict[type, FactsFunction]] = field(default_factory=dict)
    _record_functions: dict[Edition, RecordFunction] = field(default_factory=dict)

    @cached_property
    def change_days(self) -> tuple[date, ...]:
        """The first day of each edition but the first."""
        return find_change_days(self.policy)

    def decide(self, facts: Record, *, on: date) -> Decision:
        """Decide on a record that `policy.facts.read` made; see `Policy.decide`."""
        on = read_day("on", on)
        edition = self.edition_on(on)
        if edition is None:
            raise NotInForce(self.policy.name, on)
        return self.decide_by(edition, facts, on)

    def decide_by(self, edition: Edition, facts: Record, on: date) -> Decision:
        """Decide by the generated function of an edition, or exactly where it raises."""
        needed = self.needed_if_present
        if not FAST or (needed and not needed <= facts.keys()):
            return self.decide_exactly(edition, facts, on)
        decide = self._record_functions.get(edition)
        if decide is None:
            # Two threads may both come here; they make the same function.
            decide = self._record_functions[edition] = build_record_function(edition)
        try:
            return decide(facts, on)
        except FAILURES:
            return self.decide_exactly(edition, facts, on)

    def decide_exactly(self, edition: Edition, facts: Record, on: date) -> Decision:
        """Decide in three-valued logic; if facts are missing, compare the ways to complete them."""
        is_tried = isinstance(facts, TriedRecord)
        unsure = self.needed_if_present - facts.keys()
        if unsure:
            facts = UnaskedRecord(facts, unsure | unasked_of(facts))
        decision = edition.decide(facts, on)
        if not decision.missing or is_tried:
            return decision
        agreement = self.completions_of(edition, facts, on).find_agreement()
        if agreement is None:
            return decision
        return Decision(edition, on, facts, agreement.outputs, agreement.rules, decision.results)

    def choose_fact(self, wanted: Sequence[str], facts: Record, on: date) -> str | None:
        """Return the fact to ask for next, one of `wanted`, which a decision lacks.

        There is none if too little is measured, whatever they are.
        """
        edition = self.edition_on(on)
        if edition is None:
            return wanted[0]
        return self.completions_of(edition, facts, on).choose_fact(wanted)

    def find_example(
        self, goal: Goal, on: date, budget: SearchBudget
    ) -> Mapping[str, Value] | None:
        """Return a complete record that meets a goal, `None` if none does.

        Args:
            goal: conditions of the policy.
            on: a day on which its rules are in force.
            budget: the conditions that may be evaluated.

        Raises:
            NotDecided: neither is found.
            TooMuchWork: the budget is spent.
        """
        edition = self.edition_on(on)
        if edition is None:
            raise NotInForce(self.policy.name, on)
        optional = (name for name, each in self.policy.facts.fields.items() if each.optional)
        return ExampleSearch(
            edition=edition,
            facts=Record(),
            unasked=frozenset(optional),
            on=on,
            dependencies=self.dependencies,
            edition_of=partial(self.edition_named, on),
            complete=True,
            budget=budget,
        ).find_example(goal)

    def completions_of(self, edition: Edition, facts: Record, on: date) -> Completions:
        """Return the ways to complete the facts of a record."""
        return Completions(
            edition=edition,
            facts=facts,
            unasked=unasked_of(facts),
            on=on,
            dependencies=self.dependencies,
            edition_of=partial(self.edition_named, on),
            decide=lambda record: self.decide_complete(edition, record, on),
        )

    def edition_named(self, on: date, name: str) -> Edition | None:
        """Return the rules in force on a day of this policy or one that it asks."""
        engine = self if name == self.policy.name else self.engine_of_peer(name)
        return engine.edition_on(on)

    def decide_complete(self, edition: Edition, facts: Record, on: date) -> Decision:
        """Decide on a record from which nothing that matters is missing."""
        function = self._record_functions.get(edition)
        try:
            return edition.decide(facts, on) if function is None else function(facts, on)
        except FAILURES:
            return edition.decide(facts, on)

    @cached_property
    def needed_if_present(self) -> frozenset[str]:
        """The facts that are not optional and whose presence the policy tests."""
        return self.dependencies.needed_if_present

    @cached_property
    def dependencies(self) -> Dependencies:
        """What the conditions of the policy depend on."""
        return Dependencies(self.policy, lambda name: self.engine_of_peer(name).policy)

    def engine_of_peer(self, name: str) -> Engine:
        """Return the engine of a policy of the pack."""
        return cast("Engine", self.peers[name]._engine)  # noqa: SLF001 - hidden from hosts only

    def facts_function_for(self, kind: type, on: date) -> FactsFunction:
        """Return the cached function for facts of this type and the rules of this day.

        Without one, return a function that always hands over to exact evaluation.
        """
        edition = self.edition_on(on) if FAST else None
        if edition is None:
            return give_up
        made = self._functions.setdefault(bisect_right(self.change_days, on), {})
        try:
            known = kind in made
        except MemoryError:
            raise
        except Exception:  # the metaclass of a host's class: it cannot be a key
            return give_up
        if not known and len(made) < MOST_CACHED_TYPES:
            by_record = partial(self.decide_by, edition)
            made[kind] = build_facts_function(edition, kind, by_record) or give_up
        if len(self.facts_functions) >= MOST_CACHED_DAYS:
            self.facts_functions.clear()
        self.facts_functions[on] = made
        return made.get(kind, give_up)

    def edition_on(self, on: date) -> Edition | None:
        """Return the rules in force on a day, or `None` where there are none."""
        at = bisect_right(self.change_days, on)
        try:
            edition = self._editions[at]
        except KeyError:
            # Two threads may both come here; they make the same edition.
            edition = self._editions[at] = self.build_edition(on)
        return edition

    def build_edition(self, on: date) -> Edition | None:
        """Return a new edition of the rules in force on a day, or `None` where there are none."""
        policy = self.policy
        rows = tuple(row.on(on) for row in policy.rows if on in row.in_force)
        checks = tuple(check.on(on) for check in policy.checks if on in check.in_force)
        shared = self.find_shared_context(on)
        if rows:
            return build_table_edition(policy, on, shared, self.peers, rows)
        return build_checklist_edition(policy, on, shared, self.peers, checks) if checks else None

    def find_shared_context(self, on: date) -> Context | None:
        """Return the context of every decision of the edition of `on`, if they share one."""
        policy = self.policy
        values = [parameter.find_on(on) for parameter in policy.parameters.values()]
        if policy.peers or "today" in policy.reads or None in values:
            return None
        return Context(parameters=Record(ParametersOn(policy.parameters, on)))

    def build_context(self, facts: Record, on: date) -> Context:
        """Return the activation of expressions on a day, apart from `facts`."""
        return build_context(self.policy, self.peers, facts, on)


def unasked_of(facts: Record) -> frozenset[str]:
    """Return the facts of a record that may still be given though they are optional."""
    return facts.unasked if isinstance(facts, UnaskedRecord) else frozenset()


def give_up(*_: object) -> NoReturn:
    """Raise `Detour`, which hands over to exact evaluation."""
    raise Detour
