"""Values as terms: money in whole fen, days as whole numbers, codes and texts by number.

A text is the number of its spelling; a number without a spelling is some other text. So two texts
are equal or not, and nothing else is known of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

import z3

from telecom_rules.checks.analysis.samples import to_decimal
from telecom_rules.documents.scalars import LARGEST_INTEGER, LEAST_INTEGER
from telecom_rules.vocabulary import BOOLEAN, DATE, DECIMAL, INSTANT, INTEGER, MONEY, SPAN, TEXT
from telecom_rules.vocabulary.types import CodeType, ListType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.proofs.solver import Term
    from telecom_rules.vocabulary import Field, Type, Value


FEN: Final = 100
"""Fen of a yuan."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta.resolution
HOUR: Final = 3_600_000_000
"""Microseconds."""
DAY: Final = 24 * HOUR
MOST_PLACES: Final = 4
"""Places of a decimal in a counterexample, if it has one that short."""
READABLE_DAYS: Final = (date(2000, 1, 1), date(2040, 1, 1))
READABLE_NUMBER: Final = 10_000_000
WHOLE_TYPES: Final = frozenset({INTEGER, MONEY, DATE, INSTANT, SPAN, TEXT})
"""Types whose values are whole numbers to the solver."""


ANY_TEXT: Final = "x"
"""The text of a fact on which nothing depends."""


MOST_ITEMS: Final = 3
"""Items of a list in a counterexample; a proof holds for lists of any length."""


class ListSymbol(NamedTuple):
    """A list of at most `MOST_ITEMS` items.

    Attributes:
        length: how many items count.
        items: the items.
        type: their type.
    """

    length: Term
    items: tuple[Term, ...]
    type: Type


class Symbol(NamedTuple):
    """A value that may be absent.

    Attributes:
        term: the value; any value where it is absent.
        present: whether there is one.
    """

    term: Term
    present: Term


def make_sort(kind: Type) -> Term | None:
    """Return the sort of the values of a type, or `None` for types that have none, as lists."""
    if kind is BOOLEAN:
        return z3.BoolSort()
    if kind is DECIMAL:
        return z3.RealSort()
    return z3.IntSort() if kind in WHOLE_TYPES or isinstance(kind, CodeType) else None


def to_real(term: Term, kind: Type) -> Term:
    """Return a number of a type as an exact number, of money in yuan."""
    if kind is DECIMAL:
        return term
    whole = z3.ToReal(term)
    return whole / FEN if kind is MONEY else whole


