"""Brings a case to a state: by the shortest way that is found, each step made by the engine.

The state space of the workflow says how far each state is, taking every guard for one that may
hold. The search follows what is nearest first, with example values for what an event asks for.
"""

from __future__ import annotations

from contextlib import suppress
from heapq import heappop, heappush
from itertools import count, islice
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.checks.analysis.state_space import GraphNode, StateSpace, StateSpaceTooLarge
from telecom_rules.errors import FactsError, TelecomRulesError, UnknownName
from telecom_rules.expressions.typed import Constant, walk
from telecom_rules.findings.kinds import STATE
from telecom_rules.suggestions import find_nearest
from telecom_rules.testing.clocks import START, read_zone
from telecom_rules.testing.facts import NoSuchFacts, build_facts, iter_values
from telecom_rules.testing.telling import find_telling_facts
from telecom_rules.values.arguments import read_instance, read_text
from telecom_rules.vocabulary import DECIMAL, INTEGER, MONEY
from telecom_rules.wording import Wording, join_or_none, quote_title, shorten
from telecom_rules.workflows import Accepted, Workflow, machine_of
from telecom_rules.workflows.engine.configuration import BETWEEN_STATES
from telecom_rules.workflows.engine.instants import normalize_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from telecom_rules.vocabulary import FactType, Field, Record
    from telecom_rules.workflows import Case, Entry, Event, Transition
    from telecom_rules.workflows.workflow import Progress


MOST_EVENTS = 20_000
"""Events that are sent before a state is given up."""
FEW_EVENTS = 4_000
"""Events that are sent before usual values are left for telling ones."""
MOST_VALUES = 6
"""Values tried for each field of a payload."""
MOST_LIKE = 40
"""Cases that one event has led to the same states, from which the search goes on."""
MOST_AT_ONCE = 32
"""Events that a case is sent before others like it have their turn."""
MOST_TELLING = 100
"""Facts from which the search begins once more, where usual ones have led nowhere."""
MOST_CALLS = 3
"""Called cases within one another that are brought to their end."""
FAR = 1_000_000
CLOCKS = "clocks"
AMOUNTS = frozenset({INTEGER, DECIMAL, MONEY})

NOT_BROUGHT = Wording(
    "没有找到使流程{title}（`{name}`）的个案进入 `{state}` 的路径；请用 `facts` 给出所需的数据。"
    "最近到过：{near}",
    "no way was found to bring a case of {title} (`{name}`) to `{state}`; give the facts it takes"
    " as `facts`. The nearest it came: {near}",
)


class NotBrought(TelecomRulesError):
    """No way to the state was found. It proves nothing: other values may lead there.

    Attributes:
        workflow: the name of the workflow.
        state: the state.
    """

    code = "not-brought"

    def __init__(self, workflow: Workflow, state: str, near: Iterable[str]) -> None:
        super().__init__(
            NOT_BROUGHT.fill(
                title=quote_title(workflow.title),
                name=workflow.name,
                state=state,
                near=join_or_none(Wording.same(f"`{each}`") for each in near),
            )
        )
        self.workflow = workflow.name
        self.state = state


class Brought(NamedTuple):
    """A case that was brought to a state.

    Attributes:
        case: the case.
        entries: its journal, from its first entry on.
    """

    case: Case
    entries: tuple[Entry, ...]


def bring_case(
    workflow: Workflow,
    state: str,
    facts: Mapping[str, object] | None = None,
    *,
    at: datetime = START,
    id: str = "T-1",
) -> Brought:
    """Bring a case to a state by the shortest way found, each step an event that was accepted.

    Args:
        workflow: the workflow.
        state: a state, or several that are active in parallel, joined by `+` as `Case.state` does.
        facts: what is known at the start; facts that must be known besides are made up.
        at: when the case starts. Events happen at once; only where a clock has to run, time passes.
        id: its id.

    Raises:
        UnknownName: there is no such state.
        FactsError: the facts do not fit.
        NotBrought: no way was found with the values that were tried.
        ArgumentError: an argument is of another kind.
    """
    workflow = read_instance("workflow", workflow, Workflow)
    wanted = read_text("state", state).split(BETWEEN_STATES)
    for name in wanted:
        if name not in workflow.states:
            raise UnknownName(STATE, shorten(name), find_nearest(name, workflow.states))
    at = normalize_instant(at, read_zone(at))
    return Search(workflow, frozenset(wanted), state).run(facts, at, id)


