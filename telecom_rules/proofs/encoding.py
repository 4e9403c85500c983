"""Typed trees as terms.

Every tree has a term. An operation that has no exact one is an unknown function of its arguments:
a proof holds whatever its values are, and a counterexample may turn out not to be one. Nothing here
fails as evaluation may, by division by zero or too many digits: records on which an expression
fails are not spoken of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Final, Protocol

import z3

from telecom_rules.checks.analysis.satisfiability import spell_tree
from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.evaluation.runtime import OPERATIONS
from telecom_rules.expressions.operations.moments import last_day_of
from telecom_rules.expressions.syntax.tree import Macro
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Comprehension,
    Constant,
    ContextValue,
    CreateList,
    Fact,
    FieldAccess,
    InState,
    IsPresent,
    Local,
    Logic,
    Typed,
    walk,
)
from telecom_rules.proofs.symbols import DAY, FEN, HOUR, Records, Symbol, Texts, make_sort, to_real
from telecom_rules.vocabulary import DATE, DECIMAL, INSTANT, INTEGER, MONEY, SPAN, Record
from telecom_rules.vocabulary.time.durations import Duration, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from telecom_rules.expressions import Context
    from telecom_rules.proofs.solver import Term
    from telecom_rules.vocabulary import Calendar, Value
    from telecom_rules.vocabulary.types import Type


DAYS_OF_MONTH: Final = (28, 31)
MONTHS_OF_YEAR: Final = 12
NUMBERS: Final = frozenset({INTEGER, DECIMAL, MONEY})
ORDERED: Final = frozenset({INTEGER, DECIMAL, MONEY, DATE, INSTANT, SPAN})
CLOSED_NODES: Final = (Constant, Apply, FieldAccess, Logic, Choose, CreateList)
TRUE: Final = z3.BoolVal(val=True)


class PeerOutputs(Protocol):
    """The outputs of other policies on the record."""

    def __call__(self, policy: str, output: str) -> Symbol:
        """Return an output of a policy."""


@dataclass(frozen=True)
class Application:
    """An unknown function of a day that the engine can compute for one day at a time.

    Attributes:
        start: the day.
        value: the value, also a day.
        compute: the function.
    """

    start: Term
    value: Term
    compute: Callable[[date], date]

    def fix_at(self, model: Term) -> Term | None:
        """Return the law of its value for the day that it has in a model; `None` if it has none."""
        start = model.eval(self.start, model_completion=True).as_long()
        try:
            value = self.compute(date.fromordinal(start))
        except (TelecomRulesError, ValueError):
            return None
        return z3.Implies(self.start == start, self.value == value.toordinal())


@dataclass
class Space:
    """The records that questions are about, and what is known of the functions of their facts.

    Attributes:
        records: the records.
        today: the day of the decision.
        laws: what holds of the values of functions that have no exact term.
        last_days: the last days of limits that were asked for, by where they begin.
        calendars: the calendars that these are counted by.
        applied: the functions of days among these.
        likely: what mostly holds of their values; good for a first guess.
        bounded: the value of what goes through a list, where the list is short enough to be shown.
        now: the instant, where it is known how it goes with the day.
        step: tells the unknown values of one step of a case from those of another.
    """

    records: Records
    today: Term = field(default_factory=lambda: z3.Int("today"))
    laws: list[Term] = field(default_factory=list)
    last_days: list[tuple[Term, Duration, Term]] = field(default_factory=list)
    calendars: list[Calendar | None] = field(default_factory=list)
    applied: list[Application] = field(default_factory=list)
    likely: list[Term] = field(default_factory=list)
    bounded: list[Term] = field(default_factory=list)
    now: Term | None = None
    step: str = ""

    @property
    def texts(self) -> Texts:
        """The numbers of texts and codes."""
        return self.records.texts

    @property
    def published_days(self) -> tuple[date, date] | None:
        """The days between which limits can be counted, or `None` if none is counted by a calendar.

        In the last quarter a limit may end in a year that is not published yet.
        """
        years = {year for each in self.calendars if each is not None for year in each.years}
        return (date(min(years), 1, 1), date(max(years), 9, 30)) if years else None

    def find_last_day(self, start: Term, limit: Duration) -> Term:
        """Return the last day of a limit: unknown, but a longer limit does not end earlier."""
        if limit.calendar not in self.calendars:
            self.calendars.append(limit.calendar)
        name = f"last_day_of:{limit.amount}:{limit.unit}:{self.calendars.index(limit.calendar)}"
        last = z3.Function(name, z3.IntSort(), z3.IntSort())(start)
        self.laws.append(last >= start)
        for begin, other, end in self.last_days:
            if (other.unit, other.calendar) == (limit.unit, limit.calendar):
                longer, shorter = (last, end) if limit.amount >= other.amount else (end, last)
                self.laws.append(z3.Implies(begin == start, longer >= shorter))
        self.last_days.append((start, limit, last))
        self.applied.append(Application(start, last, lambda day: last_day_of(day, limit)))
        if limit.unit is Unit.CALENDAR_DAYS:
            self.likely.append(last == start + limit.amount)
        return last


@dataclass
class Encoder:
    """Encodes the expressions of one policy or workflow on one day.

    Attributes:
        space: the records.
        context: the figures.
        peers: the outputs of other policies.
        side: tells parts without an exact term apart where packs or days differ in what they read.
        opaque: the parts without an exact term, those first that were met first.
        fields: the fields of the context that are known, by path, such as `event.result`.
        states: the active states, or `None` where they are not known.
        items: the items that the variables of macros stand for.
    """

    space: Space
    context: Context
    peers: PeerOutputs
    side: str = ""
    opaque: list[Typed] = field(default_factory=list)
    fields: Mapping[str, Symbol] = field(default_factory=dict)
    states: frozenset[str] | None = None
    items: dict[str, Term] = field(default_factory=dict)

    def conjoin(self, trees: list[Typed]) -> Term:
        """Return the term of all of some conditions."""
        return z3.And([TRUE, *map(self.encode, trees)])

    def encode(self, node: Typed) -> Term:  # noqa: C901 - one case for each kind of node
        """Return the term of a tree; `None` for a list or a time limit, which have none."""
        if is_closed(node):
            return self.encode_closed(node)
        match node:
            case Fact(name=name):
                return self.space.records.symbols[name].term
            case ContextValue(name="today"):
                return self.space.today
            case ContextValue(name="now") if self.space.now is not None:
                return self.space.now
            case FieldAccess():
                return self.find_field(node).term
            case Local(name=name) if name in self.items:
                return self.items[name]
            case IsPresent(subject=Fact(name=name)):
                return self.space.records.symbols[name].present
            case IsPresent(subject=FieldAccess() as subject):
                return self.find_field(subject).present
            case InState(state=state):
                return self.encode_in_state(state)
            case Logic(every=every, operands=operands):
                terms = [self.encode(each) for each in operands]
                return z3.And(terms) if every else z3.Or(terms)
            case Choose(test=test, yes=yes, no=no) if make_sort(node.type) is not None:
                values = (self.convert(each, node.type) for each in (yes, no))
                return z3.If(self.encode(test), *values)
            case Apply():
                encode = ENCODERS.get(node.overload)
                term = None if encode is None else encode(self, node)
                return self.leave_open(node) if term is None else term
        return self.leave_open(node)

    def encode_in_state(self, state: str) -> Term:
        """Return whether a state is active."""
        if self.states is None:
            return z3.Bool(f"in_state.{state}{self.space.step}")
        return z3.BoolVal(state in self.states)

    def encode_closed(self, node: Typed) -> Term:
        """Return the term of a tree without facts: its value."""
        value = self.evaluate(node)
        term = None if value is None else self.space.texts.to_term(value, node.type)
        return self.leave_open(node) if term is None else term

    def evaluate(self, node: Typed) -> Value | None:
        """Return the value of a tree without facts, or `None` if it has none."""
        if not is_closed(node):
            return None
        try:
            return interpret(node, Record(), self.context)
        except TelecomRulesError:
            return None

    def find_field(self, node: FieldAccess) -> Symbol:
        """Return a field of the context: an output of a policy, or of the event or a clock."""
        if node.path in self.fields:
            return self.fields[node.path]
        root, _, rest = node.path.partition(".")
        if root == "policies":
            name, _, output = rest.partition(".")
            return self.peers(name, output)
        step = self.space.step
        present = z3.Bool(f"has.{node.path}{step}") if node.field.optional else TRUE
        term = self.leave_open(node)
        if term is not None:
            self.space.laws += self.space.records.iter_bounds_of(term, node.field)
        return Symbol(term, present)

    def leave_open(self, node: Typed) -> Term:
        """Return an unknown value that is the same wherever the same is asked."""
        sort = make_sort(node.type)
        if sort is None:
            return None
        if not isinstance(node, ContextValue | FieldAccess):
            self.opaque.append(node)
        found = self.name_open(node, sort)
        expanded = self.expand_list(node)
        if expanded is not None:
            self.space.bounded.append(found == expanded)
        return found

    def name_open(self, node: Typed, sort: Term) -> Term:
        """Return the name of an unknown value: a function of what it is computed of, if it can."""
        terms = []
        if isinstance(node, Apply):
            terms = [self.encode(each) for each in node.arguments]
            if terms and all(each is not None for each in terms):
                sorts = [each.sort() for each in terms]
                return z3.Function(f"{node.overload}:{len(terms)}", *sorts, sort)(*terms)
        side = "" if all(isinstance(each, PURE_NODES) for each in walk(node)) else self.side
        return z3.Const(f"{spell_tree(node)}{side}{self.space.step}", sort)

    def expand_list(self, node: Typed) -> Term | None:
        """Return what a condition says of a list of few items, or `None` if that has no term."""
        match node:
            case Comprehension(kind=Macro.EXISTS | Macro.ALL | Macro.EXISTS_ONE, second=None):
                listed = self.list_items(node.over)
                if listed is None or node.test is None:
                    return None
                tests = [self.encode_for(node.variable, item, node.test) for _, item in listed]
                counted = [is_in for is_in, _ in listed]
                if node.kind is Macro.ALL:
                    return z3.And(list(map(z3.Implies, counted, tests)))
                hits = list(map(z3.And, counted, tests))
                return z3.Or(hits) if node.kind is Macro.EXISTS else count(hits) == 1
            case Apply(overload="size", arguments=(over,)):
                listed = self.list_items(over)
                return None if listed is None else count([is_in for is_in, _ in listed])
            case Apply(overload="in_list", arguments=(one, over)):
                listed = self.list_items(over)
                item = self.encode(one)
                if listed is None or item is None:
                    return None
                return z3.Or([z3.And(is_in, item == each) for is_in, each in listed])
        return None

    def list_items(self, node: Typed) -> list[tuple[Term, Term]] | None:
        """Return the items of a list with whether each is in it; `None` if it has no terms."""
        match node:
            case Fact(name=name) if name in self.space.records.lists:
                symbol = self.space.records.lists[name]
                return [(symbol.length > at, item) for at, item in enumerate(symbol.items)]
            case Comprehension(kind=Macro.FILTER, test=test, second=None) if test is not None:
                listed = self.list_items(node.over)
                return listed and [
                    (z3.And(is_in, self.encode_for(node.variable, item, test)), item)
                    for is_in, item in listed
                ]
        return None

    def encode_for(self, variable: str, item: Term, test: Typed) -> Term:
        """Return the term of a condition on one item of a list."""
        before = self.items.get(variable)
        self.items[variable] = item
        found = self.encode(test)
        if before is None:
            del self.items[variable]
        else:
            self.items[variable] = before
        return found

    def convert(self, node: Typed, kind: Type) -> Term:
        """Return the term of a number as of another type of numbers."""
        term, own = self.encode(node), node.type
        if own is kind or kind not in NUMBERS or own not in NUMBERS:
            return term
        if kind is DECIMAL:
            return to_real(term, own)
        if kind is MONEY and own is INTEGER:
            return term * FEN
        return None

    def compare_equal(self, one: Typed, other: Typed) -> Term | None:
        """Return whether two values are equal."""
        if make_sort(one.type) is None or make_sort(other.type) is None:
            return None
        pair = self.encode_pair(one, other)
        return pair[0] == pair[1] if pair[0].sort() == pair[1].sort() else None

    def encode_pair(self, one: Typed, other: Typed) -> tuple[Term, Term]:
        """Return two values as of one type: exact numbers where their types differ."""
        kinds = {one.type, other.type}
        if len(kinds) > 1 and kinds <= NUMBERS:
            return self.convert(one, DECIMAL), self.convert(other, DECIMAL)
        return self.encode(one), self.encode(other)


def count(tests: list[Term]) -> Term:
    """Return how many of some conditions hold."""
    return z3.Sum([z3.If(each, z3.IntVal(1), z3.IntVal(0)) for each in tests])


PURE_NODES: Final = (Constant, Fact, Apply, Logic, Choose, CreateList, IsPresent)


def is_closed(node: Typed) -> bool:
    """Return whether a tree reads nothing but figures."""
    return all(
        isinstance(each, CLOSED_NODES)
        or (isinstance(each, ContextValue) and each.name == "parameters")
        for each in walk(node)
    )


def encode_not(encoder: Encoder, node: Apply) -> Term:
    """Encode `!a`."""
    return z3.Not(encoder.encode(node.arguments[0]))


def encode_equal(encoder: Encoder, node: Apply) -> Term | None:
    """Encode `a == b`, exact for all but lists."""
    return encoder.compare_equal(*node.arguments)


def encode_not_equal(encoder: Encoder, node: Apply) -> Term | None:
    """Encode `a != b`."""
    term = encoder.compare_equal(*node.arguments)
    return None if term is None else z3.Not(term)


def encode_order(encoder: Encoder, node: Apply) -> Term | None:
    """Encode `a < b` and its like, for numbers and moments."""
    one, other = node.arguments
    if not all(each.type in ORDERED for each in (one, other)):
        return None
    left, right = encoder.encode_pair(one, other)
    return {
        "less": left < right,
        "less_or_equal": left <= right,
        "greater": left > right,
        "greater_or_equal": left >= right,
    }[node.overload]


def encode_sum(encoder: Encoder, node: Apply) -> Term | None:
    """Encode `a + b` and `a - b`."""
    terms = [encoder.convert(each, node.type) for each in node.arguments]
    if None in terms:
        return None
    return terms[0] + terms[1] if node.overload.startswith("add") else terms[0] - terms[1]


def encode_product(encoder: Encoder, node: Apply) -> Term | None:
    """Encode `a * b`; of two facts it is beyond what the solver is sure to decide."""
    one, other = node.arguments
    if node.type is not MONEY:
        terms = [encoder.convert(each, node.type) for each in (one, other)]
        return None if None in terms else terms[0] * terms[1]
    for money, factor in ((one, other), (other, one)):
        times = encoder.evaluate(factor)
        if times is not None and times == int(times):  # type: ignore[arg-type]  # a number
            return encoder.convert(money, MONEY) * int(times)  # type: ignore[arg-type]  # likewise
        if factor.type is INTEGER:
            return encoder.convert(money, MONEY) * encoder.encode(factor)
    return None


def encode_quotient(encoder: Encoder, node: Apply) -> Term:
    """Encode `a / b` of exact numbers."""
    one, other = (encoder.convert(each, DECIMAL) for each in node.arguments)
    return one / other


def divide_towards_zero(one: Term, other: Term) -> Term:
    """Return the quotient of whole numbers, rounded towards zero."""
    size = z3.If(one < 0, -one, one) / z3.If(other < 0, -other, other)
    return z3.If((one < 0) == (other < 0), size, -size)


def encode_whole_quotient(encoder: Encoder, node: Apply) -> Term:
    """Encode `a / b` and `a % b` of whole numbers."""
    one, other = map(encoder.encode, node.arguments)
    quotient = divide_towards_zero(one, other)
    return quotient if node.overload == "divide_integer" else one - other * quotient


def encode_negation(encoder: Encoder, node: Apply) -> Term:
    """Encode `-a`."""
    return -encoder.encode(node.arguments[0])


def encode_conversion(encoder: Encoder, node: Apply) -> Term | None:
    """Encode a conversion that keeps the value."""
    return encoder.convert(node.arguments[0], node.type)


def encode_rounding(encoder: Encoder, node: Apply) -> Term:
    """Encode `roundUp(a)` and `roundDown(a)`, to whole fen."""
    fen = encoder.convert(node.arguments[0], DECIMAL) * FEN
    return -z3.ToInt(-fen) if node.overload.startswith("round_up") else z3.ToInt(fen)


def encode_membership(encoder: Encoder, node: Apply) -> Term | None:
    """Encode `a in [b, c]`."""
    one, several = node.arguments
    if isinstance(several, CreateList) and not several.optional:
        found = [encoder.compare_equal(one, each) for each in several.items]
        return None if None in found else z3.Or(found)
    values = encoder.evaluate(several)
    if isinstance(values, tuple) and make_sort(one.type) is not None:
        terms = [encoder.space.texts.to_term(each, one.type) for each in values]
        return None if None in terms else z3.Or([encoder.encode(one) == each for each in terms])
    return None


def encode_extreme(encoder: Encoder, node: Apply) -> Term | None:
    """Encode `math.greatest` and `math.least` of numbers."""
    terms = [encoder.convert(each, node.type) for each in node.arguments]
    if node.type not in NUMBERS or None in terms:
        return None
    is_greatest = node.overload.startswith("greatest")
    return reduce(
        lambda one, other: z3.If((one >= other) if is_greatest else (one <= other), one, other),
        terms,
    )


def encode_span(encoder: Encoder, node: Apply) -> Term:
    """Encode `days(n)` and `hours(n)`."""
    return encoder.encode(node.arguments[0]) * (DAY if node.overload == "days" else HOUR)


def encode_moved_date(encoder: Encoder, node: Apply) -> Term | None:
    """Encode a date plus or minus a span of whole days."""
    day, span = node.arguments if node.arguments[0].type is DATE else reversed(node.arguments)
    if isinstance(span, Apply) and span.overload == "days":
        days = encoder.encode(span.arguments[0])  # without the division, of which solvers know less
    else:
        days = encoder.encode(span) / DAY
    moved = encoder.encode(day)
    return moved - days if node.overload == "move_date_back" else moved + days


def encode_between(encoder: Encoder, node: Apply) -> Term:
    """Encode the span between two moments."""
    one, other = node.arguments
    scale = DAY if one.type is DATE else 1
    return (encoder.encode(one) - encoder.encode(other)) * scale


def encode_hours(encoder: Encoder, node: Apply) -> Term:
    """Encode the whole hours of a span."""
    return divide_towards_zero(encoder.encode(node.arguments[0]), z3.IntVal(HOUR))


def encode_last_day(encoder: Encoder, node: Apply) -> Term | None:
    """Encode the last day of a time limit."""
    limit = encoder.evaluate(node.arguments[1])
    encoder.opaque.append(node)
    if not isinstance(limit, Duration):
        return None
    return encoder.space.find_last_day(encoder.encode(node.arguments[0]), limit)


def encode_added_months(encoder: Encoder, node: Apply) -> Term:
    """Encode `addMonths` and `addYears`: some day within the shortest and longest months."""
    day = encoder.encode(node.arguments[0])
    moved = encoder.leave_open(node)
    count = encoder.evaluate(node.arguments[1])
    if isinstance(count, int):
        months = count * (MONTHS_OF_YEAR if node.overload == "add_years" else 1)
        compute = OPERATIONS[node.overload]
        encoder.space.applied.append(Application(day, moved, lambda at: compute(at, count)))
        ends = sorted(months * days for days in DAYS_OF_MONTH)
        encoder.space.laws.append(z3.And(moved >= day + ends[0], moved <= day + ends[1]))
    return moved


ENCODERS: Mapping[str, Callable[[Encoder, Apply], Term | None]] = {
    "not": encode_not,
    "equal": encode_equal,
    "not_equal": encode_not_equal,
    **dict.fromkeys(("less", "less_or_equal", "greater", "greater_or_equal"), encode_order),
    **dict.fromkeys(
        ("add_integer", "subtract_integer", "add_decimal", "subtract_decimal"), encode_sum
    ),
    **dict.fromkeys(("multiply_integer", "multiply_decimal"), encode_product),
    "divide_decimal": encode_quotient,
    **dict.fromkeys(("divide_integer", "remainder_integer"), encode_whole_quotient),
    **dict.fromkeys(("negate_integer", "negate_decimal"), encode_negation),
    **dict.fromkeys(("same", "decimal_of_integer", "decimal_of_money"), encode_conversion),
    **dict.fromkeys(("round_up_decimal", "round_down_decimal"), encode_rounding),
    "in_list": encode_membership,
    **dict.fromkeys(("greatest", "least", "greatest_exact", "least_exact"), encode_extreme),
    **dict.fromkeys(("days", "hours"), encode_span),
    **dict.fromkeys(("move_date", "move_date_back", "add_span_to_date"), encode_moved_date),
    "subtract_moments": encode_between,
    "hours_of_span": encode_hours,
    "last_day_of": encode_last_day,
    **dict.fromkeys(("add_months", "add_years"), encode_added_months),
}
"""The operations that have a term, by the ids of their overloads."""
