"""The reasons for which an event is refused, worded for the people who sent it.

A reason is made only when an event is refused, so nothing here is hurried.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError, FactsError, MissingData
from telecom_rules.expressions import ABSENT
from telecom_rules.spelling import nearest
from telecom_rules.wording import Wording
from telecom_rules.workflows.choice import OPEN, Verdict, judge
from telecom_rules.workflows.configuration import distinct
from telecom_rules.workflows.phrases import listed, moment, quoted, shown
from telecom_rules.workflows.reason import Reason, ReasonKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from telecom_rules.errors import TelecomRulesError
    from telecom_rules.expressions import Context, Expression, Seen
    from telecom_rules.vocabulary import Clause, Field, Record
    from telecom_rules.workflows.chart import Event, Transition
    from telecom_rules.workflows.configuration import Block, Configuration, Move
    from telecom_rules.workflows.workflow import Workflow

__all__ = [
    "absent",
    "backwards",
    "behind",
    "endless",
    "known",
    "not_enabled",
    "other_role",
    "payload_invalid",
    "undecided",
    "unexpected",
    "unknown_role",
    "without_result",
]


def unexpected(workflow: Workflow, configuration: Configuration, name: object) -> Reason:
    """Return the reason that no active state has a transition for the event `name`."""
    event = known(workflow, name)
    if event is None:
        return unknown_event(workflow, name)
    if event.internal:
        return internal_event(workflow, event)
    return (
        over(configuration)
        if configuration.final
        else not_from_here(workflow, configuration, event)
    )


def known(workflow: Workflow, name: object) -> Event | None:
    """Return the event called `name`, or `None`; anything at all may be asked for."""
    return workflow.chart.events.get(name) if isinstance(name, str) else None


def unknown_event(workflow: Workflow, event: object) -> Reason:
    """Return the reason that the workflow has no event of this name."""
    names = [name for name, each in workflow.chart.events.items() if not each.internal]
    meant = nearest(shown(event), names)
    wording = Wording(
        "流程{workflow}没有事件 `{event}`", "the workflow {workflow} has no event `{event}`"
    )
    if meant is not None:
        wording = Wording(
            wording.zh + "；是否指 `{meant}`？", wording.en + "; did you mean `{meant}`?"
        )
    filled = wording.fill(workflow=quoted(workflow.title), event=shown(event), meant=meant)
    data = {"event": event, "suggestion": meant, "known": tuple(names)}
    return Reason(ReasonKind.UNKNOWN_EVENT, filled, data=data)


def internal_event(workflow: Workflow, event: Event) -> Reason:
    """Return the reason that only a clock raises this event."""
    clocks = [each for each in workflow.chart.clocks.values() if each.on_expiry == event.name]
    wording = Wording(
        "{event}只由时限{clocks}到期引发，不能发送",
        "{event} is raised only when the time limit {clocks} expires; it cannot be sent",
    ).fill(event=quoted(event.title), clocks=listed(quoted(each.title) for each in clocks))
    cites = distinct(event.cites, *(each.cites for each in clocks))
    data = {"event": event.name, "clocks": tuple(each.name for each in clocks)}
    return Reason(ReasonKind.INTERNAL_EVENT, wording, cites, data)


def over(configuration: Configuration) -> Reason:
    """Return the reason that the case is over."""
    wording = Wording("本个案已经结束，状态为{state}", "the case is over: it is in {state}").fill(
        state=configuration.title
    )
    return Reason(ReasonKind.FINAL, wording, here(configuration), {"state": configuration.name})


def here(configuration: Configuration) -> tuple[Clause, ...]:
    """Return the clauses of the innermost active states."""
    return distinct(*(leaf.cites for leaf in configuration.leaves))


def not_from_here(workflow: Workflow, configuration: Configuration, event: Event) -> Reason:
    """Return the reason that no active state accepts the event, with the states that do."""
    accepting = [state for state in workflow.chart.states.values() if event.name in state.on]
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
        event=quoted(event.title),
        accepting=listed(quoted(state.title) for state in accepting),
    )
    data = {
        "event": event.name,
        "state": configuration.name,
        "accepted_in": tuple(state.name for state in accepting),
    }
    return Reason(ReasonKind.NOT_FROM_HERE, filled, here(configuration), data)


def backwards(at: datetime, last: datetime) -> Reason:
    """Return the reason that the event is older than the case's last change."""
    wording = Wording(
        "事件时间 {at} 早于本个案的上一次变化（{last}）；请核对时间",
        "the event's time {at} is before the case's last change at {last}; check the time",
    ).fill(at=moment(at), last=moment(last))
    return Reason(ReasonKind.TIME_BACKWARDS, wording, data={"at": at, "last": last})


