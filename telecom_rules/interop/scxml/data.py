"""The declarations of an SCXML document: data, payloads, clocks and properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telecom_rules.interop.annotations import OUR_NAMESPACE
from telecom_rules.interop.made import Made
from telecom_rules.interop.scxml.document import TYPE_UNCLEAR
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.interop.markup import Markup
    from telecom_rules.interop.scxml.document import ScxmlDocument


FROM_EVENT = re.compile(r"\s*(?:_event\.data|event)\.([A-Za-z_][A-Za-z0-9_]*)\s*")
OUTSIDE = Wording("数据不能从其他位置读取", "data cannot be read from elsewhere")
FIRST_VALUE = Wording(
    "初值 {value} 由宿主系统在个案开始时给出",
    "the host gives its first value, {value}, at the start of a case",
)
REMARK_STANDS_IN = Wording(
    "文档没有数据，而个案至少需要一项；以 `remark` 占位",
    "it has no data, and a case needs at least one fact: `remark` is a placeholder",
)
LIST_KEYS = ("from", "until", "pause_in", "cites")


def read_data(document: ScxmlDocument, facts: str) -> dict[str, Made]:
    """Declare the document's data as facts, and return their file unless a pack has it."""
    parts = [
        each
        for model in document.root.walk()
        if model.name == "datamodel"
        for each in document.children_of(model)
    ]
    known = bool(document.our_attribute(document.root, "facts"))
    for part in parts:
        document.declare_fact(part.attributes.get("id", ""), part)
    for part in parts:
        read_first_value(document, part)
    read_declarations(document)
    for part in document.root.walk():
        if part.name == "assign":
            learn_payload(document, part)
    if known:
        return {}
    fields: dict[str, Data] = {}
    for part in parts:
        id = part.attributes.get("id", "")
        name = document.find_fact(id)
        if name in document.types:
            title = document.read_title(part, id)
            field = {"type": str(document.types[name]), "title": title}
            fields[name] = Made(id, part.span, field)
        else:
            document.refuse(part, TYPE_UNCLEAR.fill(name=shorten(id)))
    if not fields:
        document.note(document.root, REMARK_STANDS_IN)
        fields["remark"] = {"type": "text?", "title": {"zh": "备注", "en": "Remark"}}
    data: dict[str, Data] = {
        "facts": facts,
        "title": document.read_title(document.root, document.own_name),
        "fields": fields,
    }
    return {f"facts/{facts}.yaml": Made(document.root.name, document.root.span, data)}


def read_first_value(document: ScxmlDocument, part: Markup) -> None:
    """Infer the type of some data from its first value."""
    attributes = document.read_attributes(part, "id", "expr")
    name = document.resolve_fact(attributes.get("id", ""), part) or ""
    if part.children or part.text.strip():
        document.refuse(part, OUTSIDE)
    if "expr" in attributes:
        value = document.convert(part, "expr", attributes["expr"], None)
        if value is not None:
            document.learn_type(name, value)
            document.note(part, FIRST_VALUE.fill(value=shorten(value.cel)))


def read_declarations(document: ScxmlDocument) -> None:
    """Read the payloads of events and effects from declarations in our namespace."""
    for part in iter_declarations(document, "event", "effect"):
        name = part.attributes.get("name", "")
        known = (
            document.resolve_event(name, part)
            if part.name == "event"
            else document.name_effect(name, part)
        )
        fields = {
            each.attributes.get("name", ""): each.attributes.get("type", "")
            for each in part.children
        }
        document.set_payload(part.name, known or "", fields)


def iter_declarations(document: ScxmlDocument, *names: str) -> Iterator[Markup]:
    """Yield the declarations in our namespace."""
    for each in document.root.children:
        if each.namespace == OUR_NAMESPACE and each.name in names:
            yield each


def learn_payload(document: ScxmlDocument, part: Markup) -> None:
    """Infer the type of a field of an event from the fact that it is assigned to."""
    transition = next((each for each in part.ancestors if each.name == "transition"), None)
    match = FROM_EVENT.fullmatch(part.attributes.get("expr", ""))
    fact = document.find_fact(part.attributes.get("location", ""))
    if transition is None or match is None or fact not in document.types:
        return
    events = transition.attributes.get("event", "").split()
    document.spend(len(events))
    for event in events:
        name = document.resolve_event(event, transition)
        if name is not None and match[1] not in document.payload_of("event", name):
            document.set_payload("event", name, {match[1]: str(document.types[fact])})


def write_declarations(document: ScxmlDocument) -> dict[str, Data]:
    """Return the events, effects and clocks of the workflow."""
    titles = {
        (each.name, each.attributes.get("name", "")): each
        for each in iter_declarations(document, "event", "effect", "clock")
    }
    data: dict[str, Data] = {}
    for key, kind in (("events", "event"), ("effects", "effect")):
        made: dict[str, Data] = {}
        for foreign, name, span in document.iter_named(kind):
            part = titles.get((kind, foreign))
            one: dict[str, Data] = {"title": document.read_title(part, foreign, span)}
            carried = document.payload_of(kind, name)
            one |= ({"payload": carried} if carried else {}) | document.read_cites(part)
            made[name] = Made(foreign, span if part is None else part.span, one)
        if made or key == "events":
            data[key] = made
    clocks: dict[str, Data] = {
        each.attributes.get("name", ""): read_clock(document, each)
        for each in iter_declarations(document, "clock")
    }
    return data | ({"clocks": clocks} if clocks else {})


def read_properties(document: ScxmlDocument) -> dict[str, Data]:
    """Return the properties of the workflow as they were written."""
    written: list[Data] = []
    for part in iter_declarations(document, "property"):
        template = part.attributes.get("template", "")
        first, then = (part.attributes.get(side, "").split() for side in ("first", "then"))
        names = ("one", "other") if template == "not_coexistence" else ("first", "then")
        sides: Data = {names[0]: first, names[1]: then} if then else first
        title = document.read_title(part, template)
        data: dict[str, Data] = {template: sides, "title": title, **document.read_cites(part)}
        written.append(Made(part.name, part.span, data))
    return {"properties": written} if written else {}


def read_clock(document: ScxmlDocument, part: Markup) -> Data:
    """Return a clock as it was written."""
    data: dict[str, Data] = {"title": document.read_title(part, part.attributes.get("name", ""))}
    for key, value in part.attributes.items():
        if key in LIST_KEYS:
            data[key] = value.split()
        elif key == "interpretation" and value == "true":
            data[key] = True
        elif key not in {"name", "zh", "en"}:
            data[key] = value
    return Made(part.name, part.span, data)
