"""A document of another format while it is read: its names, its titles and the findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.interop.annotations import OUR_NAMESPACE
from telecom_rules.interop.made import Made
from telecom_rules.interop.markup import stop_at_limit
from telecom_rules.interop.naming import Namer
from telecom_rules.vocabulary.link import RESERVED_FACTS
from telecom_rules.wording import Wording, join_names, shorten

if TYPE_CHECKING:
    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.findings import Findings, Span
    from telecom_rules.interop.markup import Markup


MOST_NAMES = 20
"""Names that one finding lists."""
LONGEST_REASON = 300
"""Characters of a reason, which may quote a document."""
MOST_STEPS = 200_000
"""Steps of reading one document: what is looked at several times counts each time."""

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
        self._untitled: dict[str, Span] = {}
        self._refused: set[tuple[Markup, str, Wording]] = set()
        self._steps = 0

    def add_namer(self, kind: str, taken: frozenset[str] = frozenset()) -> Namer:
        """Return a new namer; `note_changes` reports the names that it changes."""
        self._namers.append(Namer(kind, taken))
        return self._namers[-1]

    def spend(self, steps: int) -> None:
        """Count steps of work that may grow faster than the document.

        Raises:
            StopReading: there are too many.
        """
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise stop_at_limit(
                self.root.span,
                "转换需要超过 {limit} 步",
                "converting it takes more than {limit} steps",
                MOST_STEPS,
            )

    def tell(self, code: str, span: Span, part: str, why: Wording) -> None:
        """Report something about a part, in words that quote only a little of the document."""
        short = Wording(*(shorten(text, LONGEST_REASON) for text in why))
        self.findings.add(code, span, part=shorten(part), why=short)

    def refuse(self, part: Markup, why: Wording, name: str = "") -> None:
        """Report, once, that an element or its attribute `name` cannot be imported."""
        called = f"{part.name}@{name}" if name else part.name
        if (part, called, why) not in self._refused:
            self._refused.add((part, called, why))
            self.tell("TR804", part.span, called, why)

    def omit(self, part: Markup, why: Wording) -> None:
        """Report that an element is left out, which changes no behaviour."""
        self.tell("TR807", part.span, part.name, why)

    def note(self, part: Markup, why: Wording) -> None:
        """Report a change that should be reviewed."""
        name = part.attributes.get("event", part.attributes.get("id", part.name))
        self.tell("TR808", part.span, name, why)

    def our_attribute(self, part: Markup, name: str) -> str:
        """Return an attribute of our namespace without blanks around it, or an empty text."""
        return self.our_text(part, name).strip()

    def our_text(self, part: Markup, name: str) -> str:
        """Return an attribute of our namespace as it is, or an empty text.

        On an element of our namespace the attribute has no prefix.
        """
        key = name if part.namespace == OUR_NAMESPACE else f"{OUR_NAMESPACE} {name}"
        return part.attributes.get(key, "")

    def read_title(self, part: Markup | None, name: str, span: Span | None = None) -> Data:
        """Return the title of an element; without one in both languages, `name` stands in.

        Args:
            part: the element, if there is one.
            name: the name that stands in.
            span: where the name is, if there is no element.
        """
        zh, en = (self.our_text(part, each) if part is not None else "" for each in ("zh", "en"))
        place = part.span if part is not None else span or self.root.span
        if zh.strip() and en.strip():
            return Made(name, place, {"zh": zh, "en": en})
        self._untitled.setdefault(name, place)
        return Made(name, place, {"zh": name, "en": name})

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
            names |= dict.fromkeys(
                f"`{shorten(each)}` → `{namer.find(each)}`" for each in namer.changed
            )
        if changed:
            self.findings.add("TR806", min(changed.values()), names=join_names(names, MOST_NAMES))
        if self._untitled:
            first = min(self._untitled.values())
            titles = join_names(map(shorten, self._untitled), MOST_NAMES)
            self.findings.add("TR805", first, names=titles)
