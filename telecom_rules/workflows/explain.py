"""What happened to a case, told to people in Chinese or English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.vocabulary import clauses_on
from telecom_rules.wording import Wording
from telecom_rules.workflows import refusal
from telecom_rules.workflows.calls import calls_of, changes, taken_back
from telecom_rules.workflows.clocks import DueKind
from telecom_rules.workflows.journal import clocks_changed, clocks_paused
from telecom_rules.workflows.phrases import cited, moment, quoted, shown, until
from telecom_rules.workflows.standing import surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.vocabulary import Clause
    from telecom_rules.wording import Language
    from telecom_rules.workflows.clocks import Due, Run
    from telecom_rules.workflows.configuration import Move
    from telecom_rules.workflows.outcome import Happened, Refused
    from telecom_rules.workflows.step import Step
    from telecom_rules.workflows.workflow import Workflow

__all__ = ["happened", "refused"]


def refused(outcome: Refused, language: Language) -> str:
    """Return why an event was refused: a headline, then a line for each reason with its clauses."""
    event = refusal.known(outcome.case.workflow, outcome.event)
    title = quoted(event.title) if event else Wording.same(f"`{shown(outcome.event)}`")
    headline = Wording("{event}未被接受：", "{event} was refused:").fill(event=title)
    day = outcome.at.date()
    lines = [
        f"- {each.wording.say(language)}{cited(clauses_on(each.cites, day), language)}"
        for each in outcome.reasons
    ]
    return "\n".join([headline.say(language), *lines])


def happened(outcome: Happened, language: Language) -> str:
    """Return what happened: a line or more for each step."""
    workflow = outcome.case.workflow
    lines = (line for step in outcome.steps for line in told(workflow, outcome.case.id, step))
    return "\n".join(each.say(language) for each in lines)


def told(workflow: Workflow, case: str, step: Step) -> Iterator[Wording]:
    """Yield what one step of the case with the id `case` did, line by line."""
    if step.due is not None and step.before is not None:
        run = next(run for run in step.before.runs if run.name == step.due.clock)
        yield firing(run, step.due)
    if step.before is None or step.move is not None:
        yield headline(workflow, step)
        yield from conditions(workflow, step)
        yield from grounds(step.cites, step)
    for move in step.more:
        if move.transition.source:
            yield following(workflow, move)
            yield from grounds(move.cites, step)
    for reason in step.reasons:
        yield Wording("未处理：{why}", "not handled: {why}").fill(why=reason.wording)
    for effect in step.effects:
        yield Wording("待办：{title}", "to do: {title}").fill(title=quoted(effect.title))
    yield from called(workflow, case, step)
    yield from clocks(workflow, step)


def called(workflow: Workflow, case: str, step: Step) -> Iterator[Wording]:
    """Yield which cases were called in one step, came back or are waited for no longer."""
    begun, cancelled = changes((step,))
    back = taken_back(step)
    told = (
        (Wording("已交回：{title}（{id}）", "came back: {title} ({id})"), (back,) if back else ()),
        (Wording("不再等待：{title}（{id}）", "no longer awaited: {title} ({id})"), cancelled),
        (Wording("已发起：{title}（{id}）", "called: {title} ({id})"), begun),
    )
    for wording, calls in told:
        for each in calls_of(workflow, case, calls):
            yield wording.fill(title=quoted(each.title), id=each.id)


def clocks(workflow: Workflow, step: Step) -> Iterator[Wording]:
    """Yield what became of the clocks in one step."""
    stopped, started = clocks_changed(step)
    for name in stopped:
        title = quoted(workflow.chart.clocks[name].title)
        yield Wording("时限停止：{title}", "time limit stopped: {title}").fill(title=title)
    paused, resumed = clocks_paused(step)
    for run in step.after.runs:
        if run.name in started:
            yield beginning(run)
        if run.name in resumed:
            yield going_on(run)
        if run.name in paused:
            title = quoted(run.clock.title)
            yield Wording("时限暂停：{title}", "time limit paused: {title}").fill(title=title)


def headline(workflow: Workflow, step: Step) -> Wording:
    """Return what led from where to where, who did it, and when."""
    at = moment(step.after.at)
    reached = workflow.configurations.of(step.moves[0].reaches)
    to = reached.title
    if step.before is None or step.move is None:
        return Wording("开始：{to}（{at}）", "started in {to} ({at})").fill(to=to, at=at)
    leaf = step.before.configuration.title
    way = (
        Wording("{leaf} → {to}", "{leaf} → {to}")
        if step.move.entered
        else Wording("留在{to}", "stays in {to}")
    )
    who = workflow.roles.get(step.by or "", Wording.same(step.by or ""))
    mark = (
        Wording("（{who}，{at}）", " ({who}, {at})") if step.by else Wording("（{at}）", " ({at})")
    )
    return Wording("{title}：{way}{mark}", "{title}: {way}{mark}").fill(
        title=quoted(step.move.transition.title),
        way=way.fill(leaf=leaf, to=to),
        mark=mark.fill(who=who, at=at),
    )


def following(workflow: Workflow, move: Move) -> Wording:
    """Return what followed by itself, and where it led."""
    to = workflow.configurations.of(move.reaches).title
    wording = (
        Wording("随后{title}：→ {to}", "then {title}: → {to}")
        if move.entered
        else Wording("随后{title}：留在{to}", "then {title}: stays in {to}")
    )
    return wording.fill(title=quoted(move.transition.title), to=to)


def conditions(workflow: Workflow, step: Step) -> Iterator[Wording]:
    """Yield what made the guard of an event's transition hold, and the values it saw."""
    if step.before is None or step.move is None or step.due is not None:
        return
    guard = step.move.transition.guard
    if guard is not None:
        context = surroundings(
            workflow, step.before, step.before.record, step.payload, step.after.at
        )
        for seen in guard.why(step.before.record, context):
            yield Wording("因为 {seen}", "because {seen}").fill(seen=seen.wording)


