"""The conditions under which the facts of one record can be true together.

A condition says something only where every fact that it reads is known: what is not known may
still turn out to fit. So an optional fact is read without `has()`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, cast

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.check import check
from telecom_rules.expressions.scope import Context, Scope
from telecom_rules.expressions.typed import Apply, Fact, IsPresent, Logic, walk
from telecom_rules.findings.kinds import CONDITION
from telecom_rules.frozen import FrozenDict, Immutable
from telecom_rules.vocabulary.types import BOOLEAN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from telecom_rules.expressions.expression import Expression
    from telecom_rules.findings import Findings, Span
    from telecom_rules.vocabulary import (
        Clause,
        FactsDefinition,
        FactType,
        Record,
        Vocabulary,
    )
    from telecom_rules.vocabulary.facts import ConsistencyDefinition
    from telecom_rules.wording import Wording


NO_CONTEXT = Context()


@dataclass(frozen=True, eq=False)
class ConsistencyCondition(Immutable):
    """One condition that the facts of a record meet together.

    Attributes:
        id: its name within the kind of facts.
        title: what cannot be otherwise, as a sentence for people.
        require: the condition.
        cites: the clauses it comes from.
        span: where it is written.
    """

    id: str
    title: Wording
    require: Expression
    cites: tuple[Clause, ...]
    span: Span

    def __reduce__(self) -> tuple[Callable[..., ConsistencyCondition], tuple[object, ...]]:
        # A copy of the expression is without the function generated for it, which no pickle holds.
        return type(self), (self.id, self.title, replace(self.require), self.cites, self.span)

    @property
    def reads(self) -> frozenset[str]:
        """The facts that it reads."""
        return self.require.reads

    @cached_property
    def contradiction(self) -> Expression:
        """The condition that every fact it reads is known, and that they contradict one another."""
        tree = self.require.tree
        facts = {node.name: node for node in walk(tree) if isinstance(node, Fact)}
        place = tree.start, tree.end, BOOLEAN
        known = (IsPresent(*place, facts[name]) for name in sorted(facts))
        broken = Apply(*place, "not", (tree,))
        return replace(self.require, tree=Logic(*place, every=True, operands=(*known, broken)))

    def is_broken_by(self, record: Record) -> bool:
        """Return whether facts that are all known contradict one another."""
        try:
            return self.contradiction.evaluate(record, NO_CONTEXT) is True
        except EvaluationError:  # it has no value, as of a date beyond the last: it says nothing
            return False


def conditions_of(facts: FactType) -> tuple[ConsistencyCondition, ...]:
    """Return the conditions of a kind of facts as what they are: the vocabulary knows less."""
    return cast("tuple[ConsistencyCondition, ...]", facts.conditions)


def link_consistency(
    definitions: Iterable[FactsDefinition], words: Vocabulary, findings: Findings
) -> Vocabulary:
    """Return the vocabulary with the conditions of each kind of facts, after reporting mistakes."""
    facts = dict(words.facts)
    for definition in definitions:
        name = str(definition.facts)
        linked = facts.get(name)
        # Of two with one name the first is linked, and the other reported already.
        if definition.consistent and linked is not None and not linked.conditions:
            conditions = link_conditions(definition, linked, words, findings)
            facts[name] = replace(linked, conditions=conditions)
    return replace(words, facts=FrozenDict(facts))


def link_conditions(
    definition: FactsDefinition, facts: FactType, words: Vocabulary, findings: Findings
) -> tuple[ConsistencyCondition, ...]:
    """Return the conditions of one kind of facts, without those that have mistakes."""
    kept = findings.drop_duplicates(definition.consistent, lambda each: each.id, CONDITION)
    known = {name: replace(field, optional=False) for name, field in facts.fields.items()}
    scope = Scope(known, lost=facts.record_type.lost)
    linked = (link_condition(each, scope, words, findings) for each in kept)
    return tuple(each for each in linked if each is not None)


def link_condition(
    definition: ConsistencyDefinition, scope: Scope, words: Vocabulary, findings: Findings
) -> ConsistencyCondition | None:
    """Return one condition, or `None` after reporting its mistakes."""
    cites = words.cite(definition.cites, findings)
    require = check(definition.require, scope, BOOLEAN, findings)
    if require is None:
        return None
    return ConsistencyCondition(
        str(definition.id), definition.title, require, cites, definition.id.span
    )
