"""A workflow as State Chart XML (W3C SCXML 1.0)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from telecom_rules.expressions.syntax.parse import parse
from telecom_rules.expressions.syntax.tokens import Kind, tokenize
from telecom_rules.expressions.syntax.tree import Conditional, ListOf, Name
from telecom_rules.findings.kinds import WORKFLOW
from telecom_rules.interop.annotations import (
    OUR_NAMESPACE,
    OUR_PREFIX,
    add_prefix,
    write_cites,
    write_title,
)
from telecom_rules.interop.expressible import (
    CHART_STATE_ATTRIBUTES,
    CHART_TRANSITION_ATTRIBUTES,
    Element,
    NotExpressible,
    find_prefix_events,
    find_uncarried,
    find_written_clocks,
)
from telecom_rules.interop.markup import Markup, write_markup
from telecom_rules.interop.scxml.fragment import find_deviations
from telecom_rules.interop.scxml.words import (
    INTERNAL_TARGET,
    SCXML_NAMESPACE,
)
from telecom_rules.values.arguments import read_instance
from telecom_rules.wording import Wording
from telecom_rules.workflows import Workflow, machine_of
from telecom_rules.workflows.chart import Assignment, Emission, Figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.syntax.tree import SyntaxNode
    from telecom_rules.vocabulary import RecordType
    from telecom_rules.workflows import Clock, State, Transition
    from telecom_rules.workflows.chart import Action
    from telecom_rules.workflows.properties.properties import Property


INSIDE_PARALLEL = Wording(
    "它是并行状态的内部转换；SCXML 只允许复合状态有内部转换",
    "it is internal to a parallel state; SCXML allows that for compound states only",
)


def to_scxml(workflow: Workflow) -> str:
    """Return the workflow as an SCXML document.

    The data model is named `cel`: conditions and values are in the Common Expression Language, so
    a processor needs an evaluator for it. An effect is a `send` whose type is our namespace.
    Titles, clauses, roles, required facts and payloads are in our namespace too, as are time
    limits, which are left to the host.

    Raises:
        ArgumentError: `workflow` is not a `Workflow`.
        NotExpressible: SCXML cannot express the workflow or would run it differently; it lists
            the parts.
    """
    workflow = read_instance("workflow", workflow, Workflow)
    against = [
        *find_uncarried(workflow, CHART_STATE_ATTRIBUTES, CHART_TRANSITION_ATTRIBUTES),
        *find_prefix_events(workflow),
    ]
    root = Markup("scxml", write_document_attributes(workflow))
    for name, event in workflow.events.items():
        attributes = {**write_title(event.title), **write_cites(event.cites)}
        add_declaration(root, "event", name, attributes, event.payload)
    for effect in {each.effect.name: each.effect for each in iter_emissions(workflow)}.values():
        add_declaration(root, "effect", effect.name, write_title(effect.title), effect.payload)
    for clock in find_written_clocks(workflow).values():
        root.add(f"{OUR_PREFIX}:clock", write_clock(clock))
    for each in workflow.properties:
        root.add(f"{OUR_PREFIX}:property", write_property(each))
    data = root.add("datamodel")
    for fact in workflow.facts.fields:
        data.add("data", {"id": fact})
    for state in machine_of(workflow).chart.outermost:
        add_state(root, workflow, state, against)
    against += (Element(locate_element(part), why) for part, why in find_deviations(root))
    if against:
        raise NotExpressible(WORKFLOW, workflow.name, "SCXML", against)
    return write_markup(root)


def locate_element(part: Markup) -> str:
    """Return the place of an element: the state, and its event if it is a transition."""
    state = next((each.attributes["id"] for each in part.ancestors if "id" in each.attributes), "")
    return ".".join((state, part.attributes.get("event", part.name)))


def write_document_attributes(workflow: Workflow) -> dict[str, str]:
    """Return the attributes of the document."""
    ours = {"version": workflow.version, "facts": workflow.facts.name}
    if workflow.role_catalogue is not None:
        ours["roles"] = workflow.role_catalogue
    if workflow.outputs:
        ours["outputs"] = " ".join(workflow.outputs)
    return {
        "xmlns": SCXML_NAMESPACE,
        f"xmlns:{OUR_PREFIX}": OUR_NAMESPACE,
        "version": "1.0",
        "name": workflow.name,
        "datamodel": "cel",
        "initial": workflow.initial,
        **add_prefix({**ours, **write_title(workflow.title), **write_cites(workflow.cites)}),
    }


def iter_emissions(workflow: Workflow) -> Iterator[Emission]:
    """Yield every effect that is emitted, in document order."""
    for state in workflow.states.values():
        yield from (each for each in state.actions if isinstance(each, Emission))


def add_declaration(
    root: Markup, kind: str, name: str, attributes: dict[str, str], payload: RecordType
) -> None:
    """Append the declaration of an event or effect: its title, clauses and payload."""
    node = root.add(f"{OUR_PREFIX}:{kind}", {"name": name, **attributes})
    for field, type_ in payload.fields.items():
        node.add(f"{OUR_PREFIX}:field", {"name": field, "type": str(type_)})


def write_clock(clock: Clock) -> dict[str, str]:
    """Return the attributes of a time limit, under the keys of the YAML."""
    written = {
        "name": clock.name,
        **write_title(clock.title),
        "from": " ".join(sorted(clock.starts)),
        "until": " ".join(sorted(clock.stops)),
        "limit": clock.written_limit,
        "ends": "" if clock.close is None else "close_of_business",
        "figures": "" if clock.figures is Figures.OF_START else clock.figures.value,
        "warn_at": "" if clock.warn_at is None else f"{clock.warn_at}%",
        "on_expiry": clock.on_expiry or "",
        "pause_in": " ".join(sorted(clock.pauses)),
        "on_reentry": clock.on_reentry.value,
        "interpretation": "true" if clock.interpretation else "",
        **write_cites(clock.cites),
    }
    return {key: value for key, value in written.items() if value}


def write_property(each: Property) -> dict[str, str]:
    """Return the attributes of a property."""
    sides = {"first": " ".join(each.first), "then": " ".join(each.then)}
    return {
        "template": each.template.value,
        **{key: names for key, names in sides.items() if names},
        **write_title(each.title),
        **write_cites(each.cites),
    }


def add_state(parent: Markup, workflow: Workflow, state: State, against: list[Element]) -> None:
    """Append a state with its actions, its transitions and the states inside it."""
    written = {"id": state.name}
    if state.initial is not None:
        written["initial"] = state.initial
    if state.history is not None:
        written["type"] = state.history
    ours = {**write_title(state.title), **write_cites(state.cites)}
    if state.tags:
        ours["tags"] = " ".join(sorted(state.tags))
    ours |= {f"maps.{key}": value for key, value in state.maps.items()}
    node = parent.add(element_of(state), {**written, **add_prefix(ours)})
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


def element_of(state: State) -> str:
    """Return the name of the element for a state."""
    if state.history is not None:
        return "history"
    if state.parallel:
        return "parallel"
    return "final" if state.final else "state"


def add_transition(
    parent: Markup, workflow: Workflow, transition: Transition, against: list[Element]
) -> None:
    """Append a transition with its actions."""
    event, source = transition.event, workflow.states[transition.source]
    written = {"event": event.name} if event.name else {}
    targets, within = transition.targets, is_internal(workflow, transition)
    if within and source.parallel:
        against.append(Element(f"{source.name}.{event.name or 'always'}", INSIDE_PARALLEL))
    if within and targets == (source.name,):
        # Only the states inside are entered again; without any the configuration stays the same.
        targets = () if source.initial is None else (source.initial,)
    if targets:
        written["target"] = " ".join(targets)
        if within:
            written["type"] = "internal"
    if transition.guard is not None:
        written["cond"] = write_expression(transition.guard)
    ours = {"by": " ".join(transition.by), "requires": " ".join(transition.requires)}
    if transition.title != event.title:
        ours |= write_title(transition.title)
    ours |= write_cites(transition.cites)
    node = parent.add("transition", {**written, **add_prefix({k: v for k, v in ours.items() if v})})
    add_actions(node, transition.actions, event.payload)


def is_internal(workflow: Workflow, transition: Transition) -> bool:
    """Return whether a transition moves inside its source without leaving it."""
    paths = [workflow.states[name].path for name in transition.targets]
    inside = all(transition.source in path for path in paths)
    return bool(paths) and inside and not transition.reenter


def add_actions(
    parent: Markup, actions: Iterable[Action], payload: RecordType | None = None
) -> None:
    """Append actions in order."""
    for each in actions:
        place = parent
        if each.when is not None:
            place = parent.add("if", {"cond": write_expression(each.when)})
        if isinstance(each, Assignment):
            add_assignment(place, each, payload)
            continue
        if isinstance(each, Emission):
            node = place.add("send", {"type": OUR_NAMESPACE, "event": each.effect.name})
        elif each.payload:
            node = place.add("send", {"target": INTERNAL_TARGET, "event": each.event.name})
        else:
            node = place.add("raise", {"event": each.event.name})
        for name, value in each.payload:
            node.add("param", {"name": name, "expr": write_expression(value)})


def add_assignment(parent: Markup, each: Assignment, payload: RecordType | None) -> None:
    """Append an assignment; one from an optional field of the event is conditional."""
    if each.value is not None:
        parent.add("assign", {"location": each.fact, "expr": write_expression(each.value)})
        return
    given = f"event.{each.fact}"
    if payload is not None and payload.fields[each.fact].optional:
        parent = parent.add("if", {"cond": f"has({given})"})
    parent.add("assign", {"location": each.fact, "expr": given})


def write_expression(expression: Expression) -> str:
    """Return an expression with SCXML's `In` for a state, and with codes in quotes."""
    source = expression.source
    edits = [
        (each.start, each.end, f"'{each.name}'") for each in iter_codes(parse(source), expression)
    ]
    tokens = tokenize(source)
    for word, bracket in pairwise(tokens):
        if word.kind is Kind.WORD and word.text == "in_state" and bracket.is_sign("("):
            edits.append((word.start, word.end, "In"))
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    return source


def iter_codes(node: SyntaxNode, expression: Expression) -> Iterator[Name]:
    """Yield the codes: bare words in result position that are not facts."""
    match node:
        case Name(name=name) if name not in expression.reads:
            yield node
        case Conditional(yes=yes, no=no):
            yield from iter_codes(yes, expression)
            yield from iter_codes(no, expression)
        case ListOf(items=items):
            for each in items:
                yield from iter_codes(each, expression)
