"""The state of a case: everything that changes as it goes on, as one immutable value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from telecom_rules.expressions import Context
from telecom_rules.vocabulary import Record
from telecom_rules.workflows.engine.clocks import find_next_firing, measure_clocks
from telecom_rules.workflows.engine.transition_sets import NO_MEMORY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from telecom_rules.workflows.engine.clocks import Breach, Due, Run
    from telecom_rules.workflows.engine.configuration import Configuration
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.engine.transition_sets import Memory


new_tuple = tuple.__new__  # half the cost of calling the class of a named tuple
NO_FACTS = Record()
"""An empty record: a case without facts, or a payload without fields."""
UNREAD: Mapping[str, Any] = NO_FACTS
"""Placeholder for a root, such as `clocks`, that no expression of the workflow reads."""


class PendingCall(NamedTuple):
    """A case of another workflow that a case waits for.

    Attributes:
        state: the state that waits.
        entry: the number of the journal entry in which it was called.
        at: when it was called.
        facts: what it begins with.
    """

    state: str
    entry: int
    at: datetime
    facts: Record


class CaseState(NamedTuple):
    """Immutable state of a case. A tuple for speed: one is created per event.

    Attributes:
        configuration: the states that are active.
        record: the facts that are known.
        runs: the last run of every clock that was ever started, in the order of their first start.
        breaches: the time limits that were not kept, oldest first.
        warnings: the warnings that were given, oldest first.
        sequence: how many entries its journal has.
        at: when it last changed.
        quiet_until: the last instant before the next clock fires.
        memory: what the history states remember.
        calls: the cases of other workflows that it waits for, in the order of the calls.
    """

    configuration: Configuration
    record: Record
    runs: tuple[Run, ...]
    breaches: tuple[Breach, ...]
    warnings: tuple[Due, ...]
    sequence: int
    at: datetime
    quiet_until: datetime
    memory: Memory = NO_MEMORY
    calls: tuple[PendingCall, ...] = ()

    @property
    def next_due(self) -> datetime | None:
        """The first instant at which a clock fires, or `None`."""
        return find_next_firing(self.runs)


class ReturnedCase(NamedTuple):
    """A called case, returned to its caller.

    Attributes:
        machine: the machine it ran in.
        id: the host's name for it.
        case_state: its state.
    """

    machine: Machine
    id: str
    case_state: CaseState


def build_context(
    machine: Machine,
    case_state: CaseState,
    record: Record,
    payload: Mapping[str, Any],
    at: datetime,
    event_name: str | None = None,
    reads: frozenset[str] | None = None,
) -> Context:
    """Return the activation of expressions of a workflow: all values but the facts.

    Roots that are not read stay empty, because computing them takes time.

    Args:
        machine: the linked workflow.
        case_state: the state of the case.
        record: the facts.
        payload: the payload of the event.
        at: its instant.
        event_name: its name.
        reads: the roots that the expressions read; by default those that any in the workflow does.
    """
    reads = machine.reads if reads is None else reads
    today = at.date()
    # By position, in the order of `Context`: this runs for most events.
    return new_tuple(
        Context,
        (
            payload,
            machine.parameters_on(today) if "parameters" in reads else UNREAD,
            machine.policy_outputs(record, today) if "policies" in reads else UNREAD,
            measure_clocks(machine.chart.clocks, case_state.runs, at)
            if "clocks" in reads
            else UNREAD,
            today,
            at,
            case_state.configuration.names,
            event_name,
        ),
    )
