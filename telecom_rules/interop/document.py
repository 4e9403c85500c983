"""A document of another format while it is read: its names, its titles and the findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.interop.annotations import OUR_NAMESPACE
from telecom_rules.interop.naming import Namer
from telecom_rules.vocabulary.link import RESERVED_FACTS
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.findings import Findings, Span
    from telecom_rules.interop.markup import Markup


NO_COUNTERPART = Wording("此处没有与之对应的内容", "it has no counterpart here")
FACT_WORDS = frozenset(RESERVED_FACTS.pattern.split("|"))
"""Words that a fact cannot be called."""


class NoCounterpart(Exception):
    """An expression that cannot be converted; `why` gives the reason."""

    def __init__(self, why: Wording) -> None:
        super().__init__(why.en)
        self.why = why


class ForeignDocument:
    """A document of another format while it is read.

    Attributes:
        root: its outermost element.
        findings: the findings so far; methods append to it.
    """

    def __init__(self, root: Markup, findings: Findings) -> None:
        self.root = root
        self.findings = findings
        self._namers: list[Namer] = []
        self._untitled: dict[str, Markup] = {}
        self._refused: set[tuple[Markup, str, Wording]] = set()

    def add_namer(self, kind: str, taken: frozenset[str] = frozenset()) -> Namer:
        """Return a new namer; `note_changes` reports the names that it changes."""
        self._namers.append(Namer(kind, taken))
        return self._namers[-1]

    def refuse(self, part: Markup, why: Wording, name: str = "") -> None:
        """Report, once, that an element or its attribute `name` cannot be imported."""
        called = f"{part.name}@{name}" if name else part.name
        if (part, called, why) not in self._refused:
            self._refused.add((part, called, why))
            self.findings.add("TR804", part.span, part=called, why=why)

    def omit(self, part: Markup, why: Wording) -> None:
        """Report that an element is left out, which changes no behaviour."""
        self.findings.add("TR807", part.span, part=part.name, why=why)

    def our_attribute(self, part: Markup, name: str) -> str:
        """Return an attribute of our namespace, or an empty text.

        On an element of our namespace the attribute has no prefix.
        """
        key = name if part.namespace == OUR_NAMESPACE else f"{OUR_NAMESPACE} {name}"
        return part.attributes.get(key, "").strip()

    def read_title(self, part: Markup | None, name: str) -> Data:
        """Return the title of an element; without one in both languages, `name` stands in."""
        zh, en = (
            self.our_attribute(part, each) if part is not None else "" for each in ("zh", "en")
        )
        if zh and en:
            return {"zh": zh, "en": en}
        self._untitled.setdefault(name, part or self.root)
        return {"zh": name, "en": name}

    def read_cites(self, part: Markup | None) -> dict[str, Data]:
        """Return the key `cites` with the clauses of an element, or no key."""
        cites = self.our_attribute(part, "cites").split() if part is not None else []
        return {"cites": cites} if cites else {}

    def note_changes(self) -> None:
        """Report the names that were changed, and those that stand in for a title."""
        changed: dict[str, Span] = {}
        names: dict[str, None] = {}
        for namer in self._namers:
            changed |= namer.changed
            names |= dict.fromkeys(f"`{each}` → `{namer.find(each)}`" for each in namer.changed)
        if changed:
            self.findings.add("TR806", min(changed.values()), names=", ".join(names))
        if self._untitled:
            first = min(each.span for each in self._untitled.values())
            self.findings.add("TR805", first, names=", ".join(self._untitled))
