"""The proof of one decision table on one day: gaps, overlaps, rules that can never decide.

Every finding has a counterexample: a record that the interpreter evaluated with this outcome. What
is neither proved nor shown by a record is undecided, and is reported as such with its reason. A
table without findings is proved, for complete records on which no expression fails.

First the boxes of the rules are searched; where a point of theirs may be no record, a search over
the facts themselves decides or gives up.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from telecom_rules.checks.analysis.grid import find_common_point, iter_bits, unite_masks
from telecom_rules.checks.analysis.reasons import NO_RECORD, TOO_MANY_STEPS, find_reason
from telecom_rules.checks.analysis.records import NOTHING, SEVERAL, TableRecords
from telecom_rules.expressions.consistency import conditions_of
from telecom_rules.findings import Finding
from telecom_rules.policies.completions.budget import SearchBudget, TooMuchWork
from telecom_rules.policies.completions.examples import NotDecided
from telecom_rules.policies.policy import engine_of
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from telecom_rules.checks.analysis.boxes import Region, TableSpace
    from telecom_rules.checks.analysis.grid import Grid, GridPoint
    from telecom_rules.policies import Policy
    from telecom_rules.policies.completions.examples import Goal
    from telecom_rules.policies.rules import Row
    from telecom_rules.vocabulary import Value


MOST_FINDINGS: Final = 10
"""Bound on the overlaps reported for one table one by one."""
MOST_NAMED: Final = 5
"""Bound on the rules that a finding names."""
MOST_STEPS: Final = 400_000
"""Steps of the search over the boxes of one table."""
MOST_CONDITIONS: Final = 3_000
"""Conditions that the searches over the facts evaluate for one question."""
CONDITIONS_OF_SEARCH: Final = 1_000
"""Conditions that one of them evaluates."""
ALSO = Wording("与 `{name}` 也同时适用于：{facts}", "`{name}` and it also both apply to {facts}")
EVERY_DAY = Wording("不限", "any day")
EXCLUSIVE_HIT_POLICIES: Final = frozenset({"unique", "any"})
"""Hit policies under which two rules must not match together."""
COMPLETE_HIT_POLICIES: Final = frozenset({"first", "unique", "any", "priority"})
"""Hit policies under which every record must match a rule."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A property of a table that is neither proved nor refuted.

    Attributes:
        question: `gap`, `overlap`, `dead` or `masked`.
        rules: the rules that it is about, those whose conditions are the reason first.
        why: the reason.
    """

    question: str
    rules: tuple[str, ...]
    why: Wording


@dataclass(frozen=True, slots=True)
class TableProof:
    """The result of the proof of a table on one day.

    Attributes:
        day: the day.
        findings: the mistakes, each with a counterexample, and what is undecided.
        undecided: the properties neither proved nor refuted.
    """

    day: date
    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]


QUESTIONS: Final[Mapping[str, Wording]] = MappingProxyType(
    {
        "gap": Wording("是否有数据没有规则适用", "whether some record matches no rule"),
        "overlap": Wording("是否有规则同时适用", "whether rules apply to the same record"),
        "dead": Wording("规则是否可能成立", "whether a rule can apply at all"),
        "masked": Wording("规则是否总被前面的规则覆盖", "whether earlier rules cover a rule"),
    }
)


def prove_table(
    policy: Policy,
    day: date,
    outputs: Mapping[str, frozenset[Value]],
    budget: SearchBudget | None = None,
) -> TableProof:
    """Prove a table on a day.

    Args:
        policy: the table.
        day: the day; a rule must be in force.
        outputs: the possible values of some outputs of other policies, by path.
        budget: the steps that may be taken for several tables together.
    """
    whole = SearchBudget(MOST_STEPS) if budget is None else budget
    with whole.lend(MOST_STEPS) as own:
        try:
            prover = TableProver(policy, day, outputs, own)
        except TooMuchWork:
            found: list[Finding] = []
            rules = tuple(row.rule.id for row in policy.rows if day in row.in_force)
            undecided = [Undecided(each, rules, TOO_MANY_STEPS) for each in iter_questions(policy)]
        else:
            found = list(prover.find_mistakes())
            undecided = list(prover.undecided)
    reported = reported_day_of(policy, day)
    findings = (*found, *(report_undecided(policy, each, reported) for each in undecided))
    return TableProof(day, findings, tuple(undecided))


def reported_day_of(policy: Policy, day: date) -> date | Wording:
    """Return the day for findings: any day, if the table does not depend on dates."""
    return day if engine_of(policy).change_days else EVERY_DAY


def iter_questions(policy: Policy) -> Iterator[str]:
    """Yield the questions that are asked of a table."""
    yield "dead"
    if policy.default is None and policy.hit_policy in COMPLETE_HIT_POLICIES:
        yield "gap"
    if policy.hit_policy in EXCLUSIVE_HIT_POLICIES:
        yield "overlap"
    elif policy.hit_policy in {"first", "priority"}:
        yield "masked"


def report_undecided(policy: Policy, undecided: Undecided, day: date | Wording) -> Finding:
    """Return the finding on a property that is not decided."""
    values = {
        "policy": policy.name,
        "question": QUESTIONS[undecided.question],
        "rules": describe_rules(undecided.rules),
        "why": undecided.why,
        "day": day,
    }
    return Finding("TR407", policy.span, values)


def describe_rules(rules: Sequence[str]) -> Wording:
    """Return the names of rules, of many the first."""
    names = [Wording.same(f"`{each}`") for each in rules[:MOST_NAMED]]
    if len(rules) > MOST_NAMED:
        rest = len(rules) - MOST_NAMED
        names.append(Wording("另 {rest} 条", "{rest} more").fill(rest=rest))
    return join_wordings(names, ("、", ", "))


class Overlap(NamedTuple):
    """Two rules that match one record.

    Attributes:
        one: the number of the earlier rule.
        other: that of the later one.
        facts: the record.
    """

    one: int
    other: int
    facts: Mapping[str, object]


class TableProver:
    """Proves one table on one day."""

    def __init__(
        self,
        policy: Policy,
        day: date,
        outputs: Mapping[str, frozenset[Value]],
        budget: SearchBudget,
    ) -> None:
        """Prepare the proof.

        Raises:
            TooMuchWork: the table is too large.
        """
        self.policy = policy
        self.day = day
        self.budget = budget
        self.conditions = {each: SearchBudget(MOST_CONDITIONS) for each in QUESTIONS}
        self.records = TableRecords(policy, day, outputs, budget)
        self.space: TableSpace = self.records.space
        self.grid: Grid = self.records.grid
        self._rivals: dict[int, list[int]] = {}
        self._undecided: dict[str, tuple[list[Region], Wording]] = {}

    @property
    def undecided(self) -> Iterator[Undecided]:
        """The properties that were neither proved nor refuted."""
        for question, (regions, why) in self._undecided.items():
            ordered = sorted(regions, key=lambda each: each.exact)
            yield Undecided(
                question, tuple(dict.fromkeys(each.row.rule.id for each in ordered)), why
            )

    def leave(self, question: str, regions: Iterable[Region], *, spent: bool = False) -> None:
        """Leave a property undecided.

        Args:
            question: which.
            regions: the rules that it is about.
            spent: whether the budget ended; otherwise the conditions of the rules are the reason.
        """
        given = list(regions)
        nodes = [node for each in given for node in each.opaque]
        why = TOO_MANY_STEPS if spent else find_reason(nodes[0]) if nodes else NO_RECORD
        named = [each for each in given if each.opaque] if nodes and not spent else given
        self._undecided.setdefault(question, ([], why))[0].extend(named)

    def find_mistakes(self) -> Iterator[Finding]:
        """Yield every mistake that a counterexample shows."""
        questions = set(iter_questions(self.policy))
        yield from self.find_dead()
        if "gap" in questions:
            yield from self.find_gap()
        if "overlap" in questions:
            yield from self.find_overlaps()
        if "masked" in questions:
            yield from self.find_masked()

    def find_dead(self) -> Iterator[Finding]:
        """Yield a finding for each rule that cannot apply."""
        for region in self.space.regions:
            if not region.boxes or self.is_impossible(region):
                yield self.build_finding("TR403", region.row, rule=region.row.rule.id)

    def is_impossible(self, region: Region) -> bool:
        """Return whether no record meets the conditions of a rule; an exact one meets them."""
        if region.exact and not self.is_conditioned(region):
            return False
        try:
            return self.search("dead", ((region.row.tests, True),)) is None
        except NotDecided:
            self.leave("dead", [region])
        except TooMuchWork:
            self.leave("dead", [region], spent=True)
        return False

    @cached_property
    def consistent(self) -> Goal:
        """The goal that facts do not contradict one another."""
        return tuple(((each.contradiction,), False) for each in conditions_of(self.policy.facts))

    def is_conditioned(self, region: Region) -> bool:
        """Return whether facts that a rule compares may contradict one another."""
        reads = {name for test in region.row.tests for name in test.reads}
        return any(not each.reads.isdisjoint(reads) for each in self.policy.facts.conditions)

    def search(self, question: str, goal: Goal) -> Mapping[str, object] | None:
        """Return a record that meets a goal, found over the facts themselves; `None` if none does.

        Args:
            question: the question whose budget pays.
            goal: the conditions.

        Raises:
            NotDecided: it is neither found nor ruled out.
            TooMuchWork: the budget of the question is spent.
        """
        paying = self.conditions[question]
        if not paying.left:
            raise TooMuchWork
        with paying.lend(CONDITIONS_OF_SEARCH) as own:
            try:
                return engine_of(self.policy).find_example((*self.consistent, *goal), self.day, own)
            except TooMuchWork:
                raise NotDecided from None

    def find_gap(self) -> Iterator[Finding]:
        """Yield a finding if there is a record that no rule matches."""
        regions = self.space.regions
        facts: Mapping[str, object] | None = None
        try:
            point = self.grid.find_uncovered(self.grid.all_boxes, None, self.budget)
            if point is not None:
                facts = self.records.find_counterexample(point, NOTHING)
                if facts is None:
                    facts = self.search("gap", tuple((each.row.tests, False) for each in regions))
        except NotDecided:
            self.leave("gap", regions)
        except TooMuchWork:
            self.leave("gap", regions, spent=True)
        if facts is not None:
            values = {
                "policy": self.policy.name,
                "facts": self.records.describe(facts),
                "day": reported_day_of(self.policy, self.day),
            }
            yield Finding("TR401", self.policy.span, values, notes=self.records.tell(facts))

    def find_overlaps(self) -> Iterator[Finding]:
        """Yield the findings on pairs of rules that match together and must not."""
        pairs: list[Overlap] = []
        further = 0
        try:
            for one, other, point in self.grid.iter_intersections(self.budget):
                pair = self.space.regions[one], self.space.regions[other]
                if self.policy.hit_policy == "any" and has_same_outputs(pair[0].row, pair[1].row):
                    continue
                if len(pairs) == MOST_FINDINGS:
                    further += pair[0].exact and pair[1].exact
                    continue
                facts = self.find_common_record(pair, point)
                if facts is not None:
                    pairs.append(Overlap(one, other, facts))
        except TooMuchWork:
            self.leave("overlap", self.space.regions, spent=True)
        yield from self.report_overlaps(pairs)
        if further:
            values = {
                "policy": self.policy.name,
                "count": further,
                "day": reported_day_of(self.policy, self.day),
            }
            yield Finding("TR408", self.policy.span, values)

    def find_common_record(
        self, pair: tuple[Region, Region], point: GridPoint
    ) -> Mapping[str, object] | None:
        """Return a record that two rules match, if one is found."""
        shown = self.records.find_counterexample(point, SEVERAL)
        if shown is not None:
            return shown
        try:
            facts = self.search("overlap", tuple((each.row.tests, True) for each in pair))
        except NotDecided:
            self.leave("overlap", pair)
            return None
        except TooMuchWork:
            self.leave("overlap", pair, spent=True)
            return None
        return facts if facts is not None and self.records.outcome_of(facts) == SEVERAL else None

    def report_overlaps(self, pairs: Sequence[Overlap]) -> Iterator[Finding]:
        """Yield one finding for each rule that overlaps with several, and for each other pair.

        One rule that is too wide overlaps with many, and is one mistake.
        """
        left = list(pairs)
        while left:
            counts = Counter(rule for each in left for rule in (each.one, each.other))
            widest = max(counts, key=lambda rule: (counts[rule], rule))
            mine = [each for each in left if widest in {each.one, each.other}]
            left = [each for each in left if each not in mine]
            yield self.build_overlap(widest, mine)

    def build_overlap(self, widest: int, pairs: Sequence[Overlap]) -> Finding:
        """Return the finding on a rule that matches a record with each of some others."""
        first, *more = pairs
        one, other = (self.space.regions[each].row for each in (first.one, first.other))
        row = self.space.regions[widest].row
        notes = [*self.records.tell(first.facts)]
        for each in more:
            rival = each.one if each.other == widest else each.other
            values = {"name": self.space.regions[rival].row.rule.id}
            notes.append(ALSO.fill(**values, facts=self.records.describe(each.facts)))
        return self.build_finding(
            "TR402",
            row,
            notes=tuple(notes),
            one=one.rule.id,
            other=other.rule.id,
            facts=self.records.describe(first.facts),
        )

    def find_masked(self) -> Iterator[Finding]:
        """Yield a finding for each masked rule: earlier rules decide all its records."""
        for at, region in enumerate(self.space.regions):
            try:
                if self.grid.boxes_before(at) and region.boxes and self.is_masked(at):
                    yield from self.report_masked(at)
            except NotDecided:
                rivals = (self.space.regions[each] for each in self.find_rivals(at))
                self.leave("masked", [region, *rivals])
            except TooMuchWork:
                self.leave("masked", self.space.regions[at:], spent=True)
                return

    @cached_property
    def is_exact(self) -> bool:
        """Whether every point of every box is a record."""
        return all(each.exact for each in self.space.regions)

    def is_masked(self, at: int) -> bool:
        """Return whether earlier rules decide every record of a rule.

        Raises:
            NotDecided: neither is found.
            TooMuchWork: the budget is spent.
        """
        region = self.space.regions[at]
        point = self.find_reached(region, self.grid.boxes_before(at))
        if point is None:
            return True
        if self.is_exact:
            return False
        rivals = [self.space.regions[each] for each in self.find_rivals(at)]
        if region.exact and all(each.exact for each in rivals):
            return False
        facts = self.records.build_record(point)
        if facts is not None and self.records.outcome_of(facts) == region.row.rule.id:
            return False
        goal = ((region.row.tests, True), *((each.row.tests, False) for each in rivals))
        return self.search("masked", goal) is None

    def find_reached(self, region: Region, by: int) -> GridPoint | None:
        """Return a point of a rule that none of some boxes contains, or `None`."""
        points = (self.grid.find_uncovered(by, box, self.budget) for box in region.boxes)
        return next((each for each in points if each is not None), None)

    def find_rivals(self, at: int) -> list[int]:
        """Return the earlier rules that may match a record of a rule; paid for once."""
        if at not in self._rivals:
            boxes = self.space.regions[at].boxes
            found = unite_masks(self.grid.boxes_meeting(box, self.budget) for box in boxes)
            owners = {self.grid.owners[number] for number in iter_bits(found)}
            self.budget.spend(len(owners))
            self._rivals[at] = [each for each in sorted(owners) if each < at]
        return self._rivals[at]

    def report_masked(self, at: int) -> Iterator[Finding]:
        """Yield the finding on a masked rule: the fewest rules that cover it, and a record.

        Raises:
            NotDecided: no record of it is found.
            TooMuchWork: the budget is spent.
        """
        region = self.space.regions[at]
        cover = self.find_cover(at)
        facts, by = self.find_masked_record(at, cover)
        names = tuple(self.space.regions[each].row.rule.id for each in cover) or (by,)
        yield self.build_finding(
            "TR404",
            region.row,
            rule=region.row.rule.id,
            rules=describe_rules(names),
            by=by,
            notes=self.records.tell(facts),
            facts=self.records.describe(facts),
        )

    def find_cover(self, at: int) -> list[int]:
        """Return the fewest earlier rules that cover a rule, as far as a simple search finds them.

        One rule is the fewest; otherwise rules are left out one by one while the rest covers it,
        those that share least with it first.
        """
        region = self.space.regions[at]
        rivals = sorted(self.find_rivals(at), key=lambda each: -self.measure_shared(at, each))
        for one in rivals:
            if self.find_reached(region, self.grid.boxes_of(one)) is None:
                return [one]
        kept = rivals
        for one in reversed(rivals):
            rest = [each for each in kept if each != one]
            if self.find_reached(region, unite_masks(map(self.grid.boxes_of, rest))) is None:
                kept = rest
        return kept

    def measure_shared(self, at: int, other: int) -> int:
        """Return how many points two rules share; a point in several boxes counts for each."""
        one, two = self.space.regions[at], self.space.regions[other]
        self.budget.spend(len(one.boxes) * len(two.boxes))
        return sum(
            prod((a & b).bit_count() for a, b in zip(box, rival, strict=True))
            for box in one.boxes
            for rival in two.boxes
        )

    def find_masked_record(self, at: int, cover: Sequence[int]) -> tuple[Mapping[str, object], str]:
        """Return a record of a masked rule and the rule that decides it, if possible of `cover`.

        Raises:
            NotDecided: no record is found.
        """
        own = self.space.regions[at].row.rule.id
        for facts in self.iter_masked_records(at, cover):
            by = self.records.outcome_of(facts)
            if by is not None and by not in {NOTHING, SEVERAL, own}:
                return facts, by
        raise NotDecided

    def iter_masked_records(self, at: int, cover: Sequence[int]) -> Iterator[Mapping[str, object]]:
        """Yield records of a masked rule, those first that rules of `cover` are likely to decide.

        Raises:
            NotDecided: the last one is neither found nor ruled out.
        """
        region = self.space.regions[at]
        points: list[GridPoint] = []
        for one in cover:
            before = self.grid.boxes_before(one)
            for box, rival in product(region.boxes, self.space.regions[one].boxes):
                shared = tuple(a & b for a, b in zip(box, rival, strict=True))
                point = (
                    self.grid.find_uncovered(before, shared, self.budget) if all(shared) else None
                )
                if point is not None:
                    points.append(point)
                    break
        for point in (*points, *(find_common_point(box, box) for box in region.boxes)):
            facts = self.records.build_record(point)
            if facts is not None:
                yield facts
        found = self.search("masked", ((region.row.tests, True),))
        if found is not None:
            yield found

    def build_finding(
        self, code: str, row: Row, *, notes: tuple[Wording, ...] = (), **values: object
    ) -> Finding:
        """Return a finding at a rule."""
        day = reported_day_of(self.policy, self.day)
        return Finding(code, row.span, {**values, "day": day}, notes=notes)


def has_same_outputs(one: Row, other: Row) -> bool:
    """Return whether two rules have the same outputs as written."""
    return {name: each.source for name, each in one.outputs.items()} == {
        name: each.source for name, each in other.outputs.items()
    }
