"""A workflow as a graph for Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.diagrams.arrows import (
    Arrow,
    caption_of,
    iter_arrows,
    landing_state,
    staying_transitions,
)
from telecom_rules.findings.terminal import escape_invisible
from telecom_rules.values.arguments import read_instance
from telecom_rules.wording import read_language
from telecom_rules.workflows import Workflow, machine_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.wording import Language
    from telecom_rules.workflows import State


START = '"[*]"'
"""The node from which the first arrow leads; no state is called so."""


def to_dot(workflow: Workflow, language: str = "en") -> str:
    """Return a graph in the DOT language; a state with children becomes a cluster.

    Args:
        workflow: the workflow.
        language: the language of the titles.

    Raises:
        ArgumentError: `workflow` is not a `Workflow`, or `language` not one.
    """
    workflow = read_instance("workflow", workflow, Workflow)
    chosen = read_language(language)
    lines = [
        f"digraph {quote_dot(workflow.name)} {{",
        "  compound=true; newrank=true;",
        '  node [shape=box, style=rounded, fontname="Helvetica"];',
        '  edge [fontname="Helvetica", fontsize=10];',
        f"  label={quote_label(workflow.title.say(chosen))};",
        f'  {START} [shape=point, label=""];',
    ]
    lines += (
        line
        for top in machine_of(workflow).chart.outermost
        for line in draw_state(workflow, top, chosen, "  ")
    )
    initial = workflow.states[workflow.initial]
    first = quote_dot(landing_state(workflow, initial).name)
    lines.append(f"  {START} -> {first}{write_attributes(head_attributes(initial))};")
    lines += (f"  {draw_arrow(workflow, each, chosen)}" for each in iter_arrows(workflow))
    return "\n".join([*lines, "}"]) + "\n"


def draw_state(workflow: Workflow, state: State, language: Language, indent: str) -> Iterator[str]:
    """Yield the lines of a state, with its call and its staying transitions in the box."""
    staying = (
        f"· {caption_of(workflow, each).say(language)}" for each in staying_transitions(state)
    )
    calls = [f"↗ {state.call.title.say(language)}"] if state.call else []
    label = "label=" + quote_label("\n".join([state.title.say(language), *calls, *staying]))
    if not state.children:
        extra = ["peripheries=2"] if state.final else []
        yield f"{indent}{quote_dot(state.name)}{write_attributes([label, *extra])};"
        return
    yield f"{indent}subgraph {quote_dot('cluster_' + state.name)} {{"
    yield f"{indent}  {label};"
    for child in state.children:
        yield from draw_state(workflow, workflow.states[child], language, indent + "  ")
    yield f"{indent}}}"


def draw_arrow(workflow: Workflow, arrow: Arrow, language: Language) -> str:
    """Return an edge. Graphviz joins nodes only, so it goes to a leaf, clipped at the cluster."""
    tail = [f"ltail={cluster_name(arrow.source)}"] if arrow.source.children else []
    source, target = (landing_state(workflow, each).name for each in (arrow.source, arrow.target))
    label = f"label={quote_label(caption_of(workflow, arrow.transition).say(language))}"
    written = write_attributes([label, *tail, *head_attributes(arrow.target)])
    return f"{quote_dot(source)} -> {quote_dot(target)}{written};"


def head_attributes(state: State) -> list[str]:
    """Return the attribute that ends an edge at the cluster of a state with children."""
    return [f"lhead={cluster_name(state)}"] if state.children else []


def cluster_name(state: State) -> str:
    """Return the cluster name of a state with children."""
    return quote_dot(f"cluster_{state.name}")


def write_attributes(written: list[str]) -> str:
    """Return attributes in brackets, or an empty text if there are none."""
    return f" [{', '.join(written)}]" if written else ""


def quote_label(text: str) -> str:
    """Return a text as the label of a graph, node or edge: lines stay lines, `&` is no entity."""
    lines = (escape_invisible(line) for line in text.split("\n"))
    return quote_dot("\n".join(lines).replace("&", "&amp;"))


def quote_dot(text: str) -> str:
    """Return a text as a quoted string of DOT."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
