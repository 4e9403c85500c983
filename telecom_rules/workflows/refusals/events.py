"""Reasons that concern the event itself: its name, role, time, payload and result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.errors import FactsError, MissingData
from telecom_rules.suggestions import find_nearest
from telecom_rules.wording import Wording, join_wordings, make_encodable, quote_title, shorten
from telecom_rules.workflows.chart import RETURN_EVENT
from telecom_rules.workflows.engine.configuration import merge_cites
from telecom_rules.workflows.phrases import format_instant
from telecom_rules.workflows.refusals.guards import (
    describe_target,
    grounds_of,
    join_roles,
    quote_field_title,
)
from telecom_rules.workflows.refusals.reason import Reason, ReasonKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from telecom_rules.errors import InconsistentFacts, TelecomRulesError
    from telecom_rules.vocabulary import Clause, Field
    from telecom_rules.workflows.chart import Event
    from telecom_rules.workflows.engine.configuration import Block, Configuration, Move
    from telecom_rules.workflows.engine.machine import Machine


ANY_ROLE = Wording("任何角色", "any role")


def refuse_event(machine: Machine, configuration: Configuration, name: object) -> Reason:
    """Return the reason that no active state has a transition for the event `name`."""
    event = find_event(machine, name)
    if event is None:
        return refuse_unknown_event(machine, name)
    if event.internal:
        return refuse_internal_event(machine, event)
    return (
        refuse_final(configuration)
        if configuration.final
        else refuse_not_from_here(machine, configuration, event)
    )


def find_event(machine: Machine, name: object) -> Event | None:
    """Return the event called `name`, or `None`; `name` may be any object."""
    if not isinstance(name, str):
        return None
    return machine.chart.events.get(name) or find_chart_event(machine, name)


def find_chart_event(machine: Machine, name: str) -> Event | None:
    """Return the event of this name that only the chart raises, or `None`."""
    if name == RETURN_EVENT.name:
        return RETURN_EVENT
    state = machine.chart.states.get(name.rpartition(".")[2])
    moves = () if state is None else state.automatic_transitions
    return next((each.event for each in moves if each.event.name == name), None)


def refuse_unknown_event(machine: Machine, event: object) -> Reason:
    """Return the reason that the workflow has no event of this name."""
    names = [name for name, each in machine.chart.events.items() if not each.internal]
    near = find_nearest(shorten(event), names)
    wording = Wording(
        "流程{workflow}没有事件 `{event}`", "the workflow {workflow} has no event `{event}`"
    ).fill(workflow=quote_title(machine.title), event=shorten(event))
    data = {"event": make_encodable(str(event)), "suggestion": near, "known": tuple(names)}
    return Reason(ReasonKind.UNKNOWN_EVENT, wording.suggest(near), data=data)


def refuse_internal_event(machine: Machine, event: Event) -> Reason:
    """Return the reason that only a clock or the chart raises this event."""
    clocks = [each for each in machine.chart.clocks.values() if each.on_expiry == event.name]
    if not clocks:
        wording = Wording(
            "{event}由流程自动触发，不能发送；所调用的个案结束后，请用 `Case.returned` 交回",
            "{event} is raised by the workflow and cannot be sent; pass a called case that has"
            " ended to `Case.returned`",
        ).fill(event=quote_title(event.title))
        return Reason(ReasonKind.INTERNAL_EVENT, wording, data={"event": event.name, "clocks": ()})
    wording = Wording(
        "{event}仅在时限{clocks}届满时触发，不能发送",
        "{event} is raised only when the time limit {clocks} expires and cannot be sent",
    ).fill(
        event=quote_title(event.title),
        clocks=join_wordings(quote_title(each.title) for each in clocks),
    )
    cites = merge_cites(event.cites, *(each.cites for each in clocks))
    data = {"event": event.name, "clocks": tuple(each.name for each in clocks)}
    return Reason(ReasonKind.INTERNAL_EVENT, wording, cites, data)


def refuse_final(configuration: Configuration) -> Reason:
    """Return the reason that the case is over."""
    wording = Wording(
        "本个案已经结束，状态为{state}", "the case is over; the state is {state}"
    ).fill(state=configuration.title)
    return Reason(
        ReasonKind.FINAL, wording, cites_of_leaves(configuration), {"state": configuration.name}
    )


def cites_of_leaves(configuration: Configuration) -> tuple[Clause, ...]:
    """Return the clauses of the innermost active states."""
    return merge_cites(*(leaf.cites for leaf in configuration.leaves))


def refuse_not_from_here(machine: Machine, configuration: Configuration, event: Event) -> Reason:
    """Return the reason that no active state accepts the event, with the states that do."""
    accepting = [state for state in machine.chart.states.values() if event.name in state.on]
    wording = (
        Wording(
            "状态{state}不接受{event}；接受它的状态：{accepting}",
            "{state} does not accept {event}; accepted in: {accepting}",
        )
        if accepting
        else Wording("没有任何状态接受{event}", "no state accepts {event}")
    )
    filled = wording.fill(
        state=configuration.title,
        event=quote_title(event.title),
        accepting=join_wordings(quote_title(state.title) for state in accepting),
    )
    data = {
        "event": event.name,
        "state": configuration.name,
        "accepted_in": tuple(state.name for state in accepting),
    }
    return Reason(ReasonKind.NOT_FROM_HERE, filled, cites_of_leaves(configuration), data)


def refuse_time_backwards(at: datetime, last: datetime) -> Reason:
    """Return the reason that the event is older than the case's last change."""
    wording = Wording(
        "事件时间 {at} 早于本个案的上一次变化（{last}）；请核对时间",
        "the event's time {at} is before the case's last change at {last}; check the time",
    ).fill(at=format_instant(at), last=format_instant(last))
    return Reason(ReasonKind.TIME_BACKWARDS, wording, data={"at": at, "last": last})


