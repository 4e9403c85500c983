"""What a case answers: values that a host stores, shows and acts on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, final

from telecom_rules.vocabulary import clauses_on
from telecom_rules.workflows import explain
from telecom_rules.workflows.chart import CALL_DONE_PREFIX
from telecom_rules.workflows.engine.configuration import merge_cites
from telecom_rules.workflows.engine.macrostep import Macrostep
from telecom_rules.workflows.engine.subcases import calls_of, compare_calls
from telecom_rules.workflows.journal import writing
from telecom_rules.workflows.journal.entry import EntryKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from telecom_rules.vocabulary import Clause, Field
    from telecom_rules.wording import Language, Wording
    from telecom_rules.workflows.case import Case
    from telecom_rules.workflows.engine.clocks import Breach, Due
    from telecom_rules.workflows.engine.microstep import Effect
    from telecom_rules.workflows.engine.subcases import Call
    from telecom_rules.workflows.journal.entry import Entry
    from telecom_rules.workflows.refusals.reason import Reason


class Progress:
    """What happened to a case."""

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
        """What the clocks did by themselves, oldest first."""
        return self._firings

    @property
    def steps(self) -> tuple[Macrostep, ...]:
        """Everything that happened, oldest first."""
        return self.firings

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The new journal entries, oldest first: one for each step."""
        return tuple(
            writing.build_entry(self.case.workflow, self.case.id, step) for step in self.steps
        )

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The work the host is asked to do, in order."""
        return tuple(effect for step in self.steps for effect in step.effects)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The cases of other workflows that were called: the host opens each and keeps it."""
        begun = compare_calls(self.steps)[0] if self.steps else ()
        return calls_of(self.case.workflow, self.case.id, begun)

    @property
    def cancelled(self) -> tuple[Call, ...]:
        """The called cases that are waited for no longer, because the state that called was left.

        They are cases of their own and go on: whether to close them is for the host.
        """
        gone = compare_calls(self.steps)[1] if self.steps else ()
        return calls_of(self.case.workflow, self.case.id, gone)

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """The time limits that were found broken."""
        if not self.firings or self.firings[0].before is None:
            return ()
        return self.firings[-1].after.breaches[len(self.firings[0].before.breaches) :]

    @property
    def warnings(self) -> tuple[Due, ...]:
        """The warnings that were given."""
        if not self.firings or self.firings[0].before is None:
            return ()
        return self.firings[-1].after.warnings[len(self.firings[0].before.warnings) :]

    @property
    def unhandled(self) -> tuple[Reason, ...]:
        """Why events that clocks raised were taken by no state."""
        return tuple(reason for step in self.firings for reason in step.reasons)

    def explain(self, language: Language = "en") -> str:
        """Return what happened and under which clauses, for people; empty when nothing did."""
        return explain.explain_progress(self, language)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Progress) or type(other) is not type(self):
            return NotImplemented
        return self._case == other._case and self.steps == other.steps

    def __hash__(self) -> int:
        return hash((self._case, len(self._firings)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(case={self._case!r})"


class Ticked(Progress):
    """The clocks did what was due. When nothing was, `case` is the very case that was asked."""

    __slots__ = ()


@final
class Accepted(Progress):
    """An event was taken, after the clocks had caught up with it.

    `entries`, `effects`, `breaches` and `warnings` cover both.
    """

    # The parts of the step, without the step: most hosts read neither.
    __slots__ = ("_assigned", "_before", "_by", "_effects", "_later_moves", "_move", "_payload")

    def __init__(self, case: Case, firings: tuple[Macrostep, ...], step: Macrostep) -> None:
        super().__init__(case, firings)
        self._before = step.before
        self._move = step.move
        self._payload = step.payload
        self._by = step.by
        self._assigned = step.assigned
        self._effects = step.effects
        self._later_moves = step.later_moves

    @property
    def step(self) -> Macrostep:
        """What the event itself did."""
        return Macrostep(
            self._kind,
            self._before,
            self._case.case_state,
            self._move,
            self._payload,
            self._by,
            None,
            self._assigned,
            self._effects,
            (),
            self._later_moves,
        )

    @property
    def _kind(self) -> EntryKind:
        if self._before is None or self._move is None:
            return EntryKind.START
        back = self._move.transition.event.name.startswith(CALL_DONE_PREFIX)
        return EntryKind.RETURN if back else EntryKind.EVENT

    @property
    def steps(self) -> tuple[Macrostep, ...]:
        """Everything that happened: what the clocks did, oldest first, then the event."""
        return (*self.firings, self.step)

    @property
    def title(self) -> Wording:
        """The name of the transition for people; of a start, that of the workflow."""
        move = self._move
        return move.transition.title if move else self.case.workflow.title

    @property
    def entry(self) -> Entry:
        """The journal entry of the event itself."""
        return writing.build_entry(self.case.workflow, self.case.id, self.step)

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses of the transitions, of their event and of the states they join.

        Each has the number of the text that held on the day.
        """
        by_itself = (each.cites for each in self._later_moves if each.transition.source)
        return clauses_on(merge_cites(self.step.cites, *by_itself), self.step.after.at.date())

    @property
    def from_states(self) -> tuple[str, ...]:
        """The states that were active when the event came, in document order."""
        before = self._before
        return before.configuration.states if before else ()

    @property
    def to_states(self) -> tuple[str, ...]:
        """The states that are active afterwards, in document order."""
        return self._case.states


@dataclass(frozen=True, slots=True)
class Refused:
    """An event was not taken, and nothing has changed.

    Attributes:
        case: the very case the event was sent to.
        event: the event as sent.
        at: when it was sent.
        by: the role that sent it, or `None`.
        reasons: everything that stands against it, what is most specific first.
    """

    case: Case
    event: str
    at: datetime
    by: str | None
    reasons: tuple[Reason, ...]

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses behind the reasons, each with the number of the text that held on the day."""
        return clauses_on(merge_cites(*(reason.cites for reason in self.reasons)), self.at.date())

    def explain(self, language: Language = "en") -> str:
        """Return the reasons with their clauses, for people."""
        return explain.explain_refusal(self, language)


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may happen next, or may not: one button on a screen.

    Attributes:
        event: the event to send.
        title: its name for people.
        payload: the fields to send with it.
        roles: the roles that may send it, or empty for everybody.
        allowed: whether it would be accepted; `None` where that depends on what is sent with it.
        needs: the fields of the event it depends on, such as `event.grade`.
        reasons: what stands against it, as a `Refused` would say; empty when it is allowed.
        cites: the clauses of its transitions.
    """

    event: str
    title: Wording
    payload: Mapping[str, Field] = field(hash=False)
    roles: tuple[str, ...]
    allowed: bool | None
    needs: tuple[str, ...]
    reasons: tuple[Reason, ...]
    cites: tuple[Clause, ...]


Outcome: TypeAlias = Accepted | Refused
"""What `Case.send` returns."""
