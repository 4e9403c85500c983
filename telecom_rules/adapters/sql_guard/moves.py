"""The changes of a status column that a workflow can cause, and no others.

They come from the state space of the workflow, which takes every guard and every role for one that
may be fulfilled. So no change that the engine can make is missing. What a guard would refuse is not
found here: a trigger sees two statuses and knows no facts.
"""

from __future__ import annotations

from itertools import chain, islice, product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from telecom_rules.adapters.sql_guard.quoting import is_storable
from telecom_rules.checks.analysis.state_space import (
    GraphNode,
    StateSpace,
    StateSpaceTooLarge,
    iter_choices,
)
from telecom_rules.errors import ArgumentError
from telecom_rules.values.arguments import (
    copy_items,
    copy_object,
    find_text,
    read_instance,
    read_text,
)
from telecom_rules.wording import Wording, quote_found, shorten
from telecom_rules.workflows import Workflow
from telecom_rules.workflows.engine.configuration import BETWEEN_STATES
from telecom_rules.workflows.migration.adopt import NOT_TOGETHER
from telecom_rules.workflows.ways import iter_inside_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from telecom_rules.checks.analysis.state_space import GraphEdge


Status: TypeAlias = str | int
"""The value of a status column."""
StatusesByState: TypeAlias = "Mapping[str, Status | Sequence[Status]] | str"
"""The status of each state, or several where it may have any of them; or a key under `maps`."""

MOST_STATUSES = 1_000
"""Statuses of one state that are read."""
TOO_LARGE = Wording(
    "流程 `{name}` 的状态组合过多，无法列出其状态变化",
    "the workflow `{name}` has too many combinations of states to list its changes",
)
NO_STATUSES = Wording(
    "流程 `{name}` 没有状态在 `maps` 中有 `{vocabulary}` 的名称",
    "no state of the workflow `{name}` has a name in `{vocabulary}` under `maps`",
)
NOT_STATUSES = Wording(
    "应为各状态名称及其一个或多个状态值的对应，而不是 {found}",
    "expected the names of states, each with its status or a list of them, found {found}",
)
NO_ENTRIES = Wording(
    "至少应有一个状态名称，且每个名称至少有一个状态值",
    "expected at least one name of a state, and for each at least one status",
)
NOT_A_STATUS = Wording(
    "`{name}` 的状态值应为文本、整数或布尔值，而不是 {found}",
    "the status of `{name}`: expected a text, a whole number or a Boolean, found {found}",
)
MIXED_STATUSES = Wording(
    "状态值须全为文本、全为整数或全为布尔值",
    "the statuses have to be all texts, all whole numbers or all Booleans",
)
NOT_STORABLE = Wording(
    "文本中不能有 NUL 字符或单个代理项",
    "a text cannot contain the character NUL, or half a pair of surrogates",
)


class StatusMoves(NamedTuple):
    """The changes of a status column that a workflow can cause.

    `None` is the status of a case in states that have none.

    Attributes:
        initial: the statuses with which a row may begin.
        statuses: every status a row may ever have.
        pairs: the changes, each from an old status to a new one.
    """

    initial: tuple[Status | None, ...]
    statuses: tuple[Status | None, ...]
    pairs: frozenset[tuple[Status | None, Status | None]]

    def after(self, status: Status | None) -> tuple[Status | None, ...]:
        """Return the statuses to which a row with `status` may change; none of anything else."""
        if not (status is None or issubclass(type(status), str | int)):
            return ()
        return tuple(each for each in self.statuses if (status, each) in self.pairs)


