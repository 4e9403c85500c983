"""A DMN document while it is read: its elements and its types."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.interop.annotations import OUR_NAMESPACE
from telecom_rules.interop.dmn.feel import NO_NAMES, read_cell
from telecom_rules.interop.dmn.kinds import UNKNOWN_KIND, ValueKind, kind_of_values
from telecom_rules.interop.dmn.words import ANY_TYPE, DMN_NAMESPACES, FEEL_TYPES, OTHER_TYPES
from telecom_rules.interop.document import ForeignDocument, NoCounterpart
from telecom_rules.interop.naming import Namer
from telecom_rules.vocabulary.link import RESERVED_TYPES
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.findings import Findings, Span
    from telecom_rules.interop.markup import Markup


FOREIGN_OR_DRAWN = Wording(
    "它属于其他命名空间，或仅用于图形", "it belongs to another vocabulary, or to the drawing"
)
NO_SUCH_TYPE = Wording("没有类型 `{name}`", "there is no type `{name}`")
NO_PARTS = Wording(
    "此处的数据没有嵌套结构", "a fact has no components; write one input for each of them"
)
NO_LISTS = Wording("表格的输入不能是列表", "an input of a table cannot be a list")
IN_CIRCLES = Wording("类型的定义引用了自身", "the type is defined by itself")
NOT_A_BASIC_TYPE = Wording("此处没有类型 `{name}`", "a pack has no type `{name}`")
NOT_FEEL = Wording(
    "它不是 FEEL，而是 `{name}`；只读取 FEEL", "it is written in `{name}`; only FEEL is read"
)
TAKEN_AS = Wording(
    "FEEL 中没有类型 `{name}`，视为 {type}", "FEEL has no type `{name}`; it is read as {type}"
)
NO_VALUES = Wording(
    "只转换文本值的列举，以及数字的闭区间",
    "of allowed values, only lists of texts and closed intervals of numbers are converted",
)


NUMBERS = frozenset({"decimal", "integer"})
MOST_BASES = 32
"""Types that one type may be derived from, each from the next."""


class DmnDocument(ForeignDocument):
    """A DMN document while it is read.

    Attributes:
        catalogues: the lists of values that become catalogues: title, codes and place by name.
        declares_inputs: whether it has an `inputData`.
    """

    related = DMN_NAMESPACES | {""}

    def __init__(self, root: Markup, findings: Findings) -> None:
        super().__init__(root, findings)
        self.catalogues: dict[str, tuple[str, dict[str, str], Span]] = {}
        self.declares_inputs: bool = any(root.iter_named("inputData"))
        self._types = self.add_namer("catalogue", RESERVED_TYPES)
        self._items = {
            each.attributes.get("name", ""): each for each in root.iter_named("itemDefinition")
        }
        self._omitted: set[str] = set()
        self._open_types: list[str] = []
        self._tries = False
        self._kinds: dict[tuple[str, bool], ValueKind | None] = {}

    def omit(self, part: Markup, why: Wording) -> None:
        """Report, once for each name, that elements are left out, which changes no decision."""
        if part.name not in self._omitted:
            self._omitted.add(part.name)
            super().omit(part, why)

    def children_of(self, part: Markup) -> Iterator[Markup]:
        """Yield the child elements of DMN; those of other namespaces are reported as left out."""
        for each in part.children:
            if each.namespace == self.root.namespace and each.name != "extensionElements":
                yield each
            elif each.namespace != OUR_NAMESPACE:
                self.omit(each, FOREIGN_OR_DRAWN)

    def require_feel(self, part: Markup) -> None:
        """Refuse an element whose text is in another language than FEEL."""
        language = part.attributes.get("expressionLanguage", "")
        if language and "feel" not in language.lower():
            self.refuse(part, NOT_FEEL.fill(name=shorten(language)), "expressionLanguage")

    def read_kind(self, name: str, part: Markup, *, listed: bool = False) -> ValueKind | None:
        """Return the kind of value of a type, or `None` after refusing the type.

        Args:
            name: the type.
            part: the element that names it.
            listed: whether the type may be a list, whose items are meant.
        """
        if (name, listed) not in self._kinds:
            self._kinds[name, listed] = self._read_kind(name, part, listed=listed)
        return self._kinds[name, listed]

    def _read_kind(self, name: str, part: Markup, *, listed: bool) -> ValueKind | None:
        item = self._items.get(name)
        return (
            self._basic_kind(name, part)
            if item is None
            else self.read_item(item, name, part, listed=listed)
        )

    def read_item(
        self, item: Markup, name: str, part: Markup, *, listed: bool = False
    ) -> ValueKind | None:
        """Return the kind of a type, or of a part of one, that an element defines.

        Args:
            item: the element that defines it.
            name: the name of a list of values that it may hold.
            part: the element that names it.
            listed: whether it may be a list, whose items are meant.
        """
        if any(each.name in {"itemComponent", "functionItem"} for each in self.children_of(item)):
            self.refuse(part, NO_PARTS)
            return None
        if is_collection(item) and not listed:
            self.refuse(part, NO_LISTS)
            return None
        if name in self._open_types or len(self._open_types) >= MOST_BASES:
            self.refuse(item, IN_CIRCLES)
            return None
        base = next((each.text.strip() for each in item.iter_named("typeRef")), "")
        self._open_types.append(name)
        kind = self.read_kind(base, item, listed=listed)
        self._open_types.pop()
        allowed = next(item.iter_named("allowedValues", "typeConstraint"), None)
        if kind is not None and is_collection(item):
            kind = replace(kind, many=True)
        if kind is None or allowed is None:
            return kind
        return self.narrow(kind, allowed, name, known=bool(self.our_attribute(item, "catalogue")))

    def read_component(self, part: Markup, name: str) -> ValueKind | None:
        """Return the kind of a part of a structure, or `None` after leaving it out.

        Whoever reads a part without a counterpart finds that there is none; the others stay.
        """
        around = [*self._open_types]
        self._tries = True
        try:
            return self.read_item(part, name, part, listed=True)
        except NoCounterpart as problem:
            self.tell("TR807", part.span, name, problem.why)
            return None
        finally:
            self._tries, self._open_types = False, around

    def refuse(self, part: Markup, why: Wording, name: str = "") -> None:
        """Refuse an element or its attribute `name`.

        Raises:
            NoCounterpart: it is looked at whether something can be read at all.
        """
        if self._tries:
            raise NoCounterpart(why)
        super().refuse(part, why, name)

    def find_parts(self, name: str) -> list[Markup]:
        """Return the parts of a type that has any; of a list of such values it has none here."""
        seen: set[str] = set()
        item = self._items.get(name)
        while item is not None and name not in seen and not is_collection(item):
            parts = list(item.iter_named("itemComponent"))
            if parts:
                return parts
            seen.add(name)
            name = next((each.text.strip() for each in item.iter_named("typeRef")), "")
            item = self._items.get(name)
        return []

    def _basic_kind(self, name: str, part: Markup) -> ValueKind | None:
        """Return the kind of a type that the document does not define."""
        bare = name.partition(":")[2] if name.startswith(("feel:", "xsd:")) else name
        if bare in FEEL_TYPES:
            return ValueKind(str(FEEL_TYPES[bare]))
        if bare == ANY_TYPE:
            return UNKNOWN_KIND
        if bare in OTHER_TYPES:
            kind = ValueKind(str(OTHER_TYPES[bare]))
            self.tell("TR808", part.span, part.name, TAKEN_AS.fill(name=bare, type=kind.type))
            return kind
        self.refuse(part, (NOT_A_BASIC_TYPE if bare else NO_SUCH_TYPE).fill(name=shorten(name)))
        return None

    def narrow(
        self, kind: ValueKind, allowed: Markup, name: str, *, known: bool = False
    ) -> ValueKind:
        """Return `kind` narrowed to the `allowed` values.

        Args:
            kind: the kind without them.
            allowed: the element that lists them.
            name: the name of the list.
            known: whether it is an existing catalogue of a pack.
        """
        self.require_feel(allowed)
        text = "".join(each.text for each in allowed.iter_named("text"))
        try:
            cell = read_cell(text, NO_NAMES)
        except NoCounterpart as problem:
            self.refuse(allowed, problem.why)
            return kind
        values = [each.low for each in cell.ranges if each.low is not None]
        listed = tuple(dict.fromkeys(each for each in values if each.kind != "null"))
        if not cell.negated and listed and all(each.opening == "=" for each in cell.ranges):
            kind = kind if kind.type else kind_of_values(listed) or kind
            whole = replace(
                kind, listed=listed, optional=any(each.kind == "null" for each in values)
            )
            if {each.kind for each in listed} == {"text"} and kind.type == "text":
                return self._build_code_kind(whole, name, allowed, known=known)
            if kind.type != "boolean":
                self.omit(allowed, NO_VALUES)
            return whole
        single = cell.ranges[0] if len(cell.ranges) == 1 and not cell.negated else None
        if kind.type in NUMBERS and single and single.opening != "(" and single.low:
            high = single.high if single.closing == "]" else None
            return replace(kind, least=single.low.text, most=high.text if high else "")
        self.omit(allowed, NO_VALUES)
        return kind

    def _build_code_kind(
        self, kind: ValueKind, name: str, part: Markup, *, known: bool
    ) -> ValueKind:
        """Return the kind of a value that is one of some texts: a code of a catalogue."""
        texts = [each.text for each in kind.listed]
        if known:
            return replace(kind, type=name, codes={text: text for text in texts})
        catalogue = self._types.name_of(name, part.span)
        namer = Namer("code")
        codes = {text: namer.name_of(text, part.span) for text in texts}
        self.catalogues.setdefault(catalogue, (name, codes, part.span))
        return replace(kind, type=catalogue, codes=codes)


def is_collection(item: Markup) -> bool:
    """Return whether a type is that of a list."""
    return item.attributes.get("isCollection") == "true"
