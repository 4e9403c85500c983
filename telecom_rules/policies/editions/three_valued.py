"""Three-valued evaluation of conditions over facts that may be incomplete, with errors."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError, MissingData, TelecomRulesError
from telecom_rules.expressions import ABSENT
from telecom_rules.policies.explanation.causes import find_causes
from telecom_rules.policies.peers import PeerDecisions
from telecom_rules.vocabulary import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.expressions import Context, Expression
    from telecom_rules.vocabulary import Field, Value


class UnaskedRecord(Record):
    """A record of facts some of which have not been asked for yet.

    An optional fact that is not in a plain record is known to be absent; here it may still be
    given, so its presence is unknown.

    Attributes:
        unasked: the optional facts that may still be given.
    """

    __slots__ = ("unasked",)

    def __init__(self, facts: Mapping[str, Value], unasked: frozenset[str]) -> None:
        super().__init__(facts)
        self.unasked: frozenset[str] = unasked

    def __contains__(self, name: object) -> bool:
        if name in self.unasked:
            raise MissingData(str(name))
        return super().__contains__(name)


class TriedRecord(Record):
    """A record of many that are tried: deciding on it compares no ways to complete it.

    A decision on it is the same if it is known, and unknown more often.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth value of a condition in three-valued logic.

    Attributes:
        holds: whether it holds; `None` where that is unknown.
        missing: the facts that would determine it, in the order they are read.
        error: why it has no value, where completing the facts would not help.
    """

    holds: bool | None
    missing: tuple[str, ...] = ()
    error: EvaluationError | None = None


HOLDS = Truth(holds=True)
FAILS = Truth(holds=False)


def evaluate_all(
    tests: Sequence[Expression], facts: Record, context: Context, fields: Mapping[str, Field]
) -> Truth:
    """Return the conjunction of `tests` in three-valued logic.

    One false test decides. Otherwise missing facts have precedence over errors: once they are
    known another test may be false, and then the error does not matter.

    Args:
        tests: the conditions.
        facts: the known facts.
        context: the rest of their activation.
        fields: every fact of the type.
    """
    missing: list[str] = []
    error: EvaluationError | None = None
    for test in tests:
        try:
            if not test.evaluate(facts, context):
                return FAILS
        except EvaluationError as problem:
            wanted = list(iter_missing_facts(test, facts, context, fields))
            if isinstance(problem, MissingData):
                wanted.append(problem.path)
            missing += wanted
            error = error or problem
    if missing:
        return Truth(None, deduplicate(missing))
    return HOLDS if error is None else Truth(None, error=error)


def iter_missing_facts(
    test: Expression, facts: Record, context: Context, fields: Mapping[str, Field]
) -> Iterator[str]:
    """Yield the missing facts that leave parts of `test` unknown.

    An optional fact that was asked for is not among them: it is known to be absent. For a policy
    whose decision is unknown, the facts which that policy lacks are yielded.
    """
    unasked = facts.unasked if isinstance(facts, UnaskedRecord) else frozenset()
    for seen in find_causes([test], facts, context, verdict=None):
        for name, value in seen.values:
            if name.startswith("policies."):
                yield from missing_facts_of(name.split(".")[1], context)
            elif (
                value is ABSENT
                and name in fields
                and (name in unasked or not fields[name].optional)
            ):
                yield name


def missing_facts_of(policy: str, context: Context) -> tuple[str, ...]:
    """Return the facts that another policy lacks; none where it fails for another reason."""
    answers = context.policies
    try:
        return answers.decision_of(policy).missing if isinstance(answers, PeerDecisions) else ()
    except TelecomRulesError:
        return ()


def deduplicate(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names in order, each once."""
    return tuple(dict.fromkeys(names))


def rank_missing_facts(wants: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return the facts that conditions lack, the most decisive first.

    The fact that most conditions lack comes first; among equals the one that is most often the only
    fact lacking, so that it determines a condition; then the one that is read first.

    Args:
        wants: for each condition the facts it lacks, in the order it reads them.
    """
    lacks = [tuple(each) for each in wants]
    often = Counter(name for each in lacks for name in set(each))
    alone = Counter(each[0] for each in lacks if len(each) == 1)
    names = deduplicate(name for each in lacks for name in each)
    return tuple(sorted(names, key=lambda name: (-often[name], -alone[name])))
