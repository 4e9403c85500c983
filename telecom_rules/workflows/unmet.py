"""What is not met: the transitions that an event might set off, and why each is not enabled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import ABSENT
from telecom_rules.wording import Wording
from telecom_rules.workflows.choice import OPEN, Verdict, judge
from telecom_rules.workflows.configuration import distinct
from telecom_rules.workflows.phrases import listed, quoted
from telecom_rules.workflows.reason import Reason, ReasonKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telecom_rules.expressions import Context, Expression, Seen
    from telecom_rules.vocabulary import Clause, Field, Record
    from telecom_rules.workflows.chart import Transition
    from telecom_rules.workflows.configuration import Move
    from telecom_rules.workflows.workflow import Workflow

__all__ = ["absent", "grounds", "not_enabled", "titled", "undecided", "way"]


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
