"""A case: one running instance of a workflow, as an immutable value."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, final

from telecom_rules.workflows.chart import RETURN_EVENT
from telecom_rules.workflows.engine.clocks import list_dues
from telecom_rules.workflows.engine.fast_path import take_fast_path
from telecom_rules.workflows.engine.instants import normalize_instant
from telecom_rules.workflows.engine.macrostep import (
    MOST_FIRINGS,
    Macrostep,
    catch_up,
    react,
    take_back,
)
from telecom_rules.workflows.engine.subcases import (
    build_result,
    calls_of,
    find_call,
    find_return_hindrance,
    invocation_of,
)
from telecom_rules.workflows.journal import snapshot
from telecom_rules.workflows.options import list_options
from telecom_rules.workflows.outcome import Accepted, Refused, Ticked
from telecom_rules.workflows.refusals import events, subcases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.vocabulary import Json, Value
    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.clocks import Breach, Due, Run
    from telecom_rules.workflows.engine.subcases import Call
    from telecom_rules.workflows.outcome import Option, Outcome
    from telecom_rules.workflows.refusals.reason import Reason
    from telecom_rules.workflows.workflow import Workflow


@final
class Case:
    """One running instance of a workflow. It never changes: what happens to it gives a new one.

    It reads no clock and starts no timer. A host stores `dump()` with `next_due` in an indexed
    column, sends events with the time they happened, and calls `tick` when `next_due` has come.
    """

    # Written out, as in `Happened`: every event makes one, and a frozen dataclass takes thrice as
    # long to make.
    __slots__ = ("_case_state", "_id", "_workflow")

    def __init__(self, workflow: Workflow, id: str, standing: CaseState) -> None:
        self._workflow = workflow
        self._id = id
        self._case_state = standing

    @property
    def workflow(self) -> Workflow:
        """The workflow it runs in."""
        return self._workflow

    @property
    def id(self) -> str:
        """The host's name for it."""
        return self._id

    @property
    def case_state(self) -> CaseState:
        """Where it stands; the properties below read it."""
        return self._case_state

    @property
    def state(self) -> str:
        """The name of the innermost active state.

        Where several are active in parallel, all of them, joined by `+` in document order.
        """
        return self.case_state.configuration.name

    @property
    def states(self) -> tuple[str, ...]:
        """The names of every active state in document order, each before those inside it."""
        return self.case_state.configuration.states

    @property
    def final(self) -> bool:
        """Whether the case is over."""
        return self.case_state.configuration.final

    @property
    def facts(self) -> Mapping[str, Value]:
        """The facts that are known."""
        return MappingProxyType(self.case_state.record)

    @property
    def clocks(self) -> Mapping[str, Run]:
        """The last run of every clock that was ever started, by the clock's name."""
        return MappingProxyType({run.name: run for run in self.case_state.runs})

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Every time limit that was not kept, oldest first."""
        return self.case_state.breaches

    @property
    def warnings(self) -> tuple[Due, ...]:
        """Every warning that was given, oldest first."""
        return self.case_state.warnings

    @property
    def sequence(self) -> int:
        """How many entries the journal has: a version number for optimistic locks."""
        return self.case_state.sequence

    @property
    def at(self) -> datetime:
        """When the case last changed, in the pack's zone."""
        return self.case_state.at

    @property
    def calls(self) -> tuple[Call, ...]:
        """The cases of other workflows that it waits for, in the order of the calls."""
        return calls_of(self.workflow, self.id, self.case_state.calls)

    @property
    def due(self) -> tuple[Due, ...]:
        """What the clocks will do by themselves if nothing else happens, soonest first."""
        return list_dues(self.case_state.runs)

    @property
    def next_due(self) -> datetime | None:
        """The first instant at which `tick` has something to do, or `None`."""
        return self.case_state.next_due

    @property
    def tags(self) -> frozenset[str]:
        """The tags of every active state."""
        states = self.workflow.chart.states
        return frozenset(tag for name in self.states for tag in states[name].tags)

    def maps(self, vocabulary: str) -> str | None:
        """Return the name of the state in `vocabulary`, such as `tmf621`; the innermost counts.

        Of several in parallel, the first in document order that has a name there.
        """
        states = self.workflow.chart.states
        leaves = self.case_state.configuration.leaves
        names = (
            states[name].maps.get(vocabulary) for leaf in leaves for name in reversed(leaf.path)
        )
        return next((name for name in names if name is not None), None)

    def send(
        self,
        event: str,
        payload: Mapping[str, object] | None = None,
        *,
        at: datetime,
        by: str | None = None,
    ) -> Outcome:
        """Send an event, and return whether it was taken, with everything that follows.

        The clocks catch up with `at` first, so that the outcome is the same however often the
        host calls `tick`. A refused event changes nothing: not even what the clocks did is kept,
        the next `tick` or event does it again.

        Args:
            event: the event's name.
            payload: the data that comes with it.
            at: when it happened, with an offset from UTC, in the years 2 to 9998.
            by: the role that sends it, or `None` where no role is known.

        Returns:
            `Accepted` with the new case, or `Refused` with this one and the reasons.

        Raises:
            FactsError: `at` is no instant: not a datetime, without an offset, or out of range.
        """
        workflow, standing = self._workflow, self._case_state
        if type(at) is not datetime or at.tzinfo is not workflow.zone:
            at = normalize_instant(at, workflow.zone, workflow.name)
        if standing.at <= at <= standing.quiet_until:
            outcome = take_fast_path(self, event, payload, at, by)
            if outcome is not None:
                return outcome
        return self._send(event, payload, normalize_instant(at, workflow.zone, workflow.name), by)

    def _send(
        self, event: str, payload: Mapping[str, object] | None, at: datetime, by: str | None
    ) -> Outcome:
        """Send an event that has no shortcut."""
        workflow = self._workflow
        firings, standing, hindrance = self._reach(at)
        if hindrance is not None:
            return Refused(self, event, at, by, (hindrance,))
        step = react(workflow, standing, event, payload, at, by)
        if isinstance(step, Macrostep):
            return Accepted(Case(workflow, self._id, step.after), firings, step)
        return Refused(self, event, at, by, step)

    def returned(self, case: Case, *, at: datetime) -> Outcome:
        """Take back a case that this one has called and that has ended.

        That is an event like any other: the clocks catch up first, the `onDone` of the call is
        tried, and a refusal changes nothing, so that the case may be given back again later.

        Args:
            case: the called case, in a final state.
            at: when it is given back, not before it ended; with an offset from UTC.

        Returns:
            `Accepted` with the new case; or `Refused` with the reasons: this case does not wait for
            it, or no longer does, it has not ended, or no transition takes what it brings.

        Raises:
            FactsError: `at` is no instant: not a datetime, without an offset, or out of range.
        """
        workflow = self.workflow
        at = normalize_instant(at, workflow.zone, workflow.name)
        firings, standing, hindrance = self._reach(at)
        pending = find_call(self.id, standing, case)
        if pending is None:
            unknown = hindrance or subcases.refuse_not_awaited(case, self.calls)
            return Refused(self, RETURN_EVENT.name, at, None, (unknown,))
        event = invocation_of(workflow, pending.state).event
        hindrance = hindrance or find_return_hindrance(workflow, pending, case, at)
        if hindrance is not None:
            return Refused(self, event.name, at, None, (hindrance,))
        step = take_back(workflow, standing, pending, build_result(event, case), at)
        if isinstance(step, Macrostep):
            return Accepted(Case(workflow, self.id, step.after), firings, step=step)
        return Refused(self, event.name, at, None, step)

    def tick(self, at: datetime) -> Ticked:
        """Let the clocks do what is due at `at` or before, each at its own instant.

        Call it at `next_due` or later, as often as you like: what is recorded, and when, does not
        depend on it. At most 1,000 things are done in one call; `next_due` then still lies before
        `at`.

        Args:
            at: the instant up to which, with an offset from UTC, in the years 2 to 9998. Before
                the last change nothing is due.

        Returns:
            The new case with the journal entries and effects; this very case when nothing is due.

        Raises:
            FactsError: `at` is no instant: not a datetime, without an offset, or out of range.
        """
        at = normalize_instant(at, self.workflow.zone, self.workflow.name)
        firings = catch_up(self.workflow, self.case_state, at)
        if not firings:
            return Ticked(self)
        return Ticked(Case(self.workflow, self.id, firings[-1].after), firings)

    def allowed(self, by: str | None = None, at: datetime | None = None) -> tuple[Option, ...]:
        """Return every event the active states mention, with whether it may be sent, or why not.

        Args:
            by: the role that asks; `None` leaves roles out of account.
            at: the instant asked about; by default that of the last change.

        Raises:
            FactsError: `at` is no instant: not a datetime, without an offset, or out of range.
        """
        workflow = self.workflow
        at = self.at if at is None else normalize_instant(at, workflow.zone, workflow.name)
        _, standing, hindrance = self._reach(at)
        return list_options(workflow, standing, at, by, hindrance)

    def dump(self) -> dict[str, Json]:
        """Return the case as JSON that `Workflow.restore` reads back as an equal case."""
        return snapshot.dump(self)

    def _reach(self, at: datetime) -> tuple[tuple[Macrostep, ...], CaseState, Reason | None]:
        """Let the clocks catch up with `at`; return what stands against anything happening then."""
        standing = self.case_state
        if at < standing.at:
            return (), standing, events.refuse_time_backwards(at, standing.at)
        if at <= standing.quiet_until:
            return (), standing, None
        firings = catch_up(self.workflow, standing, at)
        standing = firings[-1].after
        if standing.quiet_until < at:
            return firings, standing, events.refuse_behind(self.at, MOST_FIRINGS)
        return firings, standing, None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Case):
            return NotImplemented
        return (self._id, self._workflow, self._case_state) == (
            other._id,
            other._workflow,
            other._case_state,
        )

    def __hash__(self) -> int:
        return hash((self._workflow, self._id))

    def __repr__(self) -> str:
        return f"<Case {self.id} of {self.workflow.name}: {self.state} at {self.at.isoformat()}>"
