"""TR305: a transition that is never taken, because an earlier one is always selected.

TR316 says of a transition that it is not compared with all earlier ones.

Selection goes from inner states outwards, and in one state in document order. An earlier transition
shadows a later one if it is enabled whenever the later one is: it requires no further fact, every
conjunct of its guard is one of the later guard too, and the same roles may take it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.outputs import find_constant_outputs
from telecom_rules.checks.analysis.reachability import Reachability
from telecom_rules.checks.analysis.satisfiability import find_contradiction
from telecom_rules.expressions.typed import Logic
from telecom_rules.findings import Finding, Related
from telecom_rules.pack.located import TransitionPlace, iter_workflows
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.pack import Reading
    from telecom_rules.workflows import Transition
    from telecom_rules.workflows.chart import Chart


CODES = ("TR305", "TR316")
MOST_BEFORE = 200
"""Bound on the earlier transitions that one is compared with: the comparison is quadratic."""
ALWAYS_FIRST = Wording("总是先采用这一转换", "this one is always taken first")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each transition that is shadowed wherever its state is active."""
    outputs = find_constant_outputs(reading.pack)
    for flow in iter_workflows(reading):
        shadowed, undecided = find_shadowed(flow.chart)
        for place in undecided:
            name = ".".join(place.written_place(flow.chart)[:2])
            span = flow.span_of_transition(place)
            yield Finding("TR316", span, {"name": name, "limit": MOST_BEFORE})
        for place, before in group_by_written_place(flow.chart, shadowed).items():
            guard = place.transition_in(flow.chart).guard
            if guard is None or find_contradiction(guard, outputs) is None:
                name = ".".join(place.written_place(flow.chart)[:2])
                spans = dict.fromkeys(flow.span_of_transition(each) for each in before)
                related = tuple(Related(span, ALWAYS_FIRST) for span in spans)
                yield Finding(
                    "TR305", flow.span_of_transition(place), {"name": name}, related=related
                )


def group_by_written_place(
    chart: Chart, found: Mapping[TransitionPlace, tuple[TransitionPlace, ...]]
) -> Mapping[TransitionPlace, tuple[TransitionPlace, ...]]:
    """Return shadowed transitions as written; under a wildcard all expansions must be shadowed."""
    groups: dict[TransitionPlace, list[TransitionPlace]] = {}
    for state in chart.states.values():
        for event, group in state.on.items():
            for number in range(len(group)):
                place = TransitionPlace(state.name, event, number)
                groups.setdefault(place.written_place(chart), []).append(place)
    return {
        group[0]: tuple(dict.fromkeys(one for each in group for one in found[each]))
        for group in groups.values()
        if all(each in found for each in group)
    }


def find_shadowed(
    chart: Chart,
) -> tuple[Mapping[TransitionPlace, tuple[TransitionPlace, ...]], tuple[TransitionPlace, ...]]:
    """Return the transitions shadowed in every state where they could be taken, and by which.

    Returns:
        The shadowed transitions, and those for which the bound left it undecided, one for each as
        written.
    """
    found: dict[TransitionPlace, tuple[TransitionPlace, ...]] = {}
    undecided: dict[TransitionPlace, TransitionPlace] = {}
    for leaf in Reachability(chart).reachable:
        for places in () if chart.states[leaf].children else iter_candidates(chart, leaf):
            before: list[TransitionPlace] = []
            complete = True
            for place in places:
                # One state in which it can be taken is enough: the transition is then not shadowed.
                by = find_shadowing(chart, before, place) if found.get(place, (place,)) else ()
                found[place] = found.get(place, by) if by else ()
                if by:
                    continue
                if not complete:
                    undecided.setdefault(place.written_place(chart), place)
                if len(before) < MOST_BEFORE:
                    before.append(place)
                else:
                    complete = False
    shadowed = {place: by for place, by in sorted(found.items()) if by}
    return shadowed, tuple(undecided.values())


def iter_candidates(chart: Chart, leaf: str) -> Iterator[Sequence[TransitionPlace]]:
    """Yield for each event its transitions in the order of selection."""
    places: dict[str, list[TransitionPlace]] = {}
    for name in reversed(chart.states[leaf].path):
        for event, each in chart.states[name].on.items():
            places.setdefault(event, []).extend(
                TransitionPlace(name, event, number) for number in range(len(each))
            )
    yield from places.values()


def find_shadowing(
    chart: Chart, before: Sequence[TransitionPlace], place: TransitionPlace
) -> tuple[TransitionPlace, ...]:
    """Return those of `before` that together shadow the transition at `place`, or none."""
    late = place.transition_in(chart)
    wider = [each for each in before if implies(late, each.transition_in(chart))]
    for each in wider:
        if late.event.internal or not each.transition_in(chart).by:
            return (each,)
    roles = {role for each in wider for role in each.transition_in(chart).by}
    if late.by and roles.issuperset(late.by):
        return tuple(
            each for each in wider if not set(late.by).isdisjoint(each.transition_in(chart).by)
        )
    return ()


def implies(late: Transition, early: Transition) -> bool:
    """Return whether `early` is enabled whenever `late` is, for a role that may take both."""
    return set(early.requires) <= set(late.requires) and conjuncts_of(early.guard) <= conjuncts_of(
        late.guard
    )


def conjuncts_of(guard: Expression | None) -> frozenset[str]:
    """Return the conjuncts of a guard, as written."""
    return frozenset() if guard is None else frozenset(iter_conjuncts(guard.tree, guard.source))


def iter_conjuncts(tree: Typed, source: str) -> Iterator[str]:
    """Yield the conjuncts of an expression, as written."""
    if isinstance(tree, Logic) and tree.every:
        for each in tree.operands:
            yield from iter_conjuncts(each, source)
    else:
        yield source[tree.start : tree.end]
