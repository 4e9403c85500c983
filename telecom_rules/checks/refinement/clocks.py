"""The time limits of a workflow in two packs, compared.

A limit of the base may not become longer, begin at fewer events, stop at more, pause in more
states, or lose what follows on its expiry. Of a limit for which longer is stricter, such as a time
in which the customer may answer, all of this is the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from telecom_rules.checks.deviations.deviation import Deviation, Direction, Part
from telecom_rules.checks.deviations.figures import Counting, find_later_end, iter_days
from telecom_rules.findings.kinds import CALENDAR, CLOCK
from telecom_rules.vocabulary import Duration, Parameter
from telecom_rules.vocabulary.parameters import ParameterKind, Stricter
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import AgreedLimit, Reentry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, time

    from telecom_rules.workflows.chart import Clock


NOTHING = Wording("（无）", "(none)")
GONE = Wording("时限 `{clock}` 被取消", "the clock `{clock}` is gone")
OTHER = Wording(
    "时限 `{clock}` 的 `{key}` 为 {house}；基础规则包：{base}",
    "`{key}` of the clock `{clock}` is {house}; by the base {base}",
)
LONGER = Wording(
    "时限 `{clock}` 为 {house}；基础规则包：{base}（自 {day} 起）",
    "the clock `{clock}` runs for {house}; by the base for {base} (from {day})",
)
END_OF_DAY: Final = "24:00"
WORST_FIRST: Final = (
    Direction.LAXER,
    Direction.INCOMPARABLE,
    Direction.UNDECIDED,
    Direction.TIGHTER,
    Direction.NEUTRAL,
)
REVERSED: Final = {Direction.LAXER: Direction.TIGHTER, Direction.TIGHTER: Direction.LAXER}


@dataclass(frozen=True, slots=True)
class ClockComparison:
    """One clock in two packs.

    Attributes:
        workflow: the name of the workflow.
        law: the clock of the base.
        own: the clock of the house.
        counting: how limits are counted.
        is_read: whether a condition of the base reads the clock.
    """

    workflow: str
    law: Clock
    own: Clock
    counting: Counting
    is_read: bool

    @property
    def part(self) -> Part:
        """The clock as a part of a pack."""
        return clock_part(self.workflow, self.law.name)

    def find_deviations(self) -> Iterator[Deviation]:
        """Yield the deviations of the clock."""
        law, own = self.law, self.own
        for key, base, house, more in (
            ("from", law.starts, own.starts, self.when_begun_at_more),
            ("until", law.stops, own.stops, Direction.LAXER),
            ("pause_in", law.pauses, own.pauses, Direction.LAXER),
        ):
            found: set[Direction] = set()
            if house - base:
                found.add(more if key == "from" else self.orient(more))
            if base - house:
                found.add(Direction.LAXER if key == "from" else self.orient(REVERSED[more]))
            if found:
                yield self.build(key, base, house, min(found, key=WORST_FIRST.index))
        yield from self.compare_limit()
        if law.on_expiry != own.on_expiry:
            had_one = law.on_expiry is not None
            direction = Direction.LAXER if had_one else Direction.TIGHTER
            yield self.build("on_expiry", law.on_expiry, own.on_expiry, direction)
        if law.warn_at != own.warn_at:
            later = law.warn_at is not None and (own.warn_at or 100) > law.warn_at
            direction = Direction.LAXER if later else Direction.TIGHTER
            before, after = show_share(law.warn_at), show_share(own.warn_at)
            yield self.build("warn_at", before, after, direction)
        if law.close != own.close:
            later = own.close is None or (law.close is not None and own.close > law.close)
            direction = Direction.LAXER if later else Direction.TIGHTER
            before, after = show_close(law.close), show_close(own.close)
            found_at = self.build("ends", before, after, self.orient(direction))
            yield replace(found_at, parts=(*self.find_calendar(), *found_at.parts))
        for key in ("on_reentry", "figures"):
            base, house = getattr(law, key), getattr(own, key)
            if base is not house:
                yield self.build(key, base, house, Direction.INCOMPARABLE)

    def find_calendar(self) -> tuple[Part, ...]:
        """Return the calendar, where it and not the clock says otherwise when business closes."""
        calendar = self.counting.calendar
        if calendar is None or self.law.close is None or self.own.close is None:
            return ()
        return (Part(f"calendars.{calendar.name}", CALENDAR, calendar.name),)

    @property
    def stricter(self) -> Stricter:
        """Which limit is stricter: what its parameter says, otherwise the shorter."""
        limit = self.law.limit
        return limit.stricter if isinstance(limit, Parameter) else Stricter.LOWER

    @property
    def when_begun_at_more(self) -> Direction:
        """What it means that the clock begins at more: that it begins earlier, or once more.

        A time of which longer is stricter is then over earlier. A clock that begins once more after
        it expired is no longer expired, and a condition that asks for that does not hold any more.
        """
        if self.stricter is Stricter.HIGHER:
            return Direction.LAXER
        if self.stricter is Stricter.NONE:
            return Direction.INCOMPARABLE
        begins_again = self.own.on_reentry is Reentry.RESTART
        return Direction.INCOMPARABLE if self.is_read and begins_again else Direction.TIGHTER

    def orient(self, direction: Direction) -> Direction:
        """Return the direction of what makes a clock longer, for one whose longer is stricter."""
        if self.stricter is Stricter.LOWER:
            return direction
        return REVERSED[direction] if self.stricter is Stricter.HIGHER else Direction.INCOMPARABLE

    def build(self, key: str, base: object, house: object, direction: Direction) -> Deviation:
        """Return a deviation of one key."""
        said = {"base": show(base), "house": show(house)}
        wording = OTHER.fill(clock=self.law.name, key=key, **said)
        return Deviation((self.part,), direction, wording, cites=self.law.cites)

    def compare_limit(self) -> Iterator[Deviation]:
        """Yield the deviations of the limit itself; a parameter is compared by itself."""
        law, own = self.law.limit, self.own.limit
        if isinstance(law, Parameter) and isinstance(own, Parameter) and law.name == own.name:
            return
        if str(self.law.written_limit) == str(self.own.written_limit):
            return
        if isinstance(law, AgreedLimit) or isinstance(own, AgreedLimit):
            written = self.law.written_limit, self.own.written_limit
            yield self.build("limit", *written, Direction.INCOMPARABLE)
            return
        is_law = not isinstance(law, Parameter) or law.kind is ParameterKind.LAW
        told: set[Direction] = set()
        for day in iter_change_days(law, own):
            base, house = limit_on(law, day), limit_on(own, day)
            if base is None or base == house:
                continue
            direction = Direction.LAXER if house is None else self.compare_lengths(base, house)
            if direction is not Direction.NEUTRAL and direction not in told:
                told.add(direction)
                said = {"base": show(base), "house": show(house), "day": day}
                wording = LONGER.fill(clock=self.law.name, **said)
                found = Deviation((self.part,), direction, wording, cites=self.law.cites)
                yield replace(found, is_law=is_law)

    def compare_lengths(self, base: Duration, house: Duration) -> Direction:
        """Return how two limits stand."""
        if self.stricter is Stricter.NONE:
            return Direction.INCOMPARABLE
        one, other = (house, base) if self.stricter is Stricter.HIGHER else (base, house)
        order: int | None = other.amount - one.amount
        if one.unit is not other.unit:
            order, _ = find_later_end(one, other, self.counting)
        if order is None:
            return Direction.UNDECIDED
        if order == 0:
            return Direction.NEUTRAL
        return Direction.LAXER if order > 0 else Direction.TIGHTER


def clock_part(workflow: str, clock: str) -> Part:
    """Return a clock as a part of a pack."""
    return Part(f"workflows.{workflow}", CLOCK, f"{workflow}.{clock}")


def iter_change_days(*limits: Duration | Parameter) -> Iterator[date]:
    """Yield a day of each period in which the limits are the same."""
    yield from iter_days(*(each for each in limits if isinstance(each, Parameter)))


def limit_on(limit: Duration | Parameter, day: date) -> Duration | None:
    """Return a limit as it is on a day, or `None` where no figure is in force."""
    if isinstance(limit, Duration):
        return limit
    value = limit.find_on(day)
    return value.value if value is not None and isinstance(value.value, Duration) else None


def show(value: object) -> object:
    """Return what a key says, for people."""
    if value is None or value == frozenset():
        return NOTHING
    if isinstance(value, frozenset):
        return ", ".join(f"`{each}`" for each in sorted(value))
    return value.wording if isinstance(value, Duration) else value


def show_share(share: int | None) -> str | None:
    """Return the share of a limit after which a warning is due, as files write it."""
    return None if share is None else f"{share}%"


def show_close(close: time | None) -> str:
    """Return when the last day of a limit ends."""
    return END_OF_DAY if close is None else f"{close:%H:%M}"
