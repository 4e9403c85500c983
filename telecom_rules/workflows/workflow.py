"""The values a host holds: `Workflow`, `Case`, and the outcomes of its methods.

One module, because their types refer to one another in a circle: `Case.send` makes an `Accepted` or
a `Refused`, each has a `Case`, and a `Call` opens a `Workflow`. No outcome can move out alone. They
only delegate to the engine, which imports none of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, cast, final

from telecom_rules.errors import ArgumentError, SnapshotMismatch
from telecom_rules.findings.kinds import CLOCK, EVENT, ROLE, STATE
from telecom_rules.frozen import FrozenDict, Immutable, Portable, dump_value
from telecom_rules.values import registered
from telecom_rules.values.arguments import cut_name, read_actor, read_roles, read_text
from telecom_rules.values.named import NamedMapping
from telecom_rules.vocabulary import clauses_on
from telecom_rules.wording import (
    Wording,
    join_lines,
    join_wordings,
    make_encodable,
    quote_found,
    read_language,
)
from telecom_rules.workflows.chart import RETURN_EVENT
from telecom_rules.workflows.engine.accounts import account_for
from telecom_rules.workflows.engine.case_state import ReturnedCase
from telecom_rules.workflows.engine.clocks import DueKind, list_dues, list_undetermined
from telecom_rules.workflows.engine.configuration import merge_cites
from telecom_rules.workflows.engine.event_loop import (
    catch_up,
    open_case,
    reach,
    react,
    require_start,
    take_back,
)
from telecom_rules.workflows.engine.fast_path import (
    build_plain_start,
    start_on_fast_path,
    take_fast_path,
)
from telecom_rules.workflows.engine.instants import normalize_instant
from telecom_rules.workflows.engine.macrostep import EntryKind, Macrostep, compare_calls
from telecom_rules.workflows.engine.selection import NO_ROLE, choose_roles
from telecom_rules.workflows.engine.subcases import (
    build_result,
    call_id_of,
    find_call,
    find_return_hindrance,
    invocation_of,
    read_id,
)
from telecom_rules.workflows.explain import (
    explain_progress,
    explain_refusal,
    explain_refusal_briefly,
)
from telecom_rules.workflows.journal.entry import Entry
from telecom_rules.workflows.journal.parts import build_snapshot_error
from telecom_rules.workflows.journal.replay import read_journal, replay, run_steps
from telecom_rules.workflows.journal.retrace import read_own_journal, retrace
from telecom_rules.workflows.journal.snapshot import dump, read_snapshot, restore
from telecom_rules.workflows.journal.trusted import restore_trusted
from telecom_rules.workflows.journal.writing import Refusal, build_entries, build_refusal_entry
from telecom_rules.workflows.migration.adopt import AdoptedState, adopt
from telecom_rules.workflows.migration.migrate import migrate
from telecom_rules.workflows.migration.results import MigratedState, Stranded
from telecom_rules.workflows.migration.rules import translate_journal
from telecom_rules.workflows.options import choose_options, list_options
from telecom_rules.workflows.properties.properties import judge_property
from telecom_rules.workflows.refusals.nearness import measure_distance
from telecom_rules.workflows.refusals.remedies import find_remedies, read_payload
from telecom_rules.workflows.refusals.subcases import refuse_not_awaited
from telecom_rules.workflows.ways import find_status, find_ways, read_goal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import timezone

    from telecom_rules.vocabulary import Clause, FactType, Json, Record, Value
    from telecom_rules.workflows.chart import Clock, Event, State
    from telecom_rules.workflows.engine.accounts import DeadlineAccount
    from telecom_rules.workflows.engine.case_state import CaseState, PendingCall
    from telecom_rules.workflows.engine.clocks import Breach, Due, Run, UndeterminedLimit
    from telecom_rules.workflows.engine.fast_path import FastPaths
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.engine.macrostep import MacrostepFields
    from telecom_rules.workflows.engine.microstep import Effect
    from telecom_rules.workflows.migration.results import Recount
    from telecom_rules.workflows.migration.rules import Migration
    from telecom_rules.workflows.options import Option
    from telecom_rules.workflows.properties.properties import Judgement, Property
    from telecom_rules.workflows.refusals.reason import Reason
    from telecom_rules.workflows.refusals.remedy import Remedy
    from telecom_rules.workflows.ways import Ways


NOT_A_CASE = Wording("应为个案 `Case`，而不是 {found}", "expected a `Case`, found {found}")
NOT_A_DETAIL = Wording("应为 short 或 full，而不是{found}", "expected short or full, found {found}")
NOT_STARTED = Wording(
    "时限 `{clock}` 在此个案中从未起算", "the clock `{clock}` has never started in this case"
)
NO_HEAD = Wording("没有日志末条的摘要", "it has no digest of the last entry of its journal")
new_object = object.__new__  # half the cost of calling the class


@dataclass(frozen=True, slots=True, repr=False)
class Workflow(Immutable):
    """A statechart over one kind of facts. Two are equal when name and meaning are.

    Attributes:
        properties: temporal properties that every case must satisfy.
        outputs: the facts returned to a caller.
        migrations: the migrations of cases of older versions to this one.
        role_catalogue: the catalogue of the roles, or `None` if none are declared.
    """

    _machine: Machine
    _callees: Mapping[str, Workflow] = field(compare=False)
    properties: tuple[Property, ...] = field(default=(), compare=False)
    outputs: tuple[str, ...] = field(default=(), compare=False)
    migrations: tuple[Migration, ...] = field(default=(), compare=False)
    role_catalogue: str | None = field(default=None, compare=False)
    _fast_paths: FastPaths = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        self._machine.configurations.forget_with(self._fast_paths)

    @property
    def name(self) -> str:
        """Its name."""
        return self._machine.name

    @property
    def version(self) -> str:
        """The version its author gave it."""
        return self._machine.version

    @property
    def digest(self) -> str:
        """The digest of what it means, with all that it reads and calls, on all days.

        Layout, order of keys, titles, notes, clauses and the version make no difference.
        """
        return self._machine.digest

    @property
    def wording_digest(self) -> str:
        """The digest of what is only read: titles, clauses, tags and names in other systems."""
        return self._machine.digests.wording

    @property
    def title(self) -> Wording:
        """Its name for people."""
        return self._machine.title

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses it implements."""
        return self._machine.cites

    @property
    def facts(self) -> FactType:
        """The record its cases keep."""
        return self._machine.facts

    @property
    def roles(self) -> Mapping[str, Wording]:
        """The roles that may send events with their titles; empty where none are declared."""
        return NamedMapping(ROLE, self._machine.roles)

    @property
    def zone(self) -> timezone:
        """Where its days begin and end."""
        return self._machine.zone

    @property
    def initial(self) -> str:
        """The name of the state a case starts in."""
        return self._machine.chart.initial

    @property
    def states(self) -> Mapping[str, State]:
        """Every state by name, in document order."""
        return NamedMapping(STATE, self._machine.chart.states)

    @property
    def events(self) -> Mapping[str, Event]:
        """Every event by name."""
        return NamedMapping(EVENT, self._machine.chart.events)

    @property
    def clocks(self) -> Mapping[str, Clock]:
        """Every time limit by name."""
        return NamedMapping(CLOCK, self._machine.chart.clocks)

    def start(self, facts: object, *, at: datetime, id: str) -> Case:
        """Start a case: `open` for hosts that keep no journal.

        Args:
            facts: the known facts, as `Policy.decide` takes them; others may come with later
                events.
            at: when it starts, with an offset from UTC, in the years 2 to 9998.
            id: the host's name for the case.

        Raises:
            ArgumentError: `at` is not such an instant, or `id` is not a printable text of 1 to 200
                characters.
            FactsError: the facts are invalid, or the first states cannot be entered with them; it
                lists every problem.
        """
        machine = self._machine
        at = normalize_instant(at, machine.zone)
        id = read_id(id)
        record = machine.facts.read(facts)
        case_state = start_on_fast_path(self._fast_paths, machine, record, at)
        if case_state is not None:
            return Case(self, id, case_state)
        step = require_start(machine, open_case(machine, record, at))
        return Case(self, id, step.after, Taken(None, (step,)))

    def open(self, facts: object, *, at: datetime, id: str, actor: str | None = None) -> Accepted:
        """Start a case, and return it with the first entry of its journal and its effects.

        Args:
            facts: the known facts, as `Policy.decide` takes them; others may come with later
                events.
            at: when it starts, with an offset from UTC, in the years 2 to 9998.
            id: the host's name for the case.
            actor: who opens it, as the host calls them: a printable text of up to 200 characters.

        Raises:
            ArgumentError: as `start` does, or `actor` is not such a text.
            FactsError: as `start` does.
        """
        if actor is not None:
            actor = read_actor(actor)
        machine = self._machine
        at = normalize_instant(at, machine.zone)
        id = read_id(id)
        record = machine.facts.read(facts)
        case_state = start_on_fast_path(self._fast_paths, machine, record, at)
        step = (
            require_start(machine, open_case(machine, record, at))
            if case_state is None
            else build_plain_start(machine, case_state)
        )
        if actor is not None:
            step = step._replace(actor=actor)
        return Accepted(Case(self, id, step.after, Taken(None, (step,))), (), step)

    def restore(
        self,
        snapshot: Mapping[str, object],
        journal: Iterable[Entry] | None = None,
        *,
        trusted: bool = False,
    ) -> Case:
        """Return the case that `Case.dump` stored; `restore(case.dump()) == case`.

        Other rules than those it was stored by are no hindrance while they cannot have made a
        difference to the case: from here on it runs by the rules of this workflow.

        Args:
            snapshot: the result of `Case.dump`.
            journal: the journal of the case, from its first entry on. With it, changes count only
                if the journal would have become another one; without it, all that may have.
            trusted: whether nobody but the library's caller can write the store, so that the seal,
                which finds accidents, is enough. Each part of a snapshot made by these very rules
                is then not asked again whether the engine could have made it: half the time.

        Raises:
            SnapshotError: the snapshot is damaged, or was not made by this library.
            SnapshotMismatch: it belongs to another workflow, or to rules that would have led the
                case elsewhere; both are named.
            ArgumentError: `snapshot` is not an object, or `journal` cannot be iterated.
            JournalError: `journal` is not that of the case, whole and unchanged. This is checked
                first, and also where the journal is not needed.
        """
        data = read_snapshot(snapshot)
        entries = None if journal is None else read_own_journal(data, journal)
        if trusted is True and entries is None:  # nothing else is taken for trust
            known = restore_trusted(self._machine, data)
            if known is not None and known[2] is not None:
                return Case(self, known[0], known[1], head=known[2])
        try:
            id, case_state, head = restore(self._machine, data)
        except SnapshotMismatch:
            if entries is None or data["workflow"] != self.name:
                raise
            id, case_state, head = retrace(self._machine, self.migrations, data, entries)
        if head is None:
            raise build_snapshot_error(NO_HEAD)
        return Case(self, id, case_state, head=head)

    def migrate(
        self, snapshot: Mapping[str, object], *, at: datetime, actor: str | None = None
    ) -> Moved:
        """Return the case of an older version as a case of this one, as `migrations` says.

        Args:
            snapshot: the result of `Case.dump` in the older version.
            at: when it is migrated, with an offset from UTC, in the years 2 to 9998.
            actor: who migrates it, as the host calls them.

        Returns:
            `Migrated` with the case and its journal entry, or `Stranded` with the reasons.

        Raises:
            SnapshotError: the snapshot is damaged, of another workflow, or can be restored.
            ArgumentError: `snapshot` is not an object, `at` not such an instant, or `actor` not a
                printable text.
        """
        if actor is not None:
            actor = read_actor(actor)
        data = read_snapshot(snapshot)
        moved = migrate(self._machine, self.migrations, data, at, actor)
        if isinstance(moved, Stranded):
            return moved
        case = Case(self, moved.entry.case, moved.case_state, head=moved.entry.digest)
        return Migrated(case, moved.entry, moved.dropped, moved.recounts)

    def adopt(
        self,
        facts: object,
        state: str,
        *,
        clocks: Mapping[str, datetime] | None = None,
        at: datetime,
        id: str,
        actor: str | None = None,
    ) -> Adopted:
        """Take up a case that began elsewhere, as it is now: its journal begins here.

        Nothing of its past is invented: no event is sent and no effect is asked for. Each time
        limit is counted by these rules from when it began. One that has ended since is recorded by
        the next `tick`, with its own deadline.

        Args:
            facts: the facts that are known, as `Policy.decide` takes them.
            state: the innermost active state; of several in parallel, their names joined by `+`,
                as `Case.state` has them.
            clocks: when each running time limit began, by the name of the clock. One that is not
                given does not run. Pauses before `at` are not known: they count as time that ran.
            at: the present, with an offset from UTC, in the years 2 to 9998.
            id: the host's name for the case.
            actor: who adopts it, as the host calls them: a printable text of up to 200 characters.

        Raises:
            UnknownName: there is no such state or clock.
            ArgumentError: a case cannot be in this state, or not with these time limits; or an
                argument is of another kind.
            FactsError: the facts are invalid; every problem is listed.
        """
        if actor is not None:
            actor = read_actor(actor)
        machine = self._machine
        at = normalize_instant(at, machine.zone)
        id = read_id(id)
        adopted = adopt(machine, id, machine.facts.read(facts), state, clocks, at, actor)
        case = Case(self, id, adopted.case_state, head=adopted.entry.digest)
        return Adopted(case, adopted.entry, adopted.uncounted)

    def replay(self, entries: Iterable[Entry]) -> Case:
        """Return the case of a journal: every entry is executed again and compared.

        After a migration, only the entries from the last migration on are executed; earlier ones
        belong to the pack of the older version. `verify` compares the journal with itself, from
        its first entry to a head that was stored.

        Args:
            entries: the journal, from its first entry on. Refusals in it are passed over.

        Raises:
            JournalError: an entry differs from the result of this workflow, or does not follow on
                the one before.
            JournalMismatch: the last entry happened by other rules; both digests are named. To find
                out whether these have led the case there too, give `restore` the journal.
            ArgumentError: `entries` cannot be iterated.
        """
        id, case_state, head = replay(self._machine, self.migrations, entries)
        return Case(self, id, case_state, head=head)

    def judge(self, entries: Iterable[Entry]) -> tuple[Judgement, ...]:
        """Return whether the journal of a case satisfies each property of the workflow.

        Args:
            entries: the journal, from its first entry on. It is not verified: use `replay` for
                that.

        Raises:
            ArgumentError: `entries` cannot be iterated.
            JournalError: one of them is not an `Entry`.
        """
        chart = self._machine.chart
        taken = [each for each in read_journal(entries) if each.kind is not EntryKind.REFUSAL]
        journal = tuple(translate_journal(chart, self.migrations, taken))
        return tuple(judge_property(chart, each, journal) for each in self.properties)

    def __reduce__(self) -> tuple[Callable[[str, str], Workflow], tuple[str, str]]:
        return registered.find_workflow, (self.name, self.digest)

    def __repr__(self) -> str:
        return f"<Workflow {self.name} {self.version}>"


