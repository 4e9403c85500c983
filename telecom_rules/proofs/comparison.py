"""A policy of two packs on all their records: the same, stricter, laxer, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import z3

from telecom_rules.checks.analysis.records import describe_record
from telecom_rules.checks.strictness.policies import ANY_DAY, has_all_figures
from telecom_rules.errors import NoRuleMatches, TelecomRulesError
from telecom_rules.policies.digests import find_policy_change_days
from telecom_rules.policies.policy import engine_of
from telecom_rules.policies.rule_set import find_common_order
from telecom_rules.policies.rules import VERDICT_BY_SEVERITY, Order
from telecom_rules.proofs.policies import FALSE, UNKNOWN
from telecom_rules.proofs.questions import NotProved, Questions
from telecom_rules.proofs.symbols import make_sort, to_real
from telecom_rules.vocabulary import BOOLEAN, DECIMAL, INTEGER, MONEY
from telecom_rules.vocabulary.time.periods import ONE_DAY
from telecom_rules.vocabulary.types import CodeType
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from telecom_rules.policies import Decision, Policy
    from telecom_rules.proofs.policies import PolicyTerms
    from telecom_rules.proofs.questions import Facts, Shown
    from telecom_rules.proofs.solver import Term
    from telecom_rules.proofs.symbols import Symbol
    from telecom_rules.vocabulary import Value


class Relation(StrEnum):
    """How the decisions of a policy stand to those of an older one."""

    EQUIVALENT = "equivalent"
    """The same on every record."""
    STRICTER = "stricter"
    """Nowhere laxer, and stricter on at least one record."""
    LAXER = "laxer"
    """Nowhere stricter, and laxer on at least one record."""
    INCOMPARABLE = "incomparable"
    """Stricter here and laxer there, or other where nothing says which is stricter."""
    UNDECIDED = "undecided"
    """Neither proved nor shown by a record."""

    @property
    def wording(self) -> Wording:
        """Its name for people."""
        return RELATION_WORDINGS[self]


RELATION_WORDINGS: Final = {
    Relation.EQUIVALENT: Wording("等价", "equivalent"),
    Relation.STRICTER: Wording("更严", "stricter"),
    Relation.LAXER: Wording("更宽", "laxer"),
    Relation.INCOMPARABLE: Wording("无从比较宽严", "incomparable"),
    Relation.UNDECIDED: Wording("未能判断", "undecided"),
}
VERDICTS: Final = Order(None, (*VERDICT_BY_SEVERITY.values(), "pass"))
"""The verdicts of a checklist, the strictest first."""
SEVERAL_RULES = Wording("结果由多条规则汇总而成", "its answers are put together from several rules")
OTHER_FACTS = Wording(
    "两个版本的数据类型不同：{names}", "facts have other types in the two packs: {names}"
)


class Way(StrEnum):
    """One way in which two decisions on a record differ."""

    STRICTER = "stricter"
    LAXER = "laxer"
    OTHER = "other"

    @property
    def wording(self) -> Wording:
        """Its name for people."""
        return WAY_WORDINGS[self]


WAY_WORDINGS: Final = {
    Way.STRICTER: Wording("更严", "stricter"),
    Way.LAXER: Wording("更宽", "laxer"),
    Way.OTHER: Wording("结果不同", "other"),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a policy of two packs compares.

    Attributes:
        old: the older policy.
        new: the newer one.
        relation: how the newer stands to the older, on all days.
        shown: a record for each way in which they differ.
        why: what is not decided, or `None`.
    """

    old: Policy
    new: Policy
    relation: Relation
    shown: Mapping[Way, Shown]
    why: Wording | None = None

    @property
    def name(self) -> str:
        """The name of the policy."""
        return self.new.name

    def describe(self, shown: Shown) -> str:
        """Return a record for people: the facts that one of the policies reads."""
        fields = {**self.old.facts.fields, **self.new.facts.fields}
        reads = self.old.reads | self.new.reads
        names = [each for each in fields if each in reads]
        return describe_record(shown.facts, names or sorted(shown.facts))

    def read(self, shown: Shown) -> Mapping[str, Value]:
        """Return a record as the newer policy reads it."""
        own = self.new.facts.fields
        return self.new.facts.read({name: it for name, it in shown.facts.items() if name in own})


