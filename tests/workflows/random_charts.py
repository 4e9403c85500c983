"""Random charts: parallel, history, final, `always`, guards over small facts, many targets."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from telecom_rules.documents import read, read_as
from telecom_rules.findings import Findings
from telecom_rules.workflows import Callees, WorkflowDefinition, build_signature
from tests.workflows.house import START, made, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from telecom_rules.workflows import Case, Outcome

EVENTS = ("e1", "e.a", "e.b.c")
TRIGGERS = ("e.b.*", "e1", "e.*", "e.a", "*", "e.b.c")
LIMITS = (
    "90 minutes", "2 hours", "1 day", "3 working days", "1 month", "reworks days",
    "(reworks + 1) hours", "parameters.complaint_reply",
)  # fmt: skip
HEAD = {
    "workflow": "random",
    "version": "1.0.0",
    "title": {"zh": "随机", "en": "Random"},
    "facts": "complaint",
    "events": {
        "e1": {"title": {"zh": "一", "en": "One"}},
        "e.a": {"title": {"zh": "二", "en": "Two"}},
        "e.b.c": {"title": {"zh": "三", "en": "Three"}, "payload": {"n": "integer?"}},
    },
    "effects": {"tell": {"title": {"zh": "告", "en": "Tell"}, "payload": {"n": "integer"}}},
}
TITLE = {"zh": "态", "en": "State"}
CHILD = """
workflow: child
version: 1.0.0
title: {zh: 子, en: Child}
facts: complaint
outputs: [reworks]
events: {good: {title: {zh: 好, en: Good}}, bad: {title: {zh: 坏, en: Bad}}}
initial: doing
states:
  doing:
    title: {zh: 办, en: Doing}
    entry: {assign: {reworks: reworks + 1}}
    on: {good: well, bad: badly}
  well: {title: {zh: 好, en: Well}, type: final}
  badly: {title: {zh: 坏, en: Badly}, type: final}
