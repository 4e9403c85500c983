"""What the conditions of a policy depend on, through other policies too.

It depends on the rules alone, so that it is worked out once for a policy.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from telecom_rules.expressions.consistency import conditions_of
from telecom_rules.expressions.typed import (
    Apply,
    Comprehension,
    Constant,
    ContextValue,
    Fact,
    FieldAccess,
    IsPresent,
    Let,
    Local,
    walk,
)
from telecom_rules.policies.rule_set import iter_expressions, reach_policies
from telecom_rules.vocabulary.types import INTEGER, TEXT, ListType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.policies.rule_set import RuleSet
    from telecom_rules.vocabulary import Value
    from telecom_rules.vocabulary.types import Type


COMPARISONS: Final = frozenset(
    {"equal", "not_equal", "less", "less_or_equal", "greater", "greater_or_equal", "in_list"}
)


MOST_CONSTANTS: Final = 100
"""Constants beside one fact."""
ITEM_TYPES: Final[Mapping[Type, tuple[type, ...]]] = {TEXT: (str,), INTEGER: (int,)}
"""The Python types of constants that may stand for a text, or for an item of a list."""


class Dependencies:
    """What the conditions of a policy depend on.

    Attributes:
        policy: the policy.
        policy_of: another policy by its name.
        further: other policies over the same facts whose conditions are asked as well.
    """

    def __init__(
        self, policy: RuleSet, policy_of: Callable[[str], RuleSet], *further: RuleSet
    ) -> None:
        self.policy = policy
        self.policy_of = policy_of
        self.further = further
        self._facts: dict[int, frozenset[str]] = {}
        self._comparisons: dict[tuple[int, str], tuple[tuple[str, Apply], ...]] = {}
        self._constants: dict[str, tuple[Value, ...]] = {}

    @cached_property
    def policies(self) -> tuple[RuleSet, ...]:
        """The policies and those that they ask, themselves or through others."""
        return tuple(
            each
            for policy in (self.policy, *self.further)
            for each in reach_policies(policy).values()
        )

    @cached_property
    def expressions(self) -> tuple[Expression, ...]:
        """Every expression of the policy."""
        return tuple(iter_expressions(self.policy))

    @cached_property
    def contradictions(self) -> tuple[Expression, ...]:
        """The contradictions that its facts cannot have."""
        return tuple(each.contradiction for each in conditions_of(self.policy.facts))

    @cached_property
    def facts(self) -> frozenset[str]:
        """The facts that one of the policies reads."""
        read = {
            name for policy in self.policies for name in policy.reads & policy.facts.fields.keys()
        }
        return frozenset(read)

    @cached_property
    def conditioned(self) -> frozenset[str]:
        """The facts that may contradict one another."""
        return frozenset(name for each in self.contradictions for name in each.reads)

    @cached_property
    def needed_if_present(self) -> frozenset[str]:
        """The facts that are not optional and whose presence the policy tests."""
        trees = (node for test in self.expressions for node in walk(test.tree))
        subjects = (node.subject for node in trees if isinstance(node, IsPresent))
        tested = {each.name for each in subjects if isinstance(each, Fact)}
        # The field in a tree counts as present behind `when: has(x)`; the record need not have it.
        fields = self.policy.facts.fields
        return frozenset(name for name in tested if not fields[name].optional)

    def facts_behind(self, test: Expression) -> frozenset[str]:
        """Return the facts that a condition depends on."""
        found = self._facts.get(id(test))
        if found is None:
            names = set(test.reads)
            for policy in self.policies_asked(test):
                names.update(*map(self.facts_behind, iter_expressions(policy)))
            found = self._facts[id(test)] = frozenset(names & (self.facts | self.conditioned))
        return found

    def policies_asked(self, test: Expression) -> Iterator[RuleSet]:
        """Yield the policies that a condition asks."""
        for path in sorted(test.reads):
            if path.startswith("policies."):
                yield self.policy_of(path.split(".")[1])

    def comparisons_behind(
        self, test: Expression, fact: str, policy: str | None = None
    ) -> tuple[tuple[str, Apply], ...]:
        """Return the comparisons that read a fact, or the output of a policy that depends on it.

        Each is given with the policy that makes it.

        Args:
            test: a condition.
            fact: the fact.
            policy: the policy of the condition; this one unless said otherwise.
        """
        key = id(test), fact
        if key not in self._comparisons:
            found = [
                (policy or self.policy.name, node)
                for node in iter_comparisons(test.tree, lambda part: self.is_from(part, fact))
            ]
            for asked in self.policies_asked(test):
                for each in iter_expressions(asked):
                    found += self.comparisons_behind(each, fact, asked.name)
            self._comparisons[key] = tuple(found)
        return self._comparisons[key]

    def is_from(self, node: Typed, fact: str) -> bool:
        """Return whether a node reads a fact, or an output of a policy that depends on it."""
        match node:
            case Fact(name=name):
                return name == fact
            case FieldAccess(record=FieldAccess(record=ContextValue(name="policies"), name=asked)):
                expressions = iter_expressions(self.policy_of(asked))
                return any(fact in self.facts_behind(each) for each in expressions)
        return False

    def constants_beside(self, fact: str) -> tuple[Value, ...]:
        """Return the constants in the conditions that read a fact, of the type of its items."""
        if fact not in self._constants:
            kind = self.policy.facts.fields[fact].type
            wanted = ITEM_TYPES.get(kind.item if isinstance(kind, ListType) else kind, ())
            found = (
                value
                for test in (
                    *chain.from_iterable(map(iter_expressions, self.policies)),
                    *self.contradictions,
                )
                if fact in test.reads
                for value in iter_constants(test.tree)
                if type(value) in wanted
            )
            self._constants[fact] = tuple(islice(dict.fromkeys(found), MOST_CONSTANTS))
        return self._constants[fact]


def iter_comparisons(tree: Typed, reads: Callable[[Typed], bool]) -> Iterator[Apply]:
    """Yield the comparisons in a tree that read something and have a value by themselves."""
    for node in walk(tree):
        if (
            isinstance(node, Apply)
            and node.overload in COMPARISONS
            and any(map(reads, walk(node)))
            and is_closed(node)
        ):
            yield node


def is_closed(node: Typed) -> bool:
    """Return whether a node reads no name that a macro around it gives."""
    parts = tuple(walk(node))
    given = {each.variable for each in parts if isinstance(each, Let | Comprehension)}
    given |= {each.second for each in parts if isinstance(each, Comprehension) and each.second}
    return all(each.name in given for each in parts if isinstance(each, Local))


def iter_constants(tree: Typed) -> Iterator[Value]:
    """Yield the constants in a tree, those of a list one by one."""
    for node in walk(tree):
        if isinstance(node, Constant):
            yield from node.value if isinstance(node.value, tuple) else (node.value,)
