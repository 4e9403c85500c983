"""Ways: the options that lead to a state, or to a status that another system has for it.

Hosts whose screens write a status ask this: which event is meant, may it be sent, and else why not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, overload

from telecom_rules.errors import UnknownName
from telecom_rules.findings.kinds import STATE, STATUS, VOCABULARY
from telecom_rules.frozen import Immutable, build_dumping_schema, dump_value
from telecom_rules.suggestions import find_nearest
from telecom_rules.vocabulary import clauses_on
from telecom_rules.wording import (
    Wording,
    join_lines,
    join_wordings,
    quote_title,
    read_language,
    shorten,
)
from telecom_rules.workflows.destinations import find_reach
from telecom_rules.workflows.engine.case_state import NO_FACTS, build_context
from telecom_rules.workflows.engine.configuration import BETWEEN_STATES
from telecom_rules.workflows.engine.event_loop import react
from telecom_rules.workflows.engine.macrostep import Macrostep
from telecom_rules.workflows.engine.selection import (
    NOT_DECIDED,
    Verdict,
    judge_transition,
    list_barred,
)
from telecom_rules.workflows.options import (
    Availability,
    choose_options,
    find_event_needs,
    list_options,
    measure_option,
)
from telecom_rules.workflows.phrases import format_cites
from telecom_rules.workflows.refusals.reason import Reason, ReasonKind
from telecom_rules.workflows.refusals.transitions import Situation, collect_reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from pydantic_core.core_schema import CoreSchema

    from telecom_rules.expressions import Context
    from telecom_rules.frozen import Json
    from telecom_rules.vocabulary import Record
    from telecom_rules.workflows.chart import Event, State
    from telecom_rules.workflows.destinations import Destination
    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.configuration import Chain, Configuration, Move
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.engine.selection import Trials
    from telecom_rules.workflows.options import Option


class Goal(NamedTuple):
    """The states or the status that a host wants a case to reach.

    Attributes:
        name: the name of the state, of several in parallel joined by `+`; or the status.
        vocabulary: the vocabulary of the status, or `None` for states.
        title: its name for people.
        states: the states that are to be active together, or those that have the status.
    """

    name: str
    vocabulary: str | None
    title: Wording
    states: tuple[str, ...]

    def is_reached(self, machine: Machine, configuration: Configuration) -> bool:
        """Return whether the active states are the goal."""
        if self.vocabulary is None:
            return configuration.names.issuperset(self.states)
        return find_status(machine, configuration, self.vocabulary) == self.name


def find_status(machine: Machine, configuration: Configuration, vocabulary: str) -> str | None:
    """Return the status of the innermost state with one; of parallel states the first counts."""
    states = machine.chart.states
    names = (states[name].maps.get(vocabulary) for name in iter_inside_out(configuration.leaves))
    return next((name for name in names if name is not None), None)


def iter_inside_out(leaves: Iterable[State]) -> Iterator[str]:
    """Yield the names of the active states, in the order in which their statuses count.

    Each innermost state comes before those around it, and of parallel ones the first comes first.
    """
    return (name for leaf in leaves for name in reversed(leaf.path))


def read_goal(machine: Machine, to: str, vocabulary: str | None) -> Goal:
    """Return the goal that a host names.

    Raises:
        UnknownName: there is no such state, vocabulary or status.
    """
    states = machine.chart.states
    if vocabulary is None:
        names = tuple(dict.fromkeys(to.split(BETWEEN_STATES)))
        for name in names:
            require_name(STATE, name, states)
        title = join_wordings(quote_title(states[name].title) for name in names)
        return Goal(to, None, title, names)
    require_name(
        VOCABULARY, vocabulary, {word: 0 for each in states.values() for word in each.maps}
    )
    statuses = {name: each.maps.get(vocabulary) for name, each in states.items()}
    require_name(STATUS, to, dict.fromkeys(filter(None, statuses.values())))
    having = tuple(name for name, status in statuses.items() if status == to)
    return Goal(to, vocabulary, Wording.same(f"`{to}`"), having)


def require_name(kind: Wording, name: str, known: Mapping[str, object]) -> None:
    """Check that a name is known.

    Raises:
        UnknownName: it is not.
    """
    if name not in known:
        raise UnknownName(kind, name, find_nearest(shorten(name), known))


@dataclass(frozen=True, slots=True, repr=False)
class Ways(Immutable, Sequence["Option"]):
    """The options that lead to a state or a status: a sequence of them, empty if there is no way.

    In each, `allowed` says whether the event leads there now, `None` where that depends on its
    data; `needs` are the payload fields concerned, and `reasons` say what stands in this way.

    Attributes:
        to: the state, the states joined by `+`, or the status asked about.
        vocabulary: the vocabulary of the status, or `None` for states.
        at: the instant asked about.
        options: the options that lead there, in the order of `Case.allowed`.
        reasons: why there is no way now: those of the nearest option, or the one reason `no_way`
            if there is no option; empty if there is a way.
    """

    to: str
    vocabulary: str | None
    at: datetime
    options: tuple[Option, ...]
    reasons: tuple[Reason, ...]

    @property
    def nearest(self) -> Option | None:
        """The option to take: one that is allowed, else one that may be, else the least barred."""
        return find_nearest_option(self.options)

    def dump(self) -> dict[str, Json]:
        """Return it as JSON for a screen or another program, with texts in both languages."""
        return {
            "to": self.to,
            "vocabulary": self.vocabulary,
            "at": self.at.isoformat(),
            "options": dump_value(self.options),
            "reasons": dump_value(self.reasons),
        }

    def explain(self, language: str = "en") -> str:
        """Return the reasons with their clauses, for people; empty if there is a way."""
        chosen = read_language(language)
        return join_lines(
            f"{each.wording.say(chosen)}"
            f"{format_cites(clauses_on(each.cites, self.at.date()), chosen)}"
            for each in self.reasons
        )

    @overload
    def __getitem__(self, index: int) -> Option: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Option, ...]: ...

    def __getitem__(self, index: int | slice) -> Option | tuple[Option, ...]:
        return self.options[index]

    def __iter__(self) -> Iterator[Option]:
        return iter(self.options)

    def __len__(self) -> int:
        return len(self.options)

    def __repr__(self) -> str:
        return f"<Ways to {self.to}: {', '.join(each.event for each in self) or 'none'}>"

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> CoreSchema:
        """Return how pydantic, and so a typed route, writes it: as `dump` does."""
        return build_dumping_schema(cls)


def find_ways(
    machine: Machine,
    case_state: CaseState,
    goal: Goal,
    at: datetime,
    roles: Sequence[str | None],
    hindrance: Reason | None = None,
) -> Ways:
    """Return the options that lead to a goal.

    Args:
        machine: the linked workflow.
        case_state: the state of the case after its clocks have caught up with `at`.
        goal: the state or status.
        at: the instant asked about.
        roles: the roles to try, in order.
        hindrance: why every event would be refused, if so.
    """
    leading = find_leading_moves(machine, case_state, goal)
    options = choose_options(
        [
            tuple(
                each
                if hindrance is not None
                else judge_way(Question(machine, case_state, goal, at, role), each, leading)
                for each in list_options(machine, case_state, at, role, hindrance)
                if each.event in leading
            )
            for role in roles
        ]
    )
    nearest = find_nearest_option(options)
    reasons = (
        (hindrance or refuse_no_way(machine, case_state, goal),)
        if nearest is None
        else nearest.reasons
    )
    return Ways(goal.name, goal.vocabulary, at, options, reasons)


def find_nearest_option(options: Sequence[Option]) -> Option | None:
    """Return the option that is nearest to being allowed, or `None` if there is none."""
    return min(options, key=measure_option, default=None)


def find_leading_moves(
    machine: Machine, case_state: CaseState, goal: Goal
) -> Mapping[str, Mapping[Move, bool]]:
    """Return the events that may lead to a goal, each with the moves that do.

    A move has `True` where it always leads there, unless others decide with it.
    """
    leading: dict[str, dict[Move, bool]] = {}
    for event in case_state.configuration.external_moves:
        found: dict[Move, list[bool]] = {}
        for each in find_reach(machine, case_state, event).destinations:
            arrives = is_arrival(machine, goal, each)
            for move in each.moves:
                found.setdefault(move, []).append(arrives)
        moves = {move: all(each) for move, each in found.items() if any(each)}
        if moves:
            leading[event] = moves
    return leading


def is_arrival(machine: Machine, goal: Goal, destination: Destination) -> bool:
    """Return whether a destination is the goal, newly entered."""
    if not destination.entered or not goal.is_reached(machine, destination.configuration):
        return False
    return goal.vocabulary is not None or not destination.entered.isdisjoint(goal.states)


class Question(NamedTuple):
    """Whether one role can bring a case to a goal.

    Attributes:
        machine: the linked workflow.
        case_state: the state of the case.
        goal: the state or status.
        at: the instant asked about.
        by: the role, or `None`.
    """

    machine: Machine
    case_state: CaseState
    goal: Goal
    at: datetime
    by: str | None


def judge_way(
    asked: Question, option: Option, leading: Mapping[str, Mapping[Move, bool]]
) -> Option:
    """Return the option with whether its event leads to the goal, and else why not."""
    moves = leading[option.event]
    if option.allowed is False:
        targets = {move.transition.target for move in moves}
        about = [each for each in option.reasons if each.data.get("target", ...) in {..., *targets}]
        return replace(option, reasons=tuple(about) or option.reasons)
    found = judge_leading(asked, option.event, moves)
    return replace(option, allowed=found.allowed, needs=found.needs, reasons=found.reasons)


class Attempt(NamedTuple):
    """What one chain does with an event, as far as its leading moves are concerned.

    Attributes:
        taken: the leading move that it takes, whatever the data are, or `None`.
        may_take: whether it takes one for certain data.
        needs: the payload fields that it depends on.
        tried: the leading moves that it does not take, with the verdict on each.
    """

    taken: Move | None
    may_take: bool
    needs: tuple[str, ...]
    tried: Trials


def judge_leading(asked: Question, event: str, leading: Mapping[Move, bool]) -> Availability:
    """Return whether an event that is not refused takes one of the moves that lead to the goal."""
    machine, case_state, goal, at, by = asked
    barred = list_barred(case_state.configuration.external_moves[event], by)
    context = build_context(machine, case_state, case_state.record, NO_FACTS, at, event)
    attempts = [
        try_chain(chain, leading, barred, case_state.record, context)
        for chain in case_state.configuration.chains[event]
    ]
    taken = [each.taken for each in attempts if each.taken is not None]
    if taken:
        return settle(asked, event, certain=all(leading[move] for move in taken))
    if any(each.may_take for each in attempts):
        needs = dict.fromkeys(name for each in attempts for name in each.needs)
        return Availability(allowed=None, needs=tuple(needs))
    situation = Situation(machine, case_state.record, context, by, sent=False)
    reasons = collect_reasons(situation, [each.tried for each in attempts])
    other = (refuse_other_way(goal, machine.chart.events[event]),)
    return Availability(allowed=False, reasons=reasons or other)


def try_chain(
    chain: Chain,
    leading: Mapping[Move, bool],
    barred: Sequence[Move],
    record: Record,
    context: Context,
) -> Attempt:
    """Return what one chain does with an event whose data are not known yet."""
    needs: dict[str, None] = {}
    may_take = False
    tried: list[tuple[Move, Verdict]] = []
    for move in chain:
        needed = () if move in barred else find_event_needs(move, record, context)
        if needed:
            needs.update(dict.fromkeys(needed))
            may_take = may_take or move in leading
            continue
        verdict = (
            Verdict.ROLE if move in barred else judge_transition(move.transition, record, context)
        )
        if verdict is Verdict.ENABLED and move in leading:
            may_take = may_take or bool(needs)
            return Attempt(None if needs else move, may_take, tuple(needs), tuple(tried))
        if move in leading:
            tried.append((move, verdict))
        if verdict is Verdict.ENABLED or verdict in NOT_DECIDED:
            break
    return Attempt(None, may_take, tuple(needs), tuple(tried))


def settle(asked: Question, event: str, *, certain: bool) -> Availability:
    """Return whether an event that takes a leading move comes to rest at the goal.

    What is decided on the way is found out by doing it, unless that needs data.
    """
    machine, case_state, goal, at, by = asked
    if certain:
        return Availability(allowed=True)
    declared = machine.chart.events[event]
    fields = declared.payload.fields
    if fields:
        needs = [f"event.{name}" for name, each in fields.items() if not each.optional]
        return Availability(
            allowed=None, needs=tuple(needs or (f"event.{name}" for name in fields))
        )
    step = react(machine, case_state, event, None, at, by)
    if not isinstance(step, Macrostep):
        return Availability(allowed=False, reasons=step)
    if goal.is_reached(machine, step.after.configuration):
        return Availability(allowed=True)
    return Availability(allowed=False, reasons=(refuse_other_way(goal, declared, step),))


def refuse_other_way(goal: Goal, event: Event, step: Macrostep | None = None) -> Reason:
    """Return the reason that an event leads elsewhere now."""
    wording = (
        Wording("{event}此时不会转为{to}", "{event} does not lead to {to} now")
        if step is None
        else Wording(
            "{event}此时会转为{state}，而不是{to}", "{event} now leads to {state}, not to {to}"
        )
    ).fill(
        event=quote_title(event.title),
        to=goal.title,
        state="" if step is None else step.after.configuration.title,
    )
    data = {"to": goal.name, "vocabulary": goal.vocabulary, "event": event.name}
    return Reason(ReasonKind.NO_WAY, wording, event.cites, data)


def refuse_no_way(machine: Machine, case_state: CaseState, goal: Goal) -> Reason:
    """Return the reason that no event leads to a goal, with what can be reached instead."""
    configuration = case_state.configuration
    reached = tuple(iter_reached(machine, case_state, goal.vocabulary))
    titles = [
        quote_title(machine.chart.states[name].title)
        if goal.vocabulary is None
        else Wording.same(f"`{name}`")
        for name in reached
    ]
    if configuration.final:
        wording = Wording(
            "本个案已经结束，状态为{state}，不能再转为{to}",
            "the case is over; its state is {state}, and it cannot go to {to}",
        )
    elif goal.is_reached(machine, configuration):
        wording = Wording(
            "本个案已处于{to}，没有事件会再次转为它",
            "the case is in {to} already, and no event leads there again",
        )
    elif titles:
        wording = Wording(
            "没有事件能从{state}直接转为{to}；现在可以转为：{reached}",
            "no event leads from {state} to {to}; reached from here: {reached}",
        )
    else:
        wording = Wording("没有事件能从{state}直接转为{to}", "no event leads from {state} to {to}")
    filled = wording.fill(state=configuration.title, to=goal.title, reached=join_wordings(titles))
    data = {
        "to": goal.name,
        "vocabulary": goal.vocabulary,
        "state": configuration.name,
        "reached": reached,
    }
    cites = tuple(dict.fromkeys(clause for leaf in configuration.leaves for clause in leaf.cites))
    return Reason(ReasonKind.NO_WAY, filled, cites, data)


def iter_reached(machine: Machine, case_state: CaseState, vocabulary: str | None) -> Iterable[str]:
    """Return the states or statuses that some event may lead to, each once."""
    found: dict[str, None] = {}
    for event in case_state.configuration.external_moves:
        for each in find_reach(machine, case_state, event).destinations:
            if vocabulary is None:
                found.update(dict.fromkeys(each.targets))
            elif each.entered:
                status = find_status(machine, each.configuration, vocabulary)
                found.update({} if status is None else {status: None})
    return found
