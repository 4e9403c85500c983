"""A workflow as a Mermaid state diagram, which GitHub and GitLab draw in any page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telecom_rules.diagrams.arrows import (
    caption_of,
    iter_arrows,
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


RESERVED_WORDS = frozenset(
    {"accdescr", "acctitle", "as", "choice", "class", "classdef", "click", "constructor", "default"}
    | {"direction", "end", "fork", "hide", "href", "join", "note", "root", "scale", "state"}
    | {"statediagram", "style"}
)
"""Words that Mermaid reads in another way than as the name of a state, in any case."""
RESERVED_ENDS = ("_start", "_end")
"""Ends of the names that Mermaid gives to the `[*]` in a state."""
SPECIAL_CHARACTERS = re.compile(
    r"[][#;:\"'`{}<>&%$\\|*_~\ufb02\xb0\xb6\xdf]|^[-+](?=\s)|(?<=^\d)[.)](?=\s)|(?<=^\d\d)[.)](?=\s)"
)
"""Characters with a meaning in Mermaid, in HTML or in Markdown, which Mermaid reads in texts too,
and those that it puts in the place of others while it reads; each is written as an entity."""
NOTHING = "#160;"
"""A blank that is not left out: Mermaid knows no empty text."""


def to_mermaid(workflow: Workflow, language: str = "en") -> str:
    """Return the text of a `stateDiagram-v2`.

    Calls (↗) and staying transitions are lines in the box of a state. For a state with children
    they become comments: Mermaid has no place for them there, and fails on an arrow from such a
    state to itself (mermaid-js/mermaid#4866, #5522).

    Args:
        workflow: the workflow.
        language: the language of the titles.

    Raises:
        ArgumentError: `workflow` is not a `Workflow`, or `language` not one.
    """
    workflow = read_instance("workflow", workflow, Workflow)
    chosen = read_language(language)
    lines = ["stateDiagram-v2", f"  %% {workflow.name} {escape_text(workflow.version)}"]
    lines += (
        line
        for top in machine_of(workflow).chart.outermost
        for line in draw_state(workflow, top, chosen, "  ")
    )
    lines.append(f"  [*] --> {escape_name(workflow.initial)}")
    lines += (
        f"  {escape_name(each.source.name)} --> {escape_name(each.target.name)}"
        f" : {escape_text(caption_of(workflow, each.transition).say(chosen))}"
        for each in iter_arrows(workflow)
    )
    lines += (
        f"  {escape_name(top.name)} --> [*]"
        for top in machine_of(workflow).chart.outermost
        if top.final
    )
    return "\n".join(lines) + "\n"


def draw_state(workflow: Workflow, state: State, language: Language, indent: str) -> Iterator[str]:
    """Yield the lines of a state; Mermaid requires title and children as two statements."""
    name = escape_name(state.name)
    yield f'{indent}state "{escape_text(state.title.say(language))}" as {name}'
    staying = [f"↗ {state.call.title.say(language)}"] if state.call else []
    staying += [caption_of(workflow, each).say(language) for each in staying_transitions(state)]
    if not state.children:
        yield from (f"{indent}{name} : {escape_text(text)}" for text in staying)
        return
    yield from (f"{indent}%% {name}, staying: {escape_text(text)}" for text in staying)
    yield f"{indent}state {name} {{"
    if state.initial is not None:
        yield f"{indent}  [*] --> {escape_name(state.initial)}"
    for number, child in enumerate(state.children):
        if state.parallel and number:
            yield f"{indent}  --"
        yield from draw_state(workflow, workflow.states[child], language, indent + "  ")
    yield f"{indent}}}"


def escape_name(state: str) -> str:
    """Return the name of a state in the diagram, another one for each state."""
    word = state.rstrip("_")
    return f"{state}_" if word in RESERVED_WORDS or word.endswith(RESERVED_ENDS) else state


def escape_text(text: str) -> str:
    """Return a text as Mermaid reads it: one line, with entities for all that has a meaning.

    Mermaid finds directives (`%%{init: ...}%%`) and comments anywhere, in texts and comments too.
    """
    line = escape_invisible(" ".join(text.split()))
    return SPECIAL_CHARACTERS.sub(lambda found: f"#{ord(found[0])};", line) or NOTHING