def compare_policy(
    old: Policy, new: Policy, *, outputs: frozenset[str] | None = None
) -> Comparison:
    """Return how a policy compares with an older one of the same kind, on all days.

    Days on which a figure that they read is not in force are passed over.

    Args:
        old: the older policy.
        new: the newer one.
        outputs: the outputs that count, or `None` for all.
    """
    shown: dict[Way, Shown] = {}
    why: Wording | None = None
    other = find_other_types(old, new)
    if other:
        names = ", ".join(f"`{each}`" for each in other)
        return Comparison(old, new, Relation.UNDECIDED, {}, OTHER_FACTS.fill(names=names))
    for day in iter_common_days(old, new):
        if old.digest_on(day) == new.digest_on(day):
            continue
        on_day = DayComparison(old, new, day, outputs)
        for way in Way:
            if way in shown:
                continue
            try:
                found = on_day.find(way)
            except NotProved as problem:
                why = why or problem.why
                continue
            if found is not None:
                shown[way] = found
    return Comparison(old, new, relate(frozenset(shown), is_proved=why is None), shown, why)


def relate(ways: frozenset[Way], *, is_proved: bool) -> Relation:
    """Return the relation of two policies that differ in some ways.

    Args:
        ways: those of which a record is known.
        is_proved: whether there are no others.
    """
    if Way.OTHER in ways or {Way.STRICTER, Way.LAXER} <= ways:
        return Relation.INCOMPARABLE
    if not is_proved:
        return Relation.UNDECIDED
    if Way.LAXER in ways:
        return Relation.LAXER
    return Relation.STRICTER if ways else Relation.EQUIVALENT


def find_other_types(old: Policy, new: Policy) -> tuple[str, ...]:
    """Return the facts that have another type in the newer policy."""
    return tuple(
        name
        for name, each in old.facts.fields.items()
        if name in new.facts.fields and str(new.facts.fields[name]) != str(each)
    )


def iter_common_days(old: Policy, new: Policy) -> Iterator[date]:
    """Yield a day of each period in which both have the same rules and all their figures."""
    days = sorted({*find_policy_change_days(old), *find_policy_change_days(new)})
    for day in (days[0] - ONE_DAY, *days) if days else (ANY_DAY,):
        policies = old, new
        if all(engine_of(each).edition_on(day) is not None for each in policies) and all(
            has_all_figures(each, day) for each in policies
        ):
            yield day


