"""A workflow as State Chart XML (W3C SCXML 1.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from telecom_rules.interop.expressible import demand, prefixes
from telecom_rules.interop.passage import destination

if TYPE_CHECKING:
    from telecom_rules.wording import Language, Wording
    from telecom_rules.workflows import State, Transition, Workflow

__all__ = ["to_scxml"]

SCXML = "http://www.w3.org/2005/07/scxml"
OURS = "urn:telecom-rules"
"""The namespace of what SCXML has no attribute for: titles, clauses, roles, required facts."""


def to_scxml(workflow: Workflow, language: Language = "en") -> str:
    """Return the workflow as an SCXML document.

    The data model is named `cel`: conditions and values are in the Common Expression Language, so
    a processor needs an evaluator for it. An effect is a `send`. Titles, clauses, roles and
    required facts are attributes of a namespace of ours; time limits are left to the host.

    Args:
        workflow: the workflow.
        language: the language of the titles.

    Raises:
        NotExpressible: the workflow has something that is not carried over; it says what.
    """
    demand(workflow, "SCXML", prefixes(workflow))
    root = ET.Element(
        "scxml",
        {
            "xmlns": SCXML,
            "xmlns:tr": OURS,
            "version": "1.0",
            "name": workflow.name,
            "datamodel": "cel",
            "initial": workflow.chart.initial,
            **told(workflow.title, workflow.cites, language),
        },
    )
    for state in workflow.states.values():
        if not state.ancestors:
            add_state(root, workflow, state, language)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document.decode() + "\n"


def told(title: Wording, cites: tuple[object, ...], language: Language) -> dict[str, str]:
    """Return the attributes that every part has."""
    written = {"tr:title": title.say(language)}
    if cites:
        written["tr:cites"] = " ".join(map(str, cites))
    return written


def add_state(parent: ET.Element, workflow: Workflow, state: State, language: Language) -> None:
    """Append a state, its transitions and the states inside it."""
    written = {"id": state.name, **told(state.title, state.cites, language)}
    if state.initial is not None:
        written["initial"] = state.initial
    node = ET.SubElement(parent, "final" if state.final else "state", written)
    for group in state.on.values():
        for transition in group:
            add_transition(node, workflow, transition, language)
    for name in state.children:
        add_state(node, workflow, workflow.states[name], language)


def add_transition(
    parent: ET.Element, workflow: Workflow, transition: Transition, language: Language
) -> None:
    """Append a transition with what it does."""
    written = {"event": transition.event.name}
    to = destination(workflow, transition)
    if to is not None:
        written["target"] = to
        if transition.source in workflow.states[to].ancestors:
            written["type"] = "internal"
    if transition.guard is not None:
        written["cond"] = transition.guard.source
    if transition.by:
        written["tr:by"] = " ".join(transition.by)
    if transition.requires:
        written["tr:requires"] = " ".join(transition.requires)
    written |= told(transition.title, transition.cites, language)
    node = ET.SubElement(parent, "transition", written)
    for each in transition.assign:
        value = f"event.{each.fact}" if each.value is None else each.value.source
        ET.SubElement(node, "assign", {"location": each.fact, "expr": value})
    for emission in transition.emit:
        effect = ET.SubElement(node, "send", {"event": emission.effect.name})
        for name, expression in emission.payload:
            ET.SubElement(effect, "param", {"name": name, "expr": expression.source})