@dataclass
class Texts:
    """The numbers of texts and codes."""

    numbers: dict[str, int] = field(default_factory=lambda: {ANY_TEXT: 0})

    def number_of(self, text: str) -> int:
        """Return the number of a text."""
        return self.numbers.setdefault(text, len(self.numbers))

    def spell(self, number: int) -> str:
        """Return the text of a number; without one another text that no rule names."""
        known = {each: text for text, each in self.numbers.items()}
        return known.get(number, f"x{number}")

    def to_term(self, value: Value, kind: Type) -> Term:
        """Return a constant as a term, or `None` if its type has no sort."""
        if kind is BOOLEAN:
            return z3.BoolVal(bool(value))
        if kind is DECIMAL and isinstance(value, Decimal | int):
            number = Fraction(value)
            return z3.RealVal(f"{number.numerator}/{number.denominator}")
        if make_sort(kind) is None:
            return None
        match value:
            case int():
                return z3.IntVal(value * FEN if kind is MONEY else value)
            case Decimal() if kind is MONEY and value * FEN == int(value * FEN):
                return z3.IntVal(int(value * FEN))
            case str():
                return z3.IntVal(self.number_of(value))
            case datetime():
                return z3.IntVal((value - EPOCH) // MICROSECOND)
            case date():
                return z3.IntVal(value.toordinal())
            case timedelta():
                return z3.IntVal(value // MICROSECOND)
        return None

    def to_value(self, term: Term, kind: Type) -> object:
        """Return the value of a constant term as a host would send it; `None` if no fact has it."""
        if kind is BOOLEAN:
            return z3.is_true(term)
        if kind is DECIMAL:
            return to_decimal(Fraction(term.numerator_as_long(), term.denominator_as_long()))
        number = term.as_long()
        if kind is MONEY:
            return Decimal(number) / FEN
        if kind is TEXT or isinstance(kind, CodeType):
            return self.spell(number)
        try:
            if kind is DATE:
                return date.fromordinal(number)
            moments = {INSTANT: EPOCH, SPAN: timedelta()}
            return moments[kind] + number * MICROSECOND if kind in moments else number
        except (OverflowError, ValueError):
            return None


@dataclass
class Records:
    """The records of one kind of facts: a variable for each fact, and what holds of all of them.

    Attributes:
        fields: the facts.
        texts: the numbers of texts and codes.
        root: the beginning of the names of its variables.
    """

    fields: Mapping[str, Field]
    texts: Texts
    root: str = "facts"
    symbols: dict[str, Symbol] = field(init=False)
    lists: dict[str, ListSymbol] = field(init=False)

    def __post_init__(self) -> None:
        self.lists = {
            name: make_list(f"{self.root}.{name}", each.type.item)
            for name, each in self.fields.items()
            if isinstance(each.type, ListType) and make_sort(each.type.item) is not None
        }
        self.symbols = {
            name: make_symbol(f"{self.root}.{name}", each) for name, each in self.fields.items()
        }

    def iter_bounds(self, *, partial: bool = False) -> Iterator[Term]:
        """Yield what the types of the facts say of every record.

        Args:
            partial: whether any fact may be unknown, as in a case.
        """
        for name, each in self.fields.items():
            symbol = self.symbols[name]
            if symbol.term is not None:
                yield from self.iter_bounds_of(symbol.term, each)
            if not each.optional and not partial:
                yield symbol.present

    def iter_bounds_of(self, term: Term, field: Field) -> Iterator[Term]:
        """Yield what the type of a fact says of its value."""
        kind = field.type
        if isinstance(kind, CodeType):
            yield z3.Or([term == self.texts.number_of(code) for code in kind.codes])
        elif kind is TEXT:
            yield term >= 0
        elif kind is DATE:
            yield z3.And(term >= 1, term <= date.max.toordinal())
        elif kind is INTEGER:
            yield z3.And(term >= LEAST_INTEGER, term <= LARGEST_INTEGER)
        for bound, sign in ((field.least, 1), (field.most, -1)):
            if bound is not None and kind in {INTEGER, MONEY, DECIMAL}:
                limit: Term = self.texts.to_term(bound, DECIMAL)
                yield sign * to_real(term, kind) >= sign * limit

    def iter_list_bounds(self) -> Iterator[Term]:
        """Yield what holds of lists that are short enough to be shown."""
        for name, each in self.lists.items():
            yield z3.And(each.length >= 0, each.length <= MOST_ITEMS)
            item = replace(self.fields[name], type=each.type, least=None, most=None)
            for term in each.items:
                yield from self.iter_bounds_of(term, item)

    def read_list(self, model: Term, name: str) -> list[object] | None:
        """Return the list of a model, or `None` if it has an item that no host can send."""
        if name not in self.lists:
            return []
        symbol = self.lists[name]
        length = model.eval(symbol.length, model_completion=True).as_long()
        terms = symbol.items[: max(0, min(length, MOST_ITEMS))]
        items = [
            self.texts.to_value(model.eval(each, model_completion=True), symbol.type)
            for each in terms
        ]
        return None if any(each is None for each in items) else items

    def iter_readable(self, first: date, last: date) -> Iterator[list[Term]]:
        """Yield limits within which a record is easier to read, the narrowest first.

        Args:
            first: the first day of such a record.
            last: its last day.
        """
        numbers = []
        places = []
        for name, each in self.fields.items():
            term = self.symbols[name].term
            if each.type is DATE:
                numbers.append(z3.And(term >= first.toordinal(), term <= last.toordinal()))
            elif each.type is INSTANT:
                ends = (first.toordinal() - EPOCH.toordinal(), last.toordinal() - EPOCH.toordinal())
                numbers += [term >= ends[0] * DAY, term <= ends[1] * DAY, term % HOUR == 0]
            elif each.type in {INTEGER, MONEY, DECIMAL}:
                numbers.append(z3.And(term >= -READABLE_NUMBER, term <= READABLE_NUMBER))
            if each.type is DECIMAL:
                places.append(z3.IsInt(term * 10**MOST_PLACES))
        yield [*numbers, *places]
        yield places

    def read_model(self, model: Term) -> dict[str, object] | None:
        """Return the facts of a model as a host would send them, or `None` if it cannot."""
        facts: dict[str, object] = {}
        for name, each in self.fields.items():
            symbol = self.symbols[name]
            if not z3.is_true(model.eval(symbol.present, model_completion=True)):
                continue
            if isinstance(each.type, ListType):
                items = self.read_list(model, name)
                if items is None:
                    return None
                facts[name] = items
                continue
            if symbol.term is None:
                return None
            value = self.texts.to_value(model.eval(symbol.term, model_completion=True), each.type)
            if value is None:
                return None
            facts[name] = value
        return facts


def make_list(name: str, kind: Type) -> ListSymbol:
    """Return the variables of a list."""
    items = tuple(z3.Const(f"{name}.{at}", make_sort(kind)) for at in range(MOST_ITEMS))
    return ListSymbol(z3.Int(f"{name}.length"), items, kind)


def make_symbol(name: str, field: Field) -> Symbol:
    """Return the variable of a fact."""
    sort = make_sort(field.type)
    term = None if sort is None else z3.Const(name, sort)
    return Symbol(term, z3.Bool(f"has.{name}"))
