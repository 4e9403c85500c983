"""What the names in a workflow stand for while it is linked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from telecom_rules.documents import Word
from telecom_rules.expressions import Scope, check
from telecom_rules.findings import Finding, Related
from telecom_rules.suggestions import find_nearest
from telecom_rules.vocabulary import BOOLEAN, DATE, INSTANT, SPAN, Field, RecordType
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from telecom_rules.documents import Scalar
    from telecom_rules.expressions import Expression
    from telecom_rules.findings import Span
    from telecom_rules.vocabulary import FactType, Type, Vocabulary
    from telecom_rules.workflows.chart import EffectType, Event
    from telecom_rules.workflows.definition import ClockDefinition, StateDefinition
    from telecom_rules.workflows.linking.signature import Signature


T = TypeVar("T")

MOST_NAMES_LISTED = 12
"""Names that a finding lists."""
FACT = Wording("事实", "fact")
STATE_OR_EVENT = Wording("状态或事件", "state or event")
MOST_SUGGESTIONS = 100
"""Findings of one workflow that get a near miss: looking for one costs more than the rest."""
DECLARED = Wording("`{name}` 定义于此", "`{name}` is defined here")


@dataclass(frozen=True, slots=True)
class StatePlace:
    """A state as written, with where it stands.

    Attributes:
        name: its name.
        definition: what the file says about it.
        ancestors: the states around it, outermost first.
    """

    name: Word
    definition: StateDefinition
    ancestors: tuple[str, ...]

    @property
    def path(self) -> tuple[str, ...]:
        """The state with those around it, outermost first."""
        return (*self.ancestors, self.name)


@dataclass(frozen=True, slots=True)
class Names:
    """Everything that the states and clocks of one workflow may name.

    A value that is `None` is declared with a mistake that is already reported: whoever names it
    keeps silent.

    Attributes:
        vocabulary: the names of the pack.
        facts: the record its cases keep, or `None`.
        roles: the roles by code with their titles, or `None` where none are declared.
        events: its events.
        effects: its effects.
        states: its states.
        roots: the types of the roots of expressions that are the same for every event.
        callees: the workflows that its states may call.
        found: where mistakes are noted.
    """

    vocabulary: Vocabulary
    facts: FactType | None
    roles: Mapping[str, Wording] | None
    events: Mapping[str, Event | None]
    effects: Mapping[str, EffectType | None]
    states: Mapping[str, StatePlace]
    roots: Mapping[str, Type]
    callees: Mapping[str, Signature | None]
    found: list[Finding]

    def scope(self, facts: FactType, event: Event, known: Collection[str] = ()) -> Scope:
        """Return what an expression of a transition on `event` may name.

        Args:
            facts: the record.
            event: the event.
            known: optional facts, and fields such as `event.grade`, that are known there, because
                the transition requires, tests or sets them.
        """
        fields = mark_known(facts.fields, known)
        given = {name.removeprefix("event.") for name in known if name.startswith("event.")}
        payload = replace(event.payload, fields=mark_known(event.payload.fields, given))
        context = {**self.roots, "event": payload, "today": DATE, "now": INSTANT}
        return Scope(fields, context, frozenset(self.states), facts.record_type.lost)

    def check(
        self, source: Scalar, scope: Scope, expected: Type, *, codes: bool
    ) -> Expression | None:
        """Return the expression in `source`; with `codes`, a bare word may be a code."""
        return check(source, scope, expected, self.found, bare_codes=codes)

    def fact(self, word: Word, facts: FactType) -> Field | None:
        """Return the fact of that name, or `None`; that there is none is noted once."""
        if word in facts.record_type.lost:
            return None
        return find_named(FACT, word, facts.fields, self.found)

    def link_causes(self, words: Sequence[Word]) -> tuple[str, ...]:
        """Return the states and events that `words` name, after noting what is wrong with them."""
        known: dict[str, object] = {**self.states, **self.events}
        for word in words:
            if word in self.states and word in self.events:
                self.found.append(
                    build_worded_finding(
                        word.span,
                        "`{name}` 既是状态又是事件；请改其中一个的名称",
                        "`{name}` is both a state and an event; rename one of the two",
                        name=word,
                    )
                )
            self.find(STATE_OR_EVENT, word, known)
        return tuple(map(str, words))

    def find(
        self, kind: Wording, word: Word, known: Mapping[str, T] | Mapping[Word, T]
    ) -> T | None:
        """Return what `word` names among `known`, or `None` after noting that nothing does."""
        return find_named(kind, word, known, self.found)


def mark_known(fields: Mapping[str, Field], known: Collection[str]) -> Mapping[str, Field]:
    """Return `fields` with those that are `known` not optional."""
    return {
        name: replace(field, optional=False) if name in known else field
        for name, field in fields.items()
    }


def find_named(
    kind: Wording, word: Word, known: Mapping[str, T] | Mapping[Word, T], found: list[Finding]
) -> T | None:
    """Return what `word` names among `known`, or `None` after appending TR113 to `found`."""
    if word in known:
        return known[word]
    meant = find_nearest(word, known) if len(found) < MOST_SUGGESTIONS else None
    shown = list(known)[:MOST_NAMES_LISTED]
    values = {
        "kind": kind,
        "name": word[:60],
        "known": ", ".join(shown) + (", …" if len(known) > MOST_NAMES_LISTED else ""),
    }
    found.append(Finding("TR113", word.span, values, meant, find_declaration(meant, known)))
    return None


def find_declaration(meant: str | None, known: Iterable[str]) -> tuple[Related, ...]:
    """Return the place where the name most likely meant is declared, if it is in a file."""
    word = next((each for each in known if each == meant), None)
    if not isinstance(word, Word):
        return ()
    return (Related(word.span, DECLARED.fill(name=word)),)


def build_worded_finding(span: Span, zh: str, en: str, **values: object) -> Finding:
    """Return the finding TR120 with a wording of its own."""
    return Finding("TR120", span, {"what": Wording(zh, en).fill(**values)})


def policies_type(signatures: Mapping[str, RecordType], lost: frozenset[str]) -> RecordType:
    """Return the type of what expressions call `policies`; `lost` ones are reported elsewhere."""
    return RecordType("policies", {name: Field(each) for name, each in signatures.items()}, lost)


def clocks_type(clocks: Mapping[Word, ClockDefinition]) -> RecordType:
    """Return the type of what expressions call `clocks`."""
    return RecordType(
        "clocks", {name: Field(clock_type(name, each.title)) for name, each in clocks.items()}
    )


def clock_type(name: Word, title: Wording) -> RecordType:
    """Return the type of what expressions see of one clock."""
    used = Wording("时限“{title}”已用时间", "the time used of “{title}”").fill(title=title)
    over = Wording("时限“{title}”是否已超期", "whether “{title}” has expired").fill(title=title)
    return RecordType(
        str(name), {"elapsed": Field(SPAN, title=used), "expired": Field(BOOLEAN, title=over)}
    )
