"""A workflow as a graph for Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.diagrams.arrows import Arrow, arrows, caption, landing, outermost, stays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.wording import Language
    from telecom_rules.workflows import State, Workflow

__all__ = ["to_dot"]


def to_dot(workflow: Workflow, language: Language = "en") -> str:
    """Return a graph in the DOT language: a box with others inside it is a cluster.

    Args:
        workflow: the workflow.
        language: the language of the titles.
    """
    lines = [
        f"digraph {quoted(workflow.name)} {{",
        "  compound=true; newrank=true;",
        '  node [shape=box, style=rounded, fontname="Helvetica"];',
        '  edge [fontname="Helvetica", fontsize=10];',
        f"  label={quoted(workflow.title.say(language))};",
        '  start [shape=point, label=""];',
    ]
    lines += (line for top in outermost(workflow) for line in box(workflow, top, language, "  "))
    initial = workflow.states[workflow.chart.initial]
    lines.append(
        f"  start -> {quoted(landing(workflow, initial).name)}{attributes(head(initial))};"
    )
    lines += (f"  {edge(workflow, each, language)}" for each in arrows(workflow))
    return "\n".join([*lines, "}"]) + "\n"


def box(workflow: Workflow, state: State, language: Language, indent: str) -> Iterator[str]:
    """Yield the lines of a state; what it calls and does without leaving it stands in it."""
    staying = (f"· {caption(workflow, each).say(language)}" for each in stays(state))
    calls = [f"↗ {state.call.title.say(language)}"] if state.call else []
    label = "label=" + quoted("\n".join([state.title.say(language), *calls, *staying]))
    if not state.children:
        extra = ["peripheries=2"] if state.final else []
        yield f"{indent}{quoted(state.name)}{attributes([label, *extra])};"
        return
    yield f"{indent}subgraph {quoted('cluster_' + state.name)} {{"
    yield f"{indent}  {label};"
    for child in state.children:
        yield from box(workflow, workflow.states[child], language, indent + "  ")
    yield f"{indent}}}"


def edge(workflow: Workflow, arrow: Arrow, language: Language) -> str:
    """Return an arrow. Graphviz joins nodes, so it is drawn to a node and clipped at the box."""
    tail = [f"ltail={cluster(arrow.source)}"] if arrow.source.children else []
    source, target = (landing(workflow, each).name for each in (arrow.source, arrow.target))
    label = f"label={quoted(caption(workflow, arrow.transition).say(language))}"
    written = attributes([label, *tail, *head(arrow.target)])
    return f"{quoted(source)} -> {quoted(target)}{written};"


def head(state: State) -> list[str]:
    """Return the attribute that lets an arrow end at the box of a state with others inside."""
    return [f"lhead={cluster(state)}"] if state.children else []


def cluster(state: State) -> str:
    """Return the name of the box of a state with others inside it."""
    return quoted(f"cluster_{state.name}")


def attributes(written: list[str]) -> str:
    """Return attributes in brackets, or nothing where there are none."""
    return f" [{', '.join(written)}]" if written else ""


def quoted(text: str) -> str:
    """Return a text as DOT has it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
