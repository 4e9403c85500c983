"""Hostile XML: documents that are changed, mixed with one another, repeated and stretched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from telecom_rules.findings import render
from telecom_rules.interop import Imported, NotImportable
from telecom_rules.pack import link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from random import Random

    from telecom_rules.findings import Finding

LARGEST = 1_200_000
"""Characters of a grown document, a little beyond what is read."""
TEXTS = (
    "", " ", "-", "0", "null", "true", "on", "~", "-1.50", "1e9", "9" * 40, ".5", "a", "a b", "A.b",
    "年龄", "é", "\u202e", "\ufeff", "\ud7ff", "\u2028", "\U0001f600", "x" * 70, "x" * 500, "*",
    "a.*",
    "a.b.c", ".", "..", "a a a", "'", '"', '"a"', "'a' + \"b\"", "\\", '"\\', "{", "}", "{x}", "{{",
    "%s", "[", "]", "(", ")", "not(", "((((((", "<", "&", "]]>", "#", "# x", ": ", "- a", "? a",
    "| a",
    "event", "event.n", "_event.data.n", "In('a')", "n + 1", "n == 1 && true", "!n", "1 ? 2 : 3",
    "done.state.a", "error.x", "#_internal", "urn:telecom-rules", "https://example.org/", "../x",
    "string", "number", "Any", "integer", "feel:string", "date", "[0..1]", "< 5", '"a","b",null',
    "2026-02-30", '@"2026-03-01"', "FIRST", "PRIORITY", "COLLECT", "SUM", "deep", "internal",
)  # fmt: skip
"""Texts that mean something in some format, or should mean nothing."""
MOST_FINDINGS = 500
"""Findings of one document: errors and all kinds of warnings."""
LINKED_AGAIN = 60_000
"""Characters of files that are linked once more."""
STAND_IN: Mapping[str, bytes] = {
    "pack.yaml": b"""\
pack: p
version: "1"
title: {zh: a, en: a}
utc_offset: "+08:00"
require_cites: false
"""
}


@dataclass(slots=True)
class Part:
    """An element of a grown document."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Part] = field(default_factory=list)
    text: str = ""

    def copy(self) -> Part:
        """Return a copy of it with all that is in it."""
        inside = [each.copy() for each in self.children]
        return Part(self.name, {**self.attributes}, inside, self.text)

    def walk(self) -> Iterator[Part]:
        """Yield it and every element in it."""
        yield self
        for each in self.children:
            yield from each.walk()

    def write(self) -> str:
        """Return it as XML."""
        attributes = "".join(f" {key}={quoteattr(text)}" for key, text in self.attributes.items())
        inside = escape(self.text) + "".join(each.write() for each in self.children)
        return f"<{self.name}{attributes}>{inside}</{self.name}>"


def read_part(text: str) -> Part:
    """Return a document as parts, without prefixes."""
    return take(ET.fromstring(text))  # noqa: S314 - our own text


def take(element: ET.Element) -> Part:
    """Return an element as a part; `{namespace}name` becomes `name`, ours gets its prefix."""
    attributes = {bare(key): text for key, text in element.attrib.items()}
    inside = [take(each) for each in element]
    return Part(bare(element.tag), attributes, inside, (element.text or "").strip())


def bare(name: str) -> str:
    """Return a name without its namespace, and ours with the prefix `tr`."""
    namespace, _, local = name.removeprefix("{").rpartition("}")
    return f"tr:{local}" if namespace == "urn:telecom-rules" else local


def grow_document(rng: Random, seeds: Sequence[Part], namespaces: Sequence[str]) -> str:
    """Return a document that comes from one of the seeds, now and then no longer XML at all."""
    root = rng.choice(seeds).copy()
    for _ in range(rng.choice((0, 1, 1, 2, 3, 8))):
        change(rng, root, seeds)
    if rng.random() < 0.25:
        stretch(rng, root)
    root.attributes["xmlns"] = rng.choice((*[namespaces[0]] * 12, *namespaces))
    root.attributes["xmlns:tr"] = "urn:telecom-rules"
    text = root.write()[:LARGEST]
    return spoil(rng, text) if rng.random() < 0.05 else text


