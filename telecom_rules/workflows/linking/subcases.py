"""From the `call` of a state to that of a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.documents import Scalar
from telecom_rules.findings import Finding
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import CALL_DONE_PREFIX, EVENTLESS, Event, Invocation
from telecom_rules.workflows.linking.names import build_worded_finding
from telecom_rules.workflows.linking.transitions import link_automatic

if TYPE_CHECKING:
    from telecom_rules.documents import Word
    from telecom_rules.expressions import Expression
    from telecom_rules.vocabulary import Field
    from telecom_rules.workflows.definition import CallDefinition
    from telecom_rules.workflows.linking.names import Names, StatePlace
    from telecom_rules.workflows.linking.signature import Signature


WORKFLOW = Wording("流程", "workflow")
FACT = Wording("事实", "fact")

CallFacts = tuple[tuple[str, "Expression | None"], ...]


def link_call(names: Names, place: StatePlace) -> Invocation | None:
    """Return the call of a state, or `None` where it has none or cannot have this one."""
    definition = place.definition.call
    if definition is None:
        return None
    callee = names.find(WORKFLOW, definition.workflow, names.callees)
    if callee is None:
        return None
    if not callee.ends:
        names.found.append(
            build_worded_finding(
                definition.workflow.span,
                "流程 `{name}` 没有顶层终态，调用它永远不会结束",
                "the workflow `{name}` has no final state at the top, so the call never ends",
                name=callee.name,
            )
        )
    title = definition.title or callee.title
    name = f"{CALL_DONE_PREFIX}{place.name}"
    event = Event(
        name=name,
        title=Wording("{title}结束", "{title} has ended").fill(title=title),
        payload=callee.returns(name),
        internal=True,
    )
    return Invocation(
        workflow=callee.name,
        title=title,
        event=event,
        facts=link_call_facts(names, callee, definition),
        done=link_automatic(names, place, event, definition.done),
    )


def link_call_facts(names: Names, callee: Signature, definition: CallDefinition) -> CallFacts:
    """Return how each fact is worked out that the case begins with."""
    written = definition.values
    if isinstance(written, Scalar):
        return link_namesakes(names, callee, written)
    given: list[tuple[str, Expression | None]] = []
    for word, source in written.items():
        field = fact_of(names, callee, word)
        if field is None or names.facts is None:
            continue
        # What is not known is not given, so a fact that may be absent may be read as it is.
        scope = names.scope(names.facts, EVENTLESS, names.facts.fields)
        value = names.check(source, scope, field.type, codes=True)
        if value is not None:
            given.append((str(word), value))
    return tuple(given)


def fact_of(names: Names, callee: Signature, word: Word) -> Field | None:
    """Return the fact of the called workflow of that name, or `None` after noting there is none."""
    if word in callee.facts.record_type.lost:
        return None
    return names.find(FACT, word, callee.facts.fields)


def link_namesakes(names: Names, callee: Signature, written: Scalar) -> CallFacts:
    """Return the facts that `with: facts` gives: those of one name and type in both workflows."""
    if written.text != "facts":
        allowed = {"text": written.text[:60], "allowed": "facts"}
        names.found.append(Finding("TR109", written.span, allowed))
        return ()
    mine = names.facts.fields if names.facts else {}
    shared = [name for name in callee.facts.fields if name in mine]
    if not shared and names.facts is not None:
        names.found.append(
            build_worded_finding(
                written.span,
                "流程 `{name}` 没有同名的事实可以交给它",
                "the workflow `{name}` has no fact of the same name to be given",
                name=callee.name,
            )
        )
    for name in shared:
        if mine[name].type != callee.facts.fields[name].type:
            why = Wording(
                "`{name}` 在此处是 {mine}，在流程 `{callee}` 中是 {theirs}；请逐项写出 `with`",
                "`{name}` is of type {mine} here and of type {theirs} in the workflow `{callee}`;"
                " write the facts out under `with`",
            ).fill(
                name=name,
                mine=mine[name].type,
                theirs=callee.facts.fields[name].type,
                callee=callee.name,
            )
            names.found.append(Finding("TR204", written.span, {"why": why}))
    return tuple((name, None) for name in shared)
