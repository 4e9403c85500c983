"""Choices between guarded transitions: is at most one guard true, is one always, and cases of it.

What is not proved is shown by a case that the engine has brought to the state, and in which it has
judged the transitions: several enabled, or none. Where no case could be brought there, this says
so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from heapq import heappop, heappush
from itertools import combinations, count
from typing import TYPE_CHECKING, Final

import z3

from telecom_rules.checks.analysis.reasons import TOO_MANY_STEPS
from telecom_rules.checks.analysis.state_space import StateSpaceTooLarge
from telecom_rules.checks.analysis.verdicts import trace_back
from telecom_rules.checks.analysis.witness import EXAMPLE_DAY
from telecom_rules.errors import TelecomRulesError
from telecom_rules.pack.located import iter_workflows
from telecom_rules.proofs.guards import is_impossible
from telecom_rules.proofs.runs.paths import PathTerms, present_facts
from telecom_rules.proofs.runs.properties import CALLS, CLOCKS, NOT_BUILT
from telecom_rules.proofs.runs.search import WeighedSpace
from telecom_rules.proofs.runs.walks import CaseRun, Occurrence, iter_runs
from telecom_rules.proofs.solver import ONE_AT_A_TIME, NotSolved
from telecom_rules.vocabulary import MICROSECOND, read_record
from telecom_rules.vocabulary.time.periods import ONE_DAY
from telecom_rules.wording import Wording
from telecom_rules.workflows import machine_of
from telecom_rules.workflows.engine.case_state import build_context
from telecom_rules.workflows.engine.clocks import DueKind
from telecom_rules.workflows.engine.selection import Verdict, judge_transition
from telecom_rules.workflows.workflow import case_state_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from telecom_rules.checks.analysis.state_space import GraphEdge, GraphNode
    from telecom_rules.expressions import Expression
    from telecom_rules.pack import Reading
    from telecom_rules.proofs.solver import Term
    from telecom_rules.workflows import Case, Workflow
    from telecom_rules.workflows.chart import Transition


MOST_PATHS: Final = 4
"""Ways to a state that are tried."""
BY_ITSELF = Wording("自动转换，个案不在该状态停留", "it goes on by itself, and no case rests there")
NOT_REACHED = Wording("试过的各条路径都不成立", "it cannot be on any of the ways that were tried")


class Question(StrEnum):
    """What is asked of a choice."""

    OVERLAP = "overlap"
    """Can two guards hold together?"""
    GAP = "gap"
    """Can all be false?"""


@dataclass(frozen=True, slots=True)
class Choice:
    """The guarded transitions of one state for one event.

    Attributes:
        workflow: the workflow.
        state: the state.
        event: the event, or an empty text for transitions without one.
        exclusive: whether it is proved that no two guards hold together.
        complete: whether it is proved that one guard always holds.
        shown: for each question that is not proved a case of the engine, or why there is none.
    """

    workflow: str
    state: str
    event: str
    exclusive: bool
    complete: bool
    shown: Mapping[Question, CaseRun | Wording] = field(default_factory=dict)


def find_choices(reading: Reading) -> tuple[Choice, ...]:
    """Return the choices between guarded transitions, with what is proved of each.

    A guard that overlaps an earlier one is no mistake: the earlier transition is taken. Of several
    threads one asks at a time, and the others wait.
    """
    with ONE_AT_A_TIME:
        return tuple(iter_choices(reading))


def iter_choices(reading: Reading) -> Iterator[Choice]:
    """Yield the choices, while no other thread asks the solver."""
    pack = reading.require_pack()
    for flow in iter_workflows(reading):
        space: WeighedSpace | None = None
        for state in flow.chart.states.values():
            together: dict[str, list[Transition]] = {}
            for each in state.transitions:
                together.setdefault(each.event.name, []).append(each)
            for event, group in together.items():
                if len(group) > 1 and all(each.guard is not None for each in group):
                    space = space or WeighedSpace(flow.workflow, pack)
                    yield judge(space, state.name, event, group)


def judge(space: WeighedSpace, state: str, event: str, group: Sequence[Transition]) -> Choice:
    """Return what is proved of the guards of a choice on every day, and cases of the rest."""
    name, facts = space.workflow.name, space.workflow.facts
    guards = [each.guard for each in group if each.guard is not None]
    pairs = [pair for pair in combinations(group, 2) if not are_for_others(*pair)]
    exclusive = all(is_impossible(guards_of(pair), facts, space.pack, z3.And) for pair in pairs)
    complete = is_impossible(guards, facts, space.pack, lambda terms: z3.Not(z3.Or(terms)))
    finder = CaseFinder(space, state, event)
    shown: dict[Question, CaseRun | Wording] = {}
    if not exclusive:
        shown[Question.OVERLAP] = finder.find_any(pairs, overlap=True)
    if not complete:
        shown[Question.GAP] = finder.find_any([tuple(group)], overlap=False)
    return Choice(name, state, event, exclusive, complete, shown)


def guards_of(group: Sequence[Transition]) -> list[Expression]:
    """Return the guards of some transitions."""
    return [each.guard for each in group if each.guard is not None]


def are_for_others(one: Transition, other: Transition) -> bool:
    """Return whether no role may take both transitions."""
    return bool(one.by and other.by) and set(one.by).isdisjoint(other.by)


def role_for(group: Sequence[Transition]) -> str | None:
    """Return a role that may take all transitions that are for some roles, or most of them."""
    named = [each.by for each in group if each.by]
    roles = [by for each in named for by in each]
    return max(dict.fromkeys(roles), key=roles.count, default=None)


@dataclass
class CaseFinder:
    """Looks for cases in a state, in which transitions on an event are judged.

    Attributes:
        space: the state space.
        state: the state.
        event: the event.
    """

    space: WeighedSpace
    state: str
    event: str

    @property
    def workflow(self) -> Workflow:
        """The workflow."""
        return self.space.workflow

    def find_any(
        self, groups: Sequence[Sequence[Transition]], *, overlap: bool
    ) -> CaseRun | Wording:
        """Return a case in which all guards of a group hold, or all are false; else why not."""
        if self.event == "":
            return BY_ITSELF
        known = machine_of(self.workflow).chart.events.get(self.event)
        if known is None:
            return CALLS
        why: Wording = NOT_REACHED
        try:
            for path in self.iter_paths():
                for group in groups:
                    found = self.find_on(path, group, overlap=overlap)
                    if isinstance(found, CaseRun):
                        return found
                    why = found or why
        except StateSpaceTooLarge:
            return TOO_MANY_STEPS
        return why

    def iter_paths(self) -> Iterator[tuple[GraphEdge, ...]]:
        """Yield shortest ways to the state, each to a node of its own."""
        reached: dict[GraphNode, tuple[GraphEdge, GraphNode | None]] = {}
        numbers = count()
        frontier: list[tuple[int, int, GraphEdge, GraphNode | None]] = []
        for each in self.space.starts:
            heappush(frontier, (1, next(numbers), each, None))
        told = 0
        while frontier and told < MOST_PATHS:
            length, _, edge, before = heappop(frontier)
            node = edge.target
            if node in reached:
                continue
            reached[node] = edge, before
            if self.state in node.states and self.takes(node):
                told += 1
                yield trace_back(reached, node)
            for each in self.space.edges_from(node):
                if each.target not in reached:
                    heappush(frontier, (length + 1, next(numbers), each, node))

    def takes(self, node: GraphNode) -> bool:
        """Return whether a case rests at a node, so that an event may come from outside."""
        edges = self.space.edges_from(node)
        return not node.queue and (not edges or any(each.external for each in edges))

    def find_on(
        self, path: tuple[GraphEdge, ...], group: Sequence[Transition], *, overlap: bool
    ) -> CaseRun | Wording | None:
        """Return a case at the end of a path in which the guards are so; else why not."""
        terms = PathTerms(self.space, path, EXAMPLE_DAY)
        terms.receive(self.event)
        encoder = terms.encoder_in(terms.states)
        wanted: list[Term] = []
        for each in group:
            if each.guard is None:
                continue
            term = encoder.encode(each.guard.tree)
            wanted.append(term if overlap else z3.Not(term))
            terms.likely += present_facts(each.guard.tree, encoder)
            if overlap:
                symbols = encoder.space.records.symbols
                wanted += [symbols[fact].present for fact in each.requires]
        try:
            runs = list(iter_runs(terms, path, wanted))
        except NotSolved:
            return TOO_MANY_STEPS
        for run, model in runs:
            payload = terms.payload.read_model(model)
            if payload is None:
                continue
            sent = terms.sent[-1].today
            day = model.eval(sent, model_completion=True).as_long()
            found = self.judge_in(run, payload, day - terms.day.toordinal(), group, overlap=overlap)
            if found is not None:
                return found
        return explain(self.workflow, path, self.event) if runs else None

    def judge_in(
        self,
        run: CaseRun,
        payload: Mapping[str, object],
        days: int,
        group: Sequence[Transition],
        *,
        overlap: bool,
    ) -> CaseRun | None:
        """Return a run with the event at its end, if the engine judges transitions as wanted."""
        machine = machine_of(self.workflow)
        event = machine.chart.events[self.event]
        case: Case = run.case
        at: datetime | None = max(case.at, run.start + days * ONE_DAY)
        if event.internal:
            case, at = self.wait_for(case)
        if at is None:
            return None
        try:
            read = read_record(event.payload, payload, self.event)
        except TelecomRulesError:
            return None
        state = case_state_of(case)
        context = build_context(machine, state, state.record, read, at, self.event)
        wanted = Verdict.ENABLED if overlap else Verdict.GUARD
        if any(judge_transition(each, state.record, context) is not wanted for each in group):
            return None
        last = Occurrence(self.event, payload, at, role_for(group), event.internal)
        return CaseRun(run.workflow, run.facts, run.start, (*run.steps, last), case, run.entries)

    def wait_for(self, case: Case) -> tuple[Case, datetime | None]:
        """Return a case just before the expiry that raises the event, and when that is."""
        clocks = machine_of(self.workflow).chart.clocks
        ends = [
            due.fires
            for name, run in case.clocks.items()
            if clocks[name].on_expiry == self.event
            for due in run.due()
            if due.kind is DueKind.EXPIRY
        ]
        if not ends:
            return case, None
        at = min(ends)
        return case.tick(at - MICROSECOND).case, at


def explain(workflow: Workflow, path: Sequence[GraphEdge], event: str) -> Wording:
    """Return why no case could be shown that was brought along a path."""
    events = [each.event for each in path if each.external and each.event is not None]
    known = [workflow.events.get(each) for each in (*events, event)]
    if any(each is not None and each.internal for each in known):
        return CLOCKS
    return NOT_BUILT