class DayComparison:
    """The comparison of a policy of two packs on one day."""

    def __init__(self, old: Policy, new: Policy, day: date, outputs: frozenset[str] | None) -> None:
        self.old = old
        self.new = new
        self.chosen = outputs
        self.questions = Questions((old.facts, new.facts), day)
        self.old_terms = self.questions.encode(old)
        self.new_terms = self.questions.encode(new)
        self.ways = self.encode_ways()

    def find(self, way: Way) -> Shown | None:
        """Return a record on which the policies differ in a way, or `None` if there is none.

        Raises:
            NotProved: neither is found.
        """
        if self.listed:
            raise NotProved(SEVERAL_RULES)
        return self.questions.find_record(
            self.ways[way], lambda *record: way in self.observe(*record)
        )

    @property
    def outputs(self) -> tuple[str, ...]:
        """The outputs that both have and that count."""
        names = (each for each in self.old.outputs.fields if each in self.new.outputs.fields)
        return tuple(each for each in names if self.chosen is None or each in self.chosen)

    @property
    def listed(self) -> tuple[str, ...]:
        """The outputs that are made of several rules, or that have no terms."""
        policies = self.old, self.new
        several = any(not each.checks and each.hit_policy in LISTED for each in policies)
        return (
            tuple(
                name
                for name in self.outputs
                if several or make_sort(self.old.outputs.fields[name].type) is None
            )
            if not self.old.checks
            else ()
        )

    def order_of(self, output: str) -> Order | None:
        """Return which answers of an output are stricter."""
        if self.old.checks:
            return VERDICTS
        order = find_common_order(self.old, self.new, output)
        kinds = [each.entry.fields[output].type for each in (self.old, self.new)]
        codes = {code for kind in kinds if isinstance(kind, CodeType) for code in kind.codes}
        return order if order is not None and order.knows(*codes) else None

    def encode_ways(self) -> Mapping[Way, Term]:
        """Return where the policies differ in each way."""
        old, new = self.old_terms, self.new_terms
        both = z3.And(old.decides, new.decides)
        found: dict[Way, list[Term]] = {
            Way.STRICTER: [z3.And(new.decides, z3.Not(old.decides))],
            Way.LAXER: [z3.And(old.decides, z3.Not(new.decides))],
            Way.OTHER: [FALSE],
        }
        for name in () if self.listed else self.outputs:
            one, other = old.output(name), new.output(name)
            order = self.order_of(name)
            if order is None:
                found[Way.OTHER].append(z3.And(both, differ(one, other)))
                continue
            stricter, laxer = self.encode_order(name, order, one, other)
            if old.policy.checks:  # what is not known is not compared
                unknown = old.space.texts.number_of(UNKNOWN)
                both = z3.And(one.term != unknown, other.term != unknown)
            found[Way.STRICTER].append(z3.And(both, stricter))
            found[Way.LAXER].append(z3.And(both, laxer))
        for way, terms in self.encode_checks():
            found[way].append(terms)
        return {way: z3.Or(terms) for way, terms in found.items()}

    def encode_order(
        self, name: str, order: Order, one: Symbol, other: Symbol
    ) -> tuple[Term, Term]:
        """Return where an output is stricter in the newer policy, and where it is laxer."""
        ranks = [
            rank(terms, each.term, name, order)
            for terms, each in ((self.old_terms, one), (self.new_terms, other))
        ]
        together = z3.And(one.present, other.present)
        stricter = z3.Or(
            z3.And(other.present, z3.Not(one.present)), z3.And(together, ranks[1] > ranks[0])
        )
        laxer = z3.Or(
            z3.And(one.present, z3.Not(other.present)), z3.And(together, ranks[1] < ranks[0])
        )
        return stricter, laxer

    def encode_checks(self) -> Iterator[tuple[Way, Term]]:
        """Yield where a check fails in one policy only."""
        old, new = self.old_terms.failures, self.new_terms.failures
        for name in {**old, **new}:
            one, other = old.get(name, FALSE), new.get(name, FALSE)
            yield Way.LAXER, z3.And(one, z3.Not(other))
            yield Way.STRICTER, z3.And(other, z3.Not(one))

    def observe(self, facts: Facts, day: date) -> frozenset[Way]:
        """Return the ways in which the engine decides otherwise on a record."""
        try:
            old, new = decide(self.old, facts, day), decide(self.new, facts, day)
        except TelecomRulesError:
            return frozenset()
        if old is None or new is None:
            if old is new:
                return frozenset()
            return frozenset({Way.STRICTER if old is None else Way.LAXER})
        if not (self.old.checks or (old.known and new.known)):
            return frozenset()
        return frozenset((*self.observe_outputs(old, new), *observe_checks(old, new)))

    def observe_outputs(self, old: Decision, new: Decision) -> Iterator[Way]:
        """Yield the ways in which outputs differ."""
        for name in self.outputs:
            one, other = old.outputs.get(name), new.outputs.get(name)
            order = self.order_of(name)
            if one == other or UNKNOWN in (one, other):
                continue
            if order is None:
                yield Way.OTHER
            else:
                yield Way.STRICTER if order.compare(one, other) > 0 else Way.LAXER


LISTED: Final = frozenset({"collect", "rule_order", "output_order"})
"""Hit policies whose answers are put together from several rules."""


def differ(one: Symbol, other: Symbol) -> Term:
    """Return whether two outputs differ."""
    return z3.Or(
        one.present != other.present,
        z3.And(one.present, other.present, one.term != other.term),
    )


def rank(terms: PolicyTerms, term: Term, name: str, order: Order) -> Term:
    """Return a number that is higher for stricter answers."""
    if order.direction is None:
        found: Term = z3.IntVal(-len(order.codes))
        for at, code in enumerate(order.codes):
            found = z3.If(term == terms.space.texts.number_of(str(code)), z3.IntVal(-at), found)
        return found
    kind = terms.policy.outputs.fields[name].type
    value = term
    if kind is BOOLEAN:
        value = z3.If(term, z3.IntVal(1), z3.IntVal(0))
    elif kind in {DECIMAL, INTEGER, MONEY} and not isinstance(kind, CodeType):
        value = to_real(term, kind)
    return value if order.direction == "higher" else -value


def observe_checks(old: Decision, new: Decision) -> Iterator[Way]:
    """Yield the ways in which checks of two decisions fail otherwise."""
    one, other = (
        {each.id for each in decision.results if each.status == "fail"} for decision in (old, new)
    )
    if one - other:
        yield Way.LAXER
    if other - one:
        yield Way.STRICTER


def decide(policy: Policy, facts: Facts, day: date) -> Decision | None:
    """Return the decision of a policy on those facts of a record that it knows.

    Raises:
        TelecomRulesError: it does not decide.
    """
    own = {name: each for name, each in facts.items() if name in policy.facts.fields}
    try:
        return policy.decide(own, on=day)
    except NoRuleMatches:
        return None
