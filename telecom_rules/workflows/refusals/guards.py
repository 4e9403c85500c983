"""Reasons why the transitions on an event are not enabled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import ABSENT, Budget
from telecom_rules.wording import Wording, join_wordings, quote_title
from telecom_rules.workflows.engine.configuration import merge_cites
from telecom_rules.workflows.engine.selection import NOT_DECIDED, Verdict
from telecom_rules.workflows.refusals.reason import Reason, ReasonKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.expressions import Context, Expression, Seen
    from telecom_rules.vocabulary import Clause, Field, Record
    from telecom_rules.workflows.chart import Transition
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.engine.selection import Trials


def refuse_not_enabled(
    machine: Machine, tried: Sequence[Trials], record: Record, context: Context
) -> tuple[Reason, ...]:
    """Return why none of the tried moves is enabled, in the order tried.

    If the guard of a region cannot be decided, only that is reported: the others are not at fault.
    """
    budget = Budget()
    return refuse_undecided(machine, tried, record, context) or merge_reasons(
        reason
        for trials in tried
        for reason in iter_reasons(machine, trials, record, context, budget)
    )


def refuse_undecided(
    machine: Machine, tried: Sequence[Trials], record: Record, context: Context
) -> tuple[Reason, ...]:
    """Return the reasons of the chains that end at an undecided guard."""
    budget = Budget()
    return merge_reasons(
        reason
        for trials in tried
        if trials and trials[-1][1] in NOT_DECIDED
        for reason in iter_reasons(machine, trials, record, context, budget)
    )


def iter_reasons(
    machine: Machine, trials: Trials, record: Record, context: Context, budget: Budget
) -> Iterator[Reason]:
    """Yield why each of the tried moves is not enabled."""
    for move, verdict in trials:
        if verdict in REFUSE_BY_VERDICT:
            yield REFUSE_BY_VERDICT[verdict](machine, move.transition, record, context, budget)


def merge_reasons(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return `reasons`, with equal wordings merged and their clauses joined."""
    kept: dict[tuple[ReasonKind, Wording], Reason] = {}
    for each in reasons:
        known = kept.get((each.kind, each.wording), each)
        kept[each.kind, each.wording] = replace(known, cites=merge_cites(known.cites, each.cites))
    return tuple(kept.values())


def refuse_facts_missing(
    machine: Machine,
    transition: Transition,
    record: Record,
    context: Context,  # noqa: ARG001 - one signature for all verdicts
    budget: Budget,  # noqa: ARG001
) -> Reason:
    """Return the reason that required facts are not known."""
    needed = tuple(name for name in transition.requires if name not in record)
    wording = Wording("{event}须先填写：{facts}", "{event} first requires {facts}").fill(
        event=quote_title(transition.event.title),
        facts=join_wordings(title_of(machine, transition, name) for name in needed),
    )
    data = {"event": transition.event.name, "target": transition.target, "facts": needed}
    return Reason(ReasonKind.REQUIRES, wording, grounds_of(machine, transition), data)


def refuse_guard_false(
    machine: Machine, transition: Transition, record: Record, context: Context, budget: Budget
) -> Reason:
    """Return the reason that the guard is false, with its false parts and their values."""
    seen = guard_of(transition).why_not(record, context, budget)
    wording = Wording("不能{move}：{seen}", "cannot {move}: {seen}").fill(
        move=describe_target(machine, transition),
        seen=join_wordings((each.wording for each in seen), between=("；", "; ")),
    )
    data = {"target": transition.target, "guard": guard_of(transition).source, "seen": seen}
    return Reason(ReasonKind.GUARD, wording, grounds_of(machine, transition), data)


def refuse_guard_unknown(
    machine: Machine,
    transition: Transition,
    record: Record,
    context: Context,
    budget: Budget,  # noqa: ARG001 - what is needed is an answer, and never cut
) -> Reason:
    """Return the reason that the guard needs what is not known."""
    seen = guard_of(transition).why_not(record, context)
    needs = find_absent_names(seen)
    wording = Wording(
        "缺少{needs}，无法判断能否{move}", "cannot decide whether to {move} without {needs}"
    ).fill(
        move=describe_target(machine, transition),
        needs=join_wordings(title_of(machine, transition, name) for name in needs),
    )
    data = {
        "target": transition.target,
        "guard": guard_of(transition).source,
        "needs": needs,
        "seen": seen,
    }
    return Reason(ReasonKind.UNKNOWN, wording, grounds_of(machine, transition), data)


def find_absent_names(seen: Iterable[Seen]) -> tuple[str, ...]:
    """Return the unknown names that parts of an expression read."""
    names = (name for each in seen for name, value in each.values if value is ABSENT)
    return tuple(dict.fromkeys(names))


def refuse_guard_undecided(
    machine: Machine,
    transition: Transition,
    record: Record,
    context: Context,
    budget: Budget,  # noqa: ARG001
) -> Reason:
    """Return the reason that the guard cannot be evaluated."""
    why = describe_failure(guard_of(transition), record, context)
    wording = Wording("无法判断能否{move}：{why}", "cannot decide whether to {move}: {why}").fill(
        move=describe_target(machine, transition), why=why
    )
    data = {"target": transition.target, "guard": guard_of(transition).source}
    return Reason(ReasonKind.UNDECIDED, wording, grounds_of(machine, transition), data)


REFUSE_BY_VERDICT = {
    Verdict.REQUIRES: refuse_facts_missing,
    Verdict.GUARD: refuse_guard_false,
    Verdict.UNKNOWN: refuse_guard_unknown,
    Verdict.UNDECIDED: refuse_guard_undecided,
}


def guard_of(transition: Transition) -> Expression:
    """Return the guard of a transition that has one."""
    if transition.guard is None:
        raise ValueError(f"the transition on {transition.event.name} has no guard")
    return transition.guard


def describe_failure(expression: Expression, record: Record, context: Context) -> Wording:
    """Return why `expression` cannot be evaluated."""
    try:
        expression.evaluate(record, context)
    except EvaluationError as problem:
        return problem.wording
    return Wording("没有值", "it has no value")


def grounds_of(machine: Machine, transition: Transition) -> tuple[Clause, ...]:
    """Return the clauses a transition rests on: its own, or those of the state it is written in."""
    return transition.cites or machine.chart.states[transition.source].cites


def describe_target(machine: Machine, transition: Transition) -> Wording:
    """Return a transition as a verb phrase, by its targets or, without targets, its title."""
    if not transition.targets:
        return Wording("进行{title}", "do {title}").fill(title=quote_title(transition.title))
    titles = (quote_title(machine.chart.states[name].title) for name in transition.targets)
    return Wording("转入{state}", "go to {state}").fill(state=join_wordings(titles))


def title_of(machine: Machine, transition: Transition, name: str) -> Wording:
    """Return the title of the fact or field `name`, or `name` itself."""
    root, _, rest = name.partition(".")
    if root == "event":
        return quote_field_title(transition.event.payload.fields, rest) or Wording.same(f"`{name}`")
    return quote_field_title(machine.facts.fields, name) or Wording.same(f"`{name}`")


def quote_field_title(fields: Mapping[str, Field], name: str) -> Wording | None:
    """Return the title of a field in quotation marks, or `None` where it has none."""
    title = fields[name].title if name in fields else None
    return None if title is None else quote_title(title)
