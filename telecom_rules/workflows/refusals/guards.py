"""Reasons why one transition is not enabled: its role, its facts, its guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError, MissingData
from telecom_rules.expressions import ABSENT
from telecom_rules.wording import Wording, drop_contained, join_wordings, quote_title
from telecom_rules.workflows.refusals.reason import Reason, ReasonKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telecom_rules.expressions import Context, Expression, Seen
    from telecom_rules.vocabulary import Clause, Field, Record
    from telecom_rules.workflows.chart import Transition
    from telecom_rules.workflows.engine.machine import Machine


MOST_PARTS = 12
"""Failed parts of one guard that a refusal says; `data` has them all."""


def refuse_barred_role(machine: Machine, transition: Transition, by: str | None) -> Reason:
    """Return the reason that this transition is for other roles, which may take it here."""
    wording = (
        Wording(
            "此时仅{roles}可以{move}；本次未注明角色",
            "at this point only {roles} may {move}, and no role was given",
        )
        if by is None
        else Wording(
            "此时仅{roles}可以{move}，{by}无此权限",
            "at this point only {roles} may {move}; {by} may not",
        )
    ).fill(
        by=quote_title(machine.roles[by]) if by else "",
        move=describe_target(machine, transition),
        roles=join_roles(machine, transition.by),
    )
    data = {
        "event": transition.event.name,
        "target": transition.target,
        "by": by,
        "allowed": transition.by,
    }
    return Reason(ReasonKind.ROLE, wording, grounds_of(machine, transition), data)


def join_roles(machine: Machine, names: Iterable[str]) -> Wording:
    """Return the titles of some roles, any of which will do."""
    return join_wordings((quote_title(machine.roles[name]) for name in names), last=("或", " or "))


def refuse_facts_missing(
    machine: Machine, transition: Transition, missing: tuple[str, ...]
) -> Reason:
    """Return the reason that required facts are not known."""
    wording = Wording("{event}须先填写：{facts}", "{event} first requires {facts}").fill(
        event=quote_title(transition.event.title),
        facts=join_wordings(title_of(machine, transition, name) for name in missing),
    )
    data = {"event": transition.event.name, "target": transition.target, "facts": missing}
    return Reason(ReasonKind.REQUIRES, wording, grounds_of(machine, transition), data)


def refuse_guard_false(machine: Machine, transition: Transition, seen: Sequence[Seen]) -> Reason:
    """Return the reason that the guard is false, with its false parts and their values."""
    wording = Wording("不能{move}：{seen}", "cannot {move}: {seen}").fill(
        move=describe_target(machine, transition),
        seen=join_parts(drop_contained(each.wording for each in seen)),
    )
    data = {
        "event": transition.event.name,
        "target": transition.target,
        "guard": guard_of(transition).source,
        "seen": tuple(seen),
    }
    return Reason(ReasonKind.GUARD, wording, grounds_of(machine, transition), data)


def join_parts(told: Sequence[Wording]) -> Wording:
    """Return the parts of a guard that failed, at most `MOST_PARTS` of them."""
    shown = list(told[:MOST_PARTS])
    if len(told) > MOST_PARTS:
        rest = len(told) - MOST_PARTS
        shown.append(Wording("另有 {rest} 项", "{rest} more").fill(rest=rest))
    return join_wordings(shown, between=("；", "; "))


def refuse_guard_unknown(
    machine: Machine, transition: Transition, seen: Sequence[Seen], context: Context
) -> Reason:
    """Return the reason that the guard needs what is not known."""
    names = (find_fact_lacking(name, context) for name in find_absent_names(seen))
    needs = tuple(dict.fromkeys(names))
    wording = Wording(
        "缺少{needs}，无法判断能否{move}", "cannot decide whether to {move} without {needs}"
    ).fill(
        move=describe_target(machine, transition),
        needs=join_wordings(title_of(machine, transition, name) for name in needs),
    )
    data = {
        "event": transition.event.name,
        "target": transition.target,
        "guard": guard_of(transition).source,
        "needs": needs,
        "seen": tuple(seen),
    }
    return Reason(ReasonKind.UNKNOWN, wording, grounds_of(machine, transition), data)


def find_absent_names(seen: Iterable[Seen]) -> tuple[str, ...]:
    """Return the unknown names that parts of an expression read."""
    names = (name for each in seen for name, value in each.values if value is ABSENT)
    return tuple(dict.fromkeys(names))


def find_fact_lacking(name: str, context: Context) -> str:
    """Return the fact for want of which a policy does not decide, or another name as it is.

    A policy that is read where it does not decide names the first fact that it lacks.
    """
    root, _, output = name.partition(".")
    if root == "policies":
        try:
            context.policies[output.partition(".")[0]]
        except MissingData as problem:
            return problem.path
    return name


def refuse_guard_undecided(
    machine: Machine, transition: Transition, record: Record, context: Context
) -> Reason:
    """Return the reason that the guard cannot be evaluated."""
    why = describe_failure(guard_of(transition), record, context)
    wording = Wording("无法判断能否{move}：{why}", "cannot decide whether to {move}: {why}").fill(
        move=describe_target(machine, transition), why=why
    )
    data = {
        "event": transition.event.name,
        "target": transition.target,
        "guard": guard_of(transition).source,
    }
    return Reason(ReasonKind.UNDECIDED, wording, grounds_of(machine, transition), data)


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
    return Wording("转为{state}", "go to {state}").fill(state=join_wordings(titles))


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
