"""Where a case stands: everything that changes as it goes on, as one value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from telecom_rules.expressions import Context
from telecom_rules.vocabulary import Record
from telecom_rules.workflows.engine.clocks import find_next_firing, measure_clocks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from telecom_rules.workflows.engine.clocks import Breach, Due, Run
    from telecom_rules.workflows.engine.configuration import Configuration
    from telecom_rules.workflows.engine.transition_sets import Memory
    from telecom_rules.workflows.workflow import Workflow


EMPTY_MAPPING: Mapping[str, Any] = Record()
NO_MEMORY: Memory = {}


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
    """Where a case stands. A tuple, because every event makes one.

    Attributes:
        configuration: the states that are active.
        record: the facts that are known.
        runs: the last run of every clock that was ever started, in the order of their first start.
        breaches: the time limits that were not kept, oldest first.
        warnings: the warnings that were given, oldest first.
        sequence: how many entries its journal has.
        at: when it last changed.
        quiet_until: the last instant up to which no clock does anything by itself.
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
        """The first instant at which a clock does something by itself, or `None`."""
        return find_next_firing(self.runs)


def build_context(
    workflow: Workflow,
    standing: CaseState,
    record: Record,
    payload: Mapping[str, Any],
    at: datetime,
) -> Context:
    """Return what the expressions of `workflow` may read besides the facts `record`.

    Roots that no expression of the workflow names are left empty, because most workflows name few.
    """
    reads = workflow.reads
    today = at.date()
    return Context(
        payload,
        workflow.parameters_on(today) if "parameters" in reads else EMPTY_MAPPING,
        workflow.policy_outputs(record, today) if "policies" in reads else EMPTY_MAPPING,
        measure_clocks(workflow.chart.clocks, standing.runs, at)
        if "clocks" in reads
        else EMPTY_MAPPING,
        today,
        at,
        standing.configuration.names,
    )