def refuse_behind(last: datetime, most: int) -> Reason:
    """Return the reason that too many time limits must be recorded first."""
    wording = Wording(
        "自 {last} 起有超过 {most} 个时限待记录；请先调用 `tick`",
        "more than {most} time limits since {last} are not recorded yet; call `tick` first",
    ).fill(last=format_instant(last), most=most)
    return Reason(ReasonKind.BEHIND, wording, data={"last": last, "most": most})


def refuse_unknown_role(machine: Machine, by: object) -> Reason:
    """Return the reason that the role is not declared."""
    near = find_nearest(shorten(by), machine.roles)
    wording = Wording("没有角色 `{by}`", "there is no role `{by}`")
    if near is None:
        wording = Wording(
            "没有角色 `{by}`；可用角色：{roles}", "there is no role `{by}`; the roles are {roles}"
        )
    filled = wording.fill(
        by=shorten(by), roles=join_wordings(map(quote_title, machine.roles.values()))
    )
    data = {"by": make_encodable(str(by)), "suggestion": near, "allowed": tuple(machine.roles)}
    return Reason(ReasonKind.ROLE, filled.suggest(near), data=data)


def refuse_no_role(machine: Machine, event: Event, moves: Sequence[Move]) -> Reason:
    """Return the reason that whoever sends the event has no role, with the roles that may."""
    names = dict.fromkeys(name for move in moves for name in move.transition.by)
    anybody = any(not move.transition.by for move in moves)
    wording = Wording(
        "发送人没有任何角色；{event}可由{roles}执行",
        "the sender has no role; {event} is for {roles}",
    ).fill(
        event=quote_title(event.title),
        roles=ANY_ROLE if anybody else join_roles(machine, names),
    )
    allowed = tuple(machine.roles) if anybody else tuple(names)
    data = {"event": event.name, "by": None, "allowed": allowed}
    cites = merge_cites(*(grounds_of(machine, move.transition) for move in moves))
    return Reason(ReasonKind.ROLE, wording, cites, data)