def change(rng: Random, root: Part, seeds: Sequence[Part]) -> None:
    """Change one thing in a document."""
    parts = list(root.walk())
    part, other = rng.choice(parts), rng.choice(list(rng.choice(seeds).walk()))
    match rng.randrange(9):
        case 0:
            part.children.insert(rng.randint(0, len(part.children)), other.copy())
        case 1 if part.children:
            part.children.pop(rng.randrange(len(part.children)))
        case 2 if part.children:
            part.children.append(rng.choice(part.children).copy())
        case 3 if part is not root:
            part.name = other.name
        case 4 | 5 if part.attributes:
            part.attributes[rng.choice([*part.attributes])] = pick(rng, parts)
        case 6:
            name = rng.choice([*other.attributes, "id", "tr:zh", "tr:cites", "colour"])
            part.attributes[name] = pick(rng, parts)
        case 7:
            part.text = pick(rng, parts)
        case 8 if part.attributes:
            del part.attributes[rng.choice([*part.attributes])]


def pick(rng: Random, parts: Sequence[Part]) -> str:
    """Return a text from the list or from another place of the document."""
    other = rng.choice(parts)
    return rng.choice([rng.choice(TEXTS), other.text, *other.attributes.values()])


def stretch(rng: Random, root: Part) -> None:
    """Make one thing in a document very large."""
    part = rng.choice(list(root.walk()))
    many = rng.choice((50, 300, 2_000, 10_000, 30_000))
    match rng.randrange(6):
        case 0 if part.children:  # the same again and again, alike or each with a name of its own
            chosen = [each.copy() for each in part.children]
            room = LARGEST // (1 + sum(len(each.write()) for each in chosen))
            for number in range(min(many, room) * rng.randint(0, 1) + rng.randint(0, 40)):
                for each in chosen:
                    part.children.append(renumber(each, number) if rng.random() < 0.9 else each)
        case 1:
            deep = part
            for _ in range(min(many, 300)):
                deep.children.append(Part(part.name, {**part.attributes}))
                deep = deep.children[-1]
        case 2:
            part.attributes |= {f"a{number}": "1" for number in range(many)}
        case 3 if part.attributes:
            name = rng.choice([*part.attributes])
            unit = rng.choice((part.attributes[name], *TEXTS)) + rng.choice(("", " ", ".", " n + "))
            part.attributes[name] = unit * min(many, LARGEST // (2 * len(unit) + 2))
        case 4:
            unit = rng.choice((part.text, *TEXTS)) + rng.choice(("", ",", " ", " + "))
            part.text = unit * min(many, LARGEST // (2 * len(unit) + 2))
        case _:
            text = " ".join(f"{rng.choice(TEXTS[6:16])}{number}" for number in range(many))
            part.attributes[rng.choice([*part.attributes, "id"])] = text


def renumber(part: Part, number: int) -> Part:
    """Return a part with another value of each name in it."""
    attributes = {
        key: f"{text}{number}" if key in {"id", "name", "event", "label"} else text
        for key, text in part.attributes.items()
    }
    return Part(
        part.name, attributes, [renumber(each, number) for each in part.children], part.text
    )


def spoil(rng: Random, text: str) -> str:
    """Return a text with some characters changed, moved or lost."""
    for _ in range(rng.randint(1, 4)):
        at, to = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        new = rng.choice(("", "\x00", "<", "<!DOCTYPE a>", "&a;", "\ud800", text[at:to][:200]))
        text = text[:at] + new + text[at + rng.randint(0, 3) :]
    return text


def judge_import(read: Callable[[str], Imported], text: str) -> str:
    """Return what becomes of a document: `loaded`, `trusted` or `refused`."""
    try:
        imported = read(text)
    except NotImportable as problem:
        if not problem.findings:
            raise AssertionError("refused without a reason") from problem
        check_findings(problem.findings, text)
        return "refused"
    check_findings(imported.findings, text)
    if sum(map(len, imported.files.values())) > LINKED_AGAIN:
        return "large"
    files = {name: each.encode() for name, each in imported.files.items()}
    reading = link({**STAND_IN, **files})
    if "telecom-rules" in text and reading.pack is None:
        return "trusted"  # it names parts of a pack that is not here
    assert reading.pack is not None, [each.concise() for each in reading.findings]
    return "loaded"


def check_findings(findings: Sequence[Finding], text: str) -> None:
    """Hold findings against what is promised of them: not too many, each on one line."""
    assert len(findings) <= MOST_FINDINGS
    for each in findings:
        for language in ("zh", "en"):
            assert len(each.concise(language).splitlines()) == 1
            assert len(each.concise(language)) < 3_000
    render(findings, {each.span.file: text for each in findings})