def machine_of(workflow: Workflow) -> Machine:
    """Return the machine of a workflow. Internal to the library."""
    return workflow._machine


def case_state_of(case: Case) -> CaseState:
    """Return the engine's state of a case. Internal to the library."""
    return case._case_state


MOST_UNREAD = 100
"""Events that a case keeps until somebody asks for their entries or its head. Without a bound, a
case whose journal nobody keeps would grow with each event."""


Sent: TypeAlias = "tuple[Origin, str, Record, datetime, str | None, str | None]"
"""A plain event whose entry nobody has read, as what came before it, its name, its data as read,
its instant, role and actor: all that is needed to take it once more. The states that it led from
and to are not kept: they are four times as large. A bare tuple, because every event makes one."""


class Taken(NamedTuple):
    """Steps whose entries nobody has read.

    Attributes:
        origin: what came before, or `None` before the start.
        steps: the steps.
    """

    origin: Origin | None
    steps: tuple[Macrostep, ...]


Origin: TypeAlias = "Case | Sent | Taken"
"""What came before an entry that nobody has read: more of them, or the case before them all."""


def require_head(case: Case) -> str:
    """Return the digest of the last entry of a case; make the entries that nobody has read."""
    past = case._past  # read before the head: another thread sets the head before it lets go of it
    if case._head is not None:
        return case._head
    unread: list[Sent | Taken] = []
    origin: Origin | None = case if past is None else past
    while isinstance(origin, tuple):
        unread.append(origin)
        origin = origin[0]
    workflow = case._workflow
    head, case_state = None, case._case_state
    if origin is not None:
        head, case_state = origin._head, origin._case_state
        if head is None:
            unread.append(Taken(None, (build_plain_start(workflow._machine, case_state),)))
    entries: tuple[Entry, ...] = ()
    for each in reversed(unread):
        steps = each.steps if isinstance(each, Taken) else (retake(workflow, case_state, each),)
        entries, head = build_entries(workflow._machine, case._id, steps, head)
        case_state = steps[-1].after
    case._entries = entries
    case._head = head
    case._past = None
    return head or ""


