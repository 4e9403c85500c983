"""Lays the layers of a pack on top of one another, the lowest first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from telecom_rules.documents import Broken, Items, Node, NodeBudget, Scalar, Word, read_as
from telecom_rules.documents import Mapping as Tree
from telecom_rules.documents.scalars import A_MAPPING, describe_kind
from telecom_rules.findings import Related
from telecom_rules.pack.definition import FILE_KINDS, GROUPS
from telecom_rules.pack.elements import KINDS
from telecom_rules.pack.overlay.layers import label_of
from telecom_rules.pack.overlay.merge import Merge, ReasonDefinition, Removal, stretch
from telecom_rules.pack.overlay.parts import OverridePart, Part, read_sheet
from telecom_rules.pack.overlay.shapes import (
    FIXED_WHOLE,
    LAW_IS_NOT_OURS,
    Shape,
    list_items,
    write_node,
)
from telecom_rules.vocabulary.parameters import ParameterKind
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from telecom_rules.findings import Findings, Span
    from telecom_rules.pack.overlay.layers import Layer


INHERITED = ("utc_offset", "calendar", "require_cites", "require_titles")
"""The keys of `pack.yaml` that a pack has from its bases where it does not give them."""
OVERRIDE_KIND = Wording("改写", "override")
DEFINED_IN_BASE = Wording("基础规则包定义于此", "the base defines it here")
OTHER_SAYS = Wording("另一个规则包的写法", "the other pack says")
KIND_WANTED = Wording(
    "`{name}` 是法定数值，请写明 `kind: promise`（本规则包的承诺）或 `kind: law`（法律本身已变更）",
    "`{name}` is a figure of the law: say `kind: promise` for a promise of this pack, or"
    " `kind: law` where the law itself has changed",
)
NO_SETTING = Wording(
    "`{name}` 是法定数值，不能改为设置", "`{name}` is a figure of the law, not a setting"
)
KIND_ALONE = Wording(
    "`kind` 须与 `values` 一起给出：基础规则包的数值仍是原来的性质",
    "`kind` goes with `values`: the figures of the base stay what they are",
)
NO_OWN_CLAUSE = Wording(
    "承诺须引用作出承诺一方自己的条款（`cites`），而不仅是法律条款",
    "a promise cites a clause of those who make it (`cites`), not only of the law",
)


@dataclass(frozen=True, slots=True)
class Override:
    """What one layer says about one element of its bases.

    Attributes:
        target: the element, such as `parameters.reply`.
        span: where it is named.
        base: where the base names it; `None` where it has no such element.
        label: the label of the layer.
        reason: why the layer deviates, where it says so.
    """

    target: str
    span: Span
    base: Span | None
    label: str
    reason: Wording | None


@dataclass(slots=True)
class Stack:
    """The layers of a pack as far as they are laid.

    Attributes:
        layers: every layer by its label.
        findings: collects what is wrong with the overlays.
        parts: the elements, those of lower layers first; `None` for one that was taken out.
        lost: the names that files which cannot be read may define.
        overrides: what the layers say about elements of their bases.
        removals: what they take out.
        places: where a base says what an override changes, by the place of the override.
    """

    layers: Mapping[str, Layer]
    findings: Findings
    parts: list[Part | None] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    overrides: list[Override] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    places: dict[Span, Span] = field(default_factory=dict)
    _index: dict[tuple[str, str], int] = field(default_factory=dict)
    _conflicts: dict[str, tuple[Span, Span]] = field(default_factory=dict)
    _packs: dict[str, Part] = field(default_factory=dict)

    @property
    def top(self) -> tuple[Part, ...]:
        """Every element that is left, that of the last `pack.yaml` first."""
        own = self._packs.get([*self.layers][-1])
        kept = (each for each in self.parts if each is not None)
        return (*(() if own is None else (own,)), *kept)

    def lay(self, layer: Layer, budget: NodeBudget) -> None:
        """Lay one more layer on top."""
        sheet = read_sheet(layer.files, layer.label, budget, self.findings)
        self.lost |= sheet.lost
        if sheet.overrides and layer.whole and not layer.pins:
            self.findings.add("TR139", sheet.overrides[0].target.span)
            layer = replace(
                layer, whole=False
            )  # what it lacks is in the base that it does not name
        own = {(part.kind, part.name) for part in sheet.parts if self._add(part, layer)}
        seen: dict[str, Word] = {}
        for each in sheet.overrides:
            first = seen.setdefault(str(each.target), each.target)
            if first is each.target:
                self._override(each, layer, own)
            else:
                self.findings.duplicate(each.target, first, OVERRIDE_KIND)

    def finish(self) -> None:
        """Report what is known only when every layer is laid."""
        for path, (base, over) in self._conflicts.items():
            self.findings.add("TR140", over, path=path, related=(Related(base, OTHER_SAYS),))
        for part in self.parts:
            if part is not None and part.under is not None:
                self._check_promise(part)

    def _add(self, part: Part, layer: Layer) -> bool:
        """Add an element of a layer's own; return whether it is now one of `parts`."""
        if part.kind == "pack":
            if layer.label not in self._packs:
                self._packs[layer.label] = self._inherit(part, layer)
            return False
        key = (part.kind, part.name)
        at = self._index.get(key)
        below = None if at is None else self.parts[at]
        if below is not None and below.label != layer.label:
            group = next(group for group, kind in GROUPS.items() if kind == part.kind)
            self.findings.add(
                "TR134",
                span_of_name(part),
                kind=KINDS[FILE_KINDS[part.kind]].wording,
                name=part.name,
                target=f"{group}.{part.name}",
                related=(Related(span_of_name(below), DEFINED_IN_BASE),),
            )
            return False
        if at is None:
            self._index[key] = len(self.parts)
        self.parts.append(part)
        return True

    def _inherit(self, part: Part, layer: Layer) -> Part:
        """Return the `pack.yaml` of a layer with what it has from its bases."""
        if not isinstance(part.node, Tree) or (layer.whole and not layer.pins):
            return part
        node = leave_out(part.node, set())
        # What is missing may be in a base that is missing.
        node.damaged = part.node.damaged or not layer.whole
        for pin in layer.pins:
            base = self._packs.get(pin.label)
            if base is None or not isinstance(base.node, Tree):
                continue
            for name in INHERITED:
                word = base.node.find_key(name)
                if word is not None and node.find_key(name) is None:
                    node[word] = base.node[word]
        return Part(part.kind, part.name, node, part.label)

    def _override(
        self, override: OverridePart, layer: Layer, own: AbstractSet[tuple[str, str]]
    ) -> None:
        """Lay what a layer says about an element over that element."""
        target = override.target
        if not layer.whole:
            return  # what is not found may be in a base that is not
        at = self._find(target, own)
        if at is None:
            self.overrides.append(Override(str(target), target.span, None, layer.label, None))
            return
        part = self.parts[at]
        if part is None:
            return
        model = FILE_KINDS[part.kind]
        if model in FIXED_WHOLE:
            self.findings.add("TR138", target.span, path=target, why=LAW_IS_NOT_OURS)
            return
        if not isinstance(override.node, Tree):
            self.findings.add(
                "TR103", target.span, wanted=A_MAPPING, found=describe_kind(override.node)
            )
            return
        body, reason = take_reason(override.node, self.findings)
        if isinstance(part.node, Tree):
            # A reason that cannot be read is reported where it stands, and not as a note again.
            noted = body if reason is None else note_reason(body, override.node)
            self.parts[at] = self._lay_over(part, noted, target, layer)
        self.overrides.append(
            Override(str(target), target.span, span_of_name(part), layer.label, reason)
        )

    def _find(self, target: Word, own: AbstractSet[tuple[str, str]]) -> int | None:
        """Return the number of the element that an override names, or report an unknown one."""
        group, _, name = target.partition(".")
        kind = GROUPS.get(group)
        if kind is None or kind == "pack":
            known = [each for each, key in GROUPS.items() if is_open(key)]
            near = self.findings.nearest(group, known)
            meant = self._find_titled(target) if near is None else f"{near}.{name}"
            self.findings.add(
                "TR135", target.span, name=target, known=", ".join(known), suggestion=meant
            )
            return None
        at = self._index.get((kind, name))
        if at is None or self.parts[at] is None or (kind, name) in own:
            if name not in self.lost:
                known = [
                    each for key, each in self._index if key == kind and (kind, each) not in own
                ]
                near = self.findings.nearest(name, known)
                meant = None if near is None else f"{group}.{near}"
                self.findings.add("TR135", target.span, name=target, known="", suggestion=meant)
            return None
        return at

    def _find_titled(self, title: str) -> str | None:
        """Return the name of the element with a title, such as `parameters.complaint_reply`."""
        for part in self.parts:
            said = None if part is None else write_node(find_value(part.node, "title"))
            if part is not None and isinstance(said, dict) and title in said.values():
                group = next(group for group, kind in GROUPS.items() if kind == part.kind)
                return f"{group}.{part.name}"
        return None

    def _lay_over(self, part: Part, body: Tree, target: Word, layer: Layer) -> Part | None:
        """Return an element with what a layer says about it laid over it; `None` if taken out."""
        merge = Merge(self.findings, self._contradict, self.removals, self.places, self._conflicts)
        name = span_of_name(part)
        self.places[target.span] = name
        if list(body) == ["remove"]:
            whole = stretch(name, part.node)
            merge.note_removal(body[next(iter(body))], str(target), target.span, whole)
            return None
        silent = len(self.findings)
        if part.kind == "parameter":
            body = self._check_kind(part, body, target)
            if not body and len(self.findings) > silent:
                return part
        figures = body.find_key("values") if part.kind == "parameter" else None
        if part.kind == "facts":
            self._check_added_facts(part, body)
        rest = body if figures is None else leave_out(body, {"values", "kind"})
        node, under = part.node, part.under
        if rest or figures is None:
            node = merge.lay(node, rest, Shape(model=FILE_KINDS[part.kind]), str(target))
        for each in merge.idle:
            self.findings.add("TR137", target.span if each == rest.span else each, path=target)
        if figures is not None and isinstance(node, Tree):
            node, under = give_figures(node, body), part
            merge.note(span_of_figures(part), figures.span, f"{target}.values")
            below = list_items(find_value(part.node, "values"))[-1]
            for figure in list_items(body[figures]):
                said = find_value(figure, "value")
                self.places[said.span] = find_value(below, "value").span
        # Other overrides rest on one that is refused: what follows from that is not reported.
        refused = any(each.id == "TR138" for each in self.findings[silent:])
        return Part(part.kind, part.name, node, layer.label, under, part.whole and not refused)

    def _contradict(self, base: Span, over: Span) -> bool:
        """Return whether two places are of two layers of which neither is below the other."""
        below, above = (label_of(each, self.layers) for each in (base, over))
        return below != above and below not in self.layers[above].below

    def _check_kind(self, part: Part, body: Tree, target: Word) -> Tree:
        """Return an override of a parameter without figures that do not say whose they are."""
        key = body.find_key("kind")
        if body.find_key("values") is None:
            if key is not None:
                self.findings.misused(key.span, KIND_ALONE)
            return leave_out(body, {"kind"})
        if read_kind(part) != ParameterKind.LAW:
            return body
        if key is None:
            self.findings.misused(target.span, KIND_WANTED, name=part.name)
        elif write_node(body[key]) == ParameterKind.SETTING:
            self.findings.misused(key.span, NO_SETTING, name=part.name)
        else:
            return body
        return leave_out(body, {"kind", "values"})

    def _check_added_facts(self, part: Part, body: Tree) -> None:
        """Report each fact added to those of a base that is not optional."""
        known, added = (find_value(each, "fields") for each in (part.node, body))
        for name, fact in added.items() if isinstance(added, Tree) else ():
            kind = find_value(fact, "type")
            new = isinstance(known, Tree) and known.find_key(name) is None
            if new and isinstance(kind, Scalar) and not kind.text.endswith("?"):
                self.findings.add("TR143", kind.span, name=name, type=kind.text)

    def _check_promise(self, part: Part) -> None:
        """Report each figure that is promised without a clause of those who promise it."""
        if read_kind(part) != ParameterKind.PROMISE or not isinstance(part.node, Tree):
            return
        lowest = part
        while lowest.under is not None:
            lowest = lowest.under
        law = {lowest.label, *self.layers[lowest.label].below}
        sources = {
            each.name: each.label
            for each in self.parts
            if each is not None and each.kind == "source"
        }
        for value in list_items(find_value(part.node, "values")):
            cites = find_value(value, "cites")
            if isinstance(cites, Broken) and self._requires_cites:
                continue  # as every figure without a clause is, it is reported where it stands
            cited = {str(write_node(each)).partition(":")[0] for each in list_items(cites)}
            # So are an empty list, and a source that nothing defines.
            if isinstance(cites, Broken) or (
                cited and all(sources.get(each) in law for each in cited)
            ):
                self.findings.misused(value.span, NO_OWN_CLAUSE)

    @property
    def _requires_cites(self) -> bool:
        """Whether the pack asks each element for a clause."""
        own = next((each for each in self.top if each.kind == "pack"), None)
        said = None if own is None else write_node(find_value(own.node, "require_cites"))
        return said != "false"


