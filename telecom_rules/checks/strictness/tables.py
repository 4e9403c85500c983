"""Decision tables of two packs, compared on one day: whether the house ever answers less strictly.

Two rules that decide the same records are compared output by output. Before an answer counts as
laxer, both policies have decided a record on which it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, TypeAlias

from telecom_rules.checks.analysis.boxes import ABSENT_SAMPLE, PRESENCE_FIELD
from telecom_rules.checks.analysis.reasons import NO_RECORD, TOO_MANY_STEPS, find_reason
from telecom_rules.checks.analysis.records import TableRecords
from telecom_rules.checks.analysis.samples import to_host_value
from telecom_rules.checks.analysis.satisfiability import spell_tree
from telecom_rules.checks.deviations.amounts import compare_amounts
from telecom_rules.checks.deviations.deviation import Deviation, Direction, Part, combine
from telecom_rules.checks.strictness.sides import Wanted
from telecom_rules.checks.strictness.table_pairs import DEFAULT_RULE, TablePairs, find_unmatched
from telecom_rules.expressions.typed import Constant
from telecom_rules.findings.kinds import PARAMETER, POLICY, RULE
from telecom_rules.policies.completions.budget import TooMuchWork
from telecom_rules.policies.completions.examples import NotDecided
from telecom_rules.policies.policy import peer_of
from telecom_rules.vocabulary import dump_value
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.checks.analysis.grid import GridPoint
    from telecom_rules.checks.strictness.sides import Facts, Sides, Verdicts
    from telecom_rules.checks.strictness.table_pairs import Pair, TableSide
    from telecom_rules.expressions import Expression
    from telecom_rules.policies import Policy
    from telecom_rules.policies.rules import Order
    from telecom_rules.vocabulary import Clause, Value


Together: TypeAlias = "dict[tuple[Value, Value], Facts]"
"""The pairs of values that an output has in both packs on one record, with such a record."""
WORSE: Final = frozenset({Direction.LAXER, Direction.INCOMPARABLE})
FOLLOWING: Final = frozenset({"sum", "min", "max"})
"""The aggregations that never become less where no answer does."""
MOST_PEER_FACTS: Final = 3
"""Records of another policy that are tried for one output."""
NO_ANSWER = Wording("没有规则适用", "no rule matches")
ABSENT = Wording("（无）", "(none)")
ONE_OUTPUT = Wording(
    "`{output}` 为 {house}；基础规则包：{base}", "`{output}` is {house}; by the base {base}"
)
ONE_ANSWER = Wording("{house}；基础规则包：{base}", "{house}; by the base {base}")
DECIDED_BY = Wording("`{policy}` 的 `{rule}`：{said}", "`{policy}`, `{rule}`: {said}")
NONE_DECIDES = Wording("`{policy}`：{said}", "`{policy}`: {said}")
ON_RECORD = Wording("{facts}（规则日期：{day}）", "{facts} (rules of {day})")
WHETHER_LAXER = Wording(
    "策略 `{policy}` 的规则 `{house}` 是否比基础规则包的 `{base}` 更宽",
    "whether `{house}` of `{policy}` is laxer than `{base}` of the base",
)
OUTPUT_GONE = Wording("`{policy}` 不再给出 `{output}`", "`{policy}` no longer gives `{output}`")
OTHER_ORDER = Wording(
    "`{policy}` 的输出 `{output}` 另定宽严次序 {house}；基础规则包：{base}",
    "`{policy}` has another order of `{output}`, {house}; the base has {base}",
)
NOT_THROUGHOUT = Wording(
    "`{policy}` 是否处处不比基础规则包更宽", "whether `{policy}` is nowhere laxer than the base"
)


def compare_tables(sides: Sides) -> tuple[list[Deviation], Mapping[str, Together]]:
    """Return the deviations of a decision table on a day.

    Returns:
        The deviations; and for each output that is a constant in every rule, the pairs of values
        that it may have on one record. No outputs where the comparison was not finished.
    """
    comparison = TableComparison(TablePairs(sides))
    try:
        deviations = list(comparison.find_deviations())
    except TooMuchWork:
        wording = NOT_THROUGHOUT.fill(policy=sides.base.name)
        parts = (policy_part(sides.base.name),)
        return [
            Deviation(parts, Direction.UNDECIDED, wording, TOO_MANY_STEPS, sides.base.cites)
        ], {}
    return deviations, comparison.together


def policy_part(name: str) -> Part:
    """Return a policy as a part of a pack."""
    return Part(f"policies.{name}", POLICY, name)


def rule_part(policy: str, rule: str) -> Part:
    """Return a rule as a part of a pack; the default belongs to the policy."""
    if rule == DEFAULT_RULE:
        return policy_part(policy)
    return Part(f"policies.{policy}", RULE, f"{policy}.{rule}")


def compare_declared_outputs(base: Policy, house: Policy) -> Iterator[Deviation]:
    """Yield the deviations of what two tables declare of their outputs."""
    parts = (policy_part(base.name),)
    for name, order in base.orders.items():
        own = house.orders.get(name)
        if name in house.entry.fields and not (own and own.agrees_with(order)):
            values = {"policy": base.name, "output": name, "house": own or ABSENT, "base": order}
            wording = OTHER_ORDER.fill(**values)
            yield Deviation(parts, Direction.INCOMPARABLE, wording, cites=base.cites)
    for name in base.entry.fields:
        if name not in house.entry.fields:
            wording = OUTPUT_GONE.fill(policy=base.name, output=name)
            yield Deviation(parts, Direction.LAXER, wording, cites=base.cites)


@dataclass
class TableComparison:
    """The comparison of one table in two packs on one day.

    Attributes:
        pairs: both tables.
        together: for each output that is a constant in every rule, the pairs of its values.
    """

    pairs: TablePairs
    together: dict[str, Together] = field(default_factory=dict)

    @property
    def sides(self) -> Sides:
        """Both policies."""
        return self.pairs.sides

    def find_deviations(self) -> Iterator[Deviation]:
        """Yield a deviation for each two rules that decide the same record otherwise.

        Raises:
            TooMuchWork: the budget is spent.
        """
        self.note_same_values()
        if self.pairs.is_same:
            return
        for pair, points in self.pairs.find_pairs().items():
            if pair.base:  # elsewhere the base does not decide, and the house may
                found = self.judge(pair, points)
                if found is not None:
                    yield found

    def note_same_values(self) -> None:
        """Note the values that each constant output has in a rule: those of the same rule agree."""
        rows = (*self.pairs.base.restated, *self.pairs.house.restated)
        for name in self.sides.base.entry.fields:
            trees = [row.outputs[name].tree for row in rows if name in row.outputs]
            if all(isinstance(each, Constant) for each in trees) and self.pairs.is_single:
                values = {each.value for each in trees if isinstance(each, Constant)}
                self.together[name] = {(each, each): {} for each in values}

    def judge(self, pair: Pair, points: Sequence[GridPoint]) -> Deviation | None:
        """Return the deviation of two rules that decide the same records, or `None`."""
        directions = set(self.compare_answers(pair)) - {Direction.NEUTRAL}
        if not directions:
            return None
        shown: Facts | None = None
        for facts in chain(self.iter_records(points), self.iter_arbitrary_records(pair)):
            direction = self.observe(pair, facts)
            if direction in WORSE:
                return self.build(pair, direction, facts)
            if direction is Direction.TIGHTER:  # `None`: one of the packs does not decide it
                shown = facts
        if shown is not None and directions == {Direction.TIGHTER}:
            return self.build(pair, Direction.TIGHTER, shown)
        return self.search(pair, directions, shown)

    def search(
        self, pair: Pair, directions: set[Direction], shown: Facts | None
    ) -> Deviation | None:
        """Return the deviation of two rules of which no point shows all, or `None`.

        Args:
            pair: the rules.
            directions: how their answers stand as written.
            shown: a record on which the house is stricter, if one was seen.
        """
        rules = self.wanted_of(pair)
        best = shown
        is_certain = True
        for further in self.iter_worse(pair):
            try:
                facts = self.sides.find_example([*rules, *further])
            except NotDecided:
                is_certain = False
                continue
            direction = Direction.NEUTRAL if facts is None else self.observe(pair, facts)
            if facts is not None and direction in WORSE:
                return self.build(pair, direction, facts)
            if facts is not None:
                best = best or facts
                is_certain = is_certain and self.is_constant(pair) and direction is not None
        if not is_certain and directions != {Direction.TIGHTER}:
            self.note_values(pair, {})
            if self.decide_the_same(pair) and Direction.UNDECIDED not in directions:
                # Every record that the rule decides shows it; that there is one, its table proves.
                return self.build(pair, combine(directions), None)
            return self.build_undecided(pair)
        direction = None if best is None else self.observe(pair, best)
        if direction is Direction.NEUTRAL or (direction is None and is_certain):
            return None  # no record is decided by these two rules
        if direction is None:  # nor is one known: what the rules say is told without an example
            return self.build(pair, Direction.TIGHTER, None) if self.is_own(pair) else None
        return self.build(pair, direction, best)

    def decide_the_same(self, pair: Pair) -> bool:
        """Return whether two rules decide the same records: only their answers differ."""
        if not (pair.base and pair.house and self.pairs.is_single):
            return False
        sides = ((self.pairs.base, pair.base[0]), (self.pairs.house, pair.house[0]))
        until = [
            [[spell_tree(test.tree) for test in row.tests] for row in side.restated[: place + 1]]
            for side, place in sides
        ]
        return until[0] == until[1]

    def iter_worse(self, pair: Pair) -> Iterator[list[Wanted]]:
        """Yield conditions one of which holds wherever the answer of the house is laxer."""
        if self.is_constant(pair):
            yield []
            return
        base = self.pairs.base.rows[pair.base[0]].outputs
        house = self.pairs.house.rows[pair.house[0]].outputs
        for name in self.outputs_of(pair):
            one, other = base.get(name), house.get(name)
            order = self.sides.order_of(name)
            if one is not None and other is not None:
                yield [self.sides.want_other(one, other, order)]
            elif one is not other:
                yield []

    def is_constant(self, pair: Pair) -> bool:
        """Return whether two rules stand to one another in the same way on every record."""
        if not pair.house:
            return True
        if not self.pairs.is_single:  # what one rule calculates may count beside any other
            answers = (
                *self.answers_of(self.pairs.base, pair.base).values(),
                *self.answers_of(self.pairs.house, pair.house).values(),
            )
            return all(isinstance(one.tree, Constant) for each in answers for one in each.values())
        base = self.pairs.base.restated[pair.base[0]].outputs
        house = self.pairs.house.restated[pair.house[0]].outputs
        return all(
            isinstance(each.tree, Constant)
            for outputs in (base, house)
            for name, each in outputs.items()
            if name not in base
            or name not in house
            or spell_tree(base[name].tree) != spell_tree(house[name].tree)
        )

    def observe(self, pair: Pair, facts: Facts) -> Direction | None:
        """Return how the decisions of both packs on a record stand; `None` if one fails."""
        verdicts = self.sides.decide(facts)
        return None if verdicts is None else self.compare_verdicts(pair, verdicts)

    def note_values(self, pair: Pair, facts: Facts) -> None:
        """Note the values that the constant outputs of two rules have together."""
        if not pair.house:
            return
        base = self.pairs.base.restated[pair.base[0]].outputs
        house = self.pairs.house.restated[pair.house[0]].outputs
        for name, known in self.together.items():
            one, other = (value_of(each.get(name)) for each in (base, house))
            if not known.get((one, other)):
                known[one, other] = facts

    def compare_answers(self, pair: Pair) -> Iterator[Direction]:
        """Yield how each output stands, as far as the rules say it."""
        if not pair.house:
            yield Direction.LAXER
        elif not self.pairs.is_single:
            yield self.compare_together(pair)
        else:
            base = self.pairs.base.restated[pair.base[0]].outputs
            house = self.pairs.house.restated[pair.house[0]].outputs
            for name in self.outputs_of(pair):
                order = self.sides.order_of(name)
                yield compare_answer(base.get(name), house.get(name), order)

    def compare_together(self, pair: Pair) -> Direction:
        """Return how the answers of several rules stand, as far as each shows by itself.

        A sum, a least and a greatest follow what they are taken of; a list and a number do not.
        """
        base = self.answers_of(self.pairs.base, pair.base)
        house = self.answers_of(self.pairs.house, pair.house)
        given = [{rule: outputs.keys() for rule, outputs in each.items()} for each in (base, house)]
        if given[0] != given[1] or not self.pairs.has_same_hits:
            return Direction.UNDECIDED
        found = combine(
            compare_answer(base[rule].get(name), house[rule].get(name), order)
            for rule in base
            for name in self.outputs_of(pair)
            for order in (self.sides.order_of(name),)
        )
        follows = self.sides.base.aggregation in FOLLOWING
        sure = {Direction.NEUTRAL, Direction.TIGHTER} if follows else {Direction.NEUTRAL}
        return found if found in sure else Direction.UNDECIDED

    def answers_of(
        self, side: TableSide, places: Sequence[int]
    ) -> Mapping[str, Mapping[str, Expression]]:
        """Return what some rules give, by the name of the rule."""
        rows = [side.restated[each] for each in without_default(side, places)]
        return {row.rule.id: row.outputs for row in rows}

    def outputs_of(self, pair: Pair) -> tuple[str, ...]:
        """Return the outputs by which two rules are compared.

        Where neither rule was changed, figures or other policies were. These are judged by
        themselves; that an answer without an order follows them says no more.
        """
        fields = self.sides.house.entry.fields
        common = (name for name in self.sides.base.entry.fields if name in fields)
        is_own = self.is_own(pair)
        return tuple(name for name in common if is_own or name in self.sides.base.orders)

    def is_own(self, pair: Pair) -> bool:
        """Return whether one of two rules was changed, and not only what they read."""
        own = policy_part(self.sides.base.name).within
        return any(each.within == own for each in self.parts_of(pair))

    def compare_verdicts(self, pair: Pair, verdicts: Verdicts) -> Direction:
        """Return how two decisions on a record stand; the base must decide to be deviated from."""
        if verdicts.base is None:
            return Direction.NEUTRAL
        if verdicts.house is None:
            return Direction.LAXER
        base, house = verdicts.base.outputs, verdicts.house.outputs
        return combine(
            compare_values(base.get(name), house.get(name), self.sides.order_of(name))
            for name in self.outputs_of(pair)
        )

    def iter_arbitrary_records(self, pair: Pair) -> Iterator[Facts]:
        """Yield arbitrary records on which several rules hold that calculate what they give."""
        if self.pairs.is_single or self.is_constant(pair):
            return
        rules = self.wanted_of(pair)
        for facts in self.sides.random_records:
            if self.sides.holds(facts, rules):
                yield facts

    def iter_records(self, points: Sequence[GridPoint]) -> Iterator[Facts]:
        """Yield records at some points."""
        for point in points:
            fixed: dict[str, object] = {}
            absent: set[str] = set()
            peers: list[Facts] = [{}]
            for axis, at in zip(self.pairs.space.axes, point, strict=True):
                sample = axis.samples[at]
                if axis.name.startswith("policies."):
                    peers += islice(self.find_peer_facts(axis.name, sample), MOST_PEER_FACTS)
                elif axis.name not in self.sides.house.facts.fields:
                    continue
                elif sample is ABSENT_SAMPLE:
                    absent.add(axis.name)
                elif axis.field is not PRESENCE_FIELD:
                    value = to_host_value(sample, axis.field)
                    fixed |= {} if value is None else {axis.name: value}
            peers.append({name: value for each in peers for name, value in each.items()})
            for usual in self.sides.ordinary_records:
                for each in peers:
                    facts = {**usual, **each, **fixed}
                    yield {name: value for name, value in facts.items() if name not in absent}

    def find_peer_facts(self, path: str, sample: object) -> Iterator[Facts]:
        """Yield facts on which another policy is likely to have an output."""
        peer = self.sides.peers.get(path)
        if peer is not None:
            for (one, other), facts in (peer.together or {}).items():
                if sample in (one, other) and one != other:
                    yield facts
        _, name, output = path.split(".")
        if name in self.sides.house.peers:
            asked = peer_of(self.sides.house, name)
            records = TableRecords(asked, self.sides.day, {}, self.sides.budget)
            yield from records.find_deciding_facts({output: sample})  # type: ignore[dict-item]  # a sample of an axis

    def wanted_of(self, pair: Pair) -> list[Wanted]:
        """Return the conditions under which two rules decide, or those of several hold."""
        found: list[Wanted] = []
        for of_house, places in ((False, pair.base), (True, pair.house)):
            rows = (self.pairs.house if of_house else self.pairs.base).rows
            found += [Wanted(rows[each].tests, holds=True, of_house=of_house) for each in places]
            rivals: Iterable[int] = (each for each in range(len(rows)) if each not in places)
            if self.pairs.is_single and places:
                rivals = self.pairs.find_rivals(places[0], of_house=of_house)
            found += [Wanted(rows[each].tests, holds=False, of_house=of_house) for each in rivals]
        return found

    def build(self, pair: Pair, direction: Direction, facts: Facts | None) -> Deviation:
        """Return the deviation of two rules, with the record that shows it."""
        self.note_values(pair, facts or {})
        wording = self.describe_answers(pair, None if facts is None else self.sides.decide(facts))
        evidence = (
            None
            if facts is None
            else ON_RECORD.fill(facts=self.sides.describe(facts), day=self.sides.day)
        )
        return Deviation(self.parts_of(pair), direction, wording, evidence, self.cites_of(pair))

    def build_undecided(self, pair: Pair) -> Deviation:
        """Return the deviation of two rules of which it is not known whether one is laxer."""
        nodes = [
            node
            for place in (*pair.base, *(len(self.pairs.base.rows) + each for each in pair.house))
            for node in self.pairs.space.regions[place].opaque
        ]
        outputs = [
            each.tree
            for side, places in ((self.pairs.base, pair.base), (self.pairs.house, pair.house))
            for place in places
            for each in side.restated[place].outputs.values()
            if not isinstance(each.tree, Constant)
        ]
        wording = WHETHER_LAXER.fill(
            policy=self.sides.base.name,
            base=self.name_rules(self.pairs.base, pair.base),
            house=self.name_rules(self.pairs.house, pair.house),
        )
        why = find_reason([*nodes, *outputs][0]) if nodes or outputs else NO_RECORD
        parts, cites = self.parts_of(pair), self.cites_of(pair)
        return Deviation(parts, Direction.UNDECIDED, wording, why, cites)

    def name_rules(self, side: TableSide, places: Sequence[int]) -> str:
        """Return the names of rules, for people."""
        return ", ".join(side.rows[each].rule.id for each in without_default(side, places)) or "-"

    def cites_of(self, pair: Pair) -> tuple[Clause, ...]:
        """Return the clauses of the rules of the base."""
        rows = [self.pairs.base.rows[each] for each in pair.base]
        return tuple(dict.fromkeys(clause for row in rows for clause in row.cites))

    def describe_answers(self, pair: Pair, verdicts: Verdicts | None) -> Wording:
        """Return what both say, for people: the outputs that differ."""
        if not pair.house or (verdicts is not None and verdicts.house is None):
            rule = self.name_rules(self.pairs.base, pair.base)
            said = ONE_ANSWER.fill(house=NO_ANSWER, base=f"`{rule}`")
            return NONE_DECIDES.fill(policy=self.sides.house.name, said=said)
        differing = [
            ONE_OUTPUT.fill(output=name, base=base, house=house)
            for name, base, house in self.iter_answers(pair, verdicts)
            if base != house
        ]
        rule = self.name_rules(self.pairs.house, pair.house)
        told = join_wordings(differing, ("；", "; "))
        return DECIDED_BY.fill(policy=self.sides.house.name, rule=rule, said=told)

    def iter_answers(
        self, pair: Pair, verdicts: Verdicts | None
    ) -> Iterator[tuple[str, object, object]]:
        """Yield each output with what both packs say: decided on a record, or as written."""
        if verdicts is not None and verdicts.base is not None and verdicts.house is not None:
            decided = verdicts.base.outputs, verdicts.house.outputs
            for name in self.outputs_of(pair):
                base, house = (show_value(each.get(name)) for each in decided)
                yield name, base, house
            return
        written = self.pairs.base.rows[pair.base[0]], self.pairs.house.rows[pair.house[0]]
        for name in self.outputs_of(pair):
            answers = (row.outputs.get(name) for row in written)
            base, house = (ABSENT if each is None else each.source for each in answers)
            yield name, base, house

    def parts_of(self, pair: Pair) -> tuple[Part, ...]:
        """Return what of the house makes the difference, its place first."""
        name = self.sides.base.name
        if not self.pairs.house.rows:
            return (policy_part(name),)  # no rule is in force
        changed = self.list_changed(pair)
        found = [rule_part(name, each) for each in dict.fromkeys(changed)]
        if not found:
            found += [
                Part(f"parameters.{each}", PARAMETER, each)
                for each in sorted(self.sides.changed_figures & self.figures_of(pair))
            ]
        if not found:
            asked = {path.split(".")[1] for path in self.sides.peers}
            found += [policy_part(each) for each in sorted(asked)]
        return tuple(found) or (policy_part(name),)

    def list_changed(self, pair: Pair) -> list[str]:
        """Return which of some rules were changed: both of two whose order was."""
        sides = ((self.pairs.house, pair.house), (self.pairs.base, pair.base))
        base, house = find_unmatched(self.pairs.base.written, self.pairs.house.written)
        common = {*self.pairs.base.written} & {*self.pairs.house.written}
        is_moved = any(
            side.written[each] in common
            for (side, places), unmatched in zip(sides, (house, base), strict=True)
            for each in places
            if each in unmatched
        )
        return [
            side.rows[each].rule.id
            for (side, places), unmatched in zip(sides, (house, base), strict=True)
            for each in places
            if each in unmatched or is_moved
        ]

    def figures_of(self, pair: Pair) -> frozenset[str]:
        """Return the names of the parameters that two rules read, and the rules before them."""
        rows = [
            *self.pairs.base.rows[: max(pair.base, default=len(self.pairs.base.rows)) + 1],
            *self.pairs.house.rows[: max(pair.house, default=len(self.pairs.house.rows)) + 1],
        ]
        reads = (
            name
            for row in rows
            for each in (*row.tests, *row.outputs.values())
            for name in each.reads
        )
        return frozenset(name.partition(".")[2] for name in reads if name.startswith("parameters."))


def without_default(side: TableSide, places: Sequence[int]) -> Sequence[int]:
    """Return the places of the rules that decide: the default only where no other rule does."""
    others = [each for each in places if side.rows[each].rule.id != DEFAULT_RULE]
    return others or places


def value_of(answer: Expression | None) -> Value:
    """Return the value of a constant output; `None` where a rule leaves it out."""
    return answer.tree.value if answer is not None and isinstance(answer.tree, Constant) else None


def compare_answer(
    base: Expression | None, house: Expression | None, order: Order | None
) -> Direction:
    """Return how two answers stand, as far as the rules say it."""
    if base is None or house is None:
        if base is house:
            return Direction.NEUTRAL
        if order is None:
            return Direction.INCOMPARABLE
        return Direction.TIGHTER if base is None else Direction.LAXER
    if spell_tree(base.tree) == spell_tree(house.tree):
        return Direction.NEUTRAL
    if isinstance(base.tree, Constant) and isinstance(house.tree, Constant):
        return compare_values(base.tree.value, house.tree.value, order)
    sign = compare_amounts(base.tree, house.tree)
    if sign is None or order is None or order.direction is None:
        return Direction.NEUTRAL if sign == 0 else Direction.UNDECIDED
    if sign == 0:
        return Direction.NEUTRAL
    stricter = (sign > 0) is (order.direction == "higher")
    return Direction.TIGHTER if stricter else Direction.LAXER


def compare_values(base: Value, house: Value, order: Order | None) -> Direction:
    """Return how two values of an output stand."""
    if base == house:
        return Direction.NEUTRAL
    if order is None or not order.knows(base, house):
        return Direction.INCOMPARABLE
    if isinstance(base, tuple) or isinstance(house, tuple):
        return Direction.INCOMPARABLE  # lists: a rule more may be stricter or laxer
    return Direction.TIGHTER if order.compare(base, house) > 0 else Direction.LAXER


def show_value(value: Value) -> str | Wording:
    """Return a value for people."""
    return ABSENT if value is None else str(dump_value(value))
