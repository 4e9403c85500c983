"""The names that the parts of a workflow may use, and their types."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from telecom_rules.expressions import Scope, check
from telecom_rules.findings.kinds import FACT
from telecom_rules.vocabulary import (
    BOOLEAN,
    DATE,
    INSTANT,
    SPAN,
    CodeType,
    Field,
    RecordType,
)
from telecom_rules.wording import Wording
from telecom_rules.workflows.linking.wildcards import is_wildcard

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from telecom_rules.documents import Scalar, Word
    from telecom_rules.expressions import Expression
    from telecom_rules.findings import Findings
    from telecom_rules.vocabulary import FactType, Type, Vocabulary
    from telecom_rules.workflows.chart import EffectType, Event
    from telecom_rules.workflows.definition import ClockDefinition, StateDefinition
    from telecom_rules.workflows.linking.signature import Signature


T = TypeVar("T")

STATE_OR_EVENT = Wording("状态或事件", "state or event")
STATE_AND_EVENT = Wording(
    "`{name}` 既是状态又是事件；请改其中一个的名称",
    "`{name}` is both a state and an event; rename one of them",
)


@dataclass(frozen=True, slots=True)
class StatePlace:
    """A state as written, with its place in the tree.

    Attributes:
        name: its name.
        definition: its definition in the file.
        ancestors: its ancestors, outermost first.
    """

    name: Word
    definition: StateDefinition
    ancestors: tuple[str, ...]

    @property
    def path(self) -> tuple[str, ...]:
        """The state with its ancestors, outermost first."""
        return (*self.ancestors, self.name)


@dataclass(frozen=True, slots=True)
class Names:
    """The names that the states and clocks of one workflow may use.

    A value of `None` was declared with a mistake: its uses are not reported again.

    Attributes:
        vocabulary: the names of the pack.
        facts: the record its cases keep, or `None`.
        roles: the roles by code with their titles, or `None` where none are declared.
        events: its events.
        wildcards: the events that each wildcard matches.
        effects: its effects.
        states: its states.
        roots: the types of the expression roots that do not depend on the event.
        callees: the workflows that its states may call.
        findings: collects the mistakes.
    """

    vocabulary: Vocabulary
    facts: FactType | None
    roles: Mapping[str, Wording] | None
    events: Mapping[str, Event | None]
    wildcards: Mapping[str, tuple[str, ...]]
    effects: Mapping[str, EffectType | None]
    states: Mapping[str, StatePlace]
    roots: Mapping[str, Type]
    callees: Mapping[str, Signature | None]
    findings: Findings

    def scope(self, facts: FactType, event: Event, known: Collection[str] = ()) -> Scope:
        """Return the scope of the expressions of a transition on `event`.

        Args:
            facts: the record.
            event: the event.
            known: optional facts, and fields such as `event.grade`, that the transition requires,
                tests or sets, and that are therefore present.
        """
        fields = mark_known(facts.fields, known)
        sent = {name.removeprefix("event.") for name in known if name.startswith("event.")}
        payload = replace(event.payload, fields=mark_known(event.payload.fields, sent))
        context = {**self.roots, "event": payload, "today": DATE, "now": INSTANT}
        if event.name:
            context["event_name"] = CodeType("event", self.event_titles(event))
        return Scope(fields, context, frozenset(self.states), facts.record_type.lost)

    def event_titles(self, event: Event) -> Mapping[str, Wording]:
        """Return the names that `event_name` may be compared with: every event, with its title."""
        own = {} if is_wildcard(event.name) else {event.name: event.title}
        return {name: each.title for name, each in self.events.items() if each is not None} | own

    def check(
        self, source: Scalar, scope: Scope, expected: Type | None, *, codes: bool
    ) -> Expression | None:
        """Return the expression in `source`; with `codes`, a bare word may be a code.

        Without an `expected` type it may have any.
        """
        return check(source, scope, expected, self.findings, bare_codes=codes)

    def fact(self, word: Word, facts: FactType) -> Field | None:
        """Return the fact of that name, or `None` after reporting that it is unknown."""
        if word in facts.record_type.lost:
            return None
        return self.findings.find(word, FACT, facts.fields)

    def link_causes(self, words: Sequence[Word]) -> tuple[str, ...]:
        """Return the states and events that `words` name, after reporting mistakes."""
        known: dict[str, object] = {**self.states, **self.events}
        for word in words:
            if word in self.states and word in self.events:
                self.findings.misused(
                    word.span,
                    STATE_AND_EVENT,
                    name=word,
                )
            self.findings.find(word, STATE_OR_EVENT, known)
        return tuple(map(str, words))


def mark_known(fields: Mapping[str, Field], known: Collection[str]) -> Mapping[str, Field]:
    """Return `fields` with those in `known` made mandatory."""
    return {
        name: replace(field, optional=False) if name in known else field
        for name, field in fields.items()
    }


def policies_type(outputs: Mapping[str, Field], lost: frozenset[str]) -> RecordType:
    """Return the type of `policies` in expressions; `lost` ones are reported elsewhere."""
    return RecordType("policies", outputs, lost)


def clocks_type(clocks: Mapping[Word, ClockDefinition]) -> RecordType:
    """Return the type of `clocks` in expressions."""
    return RecordType(
        "clocks", {name: Field(clock_type(name, each.title)) for name, each in clocks.items()}
    )


def clock_type(name: Word, title: Wording) -> RecordType:
    """Return the type of one clock in expressions."""
    used = Wording("时限“{title}”已用时间", "the time used of “{title}”").fill(title=title)
    over = Wording("时限“{title}”是否已超期", "whether “{title}” has expired").fill(title=title)
    return RecordType(
        str(name), {"elapsed": Field(SPAN, title=used), "expired": Field(BOOLEAN, title=over)}
    )
