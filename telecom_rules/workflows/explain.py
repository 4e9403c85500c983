"""Explanations of steps and refusals for people, in Chinese or English."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from telecom_rules.expressions import Budget
from telecom_rules.vocabulary import Duration, Parameter, clauses_on
from telecom_rules.vocabulary.parameters import ParameterKind
from telecom_rules.vocabulary.sources.sources import mark_reading
from telecom_rules.wording import Wording, join_lines, join_wordings, quote_title, shorten
from telecom_rules.workflows.chart import Figures
from telecom_rules.workflows.engine.case_state import build_context
from telecom_rules.workflows.engine.clocks import DueKind
from telecom_rules.workflows.engine.limits import find_term
from telecom_rules.workflows.engine.macrostep import compare_calls, find_returned_call
from telecom_rules.workflows.engine.subcases import call_id_of, invocation_of
from telecom_rules.workflows.journal.writing import find_changed_clocks, find_paused_clocks
from telecom_rules.workflows.phrases import format_cites, format_deadline, format_instant
from telecom_rules.workflows.refusals import events
from telecom_rules.workflows.refusals.transitions import refuse_further

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import timezone

    from telecom_rules.vocabulary import Clause
    from telecom_rules.wording import Language
    from telecom_rules.workflows.engine.clocks import Due, Run
    from telecom_rules.workflows.engine.configuration import Move
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.engine.macrostep import Macrostep
    from telecom_rules.workflows.refusals.reason import Reason
    from telecom_rules.workflows.refusals.remedy import Remedy


WARNED = Wording(
    "提醒：时限{title}将于 {deadline} 届满{cites}{reading}{figure}",
    "warning: the time limit {title} ends at {deadline}{cites}{reading}{figure}",
)
BREACHED = Wording(
    "超期：时限{title}已于 {deadline} 届满{cites}{reading}{figure}",
    "breach: the time limit {title} ended at {deadline}{cites}{reading}{figure}",
)
PROMISE_BROKEN = Wording(
    "违反承诺：时限{title}已于 {deadline} 届满{cites}{reading}{figure}",
    "breach of a promise: the time limit {title} ended at {deadline}{cites}{reading}{figure}",
)
BY_LAW = Wording("按法定数值至 {deadline}", "by the law it ends at {deadline}")
NO_FIGURE = Wording.same("")
REMEDIES = Wording("按下列任一方式办理即被接受：", "It would be accepted in one of these ways:")
MOST_TOLD = 5
"""Reasons that a short explanation tells."""
FIGURE = Wording("：{figure}（{origin}）", ": {figure} ({origin})")


def explain_refusal(
    machine: Machine, event: str, at: datetime, reasons: Sequence[Reason], language: Language
) -> str:
    """Return why an event was refused: a headline, then one line per reason with its clauses."""
    lines = [describe_reason(each, at, language) for each in reasons]
    return join_lines([describe_refused(machine, event).say(language), *lines])


def describe_refused(machine: Machine, event: str) -> Wording:
    """Return the headline of a refusal."""
    known = events.find_event(machine, event)
    title = quote_title(known.title) if known else Wording.same(f"`{shorten(event)}`")
    return Wording("{event}未被接受：", "{event} was refused:").fill(event=title)


def describe_reason(reason: Reason, at: datetime, language: Language) -> str:
    """Return a reason with its clauses on one line."""
    cites = format_cites(clauses_on(reason.cites, at.date()), language)
    return f"- {reason.wording.say(language)}{cites}"


def explain_refusal_briefly(
    machine: Machine,
    event: str,
    at: datetime,
    reasons: Sequence[Reason],
    remedies: Sequence[Remedy],
    language: Language,
) -> str:
    """Return the first reasons of a refusal, and what has to be done, in at most twelve lines."""
    lines = [describe_refused(machine, event).say(language)]
    lines += [describe_reason(each, at, language) for each in reasons[:MOST_TOLD]]
    if len(reasons) > MOST_TOLD:
        lines.append(f"- {refuse_further(len(reasons) - MOST_TOLD).wording.say(language)}")
    if remedies:
        lines.append(REMEDIES.say(language))
        lines += [f"- {each.wording.say(language)}" for each in remedies]
    return join_lines(lines)


def explain_progress(
    machine: Machine, case: str, steps: Iterable[Macrostep], language: Language
) -> str:
    """Return the steps of the case with the id `case` as text, one or more lines per step."""
    lines = (line for step in steps for line in explain_step(machine, case, step))
    return join_lines(each.say(language) for each in lines)


def explain_step(machine: Machine, case: str, step: Macrostep) -> Iterator[Wording]:
    """Yield the lines about one step of the case with the id `case`."""
    if step.due is not None and step.before is not None:
        run = next(run for run in step.before.runs if run.name == step.due.clock)
        yield describe_firing(run, step.due)
    if step.before is None or step.move is not None:
        yield describe_move(machine, step)
        yield from describe_guard(machine, step)
        yield from describe_cites(step.cites, step)
    for move in step.later_moves:
        if move.transition.source:
            yield describe_later_move(machine, move)
            yield from describe_cites(move.cites, step)
    for reason in step.reasons:
        yield Wording("未处理：{why}", "not handled: {why}").fill(why=reason.wording)
    for effect in step.effects:
        yield Wording("待办：{title}", "to do: {title}").fill(title=quote_title(effect.title))
    yield from describe_calls(machine, case, step)
    yield from describe_clocks(machine, step)


def describe_calls(machine: Machine, case: str, step: Macrostep) -> Iterator[Wording]:
    """Yield the calls that returned, were cancelled and began in one step."""
    begun, cancelled = compare_calls((step,))
    returned = find_returned_call(step)
    changes = (
        (
            Wording("已交回：{title}（{id}）", "returned: {title} ({id})"),
            (returned,) if returned else (),
        ),
        (Wording("不再等待：{title}（{id}）", "no longer awaited: {title} ({id})"), cancelled),
        (Wording("已发起：{title}（{id}）", "called: {title} ({id})"), begun),
    )
    for wording, calls in changes:
        for each in calls:
            title = quote_title(invocation_of(machine, each.state).title)
            yield wording.fill(title=title, id=call_id_of(case, each))


def describe_clocks(machine: Machine, step: Macrostep) -> Iterator[Wording]:
    """Yield the clocks stopped, started, resumed and paused in one step."""
    stopped, started = find_changed_clocks(step)
    for name in stopped:
        title = quote_title(machine.chart.clocks[name].title)
        yield Wording("时限停止：{title}", "time limit stopped: {title}").fill(title=title)
    paused, resumed = find_paused_clocks(step)
    for run in step.after.runs:
        if run.name in started:
            yield describe_start(run)
        if run.name in resumed:
            yield describe_resumption(run)
        if run.name in paused:
            title = quote_title(run.clock.title)
            yield Wording("时限暂停：{title}", "time limit paused: {title}").fill(title=title)


def describe_move(machine: Machine, step: Macrostep) -> Wording:
    """Return the source, target, role and time of the first move of a step."""
    at = format_instant(step.after.at)
    reached = machine.configurations.of(step.moves[0].reached_states)
    to = reached.title
    if step.before is None or step.move is None:
        return Wording("开始：{to}（{at}）", "started in {to} ({at})").fill(to=to, at=at)
    leaf = step.before.configuration.title
    wording = (
        Wording("{title}：{leaf} → {to}{mark}", "{title}: {leaf} → {to}{mark}")
        if step.move.entered
        else Wording("{title}，状态不变：{to}{mark}", "{title}: stays in {to}{mark}")
    )
    who = machine.roles.get(step.by or "", Wording.same(step.by or ""))
    mark = (
        Wording("（{who}，{at}）", " ({who}, {at})") if step.by else Wording("（{at}）", " ({at})")
    )
    return wording.fill(
        title=quote_title(step.move.transition.title),
        leaf=leaf,
        to=to,
        mark=mark.fill(who=who, at=at),
    )


def describe_later_move(machine: Machine, move: Move) -> Wording:
    """Return the title and target of a later microstep."""
    to = machine.configurations.of(move.reached_states).title
    wording = (
        Wording("随后{title}：→ {to}", "then {title}: → {to}")
        if move.entered
        else Wording("随后{title}，状态不变：{to}", "then {title}: stays in {to}")
    )
    return wording.fill(title=quote_title(move.transition.title), to=to)


def describe_guard(machine: Machine, step: Macrostep) -> Iterator[Wording]:
    """Yield the parts that made the guard of an event's transition true, with their values."""
    if step.before is None or step.move is None or step.due is not None:
        return
    guard = step.move.transition.guard
    if guard is not None:
        context = build_context(
            machine,
            step.before,
            step.before.record,
            step.payload,
            step.after.at,
            step.move.transition.event.name,
        )
        for seen in guard.why(step.before.record, context, Budget()):
            yield Wording("因为 {seen}", "because {seen}").fill(seen=seen.wording)