def retake(workflow: Workflow, case_state: CaseState, sent: Sent) -> Macrostep:
    """Return the step of a plain event, taken once more."""
    _, event, payload, at, by, actor = sent
    machine = workflow._machine
    fields = take_fast_path(
        workflow._fast_paths, machine, case_state, event, payload or None, at, by, actor
    )
    if fields is not None:
        return Macrostep._make(fields)
    step = react(machine, case_state, event, payload, at, by)
    # What was accepted once is accepted again: a workflow does not change.
    return cast("Macrostep", step)._replace(actor=actor)


@final
class Case(Portable):
    """One running instance of a workflow. Immutable: every change returns a new case.

    It reads no system clock and starts no timer. A host stores `dump()` with `next_due` in an
    indexed column, sends events with the time they happened, and calls `tick` at `next_due`.
    """

    # Not a frozen dataclass, as in `Progress`: every event creates one, and that takes three times
    # as long.
    #
    # The digest of the last entry is made when it is first asked for, so that no event waits for
    # it. Until then `_head` is `None`, and `_past` is what has happened since it was last known, or
    # `None` after a plain start; `_entries` is set with `_head`.
    __slots__ = ("_case_state", "_entries", "_head", "_id", "_past", "_workflow")

    def __init__(
        self,
        workflow: Workflow,
        id: str,
        case_state: CaseState,
        past: Sent | Taken | None = None,
        head: str | None = None,
    ) -> None:
        self._workflow = workflow
        self._id = id
        self._case_state = case_state
        self._past = past
        self._head = head
        self._entries: tuple[Entry, ...] = ()

    @property
    def workflow(self) -> Workflow:
        """The workflow it runs in."""
        return self._workflow

    @property
    def id(self) -> str:
        """The host's name for it."""
        return self._id

    @property
    def state(self) -> str:
        """The name of the innermost active state.

        Where several are active in parallel, all of them, joined by `+` in document order.
        """
        return self._case_state.configuration.name

    @property
    def title(self) -> Wording:
        """The title of the innermost active state; of several in parallel, all of them."""
        return join_wordings(leaf.title for leaf in self._case_state.configuration.leaves)

    @property
    def states(self) -> tuple[str, ...]:
        """The names of all active states in document order, parents first."""
        return self._case_state.configuration.states

    @property
    def final(self) -> bool:
        """Whether the case is over."""
        return self._case_state.configuration.final

    @property
    def facts(self) -> Mapping[str, Value]:
        """The facts that are known."""
        return FrozenDict(self._case_state.record)

    @property
    def clocks(self) -> Mapping[str, Run]:
        """The last run of every clock that was ever started, by the clock's name."""
        return NamedMapping(CLOCK, {run.name: run for run in self._case_state.runs})

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Every time limit that was not kept, oldest first."""
        return self._case_state.breaches

    @property
    def warnings(self) -> tuple[Due, ...]:
        """Every warning that was given, oldest first."""
        return self._case_state.warnings

    @property
    def sequence(self) -> int:
        """The number of journal entries: a version number for optimistic locking."""
        return self._case_state.sequence

    @property
    def head(self) -> str:
        """The digest of the last entry of its journal.

        Stored or signed where the writers of the journal cannot write, it shows `verify` that
        nothing was changed or left out, not even at the end.
        """
        return require_head(self)

    @property
    def at(self) -> datetime:
        """When the case last changed, in the pack's zone."""
        return self._case_state.at

    @property
    def calls(self) -> tuple[Call, ...]:
        """The cases of other workflows that it waits for, in the order of the calls."""
        return tuple(build_call(self, each) for each in self._case_state.calls)

    @property
    def due(self) -> tuple[Due, ...]:
        """The warnings and expiries to come if nothing else happens, soonest first."""
        dues = list_dues(self._case_state.runs)
        return tuple(each for each in dues if each.kind is not DueKind.ASK)

    @property
    def undetermined(self) -> tuple[UndeterminedLimit, ...]:
        """The running time limits that nobody can count, which are in no `due` until they can.

        Where a calendar is missing, `next_due` has the instant at which it is needed at the latest:
        `tick` then records the question once, for a person to bring a newer pack. The case gets its
        date when it is migrated to that.
        """
        return list_undetermined(self._case_state.runs)

    def explain_deadline(self, clock: str) -> DeadlineAccount:
        """Return how the end of a time limit was found: day by day, which counted and why.

        Args:
            clock: the clock's name.

        Raises:
            UnknownName: there is no clock of this name.
            ArgumentError: `clock` is not a text, or the clock has never started in this case.
        """
        clock = self._workflow.clocks[read_text("clock", clock)].name
        run = next((each for each in self._case_state.runs if each.name == clock), None)
        if run is None:
            raise ArgumentError("clock", NOT_STARTED.fill(clock=clock))
        return account_for(run, self._workflow.zone)

    @property
    def next_due(self) -> datetime | None:
        """The first instant at which `tick` has something to do, or `None`."""
        return self._case_state.next_due

    @property
    def tags(self) -> frozenset[str]:
        """The tags of every active state."""
        states = self._workflow.states
        return frozenset(tag for name in self.states for tag in states[name].tags)

    def maps(self, vocabulary: str) -> str | None:
        """Return the name of the innermost state that has one in `vocabulary`, or `None`.

        Args:
            vocabulary: a key under `maps`, such as `tmf621`. Of parallel states the first counts.

        Raises:
            ArgumentError: `vocabulary` is not a text.
        """
        vocabulary = read_text("vocabulary", vocabulary)
        return find_status(self._workflow._machine, self._case_state.configuration, vocabulary)

    def send(
        self,
        event: str,
        payload: object = None,
        *,
        at: datetime,
        by: str | Iterable[str] | None = None,
        actor: str | None = None,
    ) -> Outcome:
        """Send an event, and return whether it was accepted, with everything that follows.

        The clocks catch up with `at` first, so that the outcome does not depend on how often the
        host calls `tick`. A refused event changes nothing: clock firings are discarded too, and
        the next `tick` or event repeats them.

        Of several roles the first that is accepted sends the event, and is `by` in the journal. If
        none is, the outcome is the refusal nearest to acceptance, in the order of the work that is
        left: what the event would set is not allowed; its data are wrong; facts are missing; a
        condition fails; it cannot be decided; it is for other roles. Of equal ones it is the
        shorter, then that of the earlier role. Names that are no roles of the workflow are passed
        over, so that a host can hand in all groups of a user.

        Args:
            event: the event's name.
            payload: the data that comes with it: names and values, or an object with them as
                attributes, such as an instance of `Event.model`. `None` is no data.
            at: when it happened, with an offset from UTC, in the years 2 to 9998.
            by: the role that sends it, or the roles of whoever does, in the order to try (those of
                a set in alphabetical order). `None` where no role is known; an empty list is
                somebody without a role, who is refused everything where roles are declared.
            actor: who sends it, as the host calls them: a printable text of up to 200 characters.
                It is only written into the journal.

        Returns:
            `Accepted` with the new case, or `Refused` with this one and the reasons.

        Raises:
            ArgumentError: `event` or `actor` is not a text, `by` neither a text nor at most 100 of
                them, or `at` not such an instant.
        """
        workflow, case_state = self._workflow, self._case_state
        machine = workflow._machine
        if type(event) is not str:
            event = read_text("event", event)
        if by is not None and type(by) is not str:
            return self._send_as_any(event, payload, at, read_roles(by), actor)
        if actor is not None:
            actor = read_actor(actor)
        if type(at) is not datetime or at.tzinfo is not machine.zone:
            at = normalize_instant(at, machine.zone)
        step = take_fast_path(
            workflow._fast_paths, machine, case_state, event, payload, at, by, actor
        )
        if step is None:
            # An instant in the right zone may still be out of range.
            at = normalize_instant(at, machine.zone)
            by = None if by is None else cut_name(by)
            return self._send(cut_name(event), payload, at, by, actor)
        # Slots filled by hand: calling the two classes would make every event 50 % slower.
        accepted, after = new_object(Accepted), new_object(Case)
        after._workflow = workflow
        after._id = self._id
        after._case_state = reached = step[2]
        # Read once: another thread may let go of it.
        past = self._past
        after._past = (past or self, event, step[4], at, by, actor)
        after._head = None
        if not reached[5] % MOST_UNREAD:  # its sequence
            require_head(after)
        accepted._case = after
        accepted._firings = ()
        accepted._step = step
        return accepted

    def _send_as_any(
        self,
        event: str,
        payload: object,
        at: datetime,
        roles: tuple[str, ...],
        actor: str | None,
    ) -> Outcome:
        """Send an event in the first of `roles` that is accepted."""
        refusals: list[Refused] = []
        for role in choose_roles(self._workflow._machine, roles):
            outcome = self.send(event, payload, at=at, by=role, actor=actor)
            if isinstance(outcome, Accepted):
                return outcome
            refusals.append(replace(outcome, by=None) if role == NO_ROLE else outcome)
        return min(refusals, key=lambda each: measure_distance(each.reasons))

    def _send(
        self,
        event: str,
        payload: object,
        at: datetime,
        by: str | None,
        actor: str | None = None,
    ) -> Outcome:
        """Send an event that is not plain."""
        machine = self._workflow._machine
        firings, case_state, hindrance = reach(machine, self._case_state, at)
        if hindrance is not None:
            return Refused(self, event, at, by, (hindrance,), actor)
        step = react(machine, case_state, event, payload, at, by)
        if isinstance(step, Macrostep):
            return self._accept((*firings, step._replace(actor=actor)))
        sent = read_payload(machine, event, payload)
        return Refused(self, event, at, by, step, actor, sent)

    def _accept(self, steps: tuple[Macrostep, ...]) -> Accepted:
        """Return the outcome of an event: the steps of the clocks, then that of the event."""
        return Accepted(self._after(steps), steps[:-1], steps[-1])

    def _after(self, steps: tuple[Macrostep, ...]) -> Case:
        """Return the case after steps, of which there is at least one."""
        past = Taken(self._past or self, steps)
        case = Case(self._workflow, self._id, steps[-1].after, past)
        if case.sequence % MOST_UNREAD < len(steps):
            require_head(case)
        return case

    def returned(self, case: Case, *, at: datetime, actor: str | None = None) -> Outcome:
        """Take back a case that this one has called and that has ended.

        The return is an event: the clocks catch up first, then the `onDone` of the call is tried.
        A refusal changes nothing, so that the case may be returned again later.

        Args:
            case: the called case, in a final state.
            at: when it is returned, not before it ended; with an offset from UTC.
            actor: who returns it, as the host calls them, or `None`.

        Returns:
            `Accepted` with the new case; or `Refused` with the reasons: this case does not wait
            for it, it has not ended, or no transition under `onDone` is enabled.

        Raises:
            ArgumentError: `case` is not a case, `at` not such an instant, or `actor` not a text.
        """
        machine = self._workflow._machine
        if type(case) is not Case:
            raise ArgumentError("case", NOT_A_CASE.fill(found=quote_found(case)))
        if actor is not None:
            actor = read_actor(actor)
        at = normalize_instant(at, machine.zone)
        firings, case_state, hindrance = reach(machine, self._case_state, at)
        pending = find_call(self.id, case_state, case.id)
        if pending is None:
            awaited = [each.id for each in self.calls]
            reason = hindrance or refuse_not_awaited(case.id, awaited)
            return Refused(self, RETURN_EVENT.name, at, None, (reason,), actor)
        event = invocation_of(machine, pending.state).event
        returned = ReturnedCase(case._workflow._machine, case.id, case._case_state)
        hindrance = hindrance or find_return_hindrance(machine, pending, returned, at)
        if hindrance is not None:
            return Refused(self, event.name, at, None, (hindrance,), actor)
        step = take_back(machine, case_state, pending, build_result(event, case._case_state), at)
        if isinstance(step, Macrostep):
            return self._accept((*firings, step._replace(actor=actor)))
        return Refused(self, event.name, at, None, step, actor)

    def tick(self, at: datetime) -> Ticked:
        """Record the warnings and expiries due at `at` or before, each at its own instant.

        Call it at `next_due` or later, as often as you like: the record does not depend on it. One
        call records at most 1,000; `next_due` is then still before `at`.

        Args:
            at: the present, with an offset from UTC, in the years 2 to 9998. Before the last
                change nothing is due.

        Returns:
            The new case with journal entries and effects; this same case if nothing is due.

        Raises:
            ArgumentError: `at` is not such an instant.
        """
        machine = self._workflow._machine
        at = normalize_instant(at, machine.zone)
        firings = catch_up(machine, self._case_state, at)
        if not firings:
            return Ticked(self)
        return Ticked(self._after(firings), firings)

    def allowed(
        self, by: str | Iterable[str] | None = None, at: datetime | None = None
    ) -> tuple[Option, ...]:
        """Return every event of the active states, with whether it may be sent, or why not.

        Args:
            by: the role that asks, the roles, or `None` where no role is known: the answer is that
                of `send` with the same, so that an event for certain roles is not allowed without
                one. `Option.roles` names them.
            at: the instant asked about; by default that of the last change.

        Raises:
            ArgumentError: `by` is neither a text nor at most 100 of them, or `at` is not such an
                instant.
        """
        machine = self._workflow._machine
        roles = (None,) if by is None else choose_roles(machine, read_roles(by))
        at = self.at if at is None else normalize_instant(at, machine.zone)
        _, case_state, hindrance = reach(machine, self._case_state, at)
        return choose_options(
            [list_options(machine, case_state, at, role, hindrance) for role in roles]
        )

    def ways(
        self,
        to: str,
        vocabulary: str | None = None,
        *,
        by: str | Iterable[str] | None = None,
        at: datetime | None = None,
    ) -> Ways:
        """Return the options that lead to a state, or to a status that another system has for it.

        For hosts whose screens write a status: it finds the event that is meant. Each option says
        whether its event leads there now; `Ways.reasons` are why there is no way, if there is none.
        An event that keeps the case where it is does not lead there.

        Args:
            to: the name of a state; of several that are to be active in parallel, their names
                joined by `+`, as `Case.state` has them; or with a vocabulary a status.
            vocabulary: a key under `maps`, such as `tmf621`.
            by: the role or roles that ask, as in `allowed`.
            at: the instant asked about; by default that of the last change.

        Raises:
            UnknownName: there is no such state, vocabulary or status.
            ArgumentError: an argument is of another kind.
        """
        machine = self._workflow._machine
        to = read_text("to", to)
        goal = read_goal(
            machine, to, None if vocabulary is None else read_text("vocabulary", vocabulary)
        )
        roles = (None,) if by is None else choose_roles(machine, read_roles(by))
        at = self.at if at is None else normalize_instant(at, machine.zone)
        _, case_state, hindrance = reach(machine, self._case_state, at)
        return find_ways(machine, case_state, goal, at, roles, hindrance)

    def dump(self) -> dict[str, Json]:
        """Return the case as JSON that `Workflow.restore` reads back as an equal case."""
        return dump(self._workflow._machine, self._id, self._case_state, self.head)

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

    def __reduce__(self) -> tuple[Callable[[dict[str, Json]], Case], tuple[dict[str, Json]]]:
        return registered.restore_case, (self.dump(),)

    def __repr__(self) -> str:
        return f"<Case {self.id} of {self.workflow.name}: {self.state} at {self.at.isoformat()}>"


