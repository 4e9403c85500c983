"""Records at the points of the space of one table on one day, and what the table decides on them.

A point says what the compared facts are; a record has the others too, and those of the policies
that the table asks.
"""

from __future__ import annotations

from itertools import islice, product
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from telecom_rules.checks.analysis.boxes import ABSENT_SAMPLE, PRESENCE_FIELD, build_space
from telecom_rules.checks.analysis.grid import Grid
from telecom_rules.checks.analysis.samples import to_host_value, usual_value_of
from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.typed import Constant
from telecom_rules.policies.completions.budget import TooMuchWork
from telecom_rules.policies.explanation.phrases import describe_known
from telecom_rules.policies.hit_policies import sort_by_priority
from telecom_rules.policies.policy import engine_of, peer_of
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from telecom_rules.checks.analysis.boxes import Figures, TableSpace
    from telecom_rules.checks.analysis.grid import GridPoint
    from telecom_rules.checks.analysis.samples import Sample
    from telecom_rules.policies import Policy
    from telecom_rules.policies.completions.budget import SearchBudget
    from telecom_rules.policies.rules import Row
    from telecom_rules.vocabulary import Value


THAT_IS = Wording("即：{facts}", "that is: {facts}")
PEER_PREFIX = "policies."
MOST_RECORDS_TRIED: Final = 40
"""Bound on the records tried at one point."""
STEPS_OF_CONDITION: Final = 10
"""Steps of evaluating one condition."""
NOTHING: Final = "nothing"
"""The outcome of a record that no rule matches."""
SEVERAL: Final = "several"
"""The outcome of a record that several rules match and must not."""


def figures_on(policy: Policy, day: date) -> Figures:
    """Return the figures that a policy reads and that are in force, by path."""
    values = {name: each.find_on(day) for name, each in policy.parameters.items()}
    return {f"parameters.{name}": each.value for name, each in values.items() if each is not None}