def describe_cites(cites: tuple[Clause, ...], step: Macrostep) -> Iterator[Wording]:
    """Yield the clauses, one a line, as they were numbered on the day of the step."""
    for clause in clauses_on(cites, step.after.at.date()):
        yield Wording("依据：{clause}", "under {clause}").fill(clause=clause.wording)


def describe_start(run: Run) -> Wording:
    """Return the line about a started clock, with its deadline."""
    if run.deadline is None:
        return Wording(
            "时限开始：{title}，无法确定期限：{why}",
            "time limit started: {title}; its deadline cannot be determined: {why}",
        ).fill(title=quote_title(run.clock.title), why=run.undetermined)
    return Wording(
        "时限开始：{title}，至 {deadline}{figure}",
        "time limit started: {title}, until {deadline}{figure}",
    ).fill(
        title=quote_title(run.clock.title),
        deadline=format_deadline(run.deadline),
        figure=describe_figure(run),
    )


def describe_resumption(run: Run) -> Wording:
    """Return the line about a resumed clock, with its deadline."""
    if run.deadline is None:
        return Wording("时限恢复：{title}", "time limit resumed: {title}").fill(
            title=quote_title(run.clock.title)
        )
    return Wording(
        "时限恢复：{title}，至 {deadline}", "time limit resumed: {title}, until {deadline}"
    ).fill(title=quote_title(run.clock.title), deadline=format_deadline(run.deadline))