def dump_place_of(case: Case) -> dict[str, Json]:
    """Return where a case stands as JSON: the part that every outcome has."""
    return {
        "case": case.id,
        "workflow": dump_value(case.workflow.name),
        "state": dump_value(case.state),
        "states": dump_value(case.states),
        "sequence": case.sequence,
    }


class Progress(Portable):
    """The steps of a case in one call of a method."""

    __slots__ = ("_case", "_firings")

    def __init__(self, case: Case, firings: tuple[Macrostep, ...] = ()) -> None:
        self._case = case
        self._firings = firings

    @property
    def case(self) -> Case:
        """The case afterwards."""
        return self._case

    @property
    def firings(self) -> tuple[Macrostep, ...]:
        """The steps of the clocks, oldest first."""
        return self._firings

    @property
    def steps(self) -> tuple[Macrostep, ...]:
        """All steps, oldest first."""
        return self.firings

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The new journal entries, oldest first: one for each step."""
        if not self.steps:
            return ()
        require_head(self._case)
        return self._case._entries

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The work the host is asked to do, in order."""
        return tuple(effect for step in self.steps for effect in step.effects)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls of other workflows that began: the host opens and stores each case."""
        begun = compare_calls(self.steps)[0] if self.steps else ()
        return tuple(build_call(self._case, each) for each in begun)

    @property
    def cancelled(self) -> tuple[Call, ...]:
        """The calls cancelled because the calling state was left.

        The called cases themselves go on: the host decides whether to close them.
        """
        cancelled = compare_calls(self.steps)[1] if self.steps else ()
        return tuple(build_call(self._case, each) for each in cancelled)

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """The new breaches of time limits."""
        if not self.firings or self.firings[0].before is None:
            return ()
        return self.firings[-1].after.breaches[len(self.firings[0].before.breaches) :]

    @property
    def warnings(self) -> tuple[Due, ...]:
        """The new warnings of time limits."""
        if not self.firings or self.firings[0].before is None:
            return ()
        return self.firings[-1].after.warnings[len(self.firings[0].before.warnings) :]

    @property
    def unhandled(self) -> tuple[Reason, ...]:
        """Why events raised by clocks were refused."""
        return tuple(reason for step in self.firings for reason in step.reasons)

    def dump(self) -> dict[str, Json]:
        """Return it as JSON for a screen or another program, with texts in both languages.

        `entries` are those of the journal. The case itself is not in it: store `case.dump()`.
        """
        case = self._case
        return {
            **dump_place_of(case),
            "at": case.at.isoformat(),
            "next_due": dump_value(case.next_due),
            "effects": dump_value(self.effects),
            "breaches": dump_value(self.breaches),
            "warnings": dump_value(self.warnings),
            "undetermined": dump_value(case.undetermined),
            "unhandled": dump_value(self.unhandled),
            "calls": dump_value(self.calls),
            "cancelled": dump_value(self.cancelled),
            "entries": [dump_value(each.dump()) for each in self.entries],
        }

    def explain(self, language: str = "en") -> str:
        """Return the steps with their clauses, for people; empty if there are none.

        Args:
            language: `"zh"`, `"en"` or a tag that begins so.
        """
        machine = self._case._workflow._machine
        return explain_progress(machine, self._case.id, self.steps, read_language(language))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Progress) or type(other) is not type(self):
            return NotImplemented
        return self._case == other._case and self.steps == other.steps

    def __hash__(self) -> int:
        return hash((self._case, len(self._firings)))

    def __reduce__(self) -> tuple[Callable[..., Progress], tuple[object, ...]]:
        if not self.steps:
            return type(self), (self._case,)
        # What came before, and the entries: they are executed again, as in a replay.
        case, entries, first = self._case, self.entries, self.steps[0].before
        workflow = case._workflow
        before = (
            workflow if first is None else Case(workflow, case._id, first, head=entries[0].previous)
        )
        return redo, (type(self), before, [each.dump() for each in entries])

    def __repr__(self) -> str:
        return f"{type(self).__name__}(case={self._case!r})"


def redo(
    kind: type[Progress], before: Workflow | Case, entries: Iterable[Mapping[str, object]]
) -> Progress:
    """Return the outcome of journal entries by executing them again. Internal to the library.

    Args:
        kind: `Accepted` or `Ticked`.
        before: the case before them; of a start, the workflow.
        entries: the entries as JSON.

    Raises:
        JournalError: an entry differs from the result of the workflow.
    """
    journal = [Entry.load(each) for each in entries]
    workflow, state, id = (
        (before, None, journal[0].case)
        if isinstance(before, Workflow)
        else (before._workflow, before._case_state, before._id)
    )
    steps = run_steps(workflow._machine, state, journal)
    past = Taken(before if isinstance(before, Case) else None, steps)
    case = Case(workflow, id, steps[-1].after, past)
    return Ticked(case, steps) if kind is Ticked else Accepted(case, steps[:-1], steps[-1])


class Ticked(Progress):
    """The result of `Case.tick`. If nothing was due, `case` is the same object."""

    __slots__ = ()


@final
class Accepted(Progress):
    """An event was accepted, after the clocks had caught up with it.

    `entries`, `effects`, `breaches` and `warnings` cover both.
    """

    __slots__ = ("_step",)
    _step: MacrostepFields

    def __init__(self, case: Case, firings: tuple[Macrostep, ...], step: Macrostep) -> None:
        super().__init__(case, firings)
        self._step = step

    @property
    def step(self) -> Macrostep:
        """The step of the event itself."""
        if type(self._step) is tuple:
            self._step = Macrostep._make(self._step)
        return cast("Macrostep", self._step)

    @property
    def steps(self) -> tuple[Macrostep, ...]:
        """All steps: those of the clocks, oldest first, then that of the event."""
        return (*self._firings, self.step)

    @property
    def title(self) -> Wording:
        """The name of the transition for people; of a start, that of the workflow."""
        move = self.step.move
        return move.transition.title if move else self.case.workflow.title

    @property
    def entry(self) -> Entry:
        """The journal entry of the event itself."""
        return self.entries[-1]

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses of the transitions, their events, sources and targets.

        Each has the number of the text in force on the day.
        """
        later = (each.cites for each in self.step.later_moves if each.transition.source)
        return clauses_on(merge_cites(self.step.cites, *later), self.step.after.at.date())

    @property
    def from_states(self) -> tuple[str, ...]:
        """The states active before the event, in document order."""
        before = self.step.before
        return before.configuration.states if before else ()

    @property
    def to_states(self) -> tuple[str, ...]:
        """The states active afterwards, in document order."""
        return self._case.states

    def dump(self) -> dict[str, Json]:
        """Return it as JSON: what `Ticked.dump` has, with `accepted` and the step of the event."""
        return {
            "accepted": True,
            **super().dump(),
            "title": self.title.dump(),
            "from_states": dump_value(self.from_states),
            "to_states": dump_value(self.to_states),
            "cites": dump_value(self.cites),
        }


