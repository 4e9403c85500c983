"""TR314: parallel regions that take the same event, where document order decides the outcome.

TR315 says that a workflow is too large to decide it.

The regions take their transitions on one event in one microstep, in document order. The order
matters where two transitions conflict (their exit sets intersect, so that only the first is taken)
and where one sets a fact that the other sets or reads. Not reported are pairs that cannot be
enabled together, because their guards contradict each other or no role may take both, and pairs of
which one source contains the other: SCXML then prefers the inner one, whatever the order.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.outputs import find_constant_outputs
from telecom_rules.checks.analysis.satisfiability import are_exclusive
from telecom_rules.checks.analysis.state_space import MOST_MOVES, StateSpace, StateSpaceTooLarge
from telecom_rules.findings import Finding, Related
from telecom_rules.pack.located import iter_transitions, iter_workflows
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import Assignment, iter_expressions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.findings import Span
    from telecom_rules.pack import Reading
    from telecom_rules.pack.located import LocatedWorkflow
    from telecom_rules.vocabulary import Value
    from telecom_rules.workflows import Transition
    from telecom_rules.workflows.chart import Chart
    from telecom_rules.workflows.engine.configuration import Configuration, Move


CODES = ("TR314", "TR315")
COMES_FIRST = Wording("这一转换在先", "this one comes first")
BOTH_LEAVE = Wording(
    "两者都离开 `{names}`，只有在先的一个会被采用",
    "both leave `{names}`, so that only the first is taken",
)
BOTH_SET = Wording("两者都赋值 `{names}`", "both set `{names}`")
ONE_SETS_OTHER_READS = Wording(
    "一个赋值 `{names}`，另一个读取它", "one sets `{names}` and the other reads it"
)

MovePair = tuple["Move", "Move"]


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each pair of transitions whose order in the file decides the outcome."""
    outputs = find_constant_outputs(reading.pack)
    for flow in iter_workflows(reading):
        if not any(state.parallel for state in flow.chart.states.values()):
            continue
        try:
            configurations = StateSpace(flow.workflow).explore()
        except StateSpaceTooLarge:
            span = flow.definition.workflow.span
            yield Finding("TR315", span, {"name": flow.workflow.name, "limit": MOST_MOVES})
            continue
        reported: set[tuple[Span, Span]] = set()
        for one, other in iter_overlapping_moves(flow.chart, configurations, outputs):
            spans = span_of(flow, one.transition), span_of(flow, other.transition)
            why = find_order_dependence(one, other)
            if why is not None and spans not in reported:
                reported.add(spans)
                values = {"one": label_of(one), "other": label_of(other), "why": why}
                yield Finding("TR314", spans[1], values, related=(Related(spans[0], COMES_FIRST),))


def iter_overlapping_moves(
    chart: Chart, configurations: tuple[Configuration, ...], known: Mapping[str, frozenset[Value]]
) -> Iterator[MovePair]:
    """Yield pairs of moves of different regions that one event may enable, in document order."""
    for configuration in configurations:
        for chains in (*configuration.chains.values(), configuration.eventless):
            for early, late in combinations(chains, 2):
                shared = {id(move) for move in early} & {id(move) for move in late}
                for one in early:
                    for other in late:
                        pair = (one.transition, other.transition)
                        if not {id(one), id(other)} & shared and can_take_both(chart, *pair, known):
                            yield one, other


def can_take_both(
    chart: Chart, one: Transition, other: Transition, known: Mapping[str, frozenset[Value]]
) -> bool:
    """Return whether two transitions of different regions may be enabled by one event."""
    paths = chart.states[one.source].path, chart.states[other.source].path
    if one.source in paths[1] or other.source in paths[0]:
        return False
    if one.by and other.by and not one.event.internal and set(one.by).isdisjoint(other.by):
        return False
    if one.guard is None or other.guard is None:
        return True
    return not are_exclusive(one.guard, other.guard, known)


def find_order_dependence(one: Move, other: Move) -> Wording | None:
    """Return how the outcome depends on the order of two moves, or `None` where it does not."""
    left = [each for each in reversed(one.left) if each in other.left]
    if left:
        same = one.transition.targets == other.transition.targets
        idle = not one.transition.actions and not other.transition.actions
        return None if same and idle else BOTH_LEAVE.fill(names=left[0])
    sets = assignments_of(one), assignments_of(other)
    both = [fact for fact in sets[0] if sets[1].get(fact, sets[0][fact]) != sets[0][fact]]
    if both:
        return BOTH_SET.fill(names=both[0])
    read = [fact for fact in sets[0] if fact in read_facts_of(other)]
    read += [fact for fact in sets[1] if fact in read_facts_of(one)]
    return ONE_SETS_OTHER_READS.fill(names=read[0]) if read else None


def assignments_of(move: Move) -> dict[str, str]:
    """Return the facts that a move sets, each with its condition and expression as written."""
    return {
        action.fact: " ? ".join(
            [
                *([] if action.when is None else [action.when.source]),
                f"event.{action.fact}" if action.value is None else action.value.source,
            ]
        )
        for block in move.blocks
        for action in block.actions
        if isinstance(action, Assignment)
    }


def read_facts_of(move: Move) -> frozenset[str]:
    """Return the facts that the actions of a move read; guards are evaluated before any action."""
    expressions = (each for block in move.blocks for each in iter_expressions(block.actions))
    return frozenset(name for each in expressions for name in each.reads)


def label_of(move: Move) -> str:
    """Return the name of a transition: its source and its event."""
    return f"{move.transition.source}.{move.transition.event.name or 'always'}"


def span_of(flow: LocatedWorkflow, transition: Transition) -> Span:
    """Return the place of a transition in the file."""
    for place, each in iter_transitions(flow.chart):
        if each is transition:
            return flow.span_of_transition(place)
    return flow.state_names[transition.source].span
