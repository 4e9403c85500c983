"""An SCXML document while it is read: its states, events, data and types."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

from telecom_rules.interop.annotations import OUR_NAMESPACE
from telecom_rules.interop.document import (
    FACT_WORDS,
    NO_COUNTERPART,
    ForeignDocument,
    NoCounterpart,
)
from telecom_rules.interop.scxml.expressions import (
    NO_SUCH_DATA,
    NO_SUCH_STATE,
    Converted,
    Converter,
)
from telecom_rules.interop.scxml.fragment import is_state, states_of
from telecom_rules.interop.scxml.words import DONE_PREFIX, INTERNAL_TARGET, SCXML_NAMESPACE
from telecom_rules.wording import Wording, join_names, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.findings import Findings, Span
    from telecom_rules.interop.markup import Markup
    from telecom_rules.vocabulary.types import Type


ID_GIVEN = Wording("它没有 id，现称 `{id}`", "it has no id; it is now called `{id}`")
SAME_DATA = Wording("另一项数据也有此 id", "other data has this id as well")
SAME_ID = Wording("另一个状态也有此 id", "another state has this id as well")
FOREIGN_ELEMENT = Wording("它属于其他词汇", "it belongs to another vocabulary")
SPELLED_OUT = Wording(
    "它按前缀匹配，此处逐一写出：{names}",
    "it matches by prefix and is written as: {names}",
)
LONG_PREFIXES = 20
"""Characters of the prefixes of a name that take one step."""
STEPS_OF_ELEMENT = 4
"""Steps for an element that is read once more."""
LONG_ATTRIBUTES = 20
"""Characters of attributes that take one step."""
MOST_LISTED = 20
"""Events that a finding lists."""
NO_EVENTS = Wording("文档中没有与之匹配的事件", "it matches no event of the document")
MATCHES_DONE_EVENTS = Wording(
    "它也会匹配子状态的完成（done.state），此处的通配符不会",
    "it would match done.state events too, which no wildcard of a workflow does",
)
PROCESSOR_EVENT = Wording(
    "它由 SCXML 处理器引发，流程中没有对应的事件",
    "the SCXML processor raises it; a workflow has no counterpart",
)
TYPE_UNCLEAR = Wording(
    "无法推断 `{name}` 的类型；请给出初值或赋值",
    "the type of `{name}` cannot be inferred: give it a first value or assign one",
)


@dataclass(slots=True)
class Uses:
    """How an event or effect is used whose payload is not declared.

    Attributes:
        count: how often.
        types: the type of each field.
        given: how often each field is given.
    """

    count: int = 0
    types: dict[str, str] = field(default_factory=dict)
    given: Counter[str] = field(default_factory=Counter)


class ScxmlDocument(ForeignDocument):
    """An SCXML document while it is read.

    Attributes:
        own_name: the name of the document.
        states: every state by id.
        types: the type of each fact, by its name.
    """

    related = frozenset({SCXML_NAMESPACE, ""})

    def __init__(self, root: Markup, findings: Findings) -> None:
        super().__init__(root, findings)
        self.own_name: str = root.name
        self._name_states()
        self.states: Mapping[str, Markup] = states_of(root)
        self.types: dict[str, Type] = {}
        self._names = {kind: self.add_namer(kind) for kind in ("state", "event", "effect", "field")}
        for id, state in self.states.items():
            self._names["state"].name_of(id, state.span)
        self._payloads: dict[tuple[str, str], dict[str, str]] = {}
        self._uses: dict[tuple[str, str], Uses] = {}
        self._facts = self.add_namer("fact", FACT_WORDS)
        self._weights: dict[Markup, int] = {}
        self._fact_names: dict[str, str] = {}
        self._known_facts: set[str] = set()
        self._by_prefix: dict[str, list[str]] = {}
        for event in dict.fromkeys(filter(None, iter_events(root))):
            for prefix in self._prefixes_of(event):
                self._by_prefix.setdefault(prefix, []).append(event)
        self._awaited = frozenset(
            prefix_of(descriptor)
            for each in root.walk()
            if each.name == "transition"
            for descriptor in each.attributes.get("event", "").split()
        )
        self._has_inner_final = any(
            each.name == "final" and each.parent is not root for each in root.walk()
        )

    def _name_states(self) -> None:
        """Add missing ids of states, and report duplicates."""
        states = [each for each in self.root.walk() if is_state(each, self.root)]
        ids = {each.attributes["id"]: each for each in states if "id" in each.attributes}
        numbers = count(1)
        for each in states:
            if "id" not in each.attributes:
                wanted = (f"{each.name}_{number}" for number in numbers)
                each.attributes["id"] = next(id for id in wanted if id not in ids)
                self.tell("TR808", each.span, each.name, ID_GIVEN.fill(id=each.attributes["id"]))
            if ids.setdefault(each.attributes["id"], each) is not each:
                self.refuse(each, SAME_ID, "id")

    @cached_property
    def converter(self) -> Converter:
        """The converter of its expressions."""
        states = {each: self.resolve_state(each, self.states[each]) or each for each in self.states}
        ours = self.root.attributes.get("datamodel") == "cel"
        return Converter(ours, states, self._fact_names, self._known_facts, self.types, self.spend)

    def invent_state(self, wanted: str) -> str:
        """Return the name of a state that the document does not have."""
        return self._names["state"].invent(wanted)

    def children_of(self, part: Markup) -> Iterator[Markup]:
        """Yield the elements of SCXML inside one."""
        yield from (each for each in part.children if each.namespace == self.root.namespace)

    def omit_foreign(self, part: Markup) -> None:
        """Report the elements of other vocabularies inside one as left out."""
        for each in part.children:
            if each.namespace == self.root.namespace:
                self.omit_foreign(each)
            elif each.namespace != OUR_NAMESPACE:
                self.omit(each, FOREIGN_ELEMENT)

    def read_attributes(self, part: Markup, *known: str) -> dict[str, str]:
        """Return the attributes of an element by name; one that is not `known` is refused."""
        for name in part.attributes:
            if name not in known and " " not in name:
                self.refuse(part, NO_COUNTERPART, name)
        return part.attributes

    def resolve_state(self, id: str, part: Markup) -> str | None:
        """Return the name of a state, or `None` after refusing an unknown one."""
        if id in self.states:
            return self._names["state"].name_of(id, self.states[id].span)
        self.refuse(part, NO_SUCH_STATE.fill(name=shorten(id)))
        return None

    def resolve_event(self, name: str, part: Markup) -> str | None:
        """Return the name of an event, or `None` after refusing one raised by the processor."""
        if name.partition(".")[0] in {"error", "done"}:
            self.refuse(part, PROCESSOR_EVENT, "event")
            return None
        return self._names["event"].name_of(name, part.span)

    def match_events(self, descriptor: str, part: Markup) -> list[str]:
        """Return the events that a descriptor matches by prefix, or none after refusing it."""
        prefix = prefix_of(descriptor)
        events = self._by_prefix.get(prefix, [])
        self.spend(len(events) * self._weight_of(part))
        if prefix == "*" and self._has_inner_final:
            self.refuse(part, MATCHES_DONE_EVENTS, "event")
            return []
        if not events:
            ours = prefix.partition(".")[0] not in {"error", "done"}
            self.refuse(part, NO_EVENTS if ours else PROCESSOR_EVENT, "event")
        elif events != [descriptor]:
            self.note(part, SPELLED_OUT.fill(names=join_names(events, MOST_LISTED)))
        return [
            name for name in (self.resolve_event(each, part) for each in events) if name is not None
        ]

    def _weight_of(self, transition: Markup) -> int:
        """Return the steps for reading a transition once more, for one more event."""
        if transition not in self._weights:
            self._weights[transition] = sum(
                STEPS_OF_ELEMENT + sum(map(len, each.attributes.values())) // LONG_ATTRIBUTES
                for each in transition.walk()
            )
        return self._weights[transition]

    def awaits(self, event: str) -> bool:
        """Return whether some transition is triggered by an event of that name."""
        return not self._awaited.isdisjoint(self._prefixes_of(event))

    def _prefixes_of(self, event: str) -> list[str]:
        """Return what matches an event: the prefixes of its name, and `*`."""
        self.spend(len(event) * (1 + event.count(".")) // LONG_PREFIXES)
        return [*iter_prefixes(event), "*"]

    def name_effect(self, name: str, part: Markup) -> str:
        """Return the name of an effect."""
        return self._names["effect"].name_of(name, part.span)

    def name_field(self, name: str, part: Markup) -> str:
        """Return the name of a field in the payload of an event or effect."""
        return self._names["field"].name_of(name, part.span)

    def declare_fact(self, id: str, part: Markup) -> str:
        """Declare the data `id` as a fact and return its name."""
        if id in self._fact_names:
            self.refuse(part, SAME_DATA)
        self._fact_names[id] = self._facts.name_of(id, part.span)
        self._known_facts.add(self._fact_names[id])
        return self._fact_names[id]

    def resolve_fact(self, id: str, part: Markup) -> str | None:
        """Return the name of a fact, or `None` after refusing data that is not declared."""
        if id not in self._fact_names:
            self.refuse(part, NO_SUCH_DATA.fill(name=shorten(id)))
        return self._fact_names.get(id)

    def find_fact(self, id: str) -> str:
        """Return the name of a fact, or an empty text."""
        return self._fact_names.get(id, "")

    def convert(self, part: Markup, name: str, source: str, event: str | None) -> Converted | None:
        """Return the expression in an attribute, or `None` after refusing it.

        Args:
            part: the element.
            name: the attribute.
            source: the expression.
            event: the event whose data it may read.
        """
        carried = None if event is None else self.payload_of("event", event)
        try:
            return self.converter.convert(source, carried)
        except NoCounterpart as problem:
            self.refuse(part, problem.why, name)
            return None

    def set_payload(self, kind: str, name: str, fields: dict[str, str]) -> None:
        """Record the payload of an event or effect: types by field."""
        self._payloads.setdefault((kind, name), {}).update(fields)

    def note_use(self, kind: str, name: str, values: Mapping[str, Converted], part: Markup) -> None:
        """Record the values given to an event or effect whose payload is not declared."""
        if (kind, name) in self._payloads:
            return
        types: dict[str, str] = {}
        for name_there, value in values.items():
            if value.type is None:
                self.refuse(part, TYPE_UNCLEAR.fill(name=shorten(name_there)))
            else:
                types[name_there] = str(value.type)
        uses = self._uses.setdefault((kind, name), Uses())
        uses.count += 1
        uses.types |= types
        uses.given.update(types.keys())

    def payload_of(self, kind: str, name: str) -> dict[str, Data]:
        """Return the payload of an event or effect; a field not always given is optional."""
        if (kind, name) in self._payloads:
            return {**self._payloads[kind, name]}
        uses = self._uses.get((kind, name), Uses())
        self.spend(len(uses.types))
        return {
            field: type_ + "?" * (kind != "effect" or uses.given[field] < uses.count)
            for field, type_ in uses.types.items()
        }

    def iter_named(self, kind: str) -> Iterator[tuple[str, str, Span]]:
        """Yield every event or effect: its name in the document and here, and its first place."""
        for foreign, name in self._names[kind].names.items():
            yield foreign, name, self._names[kind].place_of(foreign)

    def learn_type(self, fact: str, value: Converted) -> None:
        """Infer the type of a fact from a value assigned to it, unless it is known."""
        if value.type is not None:
            self.types.setdefault(fact, value.type)


def prefix_of(descriptor: str) -> str:
    """Return the prefix that a descriptor matches: `pay`, `pay.` and `pay.*` are alike."""
    return descriptor.removesuffix(".*").removesuffix(".")


def iter_prefixes(event: str) -> Iterator[str]:
    """Yield the prefixes of an event's name, whole parts each, itself included."""
    parts = event.split(".")
    yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def iter_events(root: Markup) -> Iterator[str]:
    """Yield the events that a document names without wildcards, in document order."""
    for each in root.walk():
        if each.name == "event" and each.namespace == OUR_NAMESPACE:
            yield each.attributes.get("name", "")
        elif each.name == "raise" or each.attributes.get("target") == INTERNAL_TARGET:
            yield each.attributes.get("event", "")
        elif each.name == "transition":
            for event in each.attributes.get("event", "").split():
                if not event.endswith(("*", ".")) and not event.startswith(("done.", "error.")):
                    yield event


def done_state_of(event: str) -> str | None:
    """Return the state whose `done.state` event it is, or `None`."""
    return event.removeprefix(DONE_PREFIX) if event.startswith(DONE_PREFIX) else None