def grounds(cites: tuple[Clause, ...], step: Step) -> Iterator[Wording]:
    """Yield the clauses, one a line, as they were numbered on the day of the step."""
    for clause in clauses_on(cites, step.after.at.date()):
        yield Wording("依据：{clause}", "under {clause}").fill(clause=clause.wording)


def beginning(run: Run) -> Wording:
    """Return until when a clock that was started runs."""
    if run.deadline is None:
        return Wording(
            "时限开始：{title}，无法确定期限：{why}",
            "time limit started: {title}; there is no telling when it ends: {why}",
        ).fill(title=quoted(run.clock.title), why=run.undetermined)
    return Wording(
        "时限开始：{title}，至 {deadline}", "time limit started: {title}, until {deadline}"
    ).fill(title=quoted(run.clock.title), deadline=until(run.deadline))


def going_on(run: Run) -> Wording:
    """Return until when a clock runs that went on after a pause."""
    if run.deadline is None:
        return Wording("时限恢复：{title}", "time limit goes on: {title}").fill(
            title=quoted(run.clock.title)
        )
    return Wording(
        "时限恢复：{title}，至 {deadline}", "time limit goes on: {title}, until {deadline}"
    ).fill(title=quoted(run.clock.title), deadline=until(run.deadline))


def firing(run: Run, due: Due) -> Wording:
    """Return what a clock did, with the clauses of its time limit."""
    wording = (
        Wording(
            "提醒：时限{title}将于 {deadline} 届满{cites}",
            "warning: the time limit {title} ends at {deadline}{cites}",
        )
        if due.kind is DueKind.WARN
        else Wording(
            "超期：时限{title}已于 {deadline} 届满{cites}",
            "breach: the time limit {title} ended at {deadline}{cites}",
        )
    )
    return wording.fill(
        title=quoted(due.title),
        deadline=until(run.deadline or due.at),
        cites=Wording(cited(due.cites, "zh"), cited(due.cites, "en")),
    )