def refuse_other_role(
    machine: Machine, event: Event, moves: Sequence[Move], by: str | None
) -> Reason:
    """Return the reason that this role may not send the event, with the roles that may."""
    allowed = tuple(dict.fromkeys(name for move in moves for name in move.transition.by))
    wording = (
        Wording("未注明角色；{event}可由{roles}执行", "no role was given; {event} is for {roles}")
        if by is None
        else Wording(
            "{by}无权执行{event}；可由{roles}执行", "{by} may not send {event}; it is for {roles}"
        )
    ).fill(
        by=quote_title(machine.roles[by]) if by else "",
        event=quote_title(event.title),
        roles=join_roles(machine, allowed),
    )
    cites = merge_cites(*(grounds_of(machine, move.transition) for move in moves))
    return Reason(
        ReasonKind.ROLE, wording, cites, {"event": event.name, "by": by, "allowed": allowed}
    )


def refuse_payload(event: Event, problem: FactsError) -> Reason:
    """Return the reason that the payload is invalid, field by field."""
    wording = Wording("{event}的数据有误：{why}", "the data of {event} is wrong: {why}").fill(
        event=quote_title(event.title), why=describe_problems(problem, event.payload.fields)
    )
    data = {"event": event.name, "problems": problem.problems}
    return Reason(ReasonKind.PAYLOAD_INVALID, wording, event.cites, data)


def describe_problems(problem: FactsError, fields: Mapping[str, Field]) -> Wording:
    """Return the problem of each field; a field with a title is named in its own wording."""
    return join_wordings(
        (
            each.wording
            if quote_field_title(fields, each.field.partition("[")[0])
            else Wording(f"`{each.field}` {each.wording.zh}", f"`{each.field}`: {each.wording.en}")
            for each in problem.problems
        ),
        between=("；", "; "),
    )


def refuse_endless(machine: Machine, last: Move, most: int) -> Reason:
    """Return the reason that run-to-completion does not end."""
    wording = Wording(
        "自动转换在 {most} 步后仍未停止，最后一步是{move}；请修改流程的 `always` 或 `raise`",
        "the automatic transitions have not ended after {most} steps, the last to {move};"
        " fix the `always` or `raise` of the workflow",
    ).fill(most=most, move=describe_target(machine, last.transition))
    data = {"most": most, "state": last.transition.source}
    return Reason(ReasonKind.ENDLESS, wording, last.cites, data)


def refuse_contradiction(machine: Machine, move: Move, problem: InconsistentFacts) -> Reason:
    """Return the reason that the facts would contradict one another after a move."""
    conditions = {each.id: each for each in machine.facts.conditions}
    cites = merge_cites(move.cites, *(conditions[name].cites for name in problem.conditions))
    wording = Wording(
        "{event}后的数据自相矛盾：{why}", "after {event} the facts would contradict: {why}"
    ).fill(
        event=quote_title(move.transition.title),
        why=join_wordings((each.wording for each in problem.problems), ("；", "; ")),
    )
    names = dict.fromkeys(name for each in problem.names for name in each)
    data = {"facts": tuple(names), "conditions": problem.conditions}
    return Reason(ReasonKind.FACTS_INVALID, wording, cites, data)


def refuse_without_result(
    block: Block, fields: Mapping[str, Field], problem: TelecomRulesError
) -> Reason:
    """Return the reason that executable content has no valid result.

    Args:
        block: the content.
        fields: the fields that were being filled.
        problem: the error.
    """
    cites, title = block.grounds, quote_title(block.title)
    if isinstance(problem, FactsError):
        wording = Wording(
            "{event}的结果不符合要求：{why}", "the result of {event} is invalid: {why}"
        )
        why = describe_problems(problem, fields)
        filled = wording.fill(event=title, why=why)
        return Reason(ReasonKind.FACTS_INVALID, filled, cites, {"problems": problem.problems})
    wording = Wording(
        "无法得出{event}的结果：{why}", "the result of {event} cannot be computed: {why}"
    ).fill(event=title, why=problem.wording)
    if isinstance(problem, MissingData):
        return Reason(ReasonKind.UNKNOWN, wording, cites, {"needs": (problem.path,)})
    return Reason(ReasonKind.UNDECIDED, wording, cites)
