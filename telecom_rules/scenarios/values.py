"""What is written in a scenario as values and moments: typed by what they are given for."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.scenarios.scenario import AtClock, AtInstant, ClockMoment, Later, Wanted
from telecom_rules.spelling import nearest
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

    from telecom_rules.documents import Scalar, Word
    from telecom_rules.findings import Span
    from telecom_rules.scenarios.definition import Written
    from telecom_rules.scenarios.scenario import Deadline, Moment
    from telecom_rules.vocabulary import Type, Value

__all__ = ["deadline", "instant", "loosely", "moment", "unknown", "value"]

MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(Z|[-+][0-9]{2}:[0-9]{2})?"
)
WHOLE = re.compile(r"[-+]?[0-9]{1,20}")
COUNTED = re.compile(r"[0-9]+ ")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK = re.compile(r"clocks\.(\w+)\.(\w+)")
CLOCK_WORD = Wording("时限", "clock")
MOMENT_WORD = Wording("时限的时刻", "moment of a clock")
STANDINGS = ("none", "paused", "undetermined")
OF_A_CLOCK = "clocks."


def value(
    field: Field, written: Written, span: Span, zone: timezone, found: list[Finding]
) -> Value:
    """Return what is written at `span` for a field; `None` after appending TR722."""
    try:
        return read_value(field, typed(field.type, written, zone))
    except Unfit as problem:
        text = written.text if not isinstance(written, tuple) else ""
        meant = nearest(text, problem.allowed)
        found.append(Finding("TR722", span, {"why": problem.wording}, meant))
        return None


def loosely(field: Field | None, written: Written, zone: timezone) -> object:
    """Return what is written, fitting or not, as a host would send it by mistake."""
    if field is not None:
        return typed(field.type, written, zone)
    return [each.text for each in written] if isinstance(written, tuple) else written.text


def typed(type: Type, written: Written, zone: timezone) -> object:
    """Return what is written in the form in which a value of that type is read."""
    if isinstance(written, tuple):
        item = type.item if isinstance(type, ListType) else type
        return [typed(item, each, zone) for each in written]
    if isinstance(type, ListType):
        return [typed(type.item, written, zone)]
    text = written.text
    if type is BOOLEAN and not written.quoted and text in {"true", "false"}:
        return text == "true"
    if type is INTEGER and not written.quoted and WHOLE.fullmatch(text):
        return int(text)
    if type is INSTANT:
        return zoned(text, zone)
    return text


def zoned(text: str, zone: timezone) -> str:
    """Return an instant with the offset of the pack where it has none of its own."""
    match = MOMENT.fullmatch(text)
    if match is None or match[3] is not None:
        return text
    return text + datetime(2000, 1, 1, tzinfo=zone).isoformat()[19:]


def instant(written: Scalar, zone: timezone, found: list[Finding]) -> datetime | None:
    """Return an instant such as `2026-03-02 09:00`, in the pack's zone where it names none."""
    match = MOMENT.fullmatch(written.text)
    try:
        if match is not None:
            read = datetime.fromisoformat(zoned(written.text, zone)).astimezone(zone)
            return datetime.combine(read.date(), read.time(), zone)
    except (ValueError, OverflowError):
        pass  # a day or an hour that no calendar or clock has
    found.append(Finding("TR723", written.span, {"text": written.text[:40]}))
    return None


def moment(
    written: Scalar, clocks: Iterable[str], zone: timezone, found: list[Finding]
) -> Wanted[Moment] | None:
    """Return what is written as a duration, an instant, or a moment of one of `clocks`."""
    what: Moment | None = None
    if MOMENT.fullmatch(written.text):
        at = instant(written, zone, found)
        what = AtInstant(at) if at is not None else None
    elif written.text.startswith(OF_A_CLOCK):
        what = of_clock(written, tuple(clocks), found)
    elif COUNTED.match(written.text):
        duration = read_duration(written, found)
        what = Later(duration) if duration is not None else None
    else:
        found.append(Finding("TR723", written.span, {"text": written.text[:40]}))
    return None if what is None else Wanted(what, written.span)


def of_clock(written: Scalar, clocks: tuple[str, ...], found: list[Finding]) -> AtClock | None:
    """Return `clocks.name.deadline`, `.warning` or `.expiry`."""
    match = CLOCK.fullmatch(written.text)
    if match is None:
        found.append(Finding("TR723", written.span, {"text": written.text[:40]}))
        return None
    kinds = tuple(map(str, ClockMoment))
    for word, known, kind in ((match[1], clocks, CLOCK_WORD), (match[2], kinds, MOMENT_WORD)):
        if word not in known:
            values = {"kind": kind, "name": word[:60], "known": ", ".join(known)}
            found.append(Finding("TR113", written.span, values, nearest(word, known)))
            return None
    return AtClock(match[1], ClockMoment(match[2]))


def deadline(written: Scalar, zone: timezone, found: list[Finding]) -> Wanted[Deadline] | None:
    """Return when a clock must be due: a day, an instant, or one of the words for not at all."""
    if written.text in STANDINGS:
        return Wanted(written.text, written.span)  # type: ignore[arg-type]  # one of the three
    if DAY.fullmatch(written.text):
        try:
            return Wanted(date.fromisoformat(written.text), written.span)
        except ValueError:
            found.append(Finding("TR108", written.span, {"text": written.text}))
            return None
    at = instant(written, zone, found)
    return None if at is None else Wanted(at, written.span)


def unknown(word: Word, kind: Wording, known: Iterable[str], found: list[Finding]) -> None:
    """Append TR113 for a name that nothing of its kind has."""
    names = list(known)
    values = {"name": word[:60], "kind": kind, "known": ", ".join(names)}
    found.append(Finding("TR113", word.span, values, nearest(word, names)))
