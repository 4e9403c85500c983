"""Facts that fit a kind of facts: valid each, and none contradicting another."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from telecom_rules.checks.analysis.samples import is_within_bounds
from telecom_rules.errors import TelecomRulesError
from telecom_rules.testing.clocks import START
from telecom_rules.values.arguments import read_flag, read_instance
from telecom_rules.vocabulary import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    MONEY,
    SPAN,
    TEXT,
    FactType,
    Field,
    Record,
)
from telecom_rules.vocabulary.types import CodeType, ListType
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime


MOST_TRIES = 20_000
"""Values that are tried before facts are given up."""
USUAL_NUMBERS = (0, 1)
NUMBERS = (100, 10_000, 1_000_000, 100_000_000, 2, 3, 5, 10, 20, 50, 1_000, 100_000)
MOST_ITEMS = 40
"""Items of the longest list that is tried."""
DAYS = (0, -1, -30, -400, 1, 30, 400)
NO_SUCH_FACTS = Wording(
    "没有找到既符合 `{facts}` 各项要求、又互不矛盾的数据；请自行给出其中几项",
    "no facts were found that fit `{facts}` and do not contradict one another; give some of them",
)


class NoSuchFacts(TelecomRulesError):
    """No facts were found that fit. It proves nothing: others may.

    Attributes:
        name: the kind of facts.
    """

    code = "no-such-facts"

    def __init__(self, name: str) -> None:
        super().__init__(NO_SUCH_FACTS.fill(facts=name))
        self.name = name


def build_facts(
    kind: FactType, given: Mapping[str, object] | None = None, *, whole: bool = False
) -> dict[str, object]:
    """Return facts that fit a kind of facts: what is given, with what must be known besides.

    Args:
        kind: the kind of facts, such as `workflow.facts` or `policy.facts`.
        given: facts that are to be so.
        whole: whether optional facts are filled in as well.

    Raises:
        FactsError: what is given does not fit.
        NoSuchFacts: nothing was found that fits.
        ArgumentError: an argument is of another kind.
    """
    kind, whole = read_instance("kind", kind, FactType), read_flag("whole", whole)
    record = kind.read({} if given is None else given)
    open_fields = [
        (name, tuple(iter_values(each)))
        for name, each in order_fields(kind)
        if name not in record and (whole or not each.optional)
    ]
    found = next(islice(iter_fitting(kind, record, open_fields, [MOST_TRIES]), 1), None)
    if found is None:
        raise NoSuchFacts(kind.name)
    return {name: found[name] for name in kind.fields if name in found}


def order_fields(kind: FactType) -> list[tuple[str, Field]]:
    """Return the fields, those that one condition reads side by side: a conflict is met at once."""
    together = (name for each in kind.conditions for name in kind.fields if name in each.reads)
    return [(name, kind.fields[name]) for name in dict.fromkeys((*together, *kind.fields))]


def iter_fitting(
    kind: FactType,
    record: Record,
    open_fields: Sequence[tuple[str, Sequence[object]]],
    tries: list[int],
) -> Iterator[Record]:
    """Yield records with a value for each of `open_fields` that break no condition."""
    if not open_fields:
        yield record
        return
    name, values = open_fields[0]
    for value in values:
        tries[0] -= 1
        if tries[0] < 0:
            return
        longer = record | kind.read_fact(name, value)
        if not kind.find_broken(longer, {name}):
            yield from iter_fitting(kind, longer, open_fields[1:], tries)


def iter_values(
    field: Field, at: datetime = START, constants: Iterable[Any] = ()
) -> Iterator[object]:
    """Yield values that a field may have, the most usual first.

    Args:
        field: the field.
        at: the present, by which instants and days are usual.
        constants: values that it is compared with somewhere.
    """
    kind = field.type
    if isinstance(kind, CodeType):
        yield from kind.codes
    elif isinstance(kind, ListType):
        items = tuple(islice(iter_values(Field(kind.item), at), MOST_ITEMS))
        yield []
        yield list(items)
        yield from ([each] for each in items[:3])
    elif kind is BOOLEAN:
        yield from (False, True)
    elif kind is TEXT:
        yield from ("x", "y")
        yield from (each for each in constants if isinstance(each, str))
    elif kind is INSTANT:
        yield from (at + timedelta(days=each) for each in DAYS)
    elif kind is DATE:
        yield from (at.date() + timedelta(days=each) for each in DAYS)
        yield from (each for each in constants if type(each) is date)
    elif kind is SPAN:
        yield from (timedelta(hours=each) for each in (1, 0, 24, 240))
    elif kind in {INTEGER, DECIMAL, MONEY}:
        yield from iter_numbers(field, constants)


def iter_numbers(field: Field, constants: Iterable[Any]) -> Iterator[int | Decimal]:
    """Yield numbers within the bounds of a field."""
    bounds = [each for each in (field.least, field.most) if each is not None]
    near = [
        Decimal(each) + step
        for each in constants
        if isinstance(each, int | Decimal) and not isinstance(each, bool)
        for step in (0, 1, -1)
    ]
    for each in dict.fromkeys(
        (*map(Decimal, USUAL_NUMBERS), *bounds, *map(Decimal, NUMBERS), *near)
    ):
        if is_within_bounds(each, field):
            if field.type is not INTEGER:
                yield each
            elif each == int(each):
                yield int(each)
