"""A document of another format while it is read: its names, its titles and the findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.interop.annotations import OUR_NAMESPACE
from telecom_rules.interop.made import Made
from telecom_rules.interop.markup import stop_at_limit
from telecom_rules.interop.naming import Namer
from telecom_rules.vocabulary.link import RESERVED_FACTS
from telecom_rules.wording import Wording, join_names, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

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
OUR_ATTRIBUTES = frozenset({
    "zh", "en", "cites", "facts", "catalogue", "type", "by", "requires", "roles", "outputs",
    "version", "tags",
})  # fmt: skip
"""The attributes of our namespace on elements of a format, besides those that start `maps.`."""
SILENT_NAMESPACES = frozenset({
    "http://www.w3.org/XML/1998/namespace",
    "http://www.w3.org/2001/XMLSchema-instance",
})  # fmt: skip
"""The namespaces of attributes that say nothing of a rule."""
FACT_WORDS = frozenset(RESERVED_FACTS.pattern.split("|"))
"""Words that a fact cannot be called."""


STRAY_TEXT = Wording("此处不应有文字：{text}", "no text belongs here: {text}")
ONE_ONLY = Wording("此处只能有一个", "only one belongs here")
OTHER_NAMESPACE = Wording("它不在文档的命名空间中", "it is not in the namespace of the document")
OTHER_DOCUMENT = Wording("不读取其他文档", "no other document is read")
XINCLUDE_NAMESPACE = "http://www.w3.org/2001/XInclude"
FOREIGN_ATTRIBUTE = Wording("该属性属于其他词汇", "the attribute belongs to another vocabulary")


@dataclass(frozen=True, slots=True)
class Form:
    """What is read of an element of one name.

    Attributes:
        attributes: the names of its attributes, or `None` where all are read.
        children: the names of its children, or `None` where whoever reads it looks at each.
        single: the children that it has at most once.
        has_text: whether it holds text, and then no element.
    """

    attributes: frozenset[str] | None
    children: frozenset[str] | None = frozenset()
    single: frozenset[str] = frozenset()
    has_text: bool = False


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
        related: the namespaces of the format besides that of the root, and none at all: an element
            or attribute of one of them was meant to be read.
    """

    related: frozenset[str] = frozenset()

    def __init__(self, root: Markup, findings: Findings) -> None:
        self.root = root
        self.findings = findings
        self._namers: list[Namer] = []
        self._untitled: dict[str, Span] = {}
        self._refused: set[tuple[Markup, str, Wording]] = set()
        self._omitted_attributes: set[str] = set()
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

    def refuse_unread(self, part: Markup, forms: Mapping[str, Form]) -> None:
        """Refuse what nobody reads: attributes, elements, repetitions and texts without a place.

        Args:
            part: the element, with what is inside it.
            forms: what is read of the elements of the format, by name, and of ours after our
                namespace; of other elements of the format nothing is said.
        """
        form = forms.get(self._key_of(part))
        if form is None:
            return
        self._refuse_attributes(part, form)
        if part.text.strip() and not form.has_text:
            self.refuse(part, STRAY_TEXT.fill(text=shorten(part.text.strip())))
        found: set[str] = set()
        for each in part.children:
            ours = each.namespace == OUR_NAMESPACE
            if not ours and each.namespace != self.root.namespace and not form.has_text:
                self._refuse_related(each)
                continue
            misplaced = ours and (part.namespace != OUR_NAMESPACE and part is not self.root)
            unknown = ours and self._key_of(each) not in forms
            unread = form.children is not None and each.name not in form.children
            if misplaced or unknown or unread:
                self.refuse(each, NO_COUNTERPART)
            elif each.name in form.single and each.name in found:
                self.refuse(each, ONE_ONLY)
            found.add(each.name)
            self.refuse_unread(each, forms)

    def _refuse_related(self, part: Markup) -> None:
        """Refuse an element of another namespace that is more than somebody's addition."""
        if part.namespace == XINCLUDE_NAMESPACE:
            self.refuse(part, OTHER_DOCUMENT)
        elif part.namespace in self.related:
            self.refuse(part, OTHER_NAMESPACE)

    def _key_of(self, part: Markup) -> str:
        """Return the key of an element among forms."""
        same = part.namespace == self.root.namespace
        return part.name if same else f"{part.namespace} {part.name}"

    def _refuse_attributes(self, part: Markup, form: Form) -> None:
        """Refuse the attributes that nobody reads; those of other vocabularies are left out."""
        for key in part.attributes:
            namespace, _, name = key.rpartition(" ")
            ours = namespace == OUR_NAMESPACE
            if ours and name not in OUR_ATTRIBUTES and not name.startswith("maps."):
                self.refuse(part, NO_COUNTERPART, f"tr:{name}")
            elif namespace in self.related and namespace:
                self.refuse(part, OTHER_NAMESPACE, name)
            elif not namespace and form.attributes is not None and name not in form.attributes:
                self.refuse(part, NO_COUNTERPART, name)
            elif namespace and not ours and namespace not in SILENT_NAMESPACES:
                self._omit_attribute(part, name)

    def _omit_attribute(self, part: Markup, name: str) -> None:
        """Report, once for each name, that attributes of other vocabularies are left out."""
        if name not in self._omitted_attributes:
            self._omitted_attributes.add(name)
            self.tell("TR807", part.span, f"{part.name}@{name}", FOREIGN_ATTRIBUTE)

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
