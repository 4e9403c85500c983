"""Check whether another tool can express a workflow.

An adapter lists the attributes of states and transitions that it converts. If any other attribute
is set, it refuses the workflow: nothing is lost silently, attributes added later included.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from telecom_rules.errors import TelecomRulesError
from telecom_rules.findings.kinds import WORKFLOW
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.workflows import Clock, State, Transition, Workflow


COMMON_ATTRIBUTES = frozenset({"title", "cites"})
STATE_ATTRIBUTES = COMMON_ATTRIBUTES | {
    "name",
    "order",
    "ancestors",
    "children",
    "initial",
    "final",
    "on",
}
STATE_ATTRIBUTES |= {"tags", "maps"}
TRANSITION_ATTRIBUTES = COMMON_ATTRIBUTES | {
    "event",
    "source",
    "target",
    "targets",
    "guard",
    "by",
    "requires",
}
TRANSITION_ATTRIBUTES |= {"assign", "emit", "wildcard"}
"""Attributes that every adapter converts."""
CHART_STATE_ATTRIBUTES = STATE_ATTRIBUTES | {
    "histories",
    "parallel",
    "history",
    "default",
    "always",
    "done",
}
CHART_STATE_ATTRIBUTES |= {"entry", "exit"}
CHART_TRANSITION_ATTRIBUTES = TRANSITION_ATTRIBUTES | {"raises", "reenter"}
"""Attributes that formats with all of statecharts convert."""

NOT_CARRIED = Wording("尚不能转换此项", "it is not carried over")
NOT_CARRIED_REASONS = {
    "call": Wording(
        "它调用另一流程的个案，而该个案由宿主系统保管",
        "it calls a case of another workflow, and that is kept by the host",
    )
}
"""Reasons for single attributes; any other is `NOT_CARRIED`."""
NO_SUCH_EVENT = Wording("不是单一事件的名称", "it does not name one event")
SEVERAL_TARGETS = Wording("指向多个状态", "it leads to several states at once")
INNER_FINAL = Wording("终态不在顶层", "a final state inside another one raises events of its own")
NO_TIME = Wording(
    "它不计时；如由宿主系统自行计时，请传入 host_keeps_time=True",
    "the library keeps no time; pass host_keeps_time=True if the host does so itself",
)
MATCHES_BY_PREFIX = Wording(
    "它也会匹配 `{longer}`：此处按名称前缀匹配事件",
    "it would match `{longer}` as well, because events are matched by the beginning of their name",
)
NAME_TAKEN = Wording("该库已占用此名称", "the library reserves this name")


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a workflow that another tool cannot express.

    Attributes:
        place: where it is, such as `open.withdraw` or `clocks.reply`.
        why: why it cannot be expressed.
    """

    place: str
    why: Wording


class NotExpressible(TelecomRulesError):
    """Another tool cannot express a workflow or a policy.

    Attributes:
        kind: whether it is a workflow or a policy.
        name: its name.
        tool: the tool's name.
        elements: every part that cannot be expressed.
    """

    code = "not-expressible"

    def __init__(self, kind: Wording, name: str, tool: str, found: Iterable[Element]) -> None:
        self.kind = kind
        self.name = name
        self.tool = tool
        self.elements: tuple[Element, ...] = tuple(found)
        super().__init__(
            Wording(
                f"{kind.zh} `{name}` 不能用 {tool} 表达："
                + "；".join(f"`{each.place}`：{each.why.zh}" for each in self.elements),
                f"{tool} cannot express the {kind.en} `{name}`: "
                + "; ".join(f"`{each.place}`: {each.why.en}" for each in self.elements),
            )
        )


def require_expressible(workflow: Workflow, tool: str, *found: Iterable[Element]) -> None:
    """Raise `NotExpressible` if `found` or the chart has a part that cannot be expressed."""
    against = [*find_inexpressible(workflow), *(each for group in found for each in group)]
    if against:
        raise NotExpressible(WORKFLOW, workflow.name, tool, against)


def find_inexpressible(workflow: Workflow) -> Iterator[Element]:
    """Yield the parts that the two libraries cannot express."""
    yield from find_uncarried(workflow, STATE_ATTRIBUTES, TRANSITION_ATTRIBUTES)
    for state in workflow.states.values():
        if state.final and state.ancestors:
            yield Element(state.name, INNER_FINAL)
        for event, group in state.on.items():
            place = f"{state.name}.{event}"
            if event not in workflow.events:
                yield Element(place, NO_SUCH_EVENT)
            for transition in group:
                if transition.target is not None and transition.target not in workflow.states:
                    yield Element(place, SEVERAL_TARGETS)


def find_uncarried(
    workflow: Workflow, of_states: frozenset[str], of_transitions: frozenset[str]
) -> Iterator[Element]:
    """Yield every attribute that is set in the chart and that an adapter does not convert."""
    for state in workflow.states.values():
        yield from find_unknown_attributes(state, state.name, of_states)
        for transition in state.transitions:
            place = f"{state.name}.{transition.event.name or 'always'}"
            yield from find_unknown_attributes(transition, place, of_transitions)


def find_unknown_attributes(
    part: State | Transition, place: str, known: frozenset[str]
) -> Iterator[Element]:
    """Yield the attributes of `part` that are set and not `known`."""
    for field in fields(part):
        if field.name not in known and getattr(part, field.name):
            yield Element(f"{place}.{field.name}", NOT_CARRIED_REASONS.get(field.name, NOT_CARRIED))


def find_time_limits(workflow: Workflow) -> Iterator[Element]:
    """Yield every time limit: the libraries have none."""
    return (Element(f"clocks.{name}", NO_TIME) for name in find_written_clocks(workflow))


def find_written_clocks(workflow: Workflow) -> dict[str, Clock]:
    """Return the clocks without promises: these follow from the figures of the one beside them."""
    return {name: each for name, each in workflow.clocks.items() if each.beside is None}


def find_prefix_events(workflow: Workflow) -> Iterator[Element]:
    """Yield the events whose name is a prefix of another one, for tools that match by prefix."""
    for name in workflow.events:
        longer = next((each for each in workflow.events if each.startswith(f"{name}.")), None)
        if longer is not None:
            yield Element(f"events.{name}", MATCHES_BY_PREFIX.fill(longer=longer))


def find_taken_names(
    workflow: Workflow, taken: Iterable[str], *, states: bool
) -> Iterator[Element]:
    """Yield the events, and the `states` if they matter, whose names a library uses itself."""
    names = frozenset(taken)
    yield from (Element(f"events.{name}", NAME_TAKEN) for name in workflow.events if name in names)
    if states:
        yield from (
            Element(f"states.{name}", NAME_TAKEN) for name in workflow.states if name in names
        )
