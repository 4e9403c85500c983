"""A workflow as a host holds it: linked, immutable, the starting point of every case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telecom_rules.errors import FactProblem, FactsError
from telecom_rules.wording import Wording
from telecom_rules.workflows.case import Case
from telecom_rules.workflows.engine.fast_path import open_on_fast_path, start_on_fast_path
from telecom_rules.workflows.engine.instants import normalize_instant
from telecom_rules.workflows.engine.macrostep import Macrostep, open_case
from telecom_rules.workflows.engine.subcases import LONGEST_ID
from telecom_rules.workflows.journal import snapshot
from telecom_rules.workflows.journal.replay import replay
from telecom_rules.workflows.migration.migrate import migrate
from telecom_rules.workflows.migration.rules import translate_journal
from telecom_rules.workflows.outcome import Accepted
from telecom_rules.workflows.properties.properties import judge_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime, timezone

    from telecom_rules.vocabulary import Clause, FactType, Record, Value
    from telecom_rules.workflows.chart import Chart, Clock, Event, State
    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.configuration import Configurations
    from telecom_rules.workflows.journal.entry import Entry
    from telecom_rules.workflows.migration.results import Moved
    from telecom_rules.workflows.migration.rules import Migration
    from telecom_rules.workflows.properties.properties import Judgement, Property
    from telecom_rules.workflows.refusals.reason import Reason


ID_EXPECTED = Wording(
    f"应为 1 至 {LONGEST_ID} 个字符的文本，不含控制字符",
    f"expected a text of 1 to {LONGEST_ID} characters, all of them printable",
)


@dataclass(frozen=True, slots=True, repr=False)
class Workflow:
    """A statechart over one kind of facts. Two are equal when name, version and pack are.

    Attributes:
        name: its name.
        version: the version its author gave it.
        digest: the digest of the pack it belongs to.
        title: its name for people.
        cites: the clauses it comes from.
        facts: the record its cases keep.
        roles: the roles that may send events with their titles; empty where none are declared.
        zone: where its days begin and end.
        chart: its states, events and clocks.
        reads: the roots that its expressions name besides facts, such as `policies`.
        configurations: the sets of states that are active together.
        parameters_on: gives the figures in force on a day.
        policy_outputs: gives the outputs of every policy for some facts on a day.
        callees: the workflows that its states may call, by name.
        role_catalogue: the catalogue whose codes the roles are, or `None` where none are declared.
        properties: what must be so of every case over its whole course.
        outputs: the facts that those who call it get back.
        migrations: how the cases of older versions go on in this one.
    """

    name: str
    version: str
    digest: str
    title: Wording = field(compare=False)
    cites: tuple[Clause, ...] = field(compare=False)
    facts: FactType = field(compare=False)
    roles: Mapping[str, Wording] = field(compare=False)
    zone: timezone = field(compare=False)
    chart: Chart = field(compare=False)
    reads: frozenset[str] = field(compare=False)
    configurations: Configurations = field(compare=False)
    parameters_on: Callable[[date], Mapping[str, Value]] = field(compare=False)
    policy_outputs: Callable[[Record, date], Mapping[str, Mapping[str, Value]]] = field(
        compare=False
    )
    callees: Mapping[str, Workflow] = field(compare=False)
    role_catalogue: str | None = field(default=None, compare=False)
    properties: tuple[Property, ...] = field(default=(), compare=False)
    outputs: tuple[str, ...] = field(default=(), compare=False)
    migrations: tuple[Migration, ...] = field(default=(), compare=False)

    @property
    def states(self) -> Mapping[str, State]:
        """Every state by name, in document order."""
        return self.chart.states

    @property
    def events(self) -> Mapping[str, Event]:
        """Every event by name."""
        return self.chart.events

    @property
    def clocks(self) -> Mapping[str, Clock]:
        """Every time limit by name."""
        return self.chart.clocks

    def start(self, facts: Mapping[str, object], *, at: datetime, id: str) -> Case:
        """Start a case: `open` for hosts that keep no journal.

        Args:
            facts: what is known; facts may be missing and be given by events later.
            at: when it starts, with an offset from UTC, in the years 2 to 9998.
            id: the host's name for the case.

        Raises:
            FactsError: the facts, the instant or the id do not fit, or what the first states do
                with the facts cannot be worked out; it lists everything wrong.
        """
        at = normalize_instant(at, self.zone, self.name)
        check_id(self.name, id)
        record = self.facts.read(facts)
        standing = start_on_fast_path(self, record, at)
        if standing is None:
            return self.open(facts, at=at, id=id).case
        return Case(self, id, standing)

    def open(self, facts: Mapping[str, object], *, at: datetime, id: str) -> Accepted:
        """Start a case, and return it with the first entry of its journal and its effects.

        Args and errors are those of `start`.
        """
        at = normalize_instant(at, self.zone, self.name)
        check_id(self.name, id)
        record = self.facts.read(facts)
        step = open_on_fast_path(self, record, at) or open_case(self, record, at)
        if not isinstance(step, Macrostep):
            raise FactsError(self.name, [FactProblem("start", each.wording) for each in step])
        return Accepted(self.case(id, step.after), (), step)

    def restore(self, data: Mapping[str, object]) -> Case:
        """Return the case that `Case.dump` stored; `restore(case.dump()) == case`.

        Raises:
            SnapshotError: the snapshot is damaged, or was not made by this library.
            SnapshotMismatch: it belongs to another workflow, version or pack; both are named.
        """
        return snapshot.restore(self, data)

    def migrate(self, data: Mapping[str, object], *, at: datetime) -> Moved:
        """Return the case of an older version as a case of this one, as `migrations` says.

        Args:
            data: what `Case.dump` of the older version gave.
            at: when it is moved, with an offset from UTC, in the years 2 to 9998.

        Returns:
            `Migrated` with the case and its journal entry, or `Stranded` with the reasons.

        Raises:
            SnapshotError: the snapshot is damaged, of another workflow, or of this very version.
            FactsError: `at` is no instant: not a datetime, without an offset, or out of range.
        """
        return migrate(self, data, at)

    def replay(self, entries: Iterable[Entry]) -> Case:
        """Return the case whose journal `entries` is: everything is done again and compared.

        Of a case that was moved from an older version, everything from the last move on; what came
        before is for the pack it was done with.

        Raises:
            JournalError: an entry is not what this workflow makes of the same thing.
        """
        return replay(self, entries)

    def find_start_hindrances(
        self, record: Record, at: datetime, within: tuple[str, ...]
    ) -> tuple[Reason, ...]:
        """Return what stands against a case that begins with the facts `record` at `at`.

        `within` names the workflows whose cases call it and begin at this very moment, too.
        """
        step = open_case(self, record, at, within)
        return () if isinstance(step, Macrostep) else step

    def judge(self, entries: Iterable[Entry]) -> tuple[Judgement, ...]:
        """Return what the journal of a case says about each property of the workflow.

        Args:
            entries: the journal, from its first entry on. It is believed as it is: `replay` says
                whether it is that of a case.
        """
        journal = tuple(translate_journal(self.chart, self.migrations, tuple(entries)))
        return tuple(judge_property(self.chart, each, journal) for each in self.properties)

    def case(self, id: str, standing: CaseState) -> Case:
        """Return the case `id` where it stands at `standing`."""
        return Case(self, id, standing)

    def __repr__(self) -> str:
        return f"<Workflow {self.name} {self.version}>"


def check_id(workflow: str, id: object) -> None:
    """Raise `FactsError` unless `id` is a printable text, neither empty nor too long."""
    if not (isinstance(id, str) and 0 < len(id) <= LONGEST_ID and id.isprintable()):
        raise FactsError(workflow, [FactProblem("id", ID_EXPECTED)])
