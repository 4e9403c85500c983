"""Reads a snapshot of a store that nobody else writes: its seal is enough.

`snapshot` asks of each part whether the engine could have made it, because anybody can compute a
seal. Here a snapshot that was made by these very rules is only put together. Whatever is unusual
about it goes the long way, which also finds the words for what is wrong.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from telecom_rules.errors import TelecomRulesError
from telecom_rules.vocabulary import Pause
from telecom_rules.workflows.engine.case_state import CaseState
from telecom_rules.workflows.engine.clocks import (
    DueKind,
    build_breach,
    build_due,
    find_quiet_end,
    run_clock,
)
from telecom_rules.workflows.journal.clocks import find_promise_of_mark, read_agreed
from telecom_rules.workflows.journal.snapshot import FORMAT, check_seal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timezone

    from telecom_rules.workflows.chart import Clock
    from telecom_rules.workflows.engine.clocks import Run
    from telecom_rules.workflows.engine.limits import Promise
    from telecom_rules.workflows.engine.machine import Machine


def restore_trusted(
    machine: Machine, data: Mapping[str, Any]
) -> tuple[str, CaseState, str | None] | None:
    """Return the id, the state and the head of a case, or `None`: it has to go the long way.

    Raises:
        SnapshotError: the seal does not match.
    """
    check_seal(data)
    origin = data.get("format"), data.get("workflow"), data.get("digest")
    if origin != (FORMAT, machine.name, machine.digest) or data.get("calls"):
        return None
    try:
        return data["id"], build_case_state(machine, data), data["head"]
    except (KeyError, TypeError, ValueError, AttributeError, TelecomRulesError):
        return None


def build_case_state(machine: Machine, data: Mapping[str, Any]) -> CaseState:
    """Return the state of the case in a snapshot."""
    zone, clocks = machine.zone, machine.chart.clocks
    runs = tuple([build_run(machine, each) for each in data["clocks"]])
    at = read_instant(data["at"], zone)
    marks = {
        key: [read_trusted_mark(clocks, each, zone) for each in data[key]]
        for key in ("breaches", "warnings")
    }
    return CaseState(
        configuration=machine.configurations.of(frozenset(data["states"])),
        record=machine.facts.read_values(data["facts"]),
        runs=runs,
        breaches=tuple([build_breach(*each) for each in marks["breaches"]]),
        warnings=tuple(
            [
                build_due(clock, DueKind.WARN, when, when, promise)
                for clock, when, promise in marks["warnings"]
            ]
        ),
        sequence=data["sequence"],
        at=at,
        quiet_until=find_quiet_end(runs, at),
        memory={name: tuple(states) for name, states in data["history"].items()},
    )


def read_trusted_mark(
    clocks: Mapping[str, Clock], data: Mapping[str, Any], zone: timezone
) -> tuple[Clock, datetime, Promise | None]:
    """Return a breach or a warning: its clock, its instant and the promise it is of."""
    clock, at, day = clocks[data["clock"]], read_instant(data["at"], zone), data.get("day")
    promise = None if day is None else find_promise_of_mark(clock, date.fromisoformat(day))
    return clock, at, promise


def build_run(machine: Machine, data: Mapping[str, Any]) -> Run:
    """Return one run of a clock; its deadline follows from the rest."""
    zone, clock = machine.zone, machine.chart.clocks[data["clock"]]
    started = read_instant(data["started"], zone)
    bounds = [read_instant(at, zone) for at in data["pauses"]]
    follows = tuple([read_instant(at, zone) for at in data.get("follows", ())])
    pauses = tuple(map(Pause, bounds[::2], bounds[1::2]))
    run = run_clock(clock, started, zone, pauses, follows, read_agreed(clock, data))
    ended, paused = data["ended"], data["paused"]
    return run._replace(
        warned=data["warned"],
        ended=None if ended is None else read_instant(ended, zone),
        expired=data["expired"],
        paused=None if paused is None else read_instant(paused, zone),
    )


def read_instant(text: str, zone: timezone) -> datetime:
    """Return an instant in the zone of the pack."""
    return datetime.fromisoformat(text).astimezone(zone)
