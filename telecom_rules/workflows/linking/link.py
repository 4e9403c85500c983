"""Links the definition of a workflow: resolves names and types expressions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from telecom_rules.findings import Findings, Related, Severity
from telecom_rules.findings.kinds import CATALOGUE, FACTS
from telecom_rules.frozen import FrozenDict
from telecom_rules.vocabulary import CodeType, RecordType
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import Chart, EffectType, Event
from telecom_rules.workflows.engine.configuration import Configurations
from telecom_rules.workflows.engine.machine import Machine
from telecom_rules.workflows.linking.clocks import link_clock
from telecom_rules.workflows.linking.endless import check_endless
from telecom_rules.workflows.linking.migrations import link_migrations
from telecom_rules.workflows.linking.names import (
    Names,
    StatePlace,
    clocks_type,
    policies_type,
)
from telecom_rules.workflows.linking.promises import iter_with_promises
from telecom_rules.workflows.linking.properties import link_properties
from telecom_rules.workflows.linking.states import link_states
from telecom_rules.workflows.linking.wildcards import index_wildcards
from telecom_rules.workflows.pins.digests import WorkflowDigests
from telecom_rules.workflows.workflow import Workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, timezone

    from telecom_rules.documents import Word
    from telecom_rules.vocabulary import FactType, Field, Record, Value, Vocabulary
    from telecom_rules.workflows.chart import State
    from telecom_rules.workflows.definition import (
        EffectDefinition,
        EventDefinition,
        FieldDefinition,
        StateDefinition,
        WorkflowDefinition,
    )
    from telecom_rules.workflows.linking.signature import Signature
    from telecom_rules.workflows.pins.digests import AskedPolicies


TOP_STATE = Wording("顶层状态", "top-level state")

OWN_PREFIX = "done."
"""Prefix of the events that a chart raises itself, such as `done.state.x`."""
RESERVED_EVENT_NAME = Wording(
    "以 `done.` 开头的事件名由流程自身使用；请改名",
    "event names that begin with `done.` are reserved; rename the event",
)
CLOCK_EVENT_HAS_PAYLOAD = Wording(
    "事件 `{name}` 由时限触发，不能带数据",
    "the event `{name}` is raised by a clock, so it cannot have a payload",
)
CLOCK_EVENT_IS_RIGHT = Wording(
    "事件 `{name}` 由时限触发，不能是客户的权利",
    "the event `{name}` is raised by a clock, so it cannot be a right of the customer",
)


@dataclass(frozen=True, slots=True)
class Callees:
    """The workflows that a workflow may call.

    Attributes:
        signatures: the signature of each; `None` for one with a mistake reported elsewhere.
        linked: the workflows themselves. Filled later and read only when a call is made, because
            workflows may call one another.
        machines: the machine of each, likewise.
        digests: the digests of each, likewise.
    """

    signatures: Mapping[str, Signature | None]
    linked: Mapping[str, Workflow]
    machines: Mapping[str, Machine]
    digests: Mapping[str, WorkflowDigests]


NOTHING: Mapping[str, Any] = FrozenDict({})
NO_CALLEES = Callees(NOTHING, NOTHING, NOTHING, NOTHING)


def link(
    definition: WorkflowDefinition,
    vocabulary: Vocabulary,
    outputs: Mapping[str, Field],
    policy_outputs: Callable[[Record, date], Mapping[str, Mapping[str, Value]]],
    asked: AskedPolicies,
    zone: timezone,
    findings: Findings,
    callees: Callees = NO_CALLEES,
) -> Workflow | None:
    """Return the workflow that a file defines, or `None` after reporting every mistake.

    Args:
        definition: the content of the file.
        vocabulary: the names it may use.
        outputs: the outputs of every policy, as a field of `policies`.
        policy_outputs: returns the outputs of every policy for a record on a day.
        asked: what the digests have to know of the policies.
        zone: where days begin and end.
        findings: collects the mistakes.
        callees: the workflows that it may call.
    """
    own = Findings()  # errors of other files do not stop this workflow from being linked
    names = names_of(definition, vocabulary, outputs, own, callees)
    states = link_states(names)
    clocks = {str(word): link_clock(names, word, each) for word, each in definition.clocks.items()}
    check_roles(definition, names)
    own.find(definition.initial, TOP_STATE, definition.states)
    cites = vocabulary.cite(definition.cites, own)
    properties = link_properties(names, definition.properties)
    migrations = link_migrations(names, definition.clocks, definition.migrations)
    findings.extend(own)
    if any(each.severity is Severity.ERROR for each in own) or names.facts is None:
        return None
    chart = Chart(
        initial=str(definition.initial),
        states=FrozenDict({state.name: state for state in states}),
        events=FrozenDict({name: each for name, each in names.events.items() if each}),
        clocks=FrozenDict(
            {each.name: each for each in iter_with_promises(filter(None, clocks.values()))}
        ),
        callers=tuple(state.name for state in states if state.call is not None),
    )
    configurations = Configurations(chart)
    endless = list(check_endless(chart, configurations, names))
    if endless:
        findings.extend(endless)
        return None
    roles = names.roles or FrozenDict({})
    machine = Machine(
        name=str(definition.workflow),
        version=str(definition.version),
        title=definition.title,
        cites=cites,
        facts=names.facts,
        roles=roles,
        zone=zone,
        chart=chart,
        configurations=configurations,
        reads=roots_read(states),
        parameters_on=vocabulary.parameters_on,
        policy_outputs=policy_outputs,
        callees=callees.machines,
        digests=WorkflowDigests(
            name=str(definition.workflow),
            chart=chart,
            facts=names.facts,
            roles=frozenset(roles),
            zone=zone,
            figures=vocabulary.parameters,
            asked=asked,
            callees=callees.digests,
        ),
    )
    return Workflow(
        machine,
        callees.linked,
        role_catalogue=None if definition.roles is None else str(definition.roles),
        properties=properties,
        outputs=tuple(map(str, definition.outputs)),
        migrations=migrations,
    )


def names_of(
    definition: WorkflowDefinition,
    vocabulary: Vocabulary,
    outputs: Mapping[str, Field],
    findings: Findings,
    callees: Callees,
) -> Names:
    """Return the names that the states and clocks of a workflow may use."""
    raised = {each.on_expiry for each in definition.clocks.values() if each.on_expiry is not None}
    facts = find_facts(definition, vocabulary, findings)
    fields = PayloadReader(vocabulary, facts, findings)
    events: dict[str, Event | None] = {
        word: link_event(word, each, fields, internal=word in raised)
        for word, each in definition.events.items()
    }
    internal = {word for word, each in events.items() if each is not None and each.internal}
    return Names(
        vocabulary=vocabulary,
        facts=facts,
        roles=find_roles(definition, vocabulary, findings),
        events=events,
        wildcards=index_wildcards(map(str, events), internal),
        effects={
            word: link_effect(word, each, fields) for word, each in definition.effects.items()
        },
        states=collect_states(definition, findings),
        roots={
            "parameters": vocabulary.parameters_type,
            "policies": policies_type(outputs, vocabulary.lost),
            "clocks": clocks_type(definition.clocks),
        },
        callees=callees.signatures,
        findings=findings,
    )


def find_facts(
    definition: WorkflowDefinition, vocabulary: Vocabulary, findings: Findings
) -> FactType | None:
    """Return the record that the cases of a workflow keep."""
    if definition.facts in vocabulary.lost:
        return None
    return findings.find(definition.facts, FACTS, vocabulary.facts)


def find_roles(
    definition: WorkflowDefinition, vocabulary: Vocabulary, findings: Findings
) -> Mapping[str, Wording] | None:
    """Return the roles that `by` may name, with their titles."""
    if definition.roles is None or definition.roles in vocabulary.lost:
        return None
    catalogue = findings.find(definition.roles, CATALOGUE, vocabulary.catalogues)
    return None if catalogue is None else catalogue.type.codes


def check_roles(definition: WorkflowDefinition, names: Names) -> None:
    """Report transitions with roles in a workflow that names no catalogue of roles."""
    transitions = (each for place in names.states.values() for each in place.definition.transitions)
    if definition.roles is None and any(each.by for _, each in transitions):
        names.findings.missing(definition.span, "roles")


def link_event(
    word: Word, definition: EventDefinition, fields: PayloadReader, *, internal: bool
) -> Event | None:
    """Return an event; `internal` says whether a clock raises it."""
    cites = fields.vocabulary.cite(definition.cites, fields.findings)
    payload = fields.read(word, definition.payload)
    if word.startswith(OWN_PREFIX):
        fields.findings.misused(
            word.span,
            RESERVED_EVENT_NAME,
        )
    if internal and definition.payload:
        fields.findings.misused(
            definition.span_of_key("payload"),
            CLOCK_EVENT_HAS_PAYLOAD,
            name=word,
        )
        return None
    if payload is None:
        return None
    if internal and definition.right:
        fields.findings.misused(definition.span_of_key("right"), CLOCK_EVENT_IS_RIGHT, name=word)
        return None
    return Event(str(word), definition.title, payload, internal, cites, definition.right)


def link_effect(
    word: Word, definition: EffectDefinition, fields: PayloadReader
) -> EffectType | None:
    """Return an effect."""
    payload = fields.read(word, definition.payload)
    return None if payload is None else EffectType(str(word), definition.title, payload)


@dataclass(frozen=True, slots=True)
class PayloadReader:
    """Reads the payloads of a workflow's events and effects.

    A field without a title takes that of the fact of its name, or else that of its catalogue.
    """

    vocabulary: Vocabulary
    facts: FactType | None
    findings: Findings

    def read(self, name: Word, written: Mapping[Word, FieldDefinition]) -> RecordType | None:
        """Return a payload, or `None` after reporting unknown types."""
        linked: dict[str, Field] = {}
        for word, each in written.items():
            field = self.vocabulary.read_field(each.type, self.findings, each.title)
            if field is not None:
                linked[str(word)] = replace(field, title=field.title or self.title_of(word, field))
        if len(linked) < len(written):
            return None
        return RecordType(str(name), FrozenDict(linked))

    def title_of(self, word: Word, field: Field) -> Wording | None:
        """Return the title of the fact called `word`, or of the field's catalogue."""
        known = self.facts.fields if self.facts else {}
        if word in known:
            return known[word].title
        if isinstance(field.type, CodeType):
            return self.vocabulary.catalogues[field.type.catalogue].title
        return None


def collect_states(definition: WorkflowDefinition, findings: Findings) -> Mapping[str, StatePlace]:
    """Return every state by name in document order, after reporting names used twice."""
    places: dict[str, StatePlace] = {}
    for place in iter_state_places(definition.states, ()):
        first = places.setdefault(place.name, place)
        if first is not place:
            related = Related(first.name.span, Wording("首次定义于此", "first defined here"))
            findings.add("TR115", place.name.span, name=place.name, related=(related,))
    return places


def iter_state_places(
    states: Mapping[Word, StateDefinition], ancestors: tuple[str, ...]
) -> Iterator[StatePlace]:
    """Yield every state in document order, parents first."""
    for word, definition in states.items():
        yield StatePlace(word, definition, ancestors)
        yield from iter_state_places(definition.states, (*ancestors, str(word)))


def roots_read(states: Sequence[State]) -> frozenset[str]:
    """Return the roots that the expressions of all states read."""
    return frozenset(
        name.partition(".")[0]
        for state in states
        for expression in state.expressions
        for name in expression.reads
    )
