"""Parameters: figures with the days they are in force, their clauses and confidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import PrivateAttr

from telecom_rules.documents import (
    Choice,
    Definition,
    Flag,
    Identifier,
    OneOrMany,
    Raw,
    Reference,
    Title,
)
from telecom_rules.errors import NotInForce
from telecom_rules.frozen import FrozenDict, Immutable
from telecom_rules.values.arguments import read_day
from telecom_rules.vocabulary.sources.sources import OUR_READING, Confidence
from telecom_rules.vocabulary.time.durations import Duration, Unit
from telecom_rules.vocabulary.time.periods import PeriodDefinition
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from typing import Self

    from telecom_rules.vocabulary.sources.sources import Clause
    from telecom_rules.vocabulary.time.calendars import Calendar
    from telecom_rules.vocabulary.time.periods import Period
    from telecom_rules.vocabulary.types import Type


class Measure(StrEnum):
    """The unit of measure of a parameter. Seconds are not a unit of time limits."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    HOURS = "hours"
    MINUTES = "minutes"
    MONTHS = "months"
    PERCENT = "percent"
    YUAN = "yuan"
    TIMES = "times"
    """How often something happens."""
    MULTIPLE = "multiple"
    """How many times as much."""
    PERSONS = "persons"
    SECONDS = "seconds"
    NONE = "none"

    @property
    def unit(self) -> Unit | None:
        """The unit of a time limit, or `None` for anything else."""
        return LIMIT_UNITS.get(self.value)


LIMIT_UNITS = {unit.value: unit for unit in Unit}


PACK_DEFAULT = Wording("本规则包的默认设置", "a default of this pack")
LAW_SAYS = Wording("法定：{figure}", "the law: {figure}")
BASE_SAYS = Wording("基础规则包：{figure}", "the base: {figure}")


class Stricter(StrEnum):
    """The stricter direction: how a house rule may deviate from a figure of the law."""

    LOWER = "lower"
    HIGHER = "higher"
    NONE = "none"


class ParameterKind(StrEnum):
    """The origin of a figure.

    A source gives it, it is a setting of the pack that the operator may change, or the operator
    promises it beside the figure of a source.
    """

    LAW = "law"
    SETTING = "setting"
    PROMISE = "promise"