def behind(last: datetime, most: int) -> Reason:
    """Return the reason that too many time limits must be recorded first."""
    wording = Wording(
        "自 {last} 起有超过 {most} 个时限待记录；请先调用 `tick`",
        "more than {most} time limits since {last} are not recorded yet; call `tick` first",
    ).fill(last=moment(last), most=most)
    return Reason(ReasonKind.BEHIND, wording, data={"last": last, "most": most})


def unknown_role(workflow: Workflow, by: object) -> Reason:
    """Return the reason that nobody has this role."""
    meant = nearest(shown(by), workflow.roles)
    wording = Wording(
        "没有角色 `{by}`；可用角色：{roles}", "there is no role `{by}`; the roles are {roles}"
    )
    if meant is not None:
        wording = Wording(
            "没有角色 `{by}`；是否指 `{meant}`？",
            "there is no role `{by}`; did you mean `{meant}`?",
        )
    filled = wording.fill(
        by=shown(by), roles=listed(map(quoted, workflow.roles.values())), meant=meant
    )
    data = {"by": by, "suggestion": meant, "allowed": tuple(workflow.roles)}
    return Reason(ReasonKind.ROLE, filled, data=data)


def other_role(workflow: Workflow, event: Event, moves: Sequence[Move], by: str | None) -> Reason:
    """Return the reason that this role may not do it, with those that may."""
    allowed = tuple(dict.fromkeys(name for move in moves for name in move.transition.by))
    wording = (
        Wording("没有说明角色；{event}可由{roles}执行", "no role was given; {event} is for {roles}")
        if by is None
        else Wording(
            "{by}不能执行{event}；可由{roles}执行", "{by} may not do {event}; it is for {roles}"
        )
    ).fill(
        by=quoted(workflow.roles[by]) if by else "",
        event=quoted(event.title),
        roles=listed((quoted(workflow.roles[name]) for name in allowed), last=("或", " or ")),
    )
    cites = distinct(*(grounds(workflow, move.transition) for move in moves))
    return Reason(
        ReasonKind.ROLE, wording, cites, {"event": event.name, "by": by, "allowed": allowed}
    )


def payload_invalid(event: Event, problem: FactsError) -> Reason:
    """Return the reason that the data sent does not fit the event, field by field."""
    wording = Wording("{event}的数据有误：{why}", "the data of {event} is wrong: {why}").fill(
        event=quoted(event.title), why=each_problem(problem, event.payload.fields)
    )
    data = {"event": event.name, "problems": problem.problems}
    return Reason(ReasonKind.PAYLOAD_INVALID, wording, event.cites, data)


def each_problem(problem: FactsError, fields: Mapping[str, Field]) -> Wording:
    """Return what is wrong with each field of a record; one with a title names itself."""
    return listed(
        (
            each.wording
            if titled(fields, each.field.partition("[")[0])
            else Wording(f"`{each.field}` {each.wording.zh}", f"`{each.field}`: {each.wording.en}")
            for each in problem.problems
        ),
        between=("；", "; "),
    )


def not_enabled(
    workflow: Workflow, chains: Sequence[Sequence[Move]], record: Record, context: Context
) -> tuple[Reason, ...]:
    """Return what stands against each move of `chains`, in the order in which they are tried.

    Where a region cannot be decided, that alone is why: the others could go on.
    """
    return undecided(workflow, chains, record, context) or merged(
        reason for chain in chains for reason in against(workflow, chain, record, context)
    )