def take_reason(node: Tree, findings: Findings) -> tuple[Tree, Wording | None]:
    """Return an override without its reason, and that."""
    key = node.find_key("reason")
    if key is None:
        return node, None
    body, told = Tree(node.span), Tree(node.span)
    body.damaged = node.damaged
    for each, value in node.items():
        (told if each == key else body)[each] = value
    definition = read_as(ReasonDefinition, told, findings)
    return body, None if definition is None else definition.reason


def is_open(kind: str) -> bool:
    """Return whether an overlay can change elements of a kind."""
    return kind != "pack" and FILE_KINDS[kind] not in FIXED_WHOLE


def span_of_name(part: Part) -> Span:
    """Return where the name of an element is."""
    name = find_value(part.node, part.kind)
    return name.span


def find_value(node: Node, name: str) -> Node:
    """Return the value of a key, or a node without a value at the same place."""
    key = node.find_key(name) if isinstance(node, Tree) else None
    return node[key] if isinstance(node, Tree) and key is not None else Broken(node.span)


def span_of_figures(part: Part) -> Span:
    """Return where the values of a parameter are."""
    key = part.node.find_key("values") if isinstance(part.node, Tree) else None
    return part.node.span if key is None else key.span


def read_kind(part: Part) -> str:
    """Return the kind of a parameter as it is written, or that which it has unwritten."""
    kind = write_node(find_value(part.node, "kind"))
    return kind if isinstance(kind, str) else ParameterKind.LAW


def leave_out(node: Tree, names: set[str]) -> Tree:
    """Return a mapping without some of its keys."""
    rest = Tree(node.span)
    rest.damaged = node.damaged
    for key, value in node.items():
        if key not in names:
            rest[key] = value
    return rest


def note_reason(body: Tree, written: Tree) -> Tree:
    """Return an override of a figure with its reason as the note of each value without one."""
    values, reason = body.find_key("values"), written.find_key("reason")
    if values is None or reason is None:
        return body
    noted = Items(values.span)
    for each in list_items(body[values]):
        if isinstance(each, Tree) and each.find_key("note") is None:
            value = leave_out(each, set())
            value[Word("note", reason.span)] = written[reason]
            noted.append(value)
        else:
            noted.append(each)
    given = leave_out(body, {"values"})
    given[values] = noted
    return given


def give_figures(node: Tree, body: Tree) -> Tree:
    """Return a parameter with the kind and the values that an override gives."""
    keys = [key for key in body if key in {"kind", "values"}]
    given = leave_out(node, {str(key) for key in keys})
    for key in keys:
        given[key] = body[key]
    return given