class Search:
    """One search for a case in a state."""

    def __init__(
        self, workflow: Workflow, wanted: frozenset[str], state: str, depth: int = 0
    ) -> None:
        self._workflow = workflow
        self._wanted = wanted
        self._state = state
        self._depth = depth
        self._distances = measure_distances(workflow, wanted)
        self._constants = tuple(iter_constants(workflow))
        self._alike: dict[tuple[str, tuple[str, ...]], int] = {}
        self._seen: set[object] = set()
        self._telling: tuple[Record, ...] = ()

    def run(self, facts: Mapping[str, object] | None, at: datetime, id: str) -> Brought:
        """Return the first case found in the state.

        Usual values lead to most states by few events, and are tried first; where telling ones
        lead nowhere either, they are tried to the end.
        """
        given = self._workflow.facts.read({} if facts is None else facts)
        nearest: dict[str, int] = {}
        for most, is_telling in ((FEW_EVENTS, False), (MOST_EVENTS, True), (MOST_EVENTS, False)):
            self._alike, self._seen = {}, set()
            self._telling = self._find_telling(given, at) if is_telling else ()
            found = self._run_once(given, at, id, most)
            if isinstance(found, Brought):
                return found
            nearest |= found
        raise NotBrought(self._workflow, self._state, sorted(nearest, key=nearest.__getitem__)[:3])

    def _run_once(
        self, facts: Record, at: datetime, id: str, most: int
    ) -> Brought | dict[str, int]:
        """Return the first case found by `most` events, or how near others came."""
        order = count()
        # Of ways of one length the furthest first; each case with the steps that are not yet tried.
        queue: list[tuple[int, int, int, Brought, Iterator[tuple[str, Progress | None]]]] = []
        sent = 0
        nearest: dict[str, int] = {}

        def push(brought: Brought, gone: int, steps: Iterator[tuple[str, Progress | None]]) -> None:
            ahead = self._distance_of(brought.case) - gone
            heappush(queue, (ahead, gone, next(order), brought, steps))

        for brought in self._iter_starts(facts, at, id):
            push(brought, 0, self._iter_steps(brought.case))
        while queue and sent < most:
            _, gone, _, brought, steps = heappop(queue)
            case = brought.case
            if self._wanted <= {*case.states}:
                return brought
            nearest.setdefault(case.state, self._distance_of(case))
            tried = 0
            for event, after in islice(steps, MOST_AT_ONCE):
                tried += 1
                if after is not None and self._is_new(after.case, event):
                    reached = follow(brought, after)
                    push(reached, gone - 1, self._iter_steps(reached.case))
            sent += tried
            if tried == MOST_AT_ONCE:
                push(brought, gone, steps)
        return nearest

    def _find_telling(self, given: Record, at: datetime) -> tuple[Record, ...]:
        """Return facts that decide differently, all with what is given."""
        open_fields = {
            name: each for name, each in self._workflow.facts.fields.items() if name not in given
        }
        values = self._sample(open_fields, at)
        starts = []
        for each in self._iter_wholes(given, values):
            with suppress(FactsError):
                starts.append(self._workflow.facts.read(each))
        return find_telling_facts(self._workflow, starts, values, at, MOST_TELLING)

    def _distance_of(self, case: Case) -> int:
        """Return how many events away the state is at least."""
        return self._distances.get(frozenset(case.states), FAR)

    def _is_new(self, case: Case, event: str = "") -> bool:
        """Return whether a case is worth following: unlike those before, of which some were.

        Args:
            case: the case.
            event: what has led to it.
        """
        key = (case.states, tuple(sorted(map(str, case.facts.items()))), case.next_due)
        like = event, case.states
        if key in self._seen or self._alike.get(like, 0) >= MOST_LIKE:
            return False
        self._seen.add(key)
        self._alike[like] = self._alike.get(like, 0) + 1
        return True

    def _iter_starts(self, given: Record, at: datetime, id: str) -> Iterator[Brought]:
        """Yield the cases to begin with."""
        problem: FactsError | None = None
        found = False
        for each in self._iter_facts(given, at):
            try:
                opened = self._workflow.open(each, at=at, id=id)
            except FactsError as refused:
                problem = problem or refused
                continue
            found = True
            if self._is_new(opened.case) or self._wanted <= {*opened.case.states}:
                yield Brought(opened.case, opened.entries)
        if not found and problem is not None:
            raise problem

    def _iter_facts(self, given: Record, at: datetime) -> Iterator[Mapping[str, object]]:
        """Yield the facts to begin with: those that must be known, all, and with one otherwise."""
        if self._telling:
            yield from self._telling
            return
        open_fields = {
            name: each for name, each in self._workflow.facts.fields.items() if name not in given
        }
        values = {name: each for name, each in self._sample(open_fields, at).items() if each}
        wholes = tuple(self._iter_wholes(given, values))
        yield from wholes
        for start in wholes:
            for name, each in values.items():
                yield from ({**start, name: one} for one in each if one != start.get(name))

    def _iter_wholes(
        self, given: Record, values: Mapping[str, Sequence[object]]
    ) -> Iterator[Mapping[str, object]]:
        """Yield facts: those that must be known, what is given, and all, by their usual values."""
        with suppress(NoSuchFacts):
            yield build_facts(self._workflow.facts, given)
        yield given
        for place in (1, 0):
            usual = {name: each[min(place, len(each) - 1)] for name, each in values.items() if each}
            yield {**given, **usual}

    def _sample(self, fields: Mapping[str, Field], at: datetime) -> dict[str, tuple[object, ...]]:
        """Return the values to try for each field, the most usual first."""
        return {
            name: tuple(islice(iter_values(each, at, self._constants), MOST_VALUES))
            for name, each in fields.items()
        }

    def _iter_steps(self, case: Case) -> Iterator[tuple[str, Progress | None]]:
        """Yield what each event or clock, and each end of a called case, leads to, or `None`."""
        for event, moves in self._list_moves(case):
            name = event.name
            roles = dict.fromkeys(by for each in moves for by in (each.by or (None,)))
            for by in roles:
                for payload in self._iter_payloads(event.payload.fields, case):
                    outcome = case.send(name, payload, at=case.at, by=by)
                    yield name, outcome if isinstance(outcome, Accepted) else None
        if case.next_due is not None:
            yield CLOCKS, case.tick(case.next_due)
        yield from self._iter_returns(case)

    def _list_moves(self, case: Case) -> list[tuple[Event, list[Transition]]]:
        """Return the events that a case may take: those that move it first, with few data first."""
        found = []
        for name, event in self._workflow.events.items():
            moves = [
                each
                for state in case.states
                for each in self._workflow.states[state].on.get(name, ())
            ]
            if moves and not event.internal:
                found.append((event, moves))
        return sorted(
            found,
            key=lambda each: (
                all(move.target is None for move in each[1]),
                len(each[0].payload.fields),
            ),
        )

    def _iter_returns(self, case: Case) -> Iterator[tuple[str, Progress | None]]:
        """Yield what comes of a called case brought to each of its ends and given back."""
        for call in case.calls if self._depth < MOST_CALLS else ():
            for name, state in call.workflow.states.items():
                if not state.final or state.ancestors:
                    continue
                search = Search(call.workflow, frozenset([name]), name, self._depth + 1)
                try:
                    called = search.run(call.facts, call.at, call.id).case
                except TelecomRulesError:
                    continue
                outcome = case.returned(called, at=max(case.at, called.at))
                if isinstance(outcome, Accepted):
                    yield call.id, outcome

    def _iter_payloads(
        self, fields: Mapping[str, Field], case: Case
    ) -> Iterator[dict[str, object]]:
        """Yield payloads: usual values, then with each other value of one field, then of all."""
        values = self._sample(fields, case.at)
        for fact, known in case.facts.items():
            for name in same_kind(fields, fact, self._workflow.facts):
                values[name] = (*values[name][:1], known, *values[name][1:])
        usual = {name: next(iter(each), None) for name, each in values.items()}
        must = {name: each for name, each in usual.items() if not fields[name].optional}
        yield must
        if not fields:
            return
        yield usual
        # The next value of every field at once: where all conditions have to hold together.
        for place in range(1, MOST_VALUES):
            yield {
                name: each[min(place if fields[name].type in AMOUNTS else 1, len(each) - 1)]
                for name, each in values.items()
                if each
            }
        for record in self._telling:
            told = {name: record[name] for name in fields if name in record}
            if told:
                yield {**must, **told}
        for start in (must, usual):
            for name, each in values.items():
                yield from ({**start, name: value} for value in each[1:])