STILL_UNKNOWN = Wording(
    "提请注意：时限{title}仍不能确定截止时刻：{why}{cites}{reading}",
    "note: the end of the time limit {title} still cannot be determined: {why}{cites}{reading}",
)


def describe_firing(run: Run, due: Due) -> Wording:
    """Return the line about a warning, a breach or a question, with its clauses."""
    cites = Wording(format_cites(due.cites, "zh"), format_cites(due.cites, "en"))
    reading = mark_reading(ours=due.interpretation)
    if run.deadline is None:
        return STILL_UNKNOWN.fill(
            title=quote_title(due.title), why=run.undetermined, cites=cites, reading=reading
        )
    wording = WARNED if due.kind is DueKind.WARN else BREACHED
    if due.kind is DueKind.EXPIRY and run.clock.beside is not None:
        wording = PROMISE_BROKEN
    return wording.fill(
        title=quote_title(due.title),
        deadline=format_deadline(run.deadline),
        cites=cites,
        reading=reading,
        figure=describe_figure(run),
    )


def describe_figure(run: Run) -> Wording:
    """Return the figure of a limit that an overlay gives, with that of the law; else nothing."""
    limit = run.clock.limit
    figure = limit.find_on(run.started.date()) if isinstance(limit, Parameter) else None
    if figure is None or figure.base is None:
        return NO_FIGURE
    said = FIGURE.fill(figure=figure.wording, origin=figure.assurance)
    end = find_end_by_law(run)
    if end is None:
        return said
    return join_wordings([said, BY_LAW.fill(deadline=format_deadline(end))], ("；", "; "))


def find_end_by_law(run: Run) -> datetime | None:
    """Return when a limit that is promised would end by the law, if it is not promised alone.

    A promise may be broken when the law is not. `None` where the limit is not a promise over a
    figure of the law, or where its end cannot be determined.
    """
    limit = run.clock.limit
    figure = limit.find_on(run.started.date()) if isinstance(limit, Parameter) else None
    law = None if figure is None or figure.kind is not ParameterKind.PROMISE else figure.law
    if law is None or not isinstance(law.value, Duration):
        return None
    clock = replace(run.clock, limit=law.value, figures=Figures.OF_START)
    zone = cast("timezone", run.started.tzinfo)
    end = find_term(clock, run.started, zone, run.pauses, run.follows).end
    return end if isinstance(end, datetime) and end != run.deadline else None
