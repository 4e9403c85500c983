"""Whether one condition of a workflow implies another, and a situation in which it does not.

A situation gives a value to each name that the conditions read: facts, the event, clocks, outputs
of policies. Whether a case can be in it is not known; the conditions of both packs are evaluated
in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum, auto
from itertools import islice, product
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from telecom_rules.checks.analysis.records import spell_value
from telecom_rules.checks.analysis.samples import to_host_value, usual_value_of
from telecom_rules.checks.analysis.satisfiability import (
    candidate_values_of,
    conjoin_parts,
    expand,
    find_clash,
    spell_tree,
)
from telecom_rules.checks.deviations.amounts import contradict
from telecom_rules.checks.deviations.conditions import Names
from telecom_rules.checks.deviations.figures import iter_days
from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions import Context
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.typed import Fact, FieldAccess, IsPresent, walk
from telecom_rules.vocabulary import DATE, DECIMAL, INSTANT, INTEGER, MONEY, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.vocabulary import FactType, Field, Parameter, Value


Situation: TypeAlias = "dict[str, Value]"
"""Values by the names that conditions read, such as `grade`, `event.result`."""
NOW: Final = datetime(2026, 3, 2, 1, tzinfo=UTC)
TODAY: Final = date(2026, 3, 2)
MOST_SITUATIONS: Final = 3_000
"""Situations that are tried for one implication."""
MOST_VALUES: Final = 6
"""Values of one name that are tried."""
NUMBERS: Final = frozenset({INTEGER, DECIMAL, MONEY})
ABSENT: Final = object()
"""Stands for a name without a value."""


class Implication(Enum):
    """Whether a condition implies another."""

    HOLDS = auto()
    FAILS = auto()
    UNDECIDED = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a condition implies another.

    Attributes:
        implication: the answer.
        situation: where it does not, one that shows it, for people.
        node: what is not analysed, if it is undecided.
    """

    implication: Implication
    situation: str | None = None
    node: Typed | None = None


Assumption: TypeAlias = "tuple[Expression, bool]"
"""A condition with the truth value that it has."""


@dataclass(frozen=True)
class DatedFigures:
    """The parameters of both packs, put into conditions before they are compared.

    Attributes:
        base: those of the base, by name.
        house: those of the house, with the settings of the base, which may be loosened.
        facts: what the conditions are about, where it is known.
    """

    base: Mapping[str, Parameter]
    house: Mapping[str, Parameter]
    facts: FactType | None = None

    def find_implication(
        self,
        assumed: Sequence[Assumption],
        wanted: Sequence[Assumption],
        *,
        is_back: bool = False,
    ) -> Answer:
        """Return whether some conditions imply others on every day, as `find_implication` does.

        Args:
            assumed: what is so, by the house.
            wanted: what should follow, by the base.
            is_back: whether it is the other way round.
        """
        ones, others = (self.base, self.house) if is_back else (self.house, self.base)
        names = {
            name.partition(".")[2]
            for each, _ in (*assumed, *wanted)
            for name in each.reads
            if name.startswith("parameters.")
        }
        read = [group[name] for group in (ones, others) for name in names if name in group]
        undecided: Answer | None = None
        for day in iter_days(*read):
            given, follows = put_in(ones, names, assumed, day), put_in(others, names, wanted, day)
            answer = self.ask(given, follows)
            if answer.implication is Implication.FAILS:
                return answer
            if answer.implication is Implication.UNDECIDED:
                undecided = answer
        return undecided or Answer(Implication.HOLDS)

    def ask(self, assumed: Sequence[Assumption], wanted: Sequence[Assumption]) -> Answer:
        """Return whether conditions without figures imply others."""
        return find_implication(assumed, wanted)


def put_in(
    parameters: Mapping[str, Parameter],
    names: Iterable[str],
    conditions: Sequence[Assumption],
    day: date,
) -> list[Assumption]:
    """Return conditions with the figures of a day."""
    values = {name: parameters[name].find_on(day) for name in names if name in parameters}
    figures = {
        f"parameters.{name}": each.value for name, each in values.items() if each is not None
    }
    return [(Names(figures, {}).put_in_figures(each), holds) for each, holds in conditions]


def find_implication(assumed: Sequence[Assumption], wanted: Sequence[Assumption]) -> Answer:
    """Return whether some conditions imply others.

    Args:
        assumed: what is so.
        wanted: what should follow.
    """
    known = {(spell_tree(each.tree), holds) for each, holds in assumed}
    open_ones = [each for each in wanted if (spell_tree(each[0].tree), each[1]) not in known]
    undecided: Typed | None = None
    for test, holds in open_ones:
        answer = find_one(assumed, test, holds=holds)
        if answer.implication is Implication.FAILS:
            return answer
        if answer.implication is Implication.UNDECIDED:
            undecided = answer.node
    return Answer(
        Implication.HOLDS if undecided is None else Implication.UNDECIDED, None, undecided
    )


