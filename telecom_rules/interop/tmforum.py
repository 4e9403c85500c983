"""The life cycles of the TM Forum's Open APIs, and a check that a workflow conforms to them.

A state of a workflow gives under `maps` its status in another vocabulary. The life cycles here
are read from the official diagrams, `apis/*/documentation/diagrams/LifeCycle_*.png` of
github.com/tmforum-apis, and the statuses from the published files named at each. TMF620 has no
published list of statuses and TMF683 no published life cycle, so neither is here.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.errors import UnknownName
from telecom_rules.suggestions import find_nearest
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.workflows import State, Transition, Workflow


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """The permitted changes of a status.

    Attributes:
        schema: the enumeration, with the file and commit it was read from.
        starts: the initial statuses.
        edges: the statuses that may follow each status; none for a final one.
    """

    schema: str
    starts: frozenset[str]
    edges: Mapping[str, frozenset[str]]

    def permits(self, before: str, after: str) -> bool:
        """Return whether a status may follow another; an unchanged status always may."""
        known = before in self.edges and after in self.edges
        return known and (before == after or after in self.edges[before])


def build_life_cycle(schema: str, starts: str, **edges: str) -> LifeCycle:
    """Return a life cycle whose statuses are written with blanks between them."""
    follows = {status: frozenset(after.split()) for status, after in edges.items()}
    last = frozenset(starts.split()).union(*follows.values()) - follows.keys()
    every = MappingProxyType({**follows, **dict.fromkeys(sorted(last), frozenset[str]())})
    return LifeCycle(schema, frozenset(starts.split()), every)


LIFE_CYCLES: Mapping[str, LifeCycle] = MappingProxyType(
    {
        "tmf621": build_life_cycle(
            "TroubleTicketStatusType, TMF621 v4.0.0 and v5.0.1 @f5b8ffb",
            "acknowledged",
            acknowledged="inProgress rejected cancelled",
            inProgress="held pending resolved cancelled",
            held="inProgress",
            pending="inProgress cancelled",
            resolved="closed inProgress",
        ),
        "tmf622": build_life_cycle(
            "ProductOrderStateType, TMF622 v4.0.0 and v5.0.0 @1dda858",
            "acknowledged rejected",
            acknowledged="inProgress pending",
            inProgress="pending held assessingCancellation completed failed partial",
            pending="inProgress cancelled assessingCancellation",
            held="inProgress cancelled assessingCancellation",
            assessingCancellation="pending inProgress held pendingCancellation",
            pendingCancellation="cancelled",
        ),
        "tmf637": build_life_cycle(
            "ProductStatusType, TMF622 v4.0.0 and v5.0.0 @1dda858",
            "created",
            created="pendingActive active",
            pendingActive="active aborted cancelled",
            active="suspended pendingTerminate terminated",
            suspended="active",
            pendingTerminate="terminated",
        ),
        "tmf656": build_life_cycle(
            "ServiceProblemStateType, TMF656 v4.0.0 and v5.0.0 @b2d5cab",
            "acknowledged",
            acknowledged="inProgress rejected cancelled",
            inProgress="held pending resolved cancelled",
            held="inProgress resolved cancelled",
            pending="inProgress resolved cancelled",
            resolved="closed inProgress",
            closed="inProgress",
        ),
        "tmf701": build_life_cycle(
            "ProcessFlowStateType, TMF701 v4.0.0 @72b2314",
            "active",
            active="hold completed cancelled",
            hold="active cancelled",
        ),
    }
)
"""The life cycles by the name that `maps` gives them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A change of status that a life cycle does not permit.

    Attributes:
        place: the transition, such as `open.withdraw`; `start` for the initial state.
        before: the status before it, or `None` for the initial state.
        after: the status after it.
    """

    place: str
    before: str | None
    after: str

    @property
    def wording(self) -> Wording:
        """The problem, for people."""
        if self.before is None:
            return Wording(
                "`{place}`：{after} 不是允许的初始状态",
                "`{place}`: {after} is not an initial status",
            ).fill(place=self.place, after=self.after)
        return Wording(
            "`{place}`：不允许由 {before} 变为 {after}",
            "`{place}`: a change from {before} to {after} is not permitted",
        ).fill(place=self.place, before=self.before, after=self.after)


def problems(workflow: Workflow, vocabulary: str) -> tuple[Problem, ...]:
    """Return every change of status in `workflow` that the life cycle does not permit.

    A state without a status of its own or of an ancestor is outside the vocabulary:
    transitions into it or out of it are not checked.

    Args:
        workflow: the workflow.
        vocabulary: the name under `maps`, such as `tmf621`.

    Raises:
        UnknownName: no life cycle has that name.
    """
    if vocabulary not in LIFE_CYCLES:
        kind = Wording("生命周期", "life cycle")
        raise UnknownName(kind, vocabulary, find_nearest(vocabulary, LIFE_CYCLES))
    cycle = LIFE_CYCLES[vocabulary]
    found: dict[Problem, None] = {}
    first = mapped_status_of(workflow, workflow.states[workflow.initial], vocabulary)
    if first is not None and first not in cycle.starts:
        found[Problem("start", None, first)] = None
    for state, transition in iter_transitions(workflow):
        before = mapped_status_of(workflow, state, vocabulary)
        for target in transition.targets or (state.name,):
            after = mapped_status_of(workflow, workflow.states[target], vocabulary)
            if before is not None and after is not None and not cycle.permits(before, after):
                place = f"{transition.source}.{transition.event.name}"
                found[Problem(place, before, after)] = None
    return tuple(found)


def mapped_status_of(workflow: Workflow, state: State, vocabulary: str) -> str | None:
    """Return the status once `state` and the initial states in it are entered."""
    while state.initial is not None:
        state = workflow.states[state.initial]
    named = (workflow.states[name].maps.get(vocabulary) for name in reversed(state.path))
    return next((each for each in named if each is not None), None)


def iter_transitions(workflow: Workflow) -> Iterator[tuple[State, Transition]]:
    """Yield each innermost state with the transitions that can be taken in it."""
    for state in workflow.states.values():
        if state.children or state.history is not None:
            continue
        tried: dict[str, list[Transition]] = {}
        for name in reversed(state.path):
            for event, group in workflow.states[name].on.items():
                for transition in group:
                    earlier = tried.setdefault(event, [])
                    if not any(shadows(each, transition) for each in earlier):
                        yield state, transition
                    earlier.append(transition)


def shadows(earlier: Transition, later: Transition) -> bool:
    """Return whether `earlier` is taken whenever `later` is enabled, so `later` is never taken."""
    conditional = earlier.guard is not None or earlier.requires
    everybody = not earlier.by or (later.by and set(later.by) <= set(earlier.by))
    return bool(not conditional and everybody)
