"""Time limits as the law writes them: days, working days, months, hours or minutes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from telecom_rules.documents import Scalar
    from telecom_rules.findings import Findings
    from telecom_rules.vocabulary.time.calendars import Calendar


class Unit(StrEnum):
    """The unit of a time limit."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    HOURS = "hours"
    MINUTES = "minutes"
    MONTHS = "months"

    @property
    def max_amount(self) -> int:
        """The longest limit in this unit: a century."""
        return MAX_AMOUNTS[self]

    @property
    def words(self) -> str:
        """The unit as it is written behind a number: `working days`."""
        return "days" if self is Unit.CALENDAR_DAYS else self.value.replace("_", " ")


MAX_AMOUNTS = {
    Unit.CALENDAR_DAYS: 36_500,
    Unit.WORKING_DAYS: 36_500,
    Unit.HOURS: 36_500 * 24,
    Unit.MINUTES: 36_500 * 24 * 60,
    Unit.MONTHS: 1_200,
}
UNIT_NAMES = {
    Unit.CALENDAR_DAYS: Wording("日", "day"),
    Unit.WORKING_DAYS: Wording("个工作日", "working day"),
    Unit.HOURS: Wording("小时", "hour"),
    Unit.MINUTES: Wording("分钟", "minute"),
    Unit.MONTHS: Wording("个月", "month"),
}
UNIT_WORDS = {
    "day": Unit.CALENDAR_DAYS,
    "calendar day": Unit.CALENDAR_DAYS,
    "working day": Unit.WORKING_DAYS,
    "hour": Unit.HOURS,
    "minute": Unit.MINUTES,
    "month": Unit.MONTHS,
}
OTHER_WORDS = {
    **dict.fromkeys(("天", "日", "自然日", "个自然日"), Unit.CALENDAR_DAYS),
    **dict.fromkeys(("工作日", "个工作日"), Unit.WORKING_DAYS),
    **dict.fromkeys(("小时", "个小时", "时"), Unit.HOURS),
    **dict.fromkeys(("分钟", "分"), Unit.MINUTES),
    **dict.fromkeys(("月", "个月"), Unit.MONTHS),
}
"""What people write for a unit in Chinese."""
LOOSE_PATTERN = re.compile(r"([0-9]{1,18})\s*([^\W\d]+(?: [^\W\d]+)?)")
"""A limit as people write it, such as `15天` and `5working days`."""
DURATION_PATTERN = re.compile(r"([0-9]{1,18}) ((?:calendar |working )?day|hour|minute|month)s?")


@dataclass(frozen=True, slots=True)
class Duration:
    """A time limit: an amount of a unit.

    >>> Duration.parse("15 days")
    Duration(amount=15, unit=<Unit.CALENDAR_DAYS: 'calendar_days'>)

    Attributes:
        amount: the number of units, at least 1 and at most a century.
        unit: the unit.
        calendar: the working days it is counted by, where a pack says so; two limits of the same
            amount and unit are equal whatever it is.

    Raises:
        ValueError: the amount is out of these bounds.
    """

    amount: int
    unit: Unit
    calendar: Calendar | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= self.unit.max_amount:
            raise ValueError(f"{self.amount} {self.unit} is not within 1 .. {self.unit.max_amount}")

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Return the limit written as `text`: `15 days`, `5 working days`, `48 hours`, `2 months`.

        `days` are calendar days.

        Raises:
            ValueError: `text` has another form, or the amount is out of bounds.
        """
        match = DURATION_PATTERN.fullmatch(text)
        if match is None:
            raise ValueError(f"{text[:40]!r} is not a duration such as '15 days'")
        return cls(int(match[1]), UNIT_WORDS[match[2]])

    @property
    def wording(self) -> Wording:
        """The limit for people: `15 日`, `15 days`."""
        name = UNIT_NAMES[self.unit]
        plural = "" if self.amount == 1 else "s"
        return Wording(f"{self.amount} {name.zh}", f"{self.amount} {name.en}{plural}")

    def __str__(self) -> str:
        return self.wording.en


def read_duration(scalar: Scalar, findings: Findings) -> Duration | None:
    """Return the limit written in a file, or `None` after reporting TR110 or TR111."""
    match = DURATION_PATTERN.fullmatch(scalar.text)
    if match is None:
        meant = guess_duration(scalar.text)
        findings.add("TR110", scalar.span, text=scalar.text[:40], suggestion=meant)
        return None
    return build_duration(int(match[1]), UNIT_WORDS[match[2]], scalar, findings)


def guess_duration(text: str) -> str | None:
    """Return the limit that a text means, such as `15 days` for `15天`, or `None`."""
    match = LOOSE_PATTERN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    word = match[2].lower().removesuffix("s")
    unit = OTHER_WORDS.get(match[2]) or UNIT_WORDS.get(word)
    return None if unit is None else f"{int(match[1])} {unit.words}"


def build_duration(amount: int, unit: Unit, scalar: Scalar, findings: Findings) -> Duration | None:
    """Return the limit of `amount` units, or `None` after reporting TR111."""
    if 1 <= amount <= unit.max_amount:
        return Duration(amount, unit)
    findings.add("TR111", scalar.span, text=scalar.text, bounds=f"1 .. {unit.max_amount}")
    return None
