"""Links the `call` of a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.documents import Scalar
from telecom_rules.findings.kinds import FACT, WORKFLOW
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import CALL_DONE_PREFIX, EVENTLESS, Event, Invocation
from telecom_rules.workflows.linking.transitions import link_automatic

if TYPE_CHECKING:
    from telecom_rules.documents import Word
    from telecom_rules.expressions import Expression
    from telecom_rules.vocabulary import Field
    from telecom_rules.workflows.definition import CallDefinition
    from telecom_rules.workflows.linking.names import Names, StatePlace
    from telecom_rules.workflows.linking.signature import Signature


CallFacts = tuple[tuple[str, "Expression | None"], ...]
NEVER_ENDS = Wording(
    "流程 `{name}` 没有顶层终态，调用它的状态将一直等待",
    "the workflow `{name}` has no top-level final state, so a call of it never ends",
)
NO_NAMESAKES = Wording(
    "流程 `{name}` 没有同名的数据项",
    "the workflow `{name}` has no fact of the same name",
)
UNLIKE_NAMESAKES = Wording(
    "`{name}` 在此处的类型是 {own}，在流程 `{callee}` 中是 {theirs}；请在 `with` 中逐项写出",
    "`{name}` is {own} here and {theirs} in the workflow `{callee}`; list the facts under `with`",
)


def link_call(names: Names, place: StatePlace) -> Invocation | None:
    """Return the call of a state, or `None` if it has none or the workflow is unknown."""
    definition = place.definition.call
    if definition is None:
        return None
    callee = names.findings.find(definition.workflow, WORKFLOW, names.callees)
    if callee is None:
        return None
    if not callee.ends:
        names.findings.misused(
            definition.workflow.span,
            NEVER_ENDS,
            name=callee.name,
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
    """Return the expressions of the initial facts."""
    written = definition.values
    if isinstance(written, Scalar):
        return link_namesakes(names, callee, written)
    passed: list[tuple[str, Expression | None]] = []
    for word, source in written.items():
        field = fact_of(names, callee, word)
        if field is None or names.facts is None:
            continue
        # An absent fact is simply not passed on, so optional facts may be read here.
        scope = names.scope(names.facts, EVENTLESS, names.facts.fields)
        value = names.check(source, scope, field.type, codes=True)
        if value is not None:
            passed.append((str(word), value))
    return tuple(passed)


def fact_of(names: Names, callee: Signature, word: Word) -> Field | None:
    """Return the fact `word` of the called workflow, or `None` after reporting it."""
    if word in callee.facts.record_type.lost:
        return None
    return names.findings.find(word, FACT, callee.facts.fields)


def link_namesakes(names: Names, callee: Signature, written: Scalar) -> CallFacts:
    """Return the facts that `with: facts` passes: those with the same name in both workflows."""
    if written.text != "facts":
        names.findings.add("TR109", written.span, text=written.text[:60], allowed="facts")
        return ()
    own = names.facts.fields if names.facts else {}
    shared = [name for name in callee.facts.fields if name in own]
    if not shared and names.facts is not None:
        names.findings.misused(
            written.span,
            NO_NAMESAKES,
            name=callee.name,
        )
    for name in shared:
        if own[name].type != callee.facts.fields[name].type:
            why = UNLIKE_NAMESAKES.fill(
                name=name,
                own=own[name].type,
                theirs=callee.facts.fields[name].type,
                callee=callee.name,
            )
            names.findings.add("TR204", written.span, why=why)
    return tuple((name, None) for name in shared)
