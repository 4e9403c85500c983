"""A DMN document while it is read: its elements and its types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.interop.annotations import OUR_NAMESPACE
from telecom_rules.interop.dmn.feel import read_cell
from telecom_rules.interop.dmn.words import FEEL_TYPES
from telecom_rules.interop.document import ForeignDocument, NoCounterpart
from telecom_rules.interop.naming import Namer
from telecom_rules.vocabulary.link import RESERVED_TYPES
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.findings import Findings
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
NO_VALUES = Wording(
    "只转换文本值的列举，以及数字的闭区间",
    "of allowed values, only lists of texts and closed intervals of numbers are converted",
)


@dataclass(frozen=True, slots=True)
class ValueKind:
    """The type of a value and its permitted values.

    Attributes:
        type: the name of its type in a pack.
        codes: the code of each permitted text in order, or `None` without a list of them.
        least: the least number, or an empty text.
        most: the greatest number, or an empty text.
    """

    type: str
    codes: dict[str, str] | None = None
    least: str = ""
    most: str = ""


class DmnDocument(ForeignDocument):
    """A DMN document while it is read.

    Attributes:
        catalogues: the lists of values that become catalogues: title and codes by name.
    """

    def __init__(self, root: Markup, findings: Findings) -> None:
        super().__init__(root, findings)
        self.catalogues: dict[str, tuple[str, dict[str, str]]] = {}
        self._types = self.add_namer("catalogue", RESERVED_TYPES)
        self._items = {
            each.attributes.get("name", ""): each for each in root.iter_named("itemDefinition")
        }
        self._omitted: set[str] = set()
        self._open_types: list[str] = []

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

    def read_kind(self, name: str, part: Markup, *, listed: bool = False) -> ValueKind | None:
        """Return the kind of value of a type, or `None` after refusing the type.

        Args:
            name: the type.
            part: the element that names it.
            listed: whether the type may be a list, whose items are meant.
        """
        bare = name.partition(":")[2] if name.startswith(("feel:", "xsd:")) else name
        item = self._items.get(name)
        if item is None:
            if bare in FEEL_TYPES:
                return ValueKind(str(FEEL_TYPES[bare]))
            self.refuse(part, (NOT_A_BASIC_TYPE if bare else NO_SUCH_TYPE).fill(name=name))
            return None
        if any(each.name in {"itemComponent", "functionItem"} for each in self.children_of(item)):
            self.refuse(part, NO_PARTS)
            return None
        if item.attributes.get("isCollection") == "true" and not listed:
            self.refuse(part, NO_LISTS)
            return None
        base = next((each.text.strip() for each in item.iter_named("typeRef")), "")
        if name in self._open_types:
            self.refuse(item, IN_CIRCLES)
            return None
        self._open_types.append(name)
        kind = self.read_kind(base, item)
        self._open_types.pop()
        allowed = next(item.iter_named("allowedValues", "typeConstraint"), None)
        if kind is None or allowed is None:
            return kind
        return self.narrow(kind, allowed, name, known=bool(self.our_attribute(item, "catalogue")))

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
        text = "".join(each.text for each in allowed.iter_named("text"))
        try:
            cell = read_cell(text, {})
        except NoCounterpart as problem:
            self.refuse(allowed, problem.why)
            return kind
        values = [each.low for each in cell.ranges if each.low is not None]
        if kind.type == "text" and all(
            each.opening == "=" and each.low and each.low.kind == "text" for each in cell.ranges
        ):
            return self._build_code_kind([each.text for each in values], name, known=known)
        single = cell.ranges[0] if len(cell.ranges) == 1 else None
        if kind.type == "decimal" and single and single.opening != "(" and single.low:
            high = single.high if single.closing == "]" else None
            return ValueKind(kind.type, None, single.low.text, high.text if high else "")
        self.omit(allowed, NO_VALUES)
        return kind

    def _build_code_kind(self, texts: list[str], name: str, *, known: bool) -> ValueKind:
        """Return the kind of a value that is one of some texts: a code of a catalogue."""
        if known:
            return ValueKind(name, {text: text for text in texts})
        catalogue = self._types.name_of(name, self.root.span)
        namer = Namer("code")
        codes = {text: namer.name_of(text, self.root.span) for text in texts}
        self.catalogues.setdefault(catalogue, (name, codes))
        return ValueKind(catalogue, codes)