"""
"""What the states of random charts call. It cannot begin with three reworks."""
RETURNS = ("good", "bad")
"""The events that end it."""


@cache
def callees() -> Callees:
    """Return what the states of random charts call."""
    child = made(CHILD)
    found = Findings()
    definition = read_as(WorkflowDefinition, read(CHILD.encode(), "child.yaml", found), found)
    return Callees(
        {"child": build_signature(definition, vocabulary(), found)},
        {"child": child},
        {"child": child._machine},
        {"child": child._machine.digests},
    )


def give_back(case: Case, event: str) -> tuple[Case, Outcome]:
    """Return the last case that `case` has called, ended by `event`, and what it gives back."""
    child = case.calls[-1].open().case.send(event, at=START).case
    return child, case.returned(child, at=START)


@dataclass
class Node:
    """A state to be."""

    name: str
    type: str
    parent: Node | None
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def states(self) -> list[Node]:
        return [child for child in self.children if child.type != "history"]


@cache
def below(sides: int) -> st.SearchStrategy[int]:
    """Return the strategy of numbers below `sides`, made once: a chart takes hundreds."""
    return st.integers(0, sides - 1)


@dataclass
class Author:
    """Writes one chart from the numbers that `draw` gives it."""

    draw: Any
    plain: bool = False
    calls: bool = False
    nodes: list[Node] = field(default_factory=list)

    def dice(self, sides: int) -> int:
        return int(self.draw(below(sides)))

    def pick(self, things: Any) -> Any:
        return things[self.dice(len(things))]

    def node(self, kind: str, parent: Node | None) -> Node:
        node = Node(f"s{len(self.nodes)}", kind, parent)
        self.nodes.append(node)
        if parent is not None:
            parent.children.append(node)
        return node

    def grow(self, parent: Node | None, depth: int) -> Node:
        roomy = depth < 3 and len(self.nodes) < 9
        kind = self.pick(("atomic", "compound", "parallel", "compound") if roomy else ("atomic",))
        node = self.node(kind, parent)
        if kind != "atomic":
            for _ in range(2 + self.dice(2) * (depth == 0)):
                self.grow(node, depth + 1)
            if kind == "compound" and self.dice(2):
                self.node("final", node)
            if self.dice(2):
                self.node("history", node)
        return node

    def chart(self) -> dict[str, Any]:
        tops = [self.grow(None, 0) for _ in range(2)]
        if self.dice(2):
            tops.append(self.node("final", None))
        return {
            **HEAD,
            "clocks": {f"c{at}": self.clock() for at in range(self.dice(4) * self.plain)},
            "initial": tops[0].name,
            "states": {top.name: self.state(top) for top in tops},
        }

    def clock(self) -> dict[str, Any]:
        places = [each.name for each in self.nodes if each.type != "history"]
        clock: dict[str, Any] = {
            "title": TITLE,
            "from": self.pick((*places, *EVENTS)),
            "until": self.pick((*places, *EVENTS)),
            "limit": self.pick(LIMITS),
            "on_reentry": self.pick(("restart", "continue", "ignore")),
        }
        if self.dice(2):
            clock["pause_in"] = [self.pick(places) for _ in range(1 + self.dice(2))]
        if self.dice(2):
            clock["warn_at"] = self.pick(("50%", "80%"))
        return clock

    def state(self, node: Node) -> dict[str, Any]:
        state: dict[str, Any] = {"title": TITLE}
        if node.type in {"parallel", "final", "history"}:
            state["type"] = node.type
        if node.type == "history":
            inside = [each for top in node.parent.states for each in top.walk()]
            within = [each for each in inside if each.type != "history"]
            state["target"] = self.pick(within).name
            state["history"] = self.pick(("shallow", "deep"))
            return state
        if self.dice(4) == 0:
            state["entry"] = self.actions()
        if self.dice(4) == 0:
            state["exit"] = self.actions()
        if node.type != "final":
            self.ways(node, state)
            if self.calls and self.dice(4) == 0:
                state["call"] = self.call()
        if node.children:
            state["states"] = {child.name: self.state(child) for child in node.children}
        return state

    def ways(self, node: Node, state: dict[str, Any]) -> None:
        written = [each for each in TRIGGERS if self.dice(2 if each in EVENTS else 4) == 0]
        if len(written) > 1 and self.dice(2):
            written.reverse()
        on = {trigger: self.transitions(trigger) for trigger in written}
        if on:
            state["on"] = on
        if self.dice(4) == 0 and not self.plain:
            state["always"] = [self.transition("", guarded=True)]
        if node.type == "compound":
            state["initial"] = self.pick(node.states).name
        if finishes(node) and self.dice(3):
            state["onDone"] = [self.transition("")]

    def call(self) -> dict[str, Any]:
        done = self.transition("")
        if self.dice(2):
            done["guard"] = self.pick(("event.state == 'well'", "reworks < 2"))
        if self.dice(3) == 0:
            done["guard"] = "has(event.reworks)"
            done["assign"] = {"reworks": "event.reworks"}
        return {
            "workflow": "child",
            "with": {"reworks": self.pick(("reworks", "(reworks + 2) % 4", "0"))},
            "onDone": [done, self.transition("")] if self.dice(2) else [done],
        }

    def transitions(self, trigger: str) -> list[dict[str, Any]]:
        return [self.transition(trigger) for _ in range(1 + self.dice(2))]

    def transition(self, trigger: str, *, guarded: bool = False) -> dict[str, Any]:
        way: dict[str, Any] = self.actions()[0] if self.dice(3) == 0 else {}
        if trigger and self.dice(6) == 0:
            way["assign"] = {"content": "event_name"}
        targets = self.targets()
        if targets:
            way["target"] = targets
        if guarded or self.dice(3) == 0:
            way["guard"] = self.guard(trigger)
        if self.dice(4) == 0:
            way["reenter"] = True
        return way

    def targets(self) -> list[str]:
        if self.dice(8) == 0:
            return []
        forks = [each for each in self.nodes if each.type == "parallel" and len(each.states) > 1]
        if forks and self.dice(4) == 0:
            first, second = self.pick(forks).states[:2]
            return [self.pick(list(each.walk())).name for each in (first, second)]
        return [self.pick(self.nodes).name]

    def guard(self, trigger: str) -> str:
        state = self.pick(self.nodes).name
        if trigger in {"*", "e.*", "e.a"} and self.dice(4) == 0:
            return self.pick(("event_name == 'e.a'", "event_name != 'e.a' && reworks < 2"))
        if self.plain and trigger == "e.b.c" and self.dice(2):
            return self.pick(("has(event.n) && event.n > 1", "!has(event.n) || event.n == reworks"))
        return self.pick(
            (
                "reworks == 0", "reworks == 1", "reworks > 1", "reworks < 2", "amount > 5",
                f"in_state('{state}')", f"!in_state('{state}') && reworks < 3",
            )
        )  # fmt: skip

    def condition(self) -> str:
        """Return the condition of an action; it reads what the actions before it have set."""
        state = self.pick(self.nodes).name
        return self.pick(("reworks > 1", "amount == 10", f"in_state('{state}')", "has(satisfied)"))

    def actions(self) -> list[dict[str, Any]]:
        write = self.pick(PLAIN_ACTIONS if self.plain else ACTIONS)
        return [write(self)]


def tell(n: str, **more: str) -> dict[str, Any]:
    """Return the action that asks the host to tell a number."""
    return {"emit": {"effect": "tell", "with": {"n": n}, **more}}


PLAIN_ACTIONS: tuple[Callable[[Author], dict[str, Any]], ...] = (
    lambda _: {"assign": {"reworks": "(reworks + 1) % 4"}},
    lambda _: {"assign": {"amount": "10"}},
    lambda it: {"assign": {"amount": {"value": "20", "when": it.condition()}}},
    lambda it: tell("reworks", when=it.condition()),
    lambda _: tell("reworks"),
    lambda it: tell(f"in_state('{it.pick(it.nodes).name}') ? 1 : 0"),
)
"""What writes an action. Only the one that is chosen draws its parts."""
ACTIONS = (
    *PLAIN_ACTIONS,
    lambda it: {"raise": it.pick(EVENTS)},
    lambda it: {"raise": {"event": it.pick(EVENTS), "when": it.condition()}},
    lambda _: {"raise": {"event": "e.b.c", "with": {"n": "reworks"}}, "assign": {"reworks": "0"}},
)


def finishes(node: Node) -> bool:
    """Return whether the states inside `node` can be done."""
    if node.type == "parallel":
        return all(finishes(each) for each in node.states)
    return any(each.type == "final" for each in node.children)


@st.composite
def charts(draw: Any, *, plain: bool = False, calls: bool = False) -> str:
    """Return the text of a random workflow.

    A `plain` one has nothing that follows by itself (no `always`, no `raise`), but clocks, and
    guards over what comes with an event. With `calls`, states call `CHILD`.
    """
    return json.dumps(Author(draw, plain, calls).chart(), ensure_ascii=False)
