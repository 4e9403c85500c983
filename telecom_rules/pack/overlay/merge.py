"""Lays what an overlay says over what its base says: one rule for every key.

A key that is left out leaves the base as it is. Mappings merge by their keys, and lists of things
that have an identity by that, never by place. Any other value replaces the one of the base, as does
any other list. Nothing is taken out by being left out or empty: `remove:` does it, with a reason.

The nodes of a base are shared and never changed; what an overlay changes is made anew around them,
and each value keeps the place where it was written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from telecom_rules.documents import Broken, Definition, Items, Node, Scalar, Title, Word, read_as
from telecom_rules.documents import Mapping as Tree
from telecom_rules.findings import Findings, Related, Span
from telecom_rules.pack.overlay.shapes import (
    FIXED,
    OTHERS_REST_ON_IT,
    PLAIN,
    WHY_FIXED,
    Shape,
    expand,
    fields_of,
    identities_of,
    keeps_order,
    list_items,
    write_node,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

K = TypeVar("K")

POSITIONS = ("before", "after")
FIRST_NAMED = Wording("首次出现在此处", "first given here")
IN_BASE = Wording("基础规则包的写法", "the base says")
ITEM = Wording("项目", "item")


class ReasonDefinition(Definition):
    """Why something is taken out: `{reason: {zh: ..., en: ...}}`."""

    shape = Wording(
        "理由 `{reason: {zh: ..., en: ...}}`", "a reason, `{reason: {zh: ..., en: ...}}`"
    )

    reason: Title


class Removal(NamedTuple):
    """A part of a base that an overlay takes out.

    Attributes:
        path: where it was, such as `policies.grading.rules.low`.
        reason: why.
        span: where the overlay says so.
        base: what the base has there, from its name to its end.
    """

    path: str
    reason: Wording
    span: Span
    base: Span


@dataclass(slots=True)
class Merge:
    """The laying of one override over an element.

    Attributes:
        findings: collects what is wrong with the override.
        contradicts: whether a place in a base and one in the override are of two packs of which
            neither extends the other.
        removals: the parts taken out.
        places: where the base says what an override changes, by the place of the override.
        conflicts: the places of values that two packs give differently, by path.
        fixed: the keys that cannot be changed, by the definition that has them.
        idle: the places of what changes nothing.
    """

    findings: Findings
    contradicts: Callable[[Span, Span], bool]
    removals: list[Removal] = field(default_factory=list)
    places: dict[Span, Span] = field(default_factory=dict)
    conflicts: dict[str, tuple[Span, Span]] = field(default_factory=dict)
    fixed: Mapping[type[Definition], frozenset[str]] = field(default_factory=lambda: FIXED)
    idle: list[Span] = field(default_factory=list)

    def lay(self, base: Node, over: Node, shape: Shape, path: str) -> Node:
        """Return `over` laid over `base`, or `base` itself where nothing is changed."""
        if isinstance(base, Broken) or isinstance(over, Broken):
            return over
        base, over = expand(base, shape.model), expand(over, shape.model)
        items = shape.items
        if items is not None and identities_of(items.model):
            return self._lay_items(base, over, items, path)
        if items is not None and not (isinstance(base, Items) or isinstance(over, Items)):
            # Blocks of actions have no names; one written alone is laid over one written alone.
            return (
                self.lay(base, over, items, path)
                if items.model is not None
                else self._replace(base, over, path)
            )
        if isinstance(base, Tree) and isinstance(over, Tree):
            return self._lay_keys(base, over, shape, path)
        return self._replace(base, over, path)

    def _replace(self, base: Node, over: Node, path: str) -> Node:
        if write_node(base) == write_node(over):
            self.idle.append(over.span)
            return base
        self.note(base.span, over.span, path)
        return over

    def note(self, base: Span, over: Span, path: str) -> None:
        """Remember that a part is changed, and whether two packs contradict each other there."""
        self.places[over] = base
        if self.contradicts(base, over):
            self.conflicts[path] = (base, over)
        else:
            self.conflicts.pop(path, None)

    def _lay_keys(self, base: Tree, over: Tree, shape: Shape, path: str) -> Node:
        fields = {} if shape.model is None else fields_of(shape.model)
        fixed = self.fixed.get(shape.model, frozenset()) if shape.model else frozenset[str]()
        entries: list[tuple[Word, Node]] = list(base.items())
        silent, marked, changed = len(self.findings), len(self.idle), False
        for key, written in over.items():
            inner = shape.entries or fields.get(key, PLAIN)
            where = f"{path}.{key}"
            at = find_entry(entries, key)
            kept = at is not None and keeps_order(shape.model, key, entries[at][1], written)
            if key in fixed and not kept:
                why = WHY_FIXED.get(key, OTHERS_REST_ON_IT)
                self.findings.add("TR138", key.span, path=where, why=why)
            elif is_removal(written, inner):
                changed |= at is not None
                self._remove(written, at, entries, where, key)
            elif at is None:
                node, position = self._split_position(written, inner)
                self._insert(entries, (key, node), position, name_of_entry)
                changed = True
            else:
                changed |= self._change(entries, at, key, written, inner, where)
        if not changed:
            del self.idle[marked:]
            if len(self.findings) == silent:
                self.idle.append(over.span)
            return base
        return build_tree(base, over, entries)

    def _change(
        self,
        entries: list[tuple[Word, Node]],
        at: int,
        key: Word,
        written: Node,
        shape: Shape,
        path: str,
    ) -> bool:
        """Lay the value of a key over that of the base; return whether that changes anything."""
        own, node = entries[at]
        value, position = self._split_position(written, shape)
        new = node if is_empty(value, position) else self.lay(node, value, shape, path)
        entry = (own if new is node else key, new)
        changed = self._move(entries, at, entry, position, name_of_entry) or new is not node
        if changed:
            self.places.setdefault(key.span, own.span)
            self.places.setdefault(stretch(written.span, written), node.span)
        return changed

    def _lay_items(self, base: Node, over: Node, shape: Shape, path: str) -> Node:
        model = shape.model
        if model is None:
            return over
        entries = [expand(each, model) for each in list_items(base)]
        name_of = namer_of(model)
        said: dict[int, Span] = {}
        gone: dict[str, Span] = {}
        silent, marked, changed = len(self.findings), len(self.idle), False
        for written in list_items(over):
            item = expand(written, model)
            at = self._identify(entries, item, model, path)
            where = f"{path}.{name_of(item)}"
            if at is AMBIGUOUS or (
                at is not None and self._is_repeated(item, name_of(item), entries[at], said)
            ):
                continue
            if name_of(item) in gone:
                self._report_repeated(item, name_of(item), gone[name_of(item)])
                continue
            if isinstance(item, Tree) and item.find_key("remove") is not None:
                changed |= at is not None
                gone[name_of(item)] = item.span
                self._remove_item(item, at, entries, model, where)
                continue
            node, position = self._split_position(item, shape)
            if at is None:
                self._insert(entries, node, position, name_of)
                said[id(node)] = item.span
                changed = True
                continue
            own = entries[at]
            rest = leave_out_names(node, own, model)
            new = own if is_empty(rest, position) else self.lay(own, rest, shape, where)
            said[id(new)] = item.span
            if self._move(entries, at, new, position, name_of) or new is not own:
                self.places.setdefault(item.span, own.span)
                changed = True
        if not changed:
            del self.idle[marked:]
            if len(self.findings) == silent:
                self.idle.append(over.span)
            return base
        items = Items(over.span)
        items.extend(entries)
        return items

    def _is_repeated(self, item: Node, name: str, own: Node, said: Mapping[int, Span]) -> bool:
        """Report an item that the same list names before; return whether it is one."""
        first = said.get(id(own))
        if first is None:
            return False
        self._report_repeated(item, name, first)
        return True

    def _report_repeated(self, item: Node, name: str, first: Span) -> None:
        related = (Related(first, FIRST_NAMED),)
        self.findings.add("TR112", item.span, kind=ITEM, name=name, related=related)

    def _identify(
        self, entries: Sequence[Node], item: Node, model: type[Definition], path: str
    ) -> int | None:
        """Return the number of the item that is meant, or `None` for a new one."""
        if not isinstance(item, Tree):
            return None
        ways = [(keys, said) for keys in identities_of(model) if (said := write_keys(item, keys))]
        if item.find_key("id") is not None:
            del ways[1:]  # an `id` that the base does not have names a new item
        for keys, wanted in ways:
            found = [
                number
                for number, each in enumerate(entries)
                if isinstance(each, Tree) and is_meant(each, wanted, keys)
            ]
            if len(found) == 1:
                return found[0]
            if len(found) > 1:
                self._report_ambiguous(item, entries, path)
                return AMBIGUOUS
        if ways:
            return None
        if len(entries) == 1:
            return 0
        self._report_ambiguous(item, entries, path)
        return AMBIGUOUS

    def _report_ambiguous(self, item: Node, entries: Iterable[Node], path: str) -> None:
        related = tuple(Related(each.span, IN_BASE) for each in entries)
        self.findings.add("TR142", item.span, path=path, related=related)

    def _remove(
        self,
        written: Node,
        at: int | None,
        entries: list[tuple[Word, Node]],
        path: str,
        key: Word,
    ) -> None:
        """Take out the entry of a mapping."""
        if at is None:
            known = [str(each) for each, _ in entries]
            self._report_unknown(key.span, key, known)
            return
        if isinstance(written, Tree):
            own, node = entries.pop(at)
            self.note(own.span, key.span, path)
            whole = stretch(own.span, node)
            self.note_removal(written[first_key(written)], path, key.span, whole)

    def _remove_item(
        self,
        item: Tree,
        at: int | None,
        entries: list[Node],
        model: type[Definition],
        path: str,
    ) -> None:
        """Take out an item of a list."""
        key = next(each for each in item if each == "remove")
        names = {each for keys in identities_of(model) for each in keys}
        for other in item:
            if other != key and other not in names:
                self.findings.add("TR102", other.span, key=other, known=key)
        if at is None:
            known = [describe_item(each, model) for each in entries]
            self._report_unknown(item.span, describe_item(item, model), known)
            return
        own = entries.pop(at)
        self.note(own.span, item.span, path)
        self.note_removal(item[key], path, key.span, stretch(own.span, own))

    def note_removal(self, written: Node, path: str, span: Span, base: Span) -> None:
        """Remember that a part is taken out, with its reason."""
        definition = read_as(ReasonDefinition, written, self.findings)
        if definition is not None:
            self.removals.append(Removal(path, definition.reason, span, base))

    def _report_unknown(self, span: Span, name: str, known: Sequence[str]) -> None:
        self.findings.add(
            "TR136",
            span,
            name=name,
            known=", ".join(known[:MOST_NAMES]),
            suggestion=self.findings.nearest(name, known),
        )

    def _split_position(self, node: Node, shape: Shape) -> tuple[Node, Position | None]:
        """Return a part without the key that says where it stands, and that."""
        if not isinstance(node, Tree) or shape.model is None:
            return node, None
        said = [key for key in node if key in POSITIONS]
        if not said:
            return node, None
        rest = Tree(node.span)
        rest.damaged = node.damaged
        for key, each in node.items():
            if key not in POSITIONS:
                rest[key] = each
        value = node[said[0]]
        if len(said) > 1 or not isinstance(value, Scalar):
            self.findings.add("TR141", said[-1].span)
            return rest, None
        return rest, Position(str(said[0]), value.word)

    def _insert(
        self,
        entries: list[K],
        new: K,
        position: Position | None,
        name: Callable[[K], str],
    ) -> None:
        """Add a part behind all others, or where its position says."""
        at = None if position is None else self._find_position(entries, position, name)
        entries.insert(len(entries) if at is None else at, new)

    def _move(
        self,
        entries: list[K],
        at: int,
        new: K,
        position: Position | None,
        name: Callable[[K], str],
    ) -> bool:
        """Put a part in the place of the one it changes; return whether it moves to another."""
        if position is None:
            entries[at] = new
            return False
        del entries[at]
        place = self._find_position(entries, position, name)
        to = at if place is None else place
        entries.insert(to, new)
        if place == at:
            self.idle.append(position.name.span)
        return to != at

    def _find_position(
        self, entries: Sequence[K], position: Position, name: Callable[[K], str]
    ) -> int | None:
        """Return the number that a part gets by its position, or report an unknown neighbour."""
        names = [name(each) for each in entries]
        if position.name not in names:
            self._report_unknown(position.name.span, position.name, names)
            return None
        at = names.index(position.name)
        self.places[position.name.span] = span_of_part(entries[at])
        return at + (position.side == "after")


class Position(NamedTuple):
    """Where a part stands.

    Attributes:
        side: `before` or `after`.
        name: the name of its neighbour.
    """

    side: str
    name: Word


AMBIGUOUS = -1
"""Stands for the number of an item that cannot be told from others."""
MOST_NAMES = 12
"""Names that a finding lists."""


def find_entry(entries: Sequence[tuple[Word, Node]], key: Word) -> int | None:
    """Return the number of the entry with a key, or `None`."""
    return next((number for number, (each, _) in enumerate(entries) if each == key), None)


def is_removal(node: Node, shape: Shape) -> bool:
    """Return whether a value says that the one of the base is taken out."""
    if not isinstance(node, Tree) or list(node) != ["remove"]:
        return False
    if shape.entries is None:
        return True
    reason = node[first_key(node)]  # of a mapping by name, an entry may be called `remove`
    return isinstance(reason, Tree) and list(reason) == ["reason"]


def first_key(node: Tree) -> Word:
    """Return the first key of a mapping that has one."""
    return next(iter(node))


def is_empty(node: Node, position: Position | None) -> bool:
    """Return whether nothing but a position is written."""
    return position is not None and isinstance(node, Tree) and not node


def leave_out_names(item: Node, own: Node, model: type[Definition]) -> Node:
    """Return an item without the keys that only say which one of the base it is."""
    if not isinstance(item, Tree) or not isinstance(own, Tree):
        return item
    names = {key for each in identities_of(model) for key in each}
    rest = Tree(item.span)
    rest.damaged = item.damaged
    for key, value in item.items():
        word = own.find_key("target" if key == "id" and own.find_key("id") is None else key)
        same = word is not None and write_list(own[word]) == write_list(value)
        # An item that gets another target keeps the name that it was known by.
        if key not in names or not same or (key == "id" and item.find_key("target") is not None):
            rest[key] = value
    return rest


def write_keys(item: Tree, keys: Sequence[str]) -> dict[str, object]:
    """Return what an item says under some keys; nothing where it lacks the first of them."""
    if item.find_key(keys[0]) is None:
        return {}
    words = [word for key in keys if (word := item.find_key(key)) is not None]
    return {str(word): write_list(item[word]) for word in words}


def write_list(node: Node) -> object:
    """Return what a value says, one that is written alone as a list of it."""
    said = write_node(node)
    return said if isinstance(said, list | dict) else [said]


def is_meant(item: Tree, wanted: dict[str, object], keys: Sequence[str]) -> bool:
    """Return whether an item of a base is the one that an override names."""
    if write_keys(item, keys) == wanted:
        return True
    # A transition may be named by its target where an `id` is expected.
    target = item.find_key("target")
    return (
        list(wanted) == ["id"]
        and item.find_key("id") is None
        and target is not None
        and write_list(item[target]) == wanted["id"]
    )


def describe_item(item: Node, model: type[Definition]) -> str:
    """Return the name of an item in a path."""
    for keys in sorted(identities_of(model), key=len):
        said = write_keys(item, keys) if isinstance(item, Tree) else {}
        for key, value in said.items():
            return "+".join(map(str, value)) if isinstance(value, list) else key
    return "*"


def namer_of(model: type[Definition]) -> Callable[[Node], str]:
    """Return the function that names the items of a list."""

    def name(item: Node) -> str:
        return describe_item(item, model)

    return name


def span_of_part(part: object) -> Span:
    """Return the place of an entry of a mapping or of an item of a list."""
    named: Word | Scalar | Tree | Items = part[0] if isinstance(part, tuple) else cast("Tree", part)
    return named.span


def name_of_entry(entry: tuple[Word, Node]) -> str:
    """Return the name of an entry of a mapping."""
    return str(entry[0])


def stretch(span: Span, node: Node) -> Span:
    """Return a place stretched to the end of what is written in a node behind it.

    The place of a mapping or list in lines of its own is that of its key, or of its first.
    """
    ends = [(span.end_line, span.end_column), *iter_ends(node)]
    line, column = max(ends)
    return span._replace(end_line=line, end_column=column)


def iter_ends(node: Node) -> Iterator[tuple[int, int]]:
    """Yield the line and column behind each part of a node."""
    yield node.span.end_line, node.span.end_column
    for each in (
        node.values() if isinstance(node, Tree) else node if isinstance(node, Items) else ()
    ):
        yield from iter_ends(each)


def build_tree(base: Tree, over: Tree, entries: Iterable[tuple[Word, Node]]) -> Tree:
    """Return a mapping with the place of the one in the base."""
    tree = Tree(base.span)
    tree.damaged = base.damaged or over.damaged
    for key, node in entries:
        tree[key] = node
    return tree
