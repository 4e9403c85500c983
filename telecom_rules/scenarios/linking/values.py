"""Reads values by the types of their fields, and moments."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from telecom_rules.documents import Word
from telecom_rules.documents.scalars import DATE_PATTERN
from telecom_rules.findings.kinds import CLOCK
from telecom_rules.scenarios.scenario import (
    AfterDuration,
    AtClock,
    AtInstant,
    ClockMoment,
    Expected,
)
from telecom_rules.suggestions import find_nearest
from telecom_rules.vocabulary import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    Field,
    ListType,
    Unfit,
    read_duration,
    read_value,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timezone

    from telecom_rules.documents import Scalar
    from telecom_rules.findings import Findings, Span
    from telecom_rules.scenarios.definition import Written
    from telecom_rules.scenarios.scenario import Deadline, Moment
    from telecom_rules.vocabulary import Type, Value


DATE_TIME_PATTERN = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(Z|[-+][0-9]{2}:[0-9]{2})?"
)
WHOLE_NUMBER_PATTERN = re.compile(r"[-+]?[0-9]{1,20}")
DURATION_START_PATTERN = re.compile(r"[0-9]+ ")
CLOCK_MOMENT_PATTERN = re.compile(r"clocks\.(\w+)\.(\w+)")
MOMENT_WORD = Wording("时限的时点", "moment of a clock")
DEADLINE_WORDS = ("none", "paused", "undetermined")
CLOCK_PREFIX = "clocks."


def link_value(
    field: Field, written: Written, span: Span, zone: timezone, findings: Findings
) -> Value:
    """Return the value written for a field; `None` after reporting TR722."""
    try:
        return read_value(field, convert_written(field.type, written, zone))
    except Unfit as problem:
        text = written.text if not isinstance(written, tuple) else ""
        meant = find_nearest(text, problem.allowed)
        findings.add("TR722", span, why=problem.wording, suggestion=meant)
        return None


def read_loosely(field: Field | None, written: Written, zone: timezone) -> object:
    """Return the value as a host would send it, valid or not."""
    if field is not None:
        return convert_written(field.type, written, zone)
    return [each.text for each in written] if isinstance(written, tuple) else written.text


def convert_written(type: Type, written: Written, zone: timezone) -> object:
    """Return a written value in the form that the reader of its type takes."""
    if isinstance(written, tuple):
        item = type.item if isinstance(type, ListType) else type
        return [convert_written(item, each, zone) for each in written]
    if isinstance(type, ListType):
        return [convert_written(type.item, written, zone)]
    text = written.text
    if type is BOOLEAN and not written.quoted and text in {"true", "false"}:
        return text == "true"
    if type is INTEGER and not written.quoted and WHOLE_NUMBER_PATTERN.fullmatch(text):
        return int(text)
    if type is INSTANT:
        return add_offset(text, zone)
    return text


def add_offset(text: str, zone: timezone) -> str:
    """Return an instant, with the offset of the pack if it has none."""
    match = DATE_TIME_PATTERN.fullmatch(text)
    if match is None or match[3] is not None:
        return text
    return text + datetime(2000, 1, 1, tzinfo=zone).isoformat()[19:]


def link_instant(written: Scalar, zone: timezone, findings: Findings) -> datetime | None:
    """Return an instant such as `2026-03-02 09:00`, by default in the pack's zone."""
    match = DATE_TIME_PATTERN.fullmatch(written.text)
    try:
        if match is not None:
            read = datetime.fromisoformat(add_offset(written.text, zone)).astimezone(zone)
            return datetime.combine(read.date(), read.time(), zone)
    except (ValueError, OverflowError):
        pass  # no such day or hour, or beyond the years of `datetime`: reported below
    findings.add("TR723", written.span, text=written.text[:40])
    return None


def link_moment(
    written: Scalar, clocks: Iterable[str], zone: timezone, findings: Findings
) -> Expected[Moment] | None:
    """Return a moment: a duration, an instant, or a moment of one of `clocks`."""
    moment: Moment | None = None
    if DATE_TIME_PATTERN.fullmatch(written.text):
        at = link_instant(written, zone, findings)
        moment = AtInstant(at) if at is not None else None
    elif written.text.startswith(CLOCK_PREFIX):
        moment = link_clock_moment(written, tuple(clocks), findings)
    elif DURATION_START_PATTERN.match(written.text):
        duration = read_duration(written, findings)
        moment = AfterDuration(duration) if duration is not None else None
    else:
        findings.add("TR723", written.span, text=written.text[:40])
    return None if moment is None else Expected(moment, written.span)


def link_clock_moment(
    written: Scalar, clocks: tuple[str, ...], findings: Findings
) -> AtClock | None:
    """Return `clocks.name.deadline`, `.warning` or `.expiry`."""
    match = CLOCK_MOMENT_PATTERN.fullmatch(written.text)
    if match is None:
        findings.add("TR723", written.span, text=written.text[:40])
        return None
    kinds = tuple(map(str, ClockMoment))
    for word, known, kind in ((match[1], clocks, CLOCK), (match[2], kinds, MOMENT_WORD)):
        if word not in known:
            findings.unknown(Word(word, written.span), kind, known)
            return None
    return AtClock(match[1], ClockMoment(match[2]))


def link_deadline(written: Scalar, zone: timezone, findings: Findings) -> Expected[Deadline] | None:
    """Return an expected deadline: a day, an instant, or one of `DEADLINE_WORDS`."""
    if written.text in DEADLINE_WORDS:
        return Expected(written.text, written.span)  # type: ignore[arg-type]  # one of the three
    if DATE_PATTERN.fullmatch(written.text):
        try:
            return Expected(date.fromisoformat(written.text), written.span)
        except ValueError:
            findings.add("TR108", written.span, text=written.text)
            return None
    at = link_instant(written, zone, findings)
    return None if at is None else Expected(at, written.span)