@dataclass(frozen=True, slots=True)
class Refused(Portable):
    """An event was refused, and nothing has changed.

    Attributes:
        case: the same case the event was sent to.
        event: the event as sent; of a name that no event can have, the first 500 characters.
        at: when it was sent.
        by: the role that sent it, cut as the event, or `None`.
        reasons: why it was refused, of every transition that was tried: first what is for other
            roles, then what is not known, then what fails. Each names its target in `data`.
        actor: who sent it, as the host calls them, or `None`.
        payload: the data that it was sent with, `None` where they do not fit it.
    """

    case: Case
    event: str
    at: datetime
    by: str | None
    reasons: tuple[Reason, ...]
    actor: str | None = None
    payload: Record | None = field(default=None, hash=False)

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """What has to be done so that the event is accepted, and who can do it; at most four.

        Each was tried before it is told: another role, other data, another event first, a later
        day. It takes some hundred times as long as the event, and is found when it is asked for.
        """
        case = self.case
        if self.payload is None:
            return ()
        machine, state = case._workflow._machine, case._case_state
        return find_remedies(machine, state, self.event, self.payload, self.at, self.by)

    @property
    def entry(self) -> Entry:
        """The journal entry of the refusal, for hosts that keep them.

        It has the number that the next entry of the case takes, and no entry carries its digest:
        a refusal changes nothing, so that its entry may be left out or lost.
        """
        case = self.case
        refusal = Refusal(
            case.sequence, case.head, self.event, self.at, self.by, self.actor, self.reasons
        )
        return build_refusal_entry(case._workflow._machine, case.id, refusal)

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses of the reasons, each with the number of the text in force on the day."""
        return clauses_on(merge_cites(*(reason.cites for reason in self.reasons)), self.at.date())

    def dump(self) -> dict[str, Json]:
        """Return it as JSON for a screen or another program, with texts in both languages."""
        return {
            "accepted": False,
            **dump_place_of(self.case),
            "event": make_encodable(self.event),
            "at": self.at.isoformat(),
            "by": None if self.by is None else make_encodable(self.by),
            "actor": self.actor,
            "reasons": dump_value(self.reasons),
            "cites": dump_value(self.cites),
        }

    def explain(self, language: str = "en", *, detail: Literal["short", "full"] = "full") -> str:
        """Return the reasons with their clauses, for people.

        Args:
            language: `"zh"`, `"en"` or a tag that begins so.
            detail: how much is told. `"full"`: every reason. `"short"`: in at most twelve lines the
                first reasons, and what has to be done so that it is accepted, and by whom.

        Raises:
            ArgumentError: `language` or `detail` is another.
        """
        machine, tongue = self.case._workflow._machine, read_language(language)
        if detail == "full":
            return explain_refusal(machine, self.event, self.at, self.reasons, tongue)
        if detail != "short":
            raise ArgumentError("detail", NOT_A_DETAIL.fill(found=quote_found(detail)))
        return explain_refusal_briefly(
            machine, self.event, self.at, self.reasons, self.remedies, tongue
        )


Outcome: TypeAlias = Accepted | Refused
"""What `Case.send` returns."""


@dataclass(frozen=True, slots=True)
class Call(Portable):
    """A case of another workflow that a case waits for.

    Attributes:
        id: the id of the called case: id of the caller, calling state and number of the journal
            entry, so that it is always the same.
        workflow: the workflow it is a case of.
        state: the state that waits for it.
        title: its name for people.
        facts: the initial facts of the called case.
        at: when it starts: when the caller entered the state.
    """

    id: str
    workflow: Workflow
    state: str
    title: Wording
    facts: Record = field(hash=False)
    at: datetime

    def dump(self) -> dict[str, Json]:
        """Return it as JSON; the workflow by its name."""
        return {**super(Call, self).dump(), "workflow": dump_value(self.workflow.name)}

    def open(self) -> Accepted:
        """Start the called case, and return it with its journal and effects.

        It starts at `at`, however late the host calls this, with the same result each time. It was
        checked when the call began that the case can start.
        """
        return self.workflow.open(self.facts, at=self.at, id=self.id)


def build_call(caller: Case, pending: PendingCall) -> Call:
    """Return a pending call of `caller` for its host."""
    invocation = invocation_of(caller._workflow._machine, pending.state)
    return Call(
        id=call_id_of(caller.id, pending),
        workflow=caller._workflow._callees[invocation.workflow],
        state=pending.state,
        title=invocation.title,
        facts=pending.facts,
        at=pending.at,
    )


@dataclass(frozen=True, slots=True)
class TakenOver(Portable):
    """A case that began elsewhere, or by other rules, goes on here.

    Attributes:
        case: the case.
        entry: the journal entry; it holds the snapshot.
    """

    case: Case
    entry: Entry

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The new journal entries: exactly one."""
        return (self.entry,)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The work the host is asked to do: none."""
        return ()

    def dump(self) -> dict[str, Json]:
        """Return it as JSON for a screen or another program, with texts in both languages."""
        return {
            **dump_place_of(self.case),
            "entries": [dump_value(each.dump()) for each in self.entries],
        }


@dataclass(frozen=True, slots=True)
class Migrated(TakenOver):
    """A case of an older version goes on in this one.

    Attributes:
        case: the case.
        entry: the journal entry; it holds the snapshot, so that a journal replays from it on.
        dropped: data of the older version without a place in this one, such as `facts.note` or
            `clocks.reply`.
        recounts: the running time limits that end at another instant since, with both.
    """

    dropped: tuple[str, ...] = ()
    recounts: tuple[Recount, ...] = ()

    def dump(self) -> dict[str, Json]:
        """Return it as JSON for a screen or another program, with texts in both languages."""
        own = {"dropped": dump_value(self.dropped), "recounts": dump_value(self.recounts)}
        return {**super(Migrated, self).dump(), **own}

    def explain(self, language: str = "en") -> str:
        """Return the result of the migration, for people."""
        chosen = read_language(language)
        moved = MigratedState(self.case._case_state, self.entry, self.dropped, self.recounts)
        lines = moved.describe(self.case._workflow._machine)
        return join_lines(each.say(chosen) for each in lines)


@dataclass(frozen=True, slots=True)
class Adopted(TakenOver):
    """A case that began elsewhere goes on here.

    Attributes:
        case: the case.
        entry: the first entry of its journal; it holds the snapshot, so that a journal replays.
        uncounted: the clocks that an active state starts and whose beginning was not given, so that
            nobody counts them.
    """

    uncounted: tuple[str, ...] = ()

    def dump(self) -> dict[str, Json]:
        """Return it as JSON for a screen or another program, with texts in both languages."""
        return {**super(Adopted, self).dump(), "uncounted": dump_value(self.uncounted)}

    def explain(self, language: str = "en") -> str:
        """Return what was adopted and how its time limits stand, for people."""
        chosen = read_language(language)
        adopted = AdoptedState(self.case._case_state, self.entry, self.uncounted)
        lines = adopted.describe(self.case._workflow._machine)
        return join_lines(each.say(chosen) for each in lines)


Moved: TypeAlias = Migrated | Stranded
"""What `Workflow.migrate` returns."""
