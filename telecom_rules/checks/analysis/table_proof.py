"""The proof of one decision table on one day: gaps, overlaps, rules that can never decide.

Every finding has a counterexample: a record that the interpreter evaluated with this outcome. A
mistake without such a record, or outside the conditions that `boxes` can partition, stays undecided
and is not reported. A table of exact rules without findings is proved, for complete records.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from telecom_rules.checks.analysis.boxes import ABSENT_SAMPLE, PRESENCE_FIELD, build_space
from telecom_rules.checks.analysis.grid import Grid, SearchTooLarge, find_common_point
from telecom_rules.checks.analysis.samples import to_host_value, usual_value_of
from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.typed import Constant
from telecom_rules.findings import Finding
from telecom_rules.policies.hit_policies import sort_by_priority
from telecom_rules.policies.policy import engine_of, peer_of
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from telecom_rules.checks.analysis.boxes import Figures, Region, TableSpace
    from telecom_rules.checks.analysis.grid import GridPoint
    from telecom_rules.checks.analysis.samples import Sample
    from telecom_rules.policies import Policy
    from telecom_rules.policies.rules import Row
    from telecom_rules.vocabulary import Value


PEER_PREFIX = "policies."
MOST_RECORDS_TRIED = 40
"""Bound on the records tried before a mistake is undecided."""
MOST_FINDINGS = 5
"""Bound on the overlaps reported for one table."""
EVERY_DAY = Wording("不限", "any day")
EXCLUSIVE_HIT_POLICIES: Final = frozenset({"unique", "any"})
"""Hit policies under which two rules must not match together."""
COMPLETE_HIT_POLICIES: Final = frozenset({"first", "unique", "any", "priority"})
"""Hit policies under which every record must match a rule."""


@dataclass(frozen=True, slots=True)
class TableProof:
    """The result of the proof of a table on one day.

    Attributes:
        day: the day.
        findings: the mistakes, each with a counterexample.
        undecided: the properties neither proved nor refuted: `gap`, `overlap`, `masked`.
    """

    day: date
    findings: tuple[Finding, ...]
    undecided: tuple[str, ...]


def prove_table(policy: Policy, day: date, outputs: Mapping[str, frozenset[Value]]) -> TableProof:
    """Prove a table on a day.

    Args:
        policy: the table.
        day: the day; a rule must be in force.
        outputs: the possible values of some outputs of other policies, by path.
    """
    prover = TableProver(policy, day, outputs)
    return TableProof(day, tuple(prover.find_mistakes()), tuple(prover.undecided))


def figures_on(policy: Policy, day: date) -> Figures:
    """Return the figures that a policy reads and that are in force, by path."""
    values = {name: each.find_on(day) for name, each in policy.parameters.items()}
    return {f"parameters.{name}": each.value for name, each in values.items() if each is not None}


class TableProver:
    """Proves one table on one day, with provers of its peers."""

    def __init__(self, policy: Policy, day: date, outputs: Mapping[str, frozenset[Value]]) -> None:
        rows = [row for row in policy.rows if day in row.in_force]
        if policy.hit_policy == "priority":
            rows = list(sort_by_priority(rows, policy.priorities))
        self.policy = policy
        self.day = day
        self.space: TableSpace = build_space(rows, figures_on(policy, day), outputs)
        self.grid: Grid = Grid.of(self.space)
        self.undecided: list[str] = []
        self.peer_provers: dict[str, TableProver] = {}

    @property
    def reported_day(self) -> date | Wording:
        """The day for findings: any day, if the table does not depend on dates."""
        return self.day if engine_of(self.policy).change_days else EVERY_DAY

    def find_mistakes(self) -> Iterator[Finding]:
        """Yield every mistake that a counterexample shows."""
        yield from self.find_dead()
        if self.policy.default is None and self.policy.hit_policy in COMPLETE_HIT_POLICIES:
            yield from self.find_gap()
        if self.policy.hit_policy in EXCLUSIVE_HIT_POLICIES:
            yield from self.find_overlaps()
        elif self.policy.hit_policy in {"first", "priority"}:
            yield from self.find_masked()

    def find_dead(self) -> Iterator[Finding]:
        """Yield a finding for each rule whose conditions contradict each other."""
        for region in self.space.regions:
            if not region.boxes:
                yield self.build_finding("TR403", region.row, rule=region.row.rule.id)

    def find_gap(self) -> Iterator[Finding]:
        """Yield a finding if there is a record that no rule matches."""
        regions = self.space.regions
        # Boxes that are not exact may be too large: only exact ones certainly cover a point.
        exact = self.grid.boxes_of_rules(at for at, each in enumerate(regions) if each.exact)
        try:
            point = self.grid.find_uncovered(exact)
        except SearchTooLarge:
            self.undecided.append("gap")
            return
        if point is None:
            return
        facts = self.find_counterexample(point, "nothing")
        if facts is not None:
            values = {
                "policy": self.policy.name,
                "facts": describe_record(facts, self.fact_names),
                "day": self.reported_day,
            }
            yield Finding("TR401", self.policy.span, values)
        else:
            self.undecided.append("gap")

    def find_overlaps(self) -> Iterator[Finding]:
        """Yield a finding for pairs of rules that match together and must not."""
        reported = 0
        for one, other, point in self.grid.iter_intersections():
            rows = self.space.regions[one].row, self.space.regions[other].row
            if self.policy.hit_policy == "any" and has_same_outputs(*rows):
                continue
            facts = self.find_counterexample(point, "several")
            if facts is None:
                self.undecided.append("overlap")
                continue
            reported += 1
            yield self.build_finding(
                "TR402",
                rows[1],
                one=rows[0].rule.id,
                other=rows[1].rule.id,
                facts=describe_record(facts, self.fact_names),
            )
            if reported == MOST_FINDINGS:
                return

    def find_masked(self) -> Iterator[Finding]:
        """Yield a finding for each masked rule: earlier rules decide all its records."""
        for region, earlier in self.iter_regions():
            if not earlier or not region.boxes:
                continue
            try:
                reached = any(
                    self.grid.find_uncovered(earlier, box) is not None for box in region.boxes
                )
            except SearchTooLarge:
                self.undecided.append("masked")
                continue
            if reached:
                continue
            facts = self.build_record(find_common_point(region.boxes[0], region.boxes[0]))
            by = None if facts is None else self.outcome_of(facts)
            if facts is None or by in {None, "nothing", "several", region.row.rule.id}:
                self.undecided.append("masked")
            else:
                yield self.build_finding(
                    "TR404",
                    region.row,
                    rule=region.row.rule.id,
                    by=by,
                    facts=describe_record(facts, self.fact_names),
                )

    def iter_regions(self) -> Iterator[tuple[Region, int]]:
        """Yield the region of each rule, with the boxes of the exact rules before it, as bits."""
        earlier = 0
        boxes = self.grid.boxes_by_rule()
        for at, region in enumerate(self.space.regions):
            yield region, earlier
            earlier |= boxes.get(at, 0) if region.exact else 0

    def build_finding(self, code: str, row: Row, **values: object) -> Finding:
        """Return a finding at a rule."""
        return Finding(code, row.span, {**values, "day": self.reported_day})

    @property
    def fact_names(self) -> tuple[str, ...]:
        """The facts and outputs that the conditions compare."""
        return tuple(axis.name for axis in self.space.axes)

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
        options = [
            self.peer_prover(name).find_deciding_facts(each) for name, each in wanted.items()
        ]
        for chosen in islice(product(*options), MOST_RECORDS_TRIED):
            yield {name: value for each in chosen for name, value in each.items()}

    def peer_prover(self, name: str) -> TableProver:
        """Return the prover of a peer, on the same day."""
        if name not in self.peer_provers:
            self.peer_provers[name] = TableProver(peer_of(self.policy, name), self.day, {})
        return self.peer_provers[name]

    def find_deciding_facts(self, outputs: Mapping[str, Sample]) -> list[Mapping[str, object]]:
        """Return facts for which a rule with these constant outputs is likely to decide."""
        found: list[Mapping[str, object]] = []
        for region, earlier in self.iter_regions():
            if not has_outputs(region.row, outputs):
                continue
            for box in region.boxes[:MOST_RECORDS_TRIED]:
                try:
                    point = self.grid.find_uncovered(earlier, box)
                except SearchTooLarge:
                    continue
                facts = None if point is None else self.build_record(point)
                if facts is not None:
                    found.append({name: facts[name] for name in self.fact_names if name in facts})
        return found

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
        """Return the rule that decides, `nothing`, `several`, or `None` if evaluation fails.

        Uses the interpreter, the reference for compiled code.
        """
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
            return "nothing"
        clash = (
            len(distinct) > 1 if distinct else self.policy.hit_policy == "unique" and len(rows) > 1
        )
        return "several" if clash else rows[0].rule.id


def has_outputs(row: Row, outputs: Mapping[str, Sample]) -> bool:
    """Return whether a rule has these values as constant outputs."""
    trees = {name: each.tree for name, each in row.outputs.items()}
    return all(
        isinstance(tree := trees.get(name), Constant) and tree.value == value
        for name, value in outputs.items()
    )


def has_same_outputs(one: Row, other: Row) -> bool:
    """Return whether two rules have the same outputs as written."""
    return {name: each.source for name, each in one.outputs.items()} == {
        name: each.source for name, each in other.outputs.items()
    }


def spell_value(value: object) -> str:
    """Return a value as written in a rule."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def describe_record(facts: Mapping[str, object], names: Sequence[str]) -> str:
    """Return the facts `names` of a record, for people."""
    parts = [
        f"{name}={spell_value(facts[name])}" if name in facts else f"!has({name})" for name in names
    ]
    return "`" + (", ".join(parts) or "…") + "`"
