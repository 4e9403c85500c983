"""Why an event takes no transition: the reasons of all that were tried, in the order to read them.

A role that may take none is told so before anything is tried. Of the others a person first needs to
hear that the step is for somebody else, then what to fill in, and last which condition fails.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import Budget
from telecom_rules.wording import Wording
from telecom_rules.workflows.engine.configuration import merge_cites
from telecom_rules.workflows.engine.selection import NOT_DECIDED, Verdict, select_transitions
from telecom_rules.workflows.refusals.guards import (
    find_absent_names,
    refuse_barred_role,
    refuse_facts_missing,
    refuse_guard_false,
    refuse_guard_undecided,
    refuse_guard_unknown,
)
from telecom_rules.workflows.refusals.reason import Reason, ReasonKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from telecom_rules.expressions import Context, Seen
    from telecom_rules.vocabulary import Record
    from telecom_rules.workflows.chart import Transition
    from telecom_rules.workflows.engine.configuration import Move
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.engine.selection import Trials


MOST_REASONS = 20
"""Reasons that a refusal gives; a person reads no more, and a journal keeps them all."""
READING_ORDER = (
    ReasonKind.ROLE,
    ReasonKind.REQUIRES,
    ReasonKind.UNKNOWN,
    ReasonKind.GUARD,
    ReasonKind.UNDECIDED,
)


class Candidate(NamedTuple):
    """A transition that was tried, with everything that stands in its way but the role.

    Attributes:
        transition: the transition.
        verdict: why it is not enabled.
        missing: the required facts that are not known.
        seen: the parts of its guard that are false, or unknown.
    """

    transition: Transition
    verdict: Verdict
    missing: tuple[str, ...]
    seen: tuple[Seen, ...]

    @property
    def failed(self) -> frozenset[str]:
        """The parts of its guard that are false, or the guard if it cannot be evaluated."""
        if self.verdict is Verdict.UNDECIDED and self.transition.guard is not None:
            return frozenset({self.transition.guard.source})
        return frozenset(each.text for each in self.seen if each.holds is False)

    @property
    def unknown(self) -> frozenset[str]:
        """The names it needs and nobody has given."""
        return frozenset((*self.missing, *find_absent_names(self.seen)))


class Situation(NamedTuple):
    """What the transitions of an event were tried on.

    Attributes:
        machine: the linked workflow.
        record: the facts of the case.
        context: the activation.
        by: the role that sends the event, or `None`.
        sent: whether the payload is known; a screen asks before there is one.
    """

    machine: Machine
    record: Record
    context: Context
    by: str | None = None
    sent: bool = True


def refuse_not_enabled(situation: Situation, tried: Sequence[Trials]) -> tuple[Reason, ...]:
    """Return why none of the tried moves is enabled.

    If the guard of a region cannot be decided, only that is reported: the others are not at fault.
    """
    return refuse_undecided(situation, tried) or collect_reasons(situation, tried)


def refuse_undecided(situation: Situation, tried: Sequence[Trials]) -> tuple[Reason, ...]:
    """Return the reasons of the chains that end at an undecided guard."""
    undecided = [trials for trials in tried if trials and trials[-1][1] in NOT_DECIDED]
    return collect_reasons(situation, undecided)


def refuse_role_in_advance(
    situation: Situation, chains: Iterable[Sequence[Move]], barred: Sequence[Move]
) -> tuple[Reason, ...]:
    """Return what only another role may do, where no payload would let this one take the event.

    Without it, whoever sends an invalid payload would mend that first, and be refused again.
    """
    _, record, context, _, _ = situation
    tried = select_transitions(chains, record, context, waits=False, barred=barred).tried
    verdicts = {move: verdict for trials in tried for move, verdict in trials}
    open_moves = {move: verdict for move, verdict in verdicts.items() if move not in barred}
    if any(
        verdict is not Verdict.GUARD or reads_optional_field(move.transition)
        for move, verdict in open_moves.items()
    ):
        return ()
    return tuple(each for each in collect_reasons(situation, tried) if each.kind is ReasonKind.ROLE)


def reads_optional_field(transition: Transition) -> bool:
    """Return whether the guard reads a field that need not be sent: its absence proves nothing."""
    fields = transition.event.payload.fields
    reads = () if transition.guard is None else transition.guard.reads
    roots = (name.split(".") for name in reads if name.startswith("event."))
    return any(fields[path[1]].optional for path in roots)


def collect_reasons(situation: Situation, tried: Iterable[Trials]) -> tuple[Reason, ...]:
    """Return the reasons of all tried moves, each once, and at most `MOST_REASONS`."""
    budget = Budget()
    verdicts = {move: verdict for trials in tried for move, verdict in trials}
    candidates = [
        build_candidate(situation, move.transition, verdict, budget)
        for move, verdict in verdicts.items()
        if verdict is not Verdict.ENABLED
    ]
    reasons = merge_reasons(iter_reasons(situation, candidates))
    reasons.sort(key=lambda each: READING_ORDER.index(each.kind))
    if len(reasons) > MOST_REASONS:
        reasons[MOST_REASONS:] = [refuse_further(len(reasons) - MOST_REASONS)]
    return tuple(reasons)


def build_candidate(
    situation: Situation, transition: Transition, verdict: Verdict, budget: Budget
) -> Candidate:
    """Return a tried transition with what stands in its way."""
    _, record, context, _, _ = situation
    missing = tuple(name for name in transition.requires if name not in record)
    guard = transition.guard
    seen: tuple[Seen, ...] = ()
    if guard is not None and verdict is Verdict.UNKNOWN:
        seen = guard.why_not(record, context)  # what is needed is an answer, and never cut
    elif is_guard_false(situation, transition, verdict) and guard is not None:
        parts = guard.why_not(record, context, budget)
        # Before the payload is there, what it lacks says nothing.
        known = tuple(each for each in parts if each.holds is not None)
        seen = parts if situation.sent or not known else known
    return Candidate(transition, verdict, missing, seen)


def is_guard_false(situation: Situation, transition: Transition, verdict: Verdict) -> bool:
    """Return whether the guard is known to be false, also where the engine did not ask it."""
    guard = transition.guard
    if guard is None or verdict is Verdict.GUARD:
        return guard is not None
    if not situation.sent and any(name.startswith("event.") for name in guard.reads):
        return False
    try:
        return not guard.evaluate(situation.record, situation.context)
    except EvaluationError:
        return False


def iter_reasons(situation: Situation, candidates: Sequence[Candidate]) -> Iterator[Reason]:
    """Yield the reasons of each candidate."""
    machine = situation.machine
    open_ones = [each for each in candidates if each.verdict is not Verdict.ROLE]
    told = {part for each in open_ones if each.verdict is Verdict.GUARD for part in each.failed}
    for each in candidates:
        transition, verdict, missing, seen = each
        if verdict is Verdict.ROLE:
            if any(fails_for_less(other, each) for other in open_ones):
                continue
            yield refuse_barred_role(machine, transition, situation.by)
        if missing:
            yield refuse_facts_missing(machine, transition, missing)
        if verdict is Verdict.UNKNOWN:
            yield refuse_guard_unknown(machine, transition, seen, situation.context)
        elif verdict is Verdict.UNDECIDED:
            yield refuse_guard_undecided(machine, transition, situation.record, situation.context)
        elif verdict is Verdict.GUARD or (verdict is Verdict.ROLE and not each.failed <= told):
            yield refuse_guard_false(machine, transition, seen)


def fails_for_less(one: Candidate, other: Candidate) -> bool:
    """Return whether all that stands in the way of `one` also stands in the way of `other`.

    Then the role of `other` would not help, and to name it would send the reader to a colleague
    who is refused as well.
    """
    explained = all(each.text for each in one.seen)
    return explained and one.failed <= other.failed and one.unknown <= other.unknown


def merge_reasons(reasons: Iterable[Reason]) -> list[Reason]:
    """Return `reasons`, with equal wordings merged and their clauses joined."""
    kept: dict[tuple[ReasonKind, Wording], Reason] = {}
    for each in reasons:
        known = kept.get((each.kind, each.wording), each)
        kept[each.kind, each.wording] = replace(known, cites=merge_cites(known.cites, each.cites))
    return list(kept.values())


def refuse_further(count: int) -> Reason:
    """Return the reason that stands for `count` reasons that are left out."""
    wording = Wording("另有 {count} 条原因未列出", "reasons left out: {count} more")
    return Reason(ReasonKind.FURTHER, wording.fill(count=count), data={"left_out": count})
