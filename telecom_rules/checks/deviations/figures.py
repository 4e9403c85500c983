"""Parameters of two packs, compared on every day by the direction in which they are stricter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from telecom_rules.checks.deviations.deviation import Deviation, Direction, Part
from telecom_rules.digests import describe_meaning
from telecom_rules.findings.kinds import PARAMETER
from telecom_rules.pack.elements import KINDS
from telecom_rules.vocabulary import Duration
from telecom_rules.vocabulary.parameters import ParameterKind, Stricter, ValueDefinition
from telecom_rules.vocabulary.time.deadlines import Undetermined, deadline
from telecom_rules.vocabulary.time.periods import ONE_DAY
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timezone

    from telecom_rules.pack import Pack
    from telecom_rules.vocabulary import Calendar, Parameter
    from telecom_rules.vocabulary.parameters import ParameterValue


VALUE: Final = KINDS[ValueDefinition].wording
ANY_DAY: Final = date(2000, 1, 1)
"""Represents every day for figures without dates."""
HOURS_TRIED: Final = (time(0), time(12), time(23, 59, 59))
"""The times of day at which limits in different units are started."""
NONE_IN_FORCE = Wording("（无）", "(none)")
GONE = Wording("参数 `{name}` 被取消", "the parameter `{name}` is gone")
OTHER_VALUE = Wording(
    "`{name}`：{house}；基础规则包：{base}（自 {day} 起）",
    "`{name}`: {house}; the base has {base} (from {day})",
)
OTHER_ORDER = Wording(
    "`{name}` 的 `stricter` 改为 {house}；基础规则包：{base}",
    "`stricter` of `{name}` is {house}; the base has {base}",
)
NO_LONGER_LAW = Wording(
    "`{name}` 由法定数值改为可调设置", "`{name}` becomes a setting; in the base a source gives it"
)
STARTED_AT = Wording(
    "例如 {start} 开始：{house} 到期；基础规则包：{base}",
    "started at {start} it ends at {house}; by the base at {base}",
)
UNKNOWN_END = Wording(
    "两种单位的期限只能按日历比较，而规则包没有工作日历",
    "limits in different units can only be compared on a calendar, and the pack has none",
)


@dataclass(frozen=True, slots=True)
class Counting:
    """How limits are counted: the zone and the calendar of a pack."""

    zone: timezone
    calendar: Calendar | None

    @classmethod
    def of(cls, pack: Pack) -> Counting:
        """Return how the limits of a pack are counted."""
        return cls(pack.zone, pack.vocabulary.calendar)

    def end_of(self, start: datetime, limit: Duration) -> datetime | Undetermined:
        """Return when a limit ends that starts at an instant."""
        return deadline(start, limit, self.zone, self.calendar)

    def show_ends(self, start: datetime, base: object, house: object) -> Wording:
        """Return the ends of two limits that start at an instant, for people."""
        ends = {
            name: self.end_of(start, each)
            for name, each in (("base", base), ("house", house))
            if isinstance(each, Duration)
        }
        return STARTED_AT.fill(
            start=f"{start:%Y-%m-%d %H:%M}",
            **{
                name: f"{end:%Y-%m-%d %H:%M}" if isinstance(end, datetime) else end.reason
                for name, end in ends.items()
            },
        )


def compare_parameters(base: Pack, house: Pack) -> Iterator[Deviation]:
    """Yield the deviations of the parameters of a house."""
    counting = Counting.of(house)
    for name, law in base.parameters.items():
        own = house.parameters.get(name)
        if own is law:
            continue
        if own is None:
            values = law.values[-1:]
            cites = tuple(clause for each in values for clause in each.cites)
            yield Deviation(
                (part_of(name),), Direction.LAXER, GONE.fill(name=name), cites=cites,
                is_law=law.kind is ParameterKind.LAW,
            )  # fmt: skip
        elif describe_meaning(own) != describe_meaning(law):
            yield from compare_parameter(law, own, counting)


def part_of(name: str, value: ParameterValue | None = None) -> Part:
    """Return a parameter, or one of its values, as a part of a pack."""
    if value is None or value.since is None:
        return Part(f"parameters.{name}", PARAMETER, name)
    return Part(f"parameters.{name}", VALUE, f"{name}.{value.since.isoformat()}")


def compare_parameter(law: Parameter, own: Parameter, counting: Counting) -> Iterator[Deviation]:
    """Yield the deviations of one parameter: of each period with the same values, once."""
    is_law = law.kind is ParameterKind.LAW
    if own.stricter is not law.stricter:
        wording = OTHER_ORDER.fill(name=law.name, house=own.stricter, base=law.stricter)
        yield Deviation((part_of(law.name),), Direction.INCOMPARABLE, wording, is_law=is_law)
    if is_law and own.kind is ParameterKind.SETTING:
        wording = NO_LONGER_LAW.fill(name=law.name)
        yield Deviation((part_of(law.name),), Direction.LAXER, wording, cites=law.values[-1].cites)
    before: Deviation | None = None
    for day in iter_days(law, own):
        found = compare_on(law, own, day, counting)
        # The same difference under another text of the law is not told again.
        same = None if found is None else (found.parts, found.direction)
        if found is not None and (before is None or same != (before.parts, before.direction)):
            yield replace(found, is_law=is_law)
        before = found


def iter_days(*parameters: Parameter) -> Iterator[date]:
    """Yield a day of each period between changes, the first of them."""
    periods = [value.in_force for each in parameters for value in each.values]
    days = sorted({day for each in periods for day in (each.since, each.until) if day is not None})
    if not days or days[0] == date.min:
        yield ANY_DAY if not days else date.min
    else:
        yield days[0] - ONE_DAY
    yield from days


def compare_on(law: Parameter, own: Parameter, day: date, counting: Counting) -> Deviation | None:
    """Return the deviation on a day, or `None` where the figures are the same."""
    base, house = law.find_on(day), own.find_on(day)
    if base is house or (
        base is not None
        and house is not None
        and (law.measure, base.value) == (own.measure, house.value)
    ):
        return None
    part = part_of(own.name, house)
    said = [NONE_IN_FORCE if each is None else each.wording for each in (base, house)]
    wording = OTHER_VALUE.fill(name=law.name, base=said[0], house=said[1], day=day)
    if base is None or house is None:
        direction = Direction.TIGHTER if base is None else Direction.LAXER
        if law.stricter is Stricter.NONE and base is None:
            direction = Direction.NEUTRAL
        return Deviation((part,), direction, wording, cites=() if base is None else base.cites)
    direction, evidence = compare_values(law, own, base, house, counting)
    return Deviation((part,), direction, wording, evidence, base.cites)


def compare_values(
    law: Parameter,
    own: Parameter,
    base: ParameterValue,
    house: ParameterValue,
    counting: Counting,
) -> tuple[Direction, Wording | None]:
    """Return how two different values stand to one another, with the evidence that needs words."""
    if law.stricter is Stricter.NONE:
        is_law = law.kind is ParameterKind.LAW
        return Direction.INCOMPARABLE if is_law else Direction.NEUTRAL, None
    one, other = base.value, house.value
    if law.stricter is Stricter.HIGHER:
        one, other = other, one
    # From here on, the lower is stricter: what is higher in `other` is laxer.
    evidence: Wording | None = None
    if isinstance(one, Duration) and isinstance(other, Duration):
        order, start = (
            (other.amount - one.amount, None)
            if one.unit is other.unit
            else find_later_end(one, other, counting)
        )
        if order is None:
            return Direction.UNDECIDED, UNKNOWN_END
        if start is not None:
            evidence = counting.show_ends(start, base.value, house.value)
        if order == 0:
            return Direction.NEUTRAL, None
        return (Direction.LAXER, evidence) if order > 0 else (Direction.TIGHTER, None)
    if law.measure is not own.measure or isinstance(one, str) or isinstance(other, str):
        return Direction.INCOMPARABLE, None
    if isinstance(one, Duration) or isinstance(other, Duration):
        return Direction.INCOMPARABLE, None
    return Direction.LAXER if other > one else Direction.TIGHTER, None


def find_later_end(
    one: Duration, other: Duration, counting: Counting
) -> tuple[int | None, datetime | None]:
    """Return whether a limit ever ends later than one in another unit.

    Both are started on each day of the calendar, at several times of day.

    Returns:
        1 and a start for which `other` ends later; -1 if it never does and once ends earlier; 0
        if both always end together; `None` without a calendar.
    """
    if counting.calendar is None or not counting.calendar.years:
        return None, None
    order = 0
    first = date(min(counting.calendar.years), 1, 1)
    last = date(max(counting.calendar.years), 12, 31)
    for number in range((last - first).days + 1):
        for at in HOURS_TRIED:
            start = datetime.combine(first + timedelta(number), at, counting.zone)
            end, later = counting.end_of(start, one), counting.end_of(start, other)
            if isinstance(end, Undetermined) or isinstance(later, Undetermined):
                continue
            if later > end:
                return 1, start
            order = min(order, -1 if later < end else 0)
    return order, None
