"""Reasons why a case cannot be called or returned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.errors import FactsError
from telecom_rules.wording import Wording, join_wordings, quote_title, shorten
from telecom_rules.workflows.phrases import format_instant
from telecom_rules.workflows.refusals.events import describe_problems
from telecom_rules.workflows.refusals.reason import Reason, ReasonKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from telecom_rules.errors import EvaluationError
    from telecom_rules.workflows.chart import Invocation, State
    from telecom_rules.workflows.engine.case_state import ReturnedCase
    from telecom_rules.workflows.engine.machine import Machine


CANNOT_CALL = Wording("无法发起{title}：{why}", "cannot call {title}: {why}")


def refuse_call_facts(
    state: State,
    invocation: Invocation,
    callee: Machine,
    problem: FactsError | EvaluationError,
) -> Reason:
    """Return the reason that the initial facts cannot be computed or are invalid."""
    title = quote_title(invocation.title)
    if isinstance(problem, FactsError):
        why = describe_problems(problem, callee.facts.fields)
        data = {"workflow": callee.name, "problems": problem.problems}
        wording = CANNOT_CALL.fill(title=title, why=why)
        return Reason(ReasonKind.FACTS_INVALID, wording, state.cites, data)
    wording = CANNOT_CALL.fill(title=title, why=problem.wording)
    return Reason(ReasonKind.UNDECIDED, wording, state.cites, {"workflow": callee.name})


def refuse_call_start(state: State, invocation: Invocation, reasons: Sequence[Reason]) -> Reason:
    """Return the reason that the called case cannot start with these facts."""
    wordings = dict.fromkeys(each.wording for each in reasons)  # many may be the same
    why = join_wordings(wordings, between=("；", "; "))
    data = {"workflow": invocation.workflow, "reasons": tuple(reasons)}
    wording = CANNOT_CALL.fill(title=quote_title(invocation.title), why=why)
    return Reason(ReasonKind.CALL, wording, state.cites, data)


def refuse_circular_call(state: State, invocation: Invocation, path: Sequence[str]) -> Reason:
    """Return the reason that workflows call one another in a cycle as they start."""
    wording = Wording(
        "无法发起{title}：各流程在开始时循环调用（{path}）；请修改流程",
        "cannot call {title}: the workflows call one another in a cycle as they start ({path});"
        " fix the workflows",
    ).fill(title=quote_title(invocation.title), path=" → ".join((*path, invocation.workflow)))
    data = {"workflow": invocation.workflow, "path": tuple(path)}
    return Reason(ReasonKind.ENDLESS, wording, state.cites, data)


def refuse_too_many_starts(state: State, invocation: Invocation, most: int) -> Reason:
    """Return the reason that too many cases would start at one instant."""
    wording = Wording(
        "无法发起{title}：同时开始的个案超过 {most} 个；请修改流程",
        "cannot call {title}: more than {most} cases would start at once; fix the workflows",
    ).fill(title=quote_title(invocation.title), most=most)
    data = {"workflow": invocation.workflow, "most": most}
    return Reason(ReasonKind.ENDLESS, wording, state.cites, data)


def refuse_not_awaited(id: object, awaited: Sequence[str]) -> Reason:
    """Return the reason that the case `id` is not a pending call."""
    waits = (
        Wording("正在等待：{ids}", "it waits for {ids}").fill(
            ids=", ".join(f"`{each}`" for each in awaited)
        )
        if awaited
        else Wording("没有在等待任何个案", "it waits for no case")
    )
    wording = Wording(
        "本个案并未等待 `{id}`，或已不再等待；{waits}",
        "the case does not wait for `{id}`, or no longer does; {waits}",
    ).fill(id=shorten(id), waits=waits)
    return Reason(ReasonKind.CALL, wording, data={"case": id, "awaited": tuple(awaited)})


def refuse_other_workflow(returned: ReturnedCase, expected: Machine) -> Reason:
    """Return the reason that the case has the right id but the wrong workflow or pack."""
    found = returned.machine
    wording = Wording(
        "`{id}` 属于流程 {found}，而所调用的是 {expected}；请用同一规则包恢复该个案",
        "`{id}` is a case of {found}, but {expected} was called; restore it with the same pack",
    ).fill(
        id=shorten(returned.id),
        found=describe_workflow(found),
        expected=describe_workflow(expected),
    )
    data = {"case": returned.id, "workflow": found.name, "expected": expected.name}
    return Reason(ReasonKind.CALL, wording, data=data)


def describe_workflow(machine: Machine) -> str:
    """Return name, version and digest of a workflow."""
    return f"{machine.name} {machine.version} ({machine.digest[:19]})"


def refuse_not_ended(returned: ReturnedCase) -> Reason:
    """Return the reason that the called case has not ended."""
    configuration = returned.case_state.configuration
    wording = Wording(
        "{title}（`{id}`）尚未结束，状态为{state}",
        "{title} (`{id}`) has not ended; its state is {state}",
    ).fill(
        title=quote_title(returned.machine.title),
        id=shorten(returned.id),
        state=configuration.title,
    )
    data = {"case": returned.id, "state": configuration.name}
    return Reason(ReasonKind.CALL, wording, data=data)


def refuse_too_early(returned: ReturnedCase, at: datetime) -> Reason:
    """Return the reason that the called case ended after the instant of its return."""
    ended = returned.case_state.at
    wording = Wording(
        "{title}（`{id}`）于 {ended} 才结束，晚于交回时间 {at}；请核对时间",
        "{title} (`{id}`) ended at {ended}, after its return at {at}; check the time",
    ).fill(
        title=quote_title(returned.machine.title),
        id=shorten(returned.id),
        ended=format_instant(ended),
        at=format_instant(at),
    )
    return Reason(ReasonKind.TIME_BACKWARDS, wording, data={"at": at, "last": ended})