def undecided(
    workflow: Workflow, chains: Sequence[Sequence[Move]], record: Record, context: Context
) -> tuple[Reason, ...]:
    """Return what stands against the chains that end where a guard cannot be decided."""
    ended = (tried(chain, record, context) for chain in chains)
    return merged(
        reason
        for chain in ended
        if chain and chain[-1][1] in OPEN
        for reason in against(workflow, [move for move, _ in chain], record, context)
    )


def against(
    workflow: Workflow, moves: Iterable[Move], record: Record, context: Context
) -> Iterable[Reason]:
    """Yield what stands against each of `moves` that was tried."""
    for move, verdict in tried(moves, record, context):
        if verdict in WHY:
            yield WHY[verdict](workflow, move.transition, record, context)


def tried(
    moves: Iterable[Move], record: Record, context: Context
) -> tuple[tuple[Move, Verdict], ...]:
    """Return the moves that are tried, each with its verdict.

    The moves behind one that holds or cannot be decided are not, so they are not named.
    """
    found: list[tuple[Move, Verdict]] = []
    for move in moves:
        found.append((move, judge(move.transition, record, context)))
        if found[-1][1] is Verdict.HOLDS or found[-1][1] in OPEN:
            break
    return tuple(found)


def merged(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return `reasons` with those that read the same made one, with the clauses of all."""
    kept: dict[tuple[ReasonKind, Wording], Reason] = {}
    for each in reasons:
        known = kept.get((each.kind, each.wording), each)
        kept[each.kind, each.wording] = replace(known, cites=distinct(known.cites, each.cites))
    return tuple(kept.values())


def facts_needed(
    workflow: Workflow,
    transition: Transition,
    record: Record,
    context: Context,  # noqa: ARG001 - one signature for all verdicts
) -> Reason:
    """Return the reason that facts which must be known are not."""
    needed = tuple(name for name in transition.requires if name not in record)
    wording = Wording("{event}须先填写：{facts}", "{event} needs these first: {facts}").fill(
        event=quoted(transition.event.title),
        facts=listed(named(workflow, transition, name) for name in needed),
    )
    data = {"event": transition.event.name, "target": transition.target, "facts": needed}
    return Reason(ReasonKind.REQUIRES, wording, grounds(workflow, transition), data)


def guard_false(
    workflow: Workflow, transition: Transition, record: Record, context: Context
) -> Reason:
    """Return the reason that the guard is false, with the parts that are and what they saw."""
    seen = guard(transition).why_not(record, context)
    wording = Wording("不能{way}：{seen}", "cannot {way}: {seen}").fill(
        way=way(workflow, transition),
        seen=listed((each.wording for each in seen), between=("；", "; ")),
    )
    data = {"target": transition.target, "guard": guard(transition).source, "seen": seen}
    return Reason(ReasonKind.GUARD, wording, grounds(workflow, transition), data)


def guard_unknown(
    workflow: Workflow, transition: Transition, record: Record, context: Context
) -> Reason:
    """Return the reason that the guard needs what is not known."""
    seen = guard(transition).why_not(record, context)
    needs = absent(seen)
    wording = Wording(
        "缺少{needs}，无法判断能否{way}", "whether to {way} cannot be decided without {needs}"
    ).fill(
        way=way(workflow, transition),
        needs=listed(named(workflow, transition, name) for name in needs),
    )
    data = {
        "target": transition.target,
        "guard": guard(transition).source,
        "needs": needs,
        "seen": seen,
    }
    return Reason(ReasonKind.UNKNOWN, wording, grounds(workflow, transition), data)


def absent(seen: Iterable[Seen]) -> tuple[str, ...]:
    """Return the names that parts of an expression read and that are not known."""
    names = (name for each in seen for name, value in each.values if value is ABSENT)
    return tuple(dict.fromkeys(names))


def guard_undecided(
    workflow: Workflow, transition: Transition, record: Record, context: Context
) -> Reason:
    """Return the reason that the guard has no value."""
    why = failure(guard(transition), record, context)
    wording = Wording("无法判断能否{way}：{why}", "whether to {way} cannot be decided: {why}").fill(
        way=way(workflow, transition), why=why
    )
    data = {"target": transition.target, "guard": guard(transition).source}
    return Reason(ReasonKind.UNDECIDED, wording, grounds(workflow, transition), data)


WHY = {
    Verdict.REQUIRES: facts_needed,
    Verdict.GUARD: guard_false,
    Verdict.UNKNOWN: guard_unknown,
    Verdict.UNDECIDED: guard_undecided,
}


def endless(workflow: Workflow, last: Move, most: int) -> Reason:
    """Return the reason that what follows by itself does not come to rest."""
    wording = Wording(
        "自动转换在 {most} 步后仍未停止，最后一步是{way}；请修改流程的 `always` 或 `raise`",
        "what follows by itself has not come to rest after {most} steps, the last to {way};"
        " mend the `always` or `raise` of the workflow",
    ).fill(most=most, way=way(workflow, last.transition))
    data = {"most": most, "state": last.transition.source}
    return Reason(ReasonKind.ENDLESS, wording, last.cites, data)


def without_result(block: Block, fields: Mapping[str, Field], problem: TelecomRulesError) -> Reason:
    """Return the reason that what is set or asked for on the way has no fitting value.

    Args:
        block: the transition or state that says so.
        fields: the fields that were being filled.
        problem: what went wrong.
    """
    cites, title = block.grounds, quoted(block.title)
    if isinstance(problem, FactsError):
        wording = Wording(
            "{event}的结果不符合要求：{why}", "the result of {event} does not fit: {why}"
        )
        why = each_problem(problem, fields)
        filled = wording.fill(event=title, why=why)
        return Reason(ReasonKind.FACTS_INVALID, filled, cites, {"problems": problem.problems})
    wording = Wording(
        "无法得出{event}的结果：{why}", "the result of {event} cannot be worked out: {why}"
    ).fill(event=title, why=problem.wording)
    if isinstance(problem, MissingData):
        return Reason(ReasonKind.UNKNOWN, wording, cites, {"needs": (problem.path,)})
    return Reason(ReasonKind.UNDECIDED, wording, cites)


def guard(transition: Transition) -> Expression:
    """Return the guard of a transition that has one."""
    if transition.guard is None:
        raise ValueError(f"the transition on {transition.event.name} has no guard")
    return transition.guard


def failure(expression: Expression, record: Record, context: Context) -> Wording:
    """Return why `expression` has no value."""
    try:
        expression.evaluate(record, context)
    except EvaluationError as problem:
        return problem.wording
    return Wording("没有值", "it has no value")


def grounds(workflow: Workflow, transition: Transition) -> tuple[Clause, ...]:
    """Return the clauses a transition rests on: its own, or those of the state it is written in."""
    return transition.cites or workflow.chart.states[transition.source].cites


def way(workflow: Workflow, transition: Transition) -> Wording:
    """Return what a transition does, told apart from others of its event by where it leads."""
    if not transition.targets:
        return Wording("进行{title}", "do {title}").fill(title=quoted(transition.title))
    titles = (quoted(workflow.chart.states[name].title) for name in transition.targets)
    return Wording("转入{state}", "go to {state}").fill(state=listed(titles))


def named(workflow: Workflow, transition: Transition, name: str) -> Wording:
    """Return for people what an expression calls `name`: the title of a fact or field."""
    root, _, rest = name.partition(".")
    if root == "event":
        return titled(transition.event.payload.fields, rest) or Wording.same(f"`{name}`")
    return titled(workflow.facts.fields, name) or Wording.same(f"`{name}`")


def titled(fields: Mapping[str, Field], name: str) -> Wording | None:
    """Return the title of a field in quotation marks, or `None` where it has none."""
    title = fields[name].title if name in fields else None
    return None if title is None else quoted(title)