def same_kind(fields: Mapping[str, Field], fact: str, kind: FactType) -> Iterator[str]:
    """Yield the amounts of a payload that may be compared with a fact of another name."""
    of = kind.fields[fact].type
    if of in AMOUNTS:
        yield from (name for name, each in fields.items() if each.type == of and name != fact)


def follow(brought: Brought, progress: Progress) -> Brought:
    """Return the case that something has led to, its journal behind the one before."""
    return Brought(progress.case, (*brought.entries, *progress.entries))


def measure_distances(workflow: Workflow, wanted: frozenset[str]) -> dict[frozenset[str], int]:
    """Return how many events each configuration is away from `wanted` at least."""
    space = StateSpace(workflow)
    before: dict[GraphNode, list[tuple[GraphNode, int]]] = {}
    nodes = {edge.target for edge in space.starts}
    new = list(nodes)
    try:
        while new:
            node = new.pop()
            for edge in space.edges_from(node):
                before.setdefault(edge.target, []).append((node, int(edge.external)))
                if edge.target not in nodes:
                    nodes.add(edge.target)
                    new.append(edge.target)
    except StateSpaceTooLarge:
        return {}
    order = count()
    queue = [(0, next(order), node) for node in nodes if wanted <= node.states]
    found: dict[frozenset[str], int] = {}
    done: set[GraphNode] = set()
    while queue:
        distance, _, node = heappop(queue)
        if node in done:
            continue
        done.add(node)
        found[node.states] = min(distance, found.get(node.states, distance))
        for each, cost in before.get(node, ()):
            heappush(queue, (distance + cost, next(order), each))
    return found


def iter_constants(workflow: Workflow) -> Iterator[object]:
    """Yield the constants in the expressions of a workflow."""
    for state in machine_of(workflow).chart.states.values():
        for expression in state.expressions:
            for node in walk(expression.tree):
                if isinstance(node, Constant):
                    yield node.value