def read_statuses(workflow: Workflow, statuses: object) -> dict[str, tuple[Status, ...]]:
    """Return the statuses of each state that has any, and of states that are active together.

    Args:
        workflow: the workflow.
        statuses: the statuses by state, or a key under `maps` of the states.

    Raises:
        UnknownName: there is no state of that name.
        ArgumentError: they are not such statuses, or no state has a name in that vocabulary.
    """
    if find_text(statuses) is not None:
        vocabulary = read_text("statuses", statuses)
        found: dict[str, tuple[Status, ...]] = {
            name: (state.maps[vocabulary],)
            for name, state in workflow.states.items()
            if vocabulary in state.maps
        }
        if not found:
            names = {"name": workflow.name, "vocabulary": shorten(vocabulary)}
            raise ArgumentError("statuses", NO_STATUSES.fill(**names))
        return found
    copied = copy_object(statuses)
    if copied is None:
        raise ArgumentError("statuses", NOT_STATUSES.fill(found=quote_found(statuses)))
    for key in copied:
        text = find_text(key)
        for name in [key] if text is None else text.split(BETWEEN_STATES):
            workflow.states[name]  # raises `UnknownName`
    given = {str.__str__(key): list_values(value) for key, value in copied.items()}
    read = {
        name: tuple(read_status(name, each) for each in values) for name, values in given.items()
    }
    if not read or not all(read.values()):
        raise ArgumentError("statuses", NO_ENTRIES)
    if len({type(each) for each in chain.from_iterable(read.values())}) > 1:
        raise ArgumentError("statuses", MIXED_STATUSES)
    return read


def list_values(value: object) -> Sequence[object]:
    """Return what a host gives for one state: the items of a list or a tuple, else the value."""
    items = copy_items(value, MOST_STATUSES) if issubclass(type(value), list | tuple) else None
    return (value,) if items is None else items


def read_status(state: str, value: object) -> Status:
    """Return the status of a state as a plain value: a host may have members of an enumeration.

    Raises:
        ArgumentError: it is neither a text, a whole number nor a Boolean, or a text that no
            database takes.
    """
    text = find_text(value)
    if text is not None:
        if not is_storable(text):
            raise ArgumentError("statuses", NOT_STORABLE)
        return text
    if type(value) is bool:
        return value
    if not issubclass(type(value), int):
        raise ArgumentError("statuses", NOT_A_STATUS.fill(name=state, found=quote_found(value)))
    return int.__int__(value)  # type: ignore[arg-type]  # an `int`


def find_moves(
    workflow: Workflow, statuses: StatusesByState, *, every: bool = False
) -> StatusMoves:
    """Return the changes of a status column that an accepted event can cause.

    An event may find clocks that have ended before: what the row then does at once may be several
    steps of clocks and the event. A case whose states have no status either leaves the column as it
    was or empties it, so both are allowed. Between the statuses of one state a row may change
    freely.

    Args:
        workflow: the workflow.
        statuses: the status or statuses of each state, or a key under `maps` such as `"tmf621"`.
            The innermost state that has one counts, and of parallel states the first, as in
            `Case.maps`; before these the states that are active together, joined by `+` as
            `Case.state` has them.
        every: whether a row may have the status of any state that its case is in, not only of the
            one that counts.

    Raises:
        UnknownName: there is no state of that name.
        ArgumentError: they are not such statuses, or the workflow is not one or too large.
    """
    workflow = read_instance("workflow", workflow, Workflow)
    known = read_statuses(workflow, statuses)
    try:
        runs = StableRuns(workflow)
    except StateSpaceTooLarge:
        raise ArgumentError("workflow", TOO_LARGE.fill(name=workflow.name)) from None

    together = list_together(known, runs)

    def statuses_of(node: GraphNode) -> tuple[Status | None, ...]:
        configuration = runs.space.configuration_of(node)
        names = chain(
            (name for name, states in together.items() if states <= configuration.names),
            iter_inside_out(configuration.leaves),
        )
        found = (known[name] for name in names if name in known)
        return tuple(dict.fromkeys(chain.from_iterable(found if every else islice(found, 1)))) or (
            None,
        )

    pairs = {
        pair
        for node, reached in runs.steps.items()
        for after in {statuses_of(each) for each in (node, *reached)}
        for pair in product(statuses_of(node), after)
    }
    pairs |= skip_none(pairs)
    initial = {status for each in runs.starts for status in statuses_of(each)}
    if None in initial:
        initial.update(new for old, new in pairs if old is None)
    used = initial.union(new for _, new in pairs)
    order = [*dict.fromkeys(chain.from_iterable(known.values())), None]
    return StatusMoves(
        initial=tuple(each for each in order if each in initial),
        statuses=tuple(each for each in order if each in used),
        pairs=frozenset(pair for pair in pairs if pair[0] != pair[1]),
    )


