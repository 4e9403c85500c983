"""A workflow as State Chart XML (W3C SCXML 1.0)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from telecom_rules.expressions.parse import parse
from telecom_rules.expressions.tokens import Kind, tokenize
from telecom_rules.expressions.tree import Conditional, ListOf, Name
from telecom_rules.interop.expressible import (
    OF_CHART_STATES,
    OF_CHART_TRANSITIONS,
    Element,
    NotExpressible,
    prefixes,
    uncarried,
)
from telecom_rules.interop.markup import Markup, write_markup
from telecom_rules.interop.scxml.fragment import deviations
from telecom_rules.interop.scxml.words import INTERNAL, OURS, OURS_PREFIX, SCXML
from telecom_rules.vocabulary import Duration
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import Assignment, Emission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.tree import Node
    from telecom_rules.vocabulary import RecordType
    from telecom_rules.workflows import Clock, State, Transition, Workflow
    from telecom_rules.workflows.chart import Action
    from telecom_rules.workflows.properties import Property

__all__ = ["to_scxml"]

INSIDE_PARALLEL = Wording(
    "并行状态不重新进入自身的转换；SCXML 只有复合状态能如此",
    "it stays inside a parallel state without leaving it; in SCXML only a compound one can",
)


def to_scxml(workflow: Workflow) -> str:
    """Return the workflow as an SCXML document.

    The data model is named `cel`: conditions and values are in the Common Expression Language, so
    a processor needs an evaluator for it. An effect is a `send` whose type is ours. Titles,
    clauses, roles, required facts, and what an event or effect carries are in a namespace of ours;
    so are time limits, which are left to the host.

    Raises:
        NotExpressible: the workflow has something that is not carried over, or that SCXML would
            run in another way; it says what.
    """
    against = [*uncarried(workflow, OF_CHART_STATES, OF_CHART_TRANSITIONS), *prefixes(workflow)]
    root = Markup("scxml", heading(workflow))
    for name, event in workflow.events.items():
        told = {**titled(event.title), **cited(event.cites)}
        declare(root, "event", name, told, event.payload)
    for effect in {each.effect.name: each.effect for each in emissions(workflow)}.values():
        declare(root, "effect", effect.name, titled(effect.title), effect.payload)
    for clock in workflow.clocks.values():
        root.add(f"{OURS_PREFIX}:clock", of_clock(clock))
    for each in workflow.properties:
        root.add(f"{OURS_PREFIX}:property", of_property(each))
    data = root.add("datamodel")
    for fact in workflow.facts.fields:
        data.add("data", {"id": fact})
    for state in workflow.states.values():
        if not state.ancestors:
            add_state(root, workflow, state, against)
    against += (Element(place_of(part), why) for part, why in deviations(root))
    if against:
        raise NotExpressible(workflow.name, "SCXML", against)
    return write_markup(root)


def place_of(part: Markup) -> str:
    """Return where an element stands: the state, and its event if it is a transition."""
    state = next((each.attributes["id"] for each in part.around if "id" in each.attributes), "")
    return ".".join((state, part.attributes.get("event", part.name)))


def heading(workflow: Workflow) -> dict[str, str]:
    """Return the attributes of the document."""
    ours = {"version": workflow.version, "facts": workflow.facts.name}
    if workflow.role_catalogue is not None:
        ours["roles"] = workflow.role_catalogue
    if workflow.outputs:
        ours["outputs"] = " ".join(workflow.outputs)
    return {
        "xmlns": SCXML,
        f"xmlns:{OURS_PREFIX}": OURS,
        "version": "1.0",
        "name": workflow.name,
        "datamodel": "cel",
        "initial": workflow.chart.initial,
        **own({**ours, **titled(workflow.title), **cited(workflow.cites)}),
    }


def own(written: dict[str, str]) -> dict[str, str]:
    """Return attributes in the namespace of ours."""
    return {f"{OURS_PREFIX}:{key}": value for key, value in written.items()}


def titled(title: Wording) -> dict[str, str]:
    """Return the attributes of a title."""
    return {"zh": title.zh, "en": title.en}


def cited(cites: Iterable[object]) -> dict[str, str]:
    """Return the attribute of the clauses that something cites, if it does."""
    written = " ".join(map(str, cites))
    return {"cites": written} if written else {}


def emissions(workflow: Workflow) -> Iterator[Emission]:
    """Yield everything that is asked of the host, in document order."""
    for state in workflow.states.values():
        yield from (each for each in state.actions if isinstance(each, Emission))


def declare(root: Markup, kind: str, name: str, told: dict[str, str], payload: RecordType) -> None:
    """Append what an event or effect is called and carries."""
    node = root.add(f"{OURS_PREFIX}:{kind}", {"name": name, **told})
    for field, type_ in payload.fields.items():
        node.add(f"{OURS_PREFIX}:field", {"name": field, "type": str(type_)})


def of_clock(clock: Clock) -> dict[str, str]:
    """Return the attributes of a time limit, called as in the YAML."""
    limit = clock.limit
    written = {
        "name": clock.name,
        **titled(clock.title),
        "from": " ".join(sorted(clock.starts)),
        "until": " ".join(sorted(clock.stops)),
        "limit": str(limit) if isinstance(limit, Duration) else f"parameters.{limit.name}",
        "warn_at": "" if clock.warn_at is None else f"{clock.warn_at}%",
        "on_expiry": clock.on_expiry or "",
        "pause_in": " ".join(sorted(clock.pauses)),
        "on_reentry": clock.on_reentry.value,
        **cited(clock.cites),
    }
    return {key: value for key, value in written.items() if value}


def of_property(each: Property) -> dict[str, str]:
    """Return the attributes of what must be so of every case."""
    sides = {"first": " ".join(each.first), "then": " ".join(each.then)}
    return {
        "template": each.template.value,
        **{key: names for key, names in sides.items() if names},
        **titled(each.title),
        **cited(each.cites),
    }


def add_state(parent: Markup, workflow: Workflow, state: State, against: list[Element]) -> None:
    """Append a state, what it does, its transitions and the states inside it."""
    written = {"id": state.name}
    if state.initial is not None:
        written["initial"] = state.initial
    if state.history is not None:
        written["type"] = state.history
    ours = {**titled(state.title), **cited(state.cites)}
    if state.tags:
        ours["tags"] = " ".join(sorted(state.tags))
    ours |= {f"maps.{key}": value for key, value in state.maps.items()}
    node = parent.add(kind_of(state), {**written, **own(ours)})
    if state.history is not None:
        node.add("transition", {"target": " ".join(state.default)})
    for name, actions in (("onentry", state.entry), ("onexit", state.exit)):
        if actions:
            add_actions(node.add(name), actions)
    for transition in state.transitions:
        add_transition(node, workflow, transition, against)
    inside = {*state.children, *state.histories}
    for each in workflow.states.values():
        if each.name in inside:
            add_state(node, workflow, each, against)


def kind_of(state: State) -> str:
    """Return the element that a state is."""
    if state.history is not None:
        return "history"
    if state.parallel:
        return "parallel"
    return "final" if state.final else "state"


def add_transition(
    parent: Markup, workflow: Workflow, transition: Transition, against: list[Element]
) -> None:
    """Append a transition with what it does."""
    event, source = transition.event, workflow.states[transition.source]
    written = {"event": event.name} if event.name else {}
    targets, within = transition.targets, stays(workflow, transition)
    if within and source.parallel:
        against.append(Element(f"{source.name}.{event.name or 'always'}", INSIDE_PARALLEL))
    if within and targets == (source.name,):
        # What is inside is entered anew. Where there is nothing inside, nothing happens.
        targets = () if source.initial is None else (source.initial,)
    if targets:
        written["target"] = " ".join(targets)
        if within:
            written["type"] = "internal"
    if transition.guard is not None:
        written["cond"] = in_scxml(transition.guard)
    ours = {"by": " ".join(transition.by), "requires": " ".join(transition.requires)}
    if transition.title != event.title:
        ours |= titled(transition.title)
    ours |= cited(transition.cites)
    node = parent.add("transition", {**written, **own({k: v for k, v in ours.items() if v})})
    add_actions(node, transition.actions, event.payload)


def stays(workflow: Workflow, transition: Transition) -> bool:
    """Return whether a transition moves inside its source without leaving it."""
    paths = [workflow.states[name].path for name in transition.targets]
    inside = all(transition.source in path for path in paths)
    return bool(paths) and inside and not transition.reenter


def add_actions(
    parent: Markup, actions: Iterable[Action], payload: RecordType | None = None
) -> None:
    """Append what is done, in order."""
    for each in actions:
        if isinstance(each, Assignment):
            add_assignment(parent, each, payload)
            continue
        if isinstance(each, Emission):
            node = parent.add("send", {"type": OURS, "event": each.effect.name})
        elif each.payload:
            node = parent.add("send", {"target": INTERNAL, "event": each.event.name})
        else:
            node = parent.add("raise", {"event": each.event.name})
        for name, value in each.payload:
            node.add("param", {"name": name, "expr": in_scxml(value)})


def add_assignment(parent: Markup, each: Assignment, payload: RecordType | None) -> None:
    """Append what a fact is set to; from the event, where its field may be absent, only if not."""
    if each.value is not None:
        parent.add("assign", {"location": each.fact, "expr": in_scxml(each.value)})
        return
    given = f"event.{each.fact}"
    if payload is not None and payload.fields[each.fact].optional:
        parent = parent.add("if", {"cond": f"has({given})"})
    parent.add("assign", {"location": each.fact, "expr": given})


def in_scxml(expression: Expression) -> str:
    """Return an expression with SCXML's `In` for a state, and with codes in quotes."""
    source = expression.source
    edits = [(each.start, each.end, f"'{each.name}'") for each in codes(parse(source), expression)]
    tokens = tokenize(source)
    for word, bracket in pairwise(tokens):
        if word.kind is Kind.WORD and word.text == "in_state" and bracket.is_sign("("):
            edits.append((word.start, word.end, "In"))
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    return source


def codes(node: Node, expression: Expression) -> Iterator[Name]:
    """Yield the bare words in the place of the result that name no fact: they are codes."""
    match node:
        case Name(name=name) if name not in expression.reads:
            yield node
        case Conditional(yes=yes, no=no):
            yield from codes(yes, expression)
            yield from codes(no, expression)
        case ListOf(items=items):
            for each in items:
                yield from codes(each, expression)