def find_one(assumed: Sequence[Assumption], test: Expression, *, holds: bool) -> Answer:
    """Return whether some conditions imply one."""
    plain = Names({}, {})
    parts = [(plain.restate(each).tree, is_so) for each, is_so in assumed]
    parts.append((plain.restate(test).tree, not holds))
    possible = [
        each
        for each in conjoin_parts(parts, "")
        if find_clash(each, {}) is None
        and not contradict((one.node, one.wanted) for one in each if one.node is not None)
    ]
    if not possible:
        return Answer(Implication.HOLDS)
    trees = [*(each.tree for each, _ in assumed), test.tree]
    for situation in islice(iter_situations(trees), MOST_SITUATIONS):
        if is_so(situation, [*assumed, (test, not holds)]):
            return Answer(Implication.FAILS, describe(situation))
    return Answer(Implication.UNDECIDED, None, test.tree)


def iter_situations(trees: Sequence[Typed]) -> Iterator[Situation]:
    """Yield situations: all combinations of a few values of each name."""
    values = {name: list_values(name, field, trees) for name, field in iter_names(trees).items()}
    for chosen in product(*values.values()):
        yield {
            name: value for name, value in zip(values, chosen, strict=True) if value is not ABSENT
        }


def iter_names(trees: Sequence[Typed]) -> dict[str, Field]:
    """Return the facts and fields that conditions read, apart from records of such."""
    found: dict[str, Field] = {}
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Fact):
                found[node.name] = node.field
            elif isinstance(node, FieldAccess) and not hasattr(node.type, "fields"):
                found[node.path] = node.field
    return found


def list_values(name: str, field: Field, trees: Sequence[Typed]) -> list[Any]:
    """Return a few values of a name: those that its comparisons tell apart, and an ordinary one."""
    literals = [
        each
        for tree in trees
        for wanted in (True, False)
        for conjunction in expand(Names({}, {}).restate_tree(tree), "", wanted=wanted)
        for each in conjunction
        if each.subject == name and each.field is not None
    ]
    samples = [*candidate_values_of(literals)] if literals else []
    found = [to_host_value(each, field) for each in samples]
    if field.type == INSTANT:
        found += [NOW - timedelta(days=1), NOW, NOW + timedelta(days=1)]
    elif field.type == DATE:
        found += [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)]
    elif field.type in NUMBERS:
        found += [0, 20]  # so that one of two numbers may be the greater
    found.append(usual_value_of(field))
    codes = getattr(field.type, "codes", None)
    found += list(codes or ())
    kept: list[Any] = []
    for each in found:
        if each is not None and each not in kept:
            kept.append(each)
    tested = any(
        isinstance(node, IsPresent)
        and isinstance(node.subject, Fact | FieldAccess)
        and name in {getattr(node.subject, "name", ""), getattr(node.subject, "path", "")}
        for tree in trees
        for node in walk(tree)
    )
    return [*kept[:MOST_VALUES], *([ABSENT] if tested or not kept else [])]


def is_so(situation: Situation, assumed: Sequence[Assumption]) -> bool:
    """Return whether conditions have some truth values in a situation."""
    facts = Record({name: each for name, each in situation.items() if "." not in name})
    roots: dict[str, dict[str, Any]] = {}
    for path, value in situation.items():
        root, _, rest = path.partition(".")
        if rest:
            name, _, output = rest.partition(".")
            group = roots.setdefault(root, {})
            if output:
                group.setdefault(name, {})[output] = value
            else:
                group[name] = value
    records = {root: to_record(each) for root, each in roots.items()}
    context = Context(
        event=records.get("event", Record()),
        parameters=records.get("parameters", Record()),
        policies=roots.get("policies", {}),
        clocks=records.get("clocks", Record()),
        today=TODAY,
        now=NOW,
    )
    try:
        return all(interpret(each.tree, facts, context) is wanted for each, wanted in assumed)
    except (TelecomRulesError, TypeError, ValueError):
        return False


def to_record(values: Mapping[str, Any]) -> Record:
    """Return nested mappings as records."""
    return Record(
        {name: to_record(each) if isinstance(each, dict) else each for name, each in values.items()}
    )


def describe(situation: Situation) -> str:
    """Return a situation for people."""
    return (
        "`"
        + (", ".join(f"{name}={spell_value(each)}" for name, each in situation.items()) or "…")
        + "`"
    )
