"""Adopts a case that began elsewhere: in a system without these rules, before they were there.

Its past is not known, and none is invented: no event is sent, no clock fires and no effect is
asked for. What the host states is taken as the present: the states that are active, the facts that
are known, and when each time limit began. The limits are counted by these rules from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from telecom_rules.errors import ArgumentError, UnknownName
from telecom_rules.findings.kinds import CLOCK, STATE
from telecom_rules.suggestions import find_nearest
from telecom_rules.values.arguments import copy_object, read_text
from telecom_rules.wording import (
    Wording,
    join_wordings,
    quote_found,
    quote_title,
    shorten,
)
from telecom_rules.workflows.engine.case_state import CaseState
from telecom_rules.workflows.engine.clocks import apply_pauses, begin_with_promise, find_quiet_end
from telecom_rules.workflows.engine.configuration import BETWEEN_STATES
from telecom_rules.workflows.engine.instants import normalize_instant
from telecom_rules.workflows.engine.microstep import combine_moves, select_eventless_transitions
from telecom_rules.workflows.journal.snapshot import dump
from telecom_rules.workflows.journal.writing import build_adoption_entry
from telecom_rules.workflows.migration.rules import add_ancestors
from telecom_rules.workflows.phrases import format_deadline, format_instant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from telecom_rules.vocabulary import Record
    from telecom_rules.workflows.chart import Chart, Clock
    from telecom_rules.workflows.engine.clocks import Run
    from telecom_rules.workflows.engine.configuration import Configuration
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.journal.entry import Entry


OUTER_STATE = Wording(
    "状态 `{name}` 内还有状态，请指明其中一个：{children}",
    "the state `{name}` has states inside it: name one of them, {children}",
)
HISTORY_STATE = Wording(
    "`{name}` 是历史状态，个案不会停留其中；请指明它所记忆的状态",
    "`{name}` is a history state, in which no case stays: name the state it remembers",
)
CALLING_STATE = Wording(
    "状态 `{name}` 会发起对另一流程的调用，而接管不发起调用；请指明其前一状态",
    "the state `{name}` calls another workflow, but an adoption makes no calls: name the state"
    " before it",
)
NOT_TOGETHER = Wording(
    "这些状态不能同时处于活动状态：{found}；并行区域须各指明一个状态，以 `+` 连接",
    "these states cannot be active together: {found}; name one state of each parallel region,"
    " joined by `+`",
)
LEFT_AT_ONCE = Wording(
    "按这些事实，个案会立即离开状态 `{found}`，转入{target}；请指明后者",
    "with these facts the case leaves the state `{found}` at once for {target}: name that one",
)
NOT_INSTANTS = Wording(
    "应为时限名称及其起算时刻的对应，而不是 {found}",
    "expected the names of clocks with the instants at which they began, found {found}",
)
BEGINS_LATER = Wording(
    "时限 `{clock}` 的起算时刻 {began} 晚于接管时刻 {at}",
    "the clock `{clock}` began at {began}, which is after the adoption at {at}",
)
STOPPED = Wording(
    "进入状态 `{state}` 时，时限 `{clock}` 已停止，在其中不会再计时",
    "the clock `{clock}` stops when the state `{state}` is entered, so it cannot run there",
)
OVER = Wording(
    "个案在状态 `{state}` 已经结束，不再有时限：{clocks}",
    "the case is over in the state `{state}`, where no time limit runs: {clocks}",
)


class AdoptedState(NamedTuple):
    """An adopted case.

    Attributes:
        case_state: its state.
        entry: the first entry of its journal.
        uncounted: the clocks that an active state starts and for which no beginning was given.
    """

    case_state: CaseState
    entry: Entry
    uncounted: tuple[str, ...]

    def describe(self, machine: Machine) -> tuple[Wording, ...]:
        """Return what was adopted and how its time limits stand, for people."""
        state = self.case_state
        return (
            ADOPTED.fill(state=state.configuration.title, at=format_instant(state.at)),
            *(describe_run(run, state.at) for run in state.runs),
            *(NOT_COUNTED.fill(clock=title_of(machine, each)) for each in self.uncounted),
        )


ADOPTED = Wording("接管个案：{state}（{at}）", "adopted: {state} ({at})")
ENDS = Wording("时限{clock}：自 {began} 起，至 {end}", "{clock}: since {began}, ends {end}")
PAUSED = Wording(
    "时限{clock}：自 {began} 起，自 {at} 起暂停", "{clock}: since {began}, paused since {at}"
)
ENDED = Wording(
    "时限{clock}：自 {began} 起，已于 {end} 届满；下一次 `tick` 记录其逾期",
    "{clock}: since {began}, ended {end}; the next `tick` records the breach",
)
UNDETERMINED = Wording(
    "时限{clock}：自 {began} 起，截止时刻尚不能确定：{why}",
    "{clock}: since {began}, its end cannot be determined: {why}",
)
NOT_COUNTED = Wording(
    "时限{clock}：未给出起算时刻，因此不计算",
    "{clock}: no beginning was given, so nobody counts it",
)


def describe_run(run: Run, at: datetime) -> Wording:
    """Return since when a limit runs, and until when."""
    clock, began = quote_title(run.clock.title), format_instant(run.started)
    if run.undetermined is not None:
        return UNDETERMINED.fill(clock=clock, began=began, why=run.undetermined)
    if run.paused is not None:
        return PAUSED.fill(clock=clock, began=began, at=format_instant(run.paused))
    end = format_deadline(run.deadline or at)
    return (ENDED if has_ended(run, at) else ENDS).fill(clock=clock, began=began, end=end)


def title_of(machine: Machine, clock: str) -> Wording:
    """Return the quoted title of a clock."""
    return quote_title(machine.chart.clocks[clock].title)


def adopt(
    machine: Machine,
    id: str,
    record: Record,
    state: object,
    clocks: object,
    at: datetime,
    actor: str | None,
) -> AdoptedState:
    """Return a case that began elsewhere, as it is at `at`.

    Args:
        machine: the machine it goes on in.
        id: the host's name for it.
        record: the facts that are known.
        state: the innermost active state; of several, their names joined by `+`.
        clocks: when each running time limit began, by the name of the clock.
        at: the instant, in the zone of the workflow.
        actor: who adopts it, or `None`.

    Raises:
        UnknownName: there is no state or clock of that name.
        ArgumentError: no case can be so, or an argument is of another kind.
    """
    configuration = read_configuration(machine, read_text("state", state))
    begun = read_beginnings(machine, clocks, at)
    check_can_run(machine, configuration, begun)
    figures = (machine.zone, record, machine.parameters_on)
    runs = tuple(
        run
        for name, since in begun.items()
        for run in begin_with_promise(machine.chart.clocks[name], since, *figures)
    )
    runs = apply_pauses(runs, configuration.names, at, machine.zone)
    # The warning of a limit that has ended would come too late.
    runs = tuple(run._replace(warned=True) if has_ended(run, at) else run for run in runs)
    case_state = CaseState(
        configuration=configuration,
        record=record,
        runs=runs,
        breaches=(),
        warnings=(),
        sequence=1,
        at=at,
        quiet_until=find_quiet_end(runs, at),
    )
    check_stable(machine, case_state)
    snapshot = dump(machine, id, case_state, None)
    entry = build_adoption_entry(machine, id, case_state, snapshot, actor)
    return AdoptedState(case_state, entry, tuple(iter_uncounted(machine, configuration, begun)))


def has_ended(run: Run, at: datetime) -> bool:
    """Return whether a limit ended before `at`."""
    return run.paused is None and run.deadline is not None and run.deadline < at


def read_configuration(machine: Machine, state: str) -> Configuration:
    """Return the configuration that `state` names.

    Raises:
        UnknownName: there is no state of that name.
        ArgumentError: no case can stay in it.
    """
    names = state.split(BETWEEN_STATES)
    for name in names:
        check_innermost(machine, name)
    active = add_ancestors(machine.chart, names)
    if not machine.configurations.can_be_active(active):
        raise ArgumentError("state", NOT_TOGETHER.fill(found=shorten(state)))
    for name in machine.chart.callers:
        if name in active:
            raise ArgumentError("state", CALLING_STATE.fill(name=name))
    return machine.configurations.of(active)


def check_innermost(machine: Machine, name: str) -> None:
    """Raise an error unless a case can stay in the state `name` without another inside it."""
    states = machine.chart.states
    if name not in states:
        innermost = [each.name for each in states.values() if not each.children]
        raise UnknownName(STATE, shorten(name), find_nearest(name, innermost))
    state = states[name]
    if state.history is not None:
        raise ArgumentError("state", HISTORY_STATE.fill(name=name))
    if state.children:
        children = join_wordings(Wording.same(f"`{each}`") for each in state.children)
        raise ArgumentError("state", OUTER_STATE.fill(name=name, children=children))


def read_beginnings(machine: Machine, clocks: object, at: datetime) -> dict[str, datetime]:
    """Return when each running time limit began, the earliest first.

    Raises:
        UnknownName: there is no clock of that name.
        ArgumentError: one began after `at`, or it is not a mapping of names to instants.
    """
    given = copy_object({} if clocks is None else clocks)
    if given is None:
        raise ArgumentError("clocks", NOT_INSTANTS.fill(found=quote_found(clocks)))
    known = {name: each for name, each in machine.chart.clocks.items() if each.beside is None}
    begun: dict[str, datetime] = {}
    for key, since in given.items():
        name = read_text("clocks", key)
        if name not in known:
            raise UnknownName(CLOCK, shorten(name), find_nearest(name, known))
        moment: Any = since
        begun[name] = normalize_instant(moment, machine.zone, f"clocks.{name}")
        if begun[name] > at:
            instants = {"began": format_instant(begun[name]), "at": format_instant(at)}
            raise ArgumentError("clocks", BEGINS_LATER.fill(clock=name, **instants))
    order = [*known]
    return dict(sorted(begun.items(), key=lambda item: (item[1], order.index(item[0]))))


def check_can_run(machine: Machine, configuration: Configuration, names: Collection[str]) -> None:
    """Raise `ArgumentError` unless all the clocks `names` can run in these states."""
    if configuration.final and names:
        clocks = join_wordings(Wording.same(f"`{name}`") for name in names)
        raise ArgumentError("clocks", OVER.fill(state=configuration.name, clocks=clocks))
    for name in names:
        clock = machine.chart.clocks[name]
        for state in configuration.states:
            if state in clock.stops and not can_start_inside(machine.chart, clock, state):
                raise ArgumentError("clocks", STOPPED.fill(clock=name, state=state))


def can_start_inside(chart: Chart, clock: Clock, state: str) -> bool:
    """Return whether `clock` may start again while a case stays in `state`, which stops it."""
    inside = {name for name, each in chart.states.items() if state in each.path}
    return not clock.starts.isdisjoint(inside) or any(
        each.event.name in clock.starts and inside.issuperset(each.targets)
        for name in inside
        for each in chart.states[name].transitions
    )


def check_stable(machine: Machine, case_state: CaseState) -> None:
    """Raise `ArgumentError` if the case would leave its states before anything happens."""
    chosen = select_eventless_transitions(machine, case_state, case_state.at)
    if not chosen:
        return
    move = combine_moves(machine, case_state, chosen)
    target = machine.configurations.of(move.reached_states)
    if target.names != case_state.configuration.names:
        found = case_state.configuration.name
        raise ArgumentError("state", LEFT_AT_ONCE.fill(found=found, target=target.title))


def iter_uncounted(
    machine: Machine, configuration: Configuration, begun: Mapping[str, datetime]
) -> Iterator[str]:
    """Yield the clocks that an active state starts and whose beginning was not given."""
    if not configuration.final:
        for name, clock in machine.chart.clocks.items():
            if clock.beside is None and name not in begun and clock.starts & configuration.names:
                yield name