class ParameterType(StrEnum):
    """The type of a parameter's values."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    BOOLEAN = "boolean"
    TEXT = "text"


SET_BY: Mapping[tuple[ParameterKind, bool], Wording] = FrozenDict(
    {
        (ParameterKind.LAW, True): PACK_DEFAULT,
        (ParameterKind.LAW, False): Wording("本企业所录法律", "law that the house has entered"),
        (ParameterKind.SETTING, True): PACK_DEFAULT,
        (ParameterKind.SETTING, False): Wording("本企业的设置", "our setting"),
        (ParameterKind.PROMISE, True): Wording("本企业的服务承诺", "our service promise"),
        (ParameterKind.PROMISE, False): Wording("本企业的服务承诺", "our service promise"),
    }
)
"""Who gives a figure, by its kind and whether it stands on no other."""


class ValueDefinition(PeriodDefinition):
    """The figure of a parameter for some days; without an end, until the next value begins.

    Attributes:
        confidence: how certain a figure of the law is; a setting has none.
        interpretation: whether it is our reading of words that leave it open.
    """

    value: Raw
    cites: OneOrMany[Reference] = ()
    confidence: Choice[Confidence] | None = None
    interpretation: Flag = False
    note: Title | None = None


class ParameterDefinition(Definition):
    """A file that sets one parameter.

    Attributes:
        type: the type of its values; without one it follows from the unit.
        off: the value at which a setting is switched off.
    """

    parameter: Identifier
    title: Title
    unit: Choice[Measure]
    type: Choice[ParameterType] | None = None
    stricter: Choice[Stricter]
    kind: Choice[ParameterKind] = ParameterKind.LAW
    off: Raw | None = None
    values: OneOrMany[ValueDefinition]

    _base: ParameterDefinition | None = PrivateAttr(None)

    @property
    def base(self) -> ParameterDefinition | None:
        """The parameter whose values hold on the days for which this one, of an overlay, has none.

        `None` for a parameter that is not laid over another.
        """
        return self._base

    def lay_over(self, base: ParameterDefinition) -> Self:
        """Return the same parameter with another below it."""
        laid = self.model_copy()
        laid._node, laid._base = self._node, base  # noqa: SLF001 - its own
        return laid


@dataclass(frozen=True, slots=True)
class ParameterValue(Immutable):
    """The figure of a parameter for some days.

    Attributes:
        value: a `Duration` for a time limit, otherwise a number, a boolean or a text.
        wording: the value with its unit, for people.
        in_force: the days.
        cites: the clauses that give it.
        confidence: how certain it is; `low` means unverified, `None` a setting or a promise.
        note: a remark on it, or `None`.
        interpretation: whether it is our reading of words that leave it open.
        kind: who gives it.
        base: what the base of an overlay says for the same days, where the overlay says this.
    """

    value: Duration | bool | int | Decimal | str
    wording: Wording
    in_force: Period
    cites: tuple[Clause, ...]
    confidence: Confidence | None
    note: Wording | None = None
    interpretation: bool = False
    kind: ParameterKind = ParameterKind.LAW
    base: ParameterValue | None = None

    @property
    def assurance(self) -> Wording:
        """The confidence, and whether it is a reading of ours; or who has set it; for people.

        Of a figure of an overlay, also what stands below it: `our service promise, Handbook, 4;
        the law: 15 days, Measures for handling appeals, Art. 10(4)`.
        """
        return self.origin if self.confidence is None else self._sure

    @property
    def origin(self) -> Wording:
        """Who gives a figure that no base gives, and what the base says; for people."""
        said = SET_BY[self.kind, self.base is None]
        if self.kind is ParameterKind.PROMISE:
            said = join_wordings([said, *name_clauses(self.cites)], ("，", ", "))
        if self.base is None:
            return said
        below = self.law
        told = LAW_SAYS if below is not None else BASE_SAYS
        below = below or self.base
        figure = join_wordings([below.wording, *name_clauses(below.cites)], ("，", ", "))
        return join_wordings([said, told.fill(figure=figure)], ("；", "; "))

    @property
    def _sure(self) -> Wording:
        """The confidence, and whether it is a reading of ours, for people."""
        told = [Wording.same("") if self.confidence is None else self.confidence.wording]
        told += [OUR_READING] if self.interpretation else []
        told += [BASE_SAYS.fill(figure=self.base.wording)] if self.base is not None else []
        return join_wordings(told, ("，", ", "))

    @property
    def size(self) -> Decimal | None:
        """The figure as a number, in its unit; `None` for a text or a boolean."""
        if isinstance(self.value, bool | str):
            return None
        amount = self.value.amount if isinstance(self.value, Duration) else self.value
        return Decimal(amount)

    @property
    def law(self) -> ParameterValue | None:
        """What the law says for the same days beside a promise; `None` where it says nothing."""
        value = self.base
        while value is not None and value.kind is not ParameterKind.LAW:
            value = value.base
        return value

    @property
    def since(self) -> date | None:
        """The first day it is in force."""
        return self.in_force.since

    @property
    def until(self) -> date | None:
        """The first day on which it is no longer in force, or `None` while no end is known."""
        return self.in_force.until


def name_clauses(cites: Iterable[Clause]) -> Iterator[Wording]:
    """Yield the places of clauses in one phrase; nothing if there are none."""
    places = [each.place for each in cites]
    if places:
        yield join_wordings(places, ("、", " and "))


@dataclass(frozen=True, slots=True)
class Parameter(Immutable):
    """A figure that rules use, as it was on each day.

    Attributes:
        name: the name expressions read it by: `parameters.<name>`.
        title: its name for people.
        type: the type of its values: `LIMIT` for a time limit.
        measure: its unit of measure.
        stricter: the stricter direction.
        kind: whether a source gives it or it is a setting of the operator; under an overlay as the
            base has it, because a promise leaves the figure of the law where it is.
        values: its values, earliest first; no two are in force on one day.
        off: the value at which a setting is switched off, so that explanations say that it is not
            set and tell no distance from it; `None` where there is no such value.
    """

    name: str
    title: Wording
    type: Type
    measure: Measure
    stricter: Stricter
    kind: ParameterKind
    values: tuple[ParameterValue, ...]
    off: Duration | bool | int | Decimal | str | None = None

    @property
    def unit(self) -> Unit | None:
        """The unit of a time limit, or `None` for any other figure."""
        return self.measure.unit

    @property
    def calendar(self) -> Calendar | None:
        """The working days that a time limit is counted by, or `None` where a pack says nothing."""
        limits = (each.value for each in self.values if isinstance(each.value, Duration))
        return next((each.calendar for each in limits), None)

    def counted_by(self, calendar: Calendar | None) -> Parameter:
        """Return the same figure, and where it is a time limit, counted by `calendar`."""
        values = tuple(
            replace(each, value=replace(each.value, calendar=calendar))
            if isinstance(each.value, Duration)
            else each
            for each in self.values
        )
        return replace(self, values=values)

    def is_laxer(self, one: ParameterValue, other: ParameterValue) -> bool:
        """Return whether a value is laxer than another; not where nothing tells which is."""
        size, least = one.size, other.size
        if size is None or least is None or self.stricter is Stricter.NONE:
            return False
        return size > least if self.stricter is Stricter.LOWER else size < least

    def on(self, day: date) -> ParameterValue:
        """Return the value in force on `day`.

        Raises:
            ArgumentError: `day` is not a day.
            NotInForce: there is none.
        """
        day = read_day("day", day)
        value = self.find_on(day)
        if value is None:
            raise NotInForce(self.name, day)
        return value

    def is_in_force(self, day: date) -> bool:
        """Return whether there is a value in force on `day`.

        Raises:
            ArgumentError: `day` is not a day.
        """
        day = read_day("day", day)
        return self.find_on(day) is not None

    def find_on(self, day: date) -> ParameterValue | None:
        """Return the value in force on `day`, or `None`."""
        return next((value for value in self.values if day in value.in_force), None)