def list_together(names: Iterable[str], runs: StableRuns) -> dict[str, frozenset[str]]:
    """Return the states that are named together, by their name; those of the most states first.

    Raises:
        ArgumentError: no case can be in all of them at once.
    """
    together = {
        name: frozenset(name.split(BETWEEN_STATES)) for name in names if BETWEEN_STATES in name
    }
    for name, states in together.items():
        if not any(states <= node.states for node in runs.steps):
            raise ArgumentError("statuses", NOT_TOGETHER.fill(found=shorten(name)))
    return dict(sorted(together.items(), key=lambda each: len(each[1]), reverse=True))


def skip_none(
    pairs: Iterable[tuple[Status | None, Status | None]],
) -> set[tuple[Status | None, Status | None]]:
    """Return the changes from one status to the next, where there is none in between."""
    before = {old for old, new in pairs if new is None}
    after = {new for old, new in pairs if old is None}
    return {(old, new) for old in before for new in after}


class StableRuns:
    """What a case can do from one rest to the next: macrosteps, with the clocks before them.

    Attributes:
        space: the state space.
        starts: the nodes at which a case may rest once it has been opened, or its clocks ticked.
        steps: for each node, those at which one event may let it rest.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.space = StateSpace(workflow)
        expiries = {each.on_expiry for each in workflow.clocks.values()}
        self._settled: dict[GraphNode, frozenset[GraphNode]] = {}
        ticked: dict[GraphNode, frozenset[GraphNode]] = {}
        sent: dict[GraphNode, frozenset[GraphNode]] = {}
        opened = {node for edge in self.space.starts for node in self.settle(edge.target)}
        new = list(opened)
        while new:
            node = new.pop()
            if node in ticked:
                continue
            edges = self.space.edges_from(node)
            # Eventless transitions that wait for time alone are taken when a clock fires.
            ticked[node] = self.settle_all(
                each for each in edges if not each.external or each.event in expiries
            )
            sent[node] = self.settle_all(
                each for each in edges if each.external and each.event not in expiries
            )
            new += ticked[node] | sent[node]
        caught_up = {node: frozenset(walk(node, ticked.__getitem__)) for node in ticked}
        self.starts = tuple(dict.fromkeys(each for node in opened for each in caught_up[node]))
        self.steps = {
            node: reached.union(*(sent[each] for each in reached))
            for node, reached in caught_up.items()
        }

    def settle_all(self, edges: Iterable[GraphEdge]) -> frozenset[GraphNode]:
        """Return the nodes at which a case may rest after one of `edges`."""
        return frozenset[GraphNode]().union(*(self.settle(each.target) for each in edges))

    def settle(self, node: GraphNode) -> frozenset[GraphNode]:
        """Return the nodes at which a case may rest that has come to `node`."""
        known = self._settled.get(node)
        if known is None:
            passed = walk(node, self._pass_through)
            known = frozenset(each for each in passed if self._may_rest(each))
            self._settled[node] = known
        return known

    def _pass_through(self, node: GraphNode) -> Iterator[GraphNode]:
        """Yield the nodes that follow without an event from outside."""
        yield from (each.target for each in self.space.edges_from(node) if not each.external)

    def _may_rest(self, node: GraphNode) -> bool:
        """Return whether nothing has to follow at a node."""
        configuration = self.space.configuration_of(node)
        if configuration.final:
            return True
        choices = iter_choices(configuration.eventless, sent=False)
        return not node.queue and any(not chosen for chosen, _ in choices)


def walk(start: GraphNode, follow: Callable[[GraphNode], Iterable[GraphNode]]) -> set[GraphNode]:
    """Return the nodes reachable from `start`, itself included."""
    found, new = {start}, [start]
    while new:
        fresh = {each for each in follow(new.pop()) if each not in found}
        found |= fresh
        new += fresh
    return found