class TableRecords:
    """Builds records for one table on one day, with those of its peers, and evaluates them."""

    def __init__(
        self,
        policy: Policy,
        day: date,
        outputs: Mapping[str, frozenset[Value]],
        budget: SearchBudget,
    ) -> None:
        """Partition the values of the facts.

        Raises:
            TooMuchWork: the table is too large.
        """
        rows = [row for row in policy.rows if day in row.in_force]
        if policy.hit_policy == "priority":
            rows = list(sort_by_priority(rows, policy.priorities))
        self.policy = policy
        self.day = day
        self.budget = budget
        self.space: TableSpace = build_space(rows, figures_on(policy, day), outputs, budget)
        self.grid: Grid = Grid.of(self.space)
        self.peers: dict[str, TableRecords | None] = {}

    @property
    def fact_names(self) -> tuple[str, ...]:
        """The facts and outputs that the conditions compare."""
        return tuple(axis.name for axis in self.space.axes if not axis.is_opaque)

    def build_record(
        self, point: GridPoint, others: Mapping[str, object] = MappingProxyType({})
    ) -> dict[str, object] | None:
        """Return a record at a point, its other facts from `others` or ordinary, or `None`."""
        facts: dict[str, object] = {}
        for name, field in self.policy.facts.fields.items():
            value = others[name] if name in others else usual_value_of(field)
            if value is not None:
                facts[name] = value
        for axis, at in zip(self.space.axes, point, strict=True):
            sample = axis.samples[at]
            if axis.name not in self.policy.facts.fields:
                continue
            if sample is ABSENT_SAMPLE:
                facts.pop(axis.name, None)
            elif axis.field is not PRESENCE_FIELD:
                value = to_host_value(sample, axis.field)
                if value is None:
                    return None
                facts[axis.name] = value
        return facts

    def outcome_of(self, facts: Mapping[str, object]) -> str | None:
        """Return the rule that decides, `NOTHING`, `SEVERAL`, or `None` if evaluation fails.

        Uses the interpreter, the reference for compiled code.
        """
        self.budget.spend(STEPS_OF_CONDITION * sum(len(r.row.tests) for r in self.space.regions))
        try:
            record = self.policy.facts.read(facts)
            context = engine_of(self.policy).build_context(record, self.day)
            rows = [
                region.row
                for region in self.space.regions
                if all(interpret(test.tree, record, context) for test in region.row.tests)
            ]
            distinct = {
                tuple(interpret(each.tree, record, context) for each in row.outputs.values())
                for row in (rows if self.policy.hit_policy == "any" else ())
            }
        except TelecomRulesError:
            return None
        if not rows:
            return NOTHING
        clash = (
            len(distinct) > 1 if distinct else self.policy.hit_policy == "unique" and len(rows) > 1
        )
        return SEVERAL if clash else rows[0].rule.id

    def find_counterexample(self, point: GridPoint, outcome: str) -> dict[str, object] | None:
        """Return a record at a point that has the outcome, or `None` if none is found."""
        for peer_facts in self.iter_peer_facts(point):
            facts = self.build_record(point, peer_facts)
            if facts is not None and self.outcome_of(facts) == outcome:
                return facts
        return None

    def iter_peer_facts(self, point: GridPoint) -> Iterator[Mapping[str, object]]:
        """Yield facts for which the peers are likely to have the outputs of a point."""
        wanted: dict[str, dict[str, Sample]] = {}
        for axis, at in zip(self.space.axes, point, strict=True):
            if axis.name.startswith(PEER_PREFIX):
                name, _, output = axis.name.removeprefix(PEER_PREFIX).partition(".")
                wanted.setdefault(name, {})[output] = axis.samples[at]
        options = [self.find_peer_facts(name, each) for name, each in wanted.items()]
        for chosen in islice(product(*options), MOST_RECORDS_TRIED):
            yield {name: value for each in chosen for name, value in each.items()}

    def find_peer_facts(
        self, name: str, outputs: Mapping[str, Sample]
    ) -> list[Mapping[str, object]]:
        """Return facts for which a peer is likely to have some outputs, on the same day."""
        if name not in self.peers:
            try:
                peer = TableRecords(peer_of(self.policy, name), self.day, {}, self.budget)
            except TooMuchWork:
                self.peers[name] = None
            else:
                self.peers[name] = peer
        asked = self.peers[name]
        return [] if asked is None else asked.find_deciding_facts(outputs)

    def find_deciding_facts(self, outputs: Mapping[str, Sample]) -> list[Mapping[str, object]]:
        """Return facts for which a rule with these constant outputs is likely to decide."""
        found: list[Mapping[str, object]] = []
        for at, region in enumerate(self.space.regions):
            if has_outputs(region.row, outputs):
                for box in region.boxes[:MOST_RECORDS_TRIED]:
                    try:
                        point = self.grid.find_uncovered(
                            self.grid.boxes_before(at), box, self.budget
                        )
                    except TooMuchWork:
                        return found
                    facts = None if point is None else self.build_record(point)
                    if facts is not None:
                        found.append(
                            {each: facts[each] for each in self.fact_names if each in facts}
                        )
        return found

    def describe(self, facts: Mapping[str, object]) -> str:
        """Return a record for people: the facts that the conditions read."""
        reads = {name for each in self.space.regions for t in each.row.tests for name in t.reads}
        names = [*self.fact_names, *sorted(reads)]
        known = {"today": self.day.isoformat()} if "today" in reads else {}
        own = {**facts, **known}
        shown = [
            name for name in dict.fromkeys(names) if name in own or name in self.policy.facts.fields
        ]
        return describe_record(own, shown)

    def tell(self, facts: Mapping[str, object]) -> tuple[Wording, ...]:
        """Return a note with the titles of the same facts and of their values, if they have any."""
        reads = {name for each in self.space.regions for t in each.row.tests for name in t.reads}
        return tell_record(self.policy, facts, {*self.fact_names, *reads})


def tell_record(
    policy: Policy, facts: Mapping[str, object], names: Iterable[str]
) -> tuple[Wording, ...]:
    """Return a note with the titles of facts of a record and of their values, if they have any.

    Args:
        policy: the policy whose facts they are.
        facts: the record.
        names: the facts that are told.
    """
    shape = policy.facts
    told = {each for each in names if each in shape.fields and each in facts}
    if not any(shape.fields[each].title for each in told):
        return ()
    try:
        record = shape.read(facts)
    except TelecomRulesError:
        return ()
    return (THAT_IS.fill(facts=describe_known(shape.record_type, record, told)),)


def has_outputs(row: Row, outputs: Mapping[str, Sample]) -> bool:
    """Return whether a rule has these values as constant outputs."""
    trees = {name: each.tree for name, each in row.outputs.items()}
    return all(
        isinstance(tree := trees.get(name), Constant) and tree.value == value
        for name, value in outputs.items()
    )


def spell_value(value: object) -> str:
    """Return a value as written in a rule."""
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(repr, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def describe_record(facts: Mapping[str, object], names: Sequence[str]) -> str:
    """Return the facts `names` of a record, for people."""
    parts = [
        f"{name}={spell_value(facts[name])}" if name in facts else f"!has({name})" for name in names
    ]
    return "`" + (", ".join(parts) or "…") + "`"
