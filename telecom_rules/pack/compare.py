"""What differs between two packs, element by element, as their files say it.

What an element says is compared key by key. Where a file stands and how it is laid out makes no
difference. What is only read, such as titles and clauses, is told apart from what is meant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, get_args

from telecom_rules.documents import Definition, Scalar
from telecom_rules.pack.definition import FILE_KINDS, GROUPS, PackDefinition
from telecom_rules.pack.elements import KINDS, is_element, iter_roots
from telecom_rules.policies.definition import RuleDefinition
from telecom_rules.vocabulary import SourceDefinition
from telecom_rules.vocabulary.sources.sources import ClauseDefinition
from telecom_rules.wording import Wording
from telecom_rules.workflows.definition import EventDefinition, StateDefinition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.pack.definition import Drafts
    from telecom_rules.pack.elements import Element
    from telecom_rules.pack.pack import Pack


class ChangeKind(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Difference(NamedTuple):
    """One key of a part that says something else now.

    Attributes:
        key: the key, as the file has it; `order` for the order in which rules are tried.
        before: what it said, or `None` where it was not given.
        after: what it says, likewise.
        meaning: whether rules mean something else by it; else people only read something else.
    """

    key: str
    before: str | None
    after: str | None
    meaning: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """One part that was added, removed or changed.

    Attributes:
        kind: which of these.
        what: what kind of part it is, for people.
        name: its name, such as `complaint_handling.answered`.
        title: its name for people, if it has one.
        differences: what it says otherwise, where it was changed.
        cites: the clauses that it cites, after the change if it is still there.
        within: the element of the pack that it is part of, such as `workflows.complaint_handling`.
        meaning: whether rules mean something else by it; else people only read something else.
    """

    kind: ChangeKind
    what: Wording
    name: str
    title: Wording | None = None
    differences: tuple[Difference, ...] = ()
    cites: tuple[str, ...] = ()
    within: str = ""
    meaning: bool = True


class PlacedElement(NamedTuple):
    """An element with the one around it.

    Attributes:
        element: the element.
        around: the element around it; `None` of what a file defines.
    """

    element: Element
    around: Element | None


ElementKey: TypeAlias = tuple[type[Definition], str, type[Definition], str]
"""Kind and name of what the file defines, kind and path: an event and a clock may share a path."""


def compare(old: Drafts, new: Drafts) -> tuple[Change, ...]:
    """Return what differs between two packs, kind by kind of file, in the order of the new one."""
    before, after = collect_elements(old), collect_elements(new)
    ranks = {kind: rank for rank, kind in enumerate(KINDS)}
    keys = sorted({**after, **before}, key=lambda key: ranks[key[0]])
    # Of a file that is added or removed, no part is reported.
    whole = {key for key in keys if (key in before) is not (key in after)}
    changes = (
        (build_change(before.get(key), after.get(key)), f"{GROUP_OF[key[0]]}.{key[1]}")
        for key in keys
        if key[:2] == key[2:] or key[:2] * 2 not in whole
    )
    return tuple(replace(each, within=within) for each, within in changes if each is not None)


def settle(changes: Iterable[Change], old: Pack, new: Pack) -> tuple[Change, ...]:
    """Return the changes between two packs by their digests, which know more than the text.

    An element whose digests are equal is only laid out in another way, as `(a)` is beside `a`; one
    whose meaning has an equal digest only reads otherwise.
    """
    settled = []
    for each in changes:
        before, after = old.digests.get(each.within), new.digests.get(each.within)
        if before is None or after is None:
            settled.append(each)
        elif before != after:
            meant = each.meaning and before.meaning != after.meaning
            settled.append(replace(each, meaning=meant))
    return tuple(settled)


def collect_elements(drafts: Drafts) -> dict[ElementKey, PlacedElement]:
    """Return every element of a pack by its key."""
    return {
        (type(root.definition), root.path, type(each.element.definition), each.element.path): each
        for root in iter_roots(drafts)
        for each in place_elements(root, None)
    }


def place_elements(element: Element, around: Element | None) -> Iterator[PlacedElement]:
    """Yield an element and those inside it, each with the one around it."""
    yield PlacedElement(element, around)
    for each in element.children:
        yield from place_elements(each, element)


def build_change(old: PlacedElement | None, new: PlacedElement | None) -> Change | None:
    """Return the change of one element, or `None` where it says what it said."""
    if old is None or new is None:
        kind, placed = (ChangeKind.ADDED, new) if old is None else (ChangeKind.REMOVED, old)
        return None if placed is None else build_change_of(kind, placed.element)
    differences = tuple(iter_differences(old, new))
    return build_change_of(ChangeKind.CHANGED, new.element, differences) if differences else None


def build_change_of(
    kind: ChangeKind, element: Element, differences: tuple[Difference, ...] = ()
) -> Change:
    """Return a change that names an element, with its title and its clauses."""
    cites = tuple(map(str, element.cites))
    meaning = (
        any(each.meaning for each in differences)
        if differences
        else not isinstance(element.definition, ClauseDefinition)
    )
    return Change(
        kind, element.kind, element.path, element.title, differences, cites, meaning=meaning
    )


def iter_differences(old: PlacedElement, new: PlacedElement) -> Iterator[Difference]:
    """Yield each key of an element that says something else now."""
    before, after = texts_of(old), texts_of(new)
    for key in {**after, **before}:
        if before.get(key) != after.get(key):
            meant = is_meaning(type(new.element.definition), key)
            yield Difference(key, before.get(key), after.get(key), meant)
    names = rule_names_of(old.element), rule_names_of(new.element)
    kept = [[each for each in mine if each in other] for mine, other in (names, names[::-1])]
    if kept[0] != kept[1]:
        yield Difference("order", ", ".join(kept[0]), ", ".join(kept[1]))


def is_meaning(kind: type[Definition], key: str) -> bool:
    """Return whether a key of a definition says what it means, and not only what people read."""
    if key in READ_KEYS or key in READ_KEYS_OF.get(kind, ()):
        return False
    return not any(
        is_text(each.annotation)
        for name, each in kind.model_fields.items()
        if (each.alias or name) == key
    )


def is_text(annotation: object) -> bool:
    """Return whether a type is that of a text for people, which may be optional."""
    return annotation is Wording or any(map(is_text, get_args(annotation)))


READ_KEYS = frozenset({"cites", "confidence", "interpretation", "maps", "off", "tags", "version"})
"""Keys that are only read, by people or by other systems, beside the texts for people."""
READ_KEYS_OF: Mapping[type[Definition], frozenset[str]] = {
    PackDefinition: frozenset({"pack", "require_cites", "require_titles", "extends"}),
    SourceDefinition: frozenset({"kind", "address"}),
    ClauseDefinition: frozenset({"kind", "target"}),
    EventDefinition: frozenset({"right"}),
}
"""The same for single kinds of elements."""
GROUP_OF = {FILE_KINDS[key]: group for group, key in GROUPS.items()}
"""The names under which a pack has its elements, by the kind of file."""


def texts_of(placed: PlacedElement) -> dict[str, str]:
    """Return what an element says by key, without the elements inside it."""
    texts = {}
    if placed.around is not None and isinstance(placed.around.definition, StateDefinition):
        texts["in"] = placed.around.name
    definition = placed.element.definition
    return texts | dict(iter_texts(definition))


def iter_texts(definition: Definition) -> Iterator[tuple[str, str]]:
    """Yield the keys of a definition, each with its value on one line."""
    for name, field in type(definition).model_fields.items():
        text = write_inline(getattr(definition, name))
        if text is not None:
            yield field.alias or name, text


def rule_names_of(element: Element) -> tuple[str, ...]:
    """Return the rules of a table, in the order in which they are tried."""
    return tuple(
        each.name for each in element.children if isinstance(each.definition, RuleDefinition)
    )


def write_inline(value: object) -> str | None:
    """Return a value as one line of text, or `None` where nothing or an element is given."""
    if value is None or value in ((), {}) or is_element(value):
        return None
    match value:
        case Wording(zh=zh, en=en):
            return f"{zh} / {en}"
        case Scalar(text=text):
            return text
        case bool():
            return "true" if value else "false"
        case Definition():
            return write_braces(iter_texts(value))
        case dict():
            own = {key: each for key, each in value.items() if not is_element(each)}
            pairs = ((key, write_inline(each) or "") for key, each in own.items())
            return write_braces(pairs) if own else None
        case tuple():
            return ", ".join(write_inline(each) or "" for each in value)
    return str(value)


def write_braces(pairs: Iterable[tuple[str, str]]) -> str:
    """Return keys and values as they stand on one line of YAML."""
    return "{" + ", ".join(f"{key}: {text}" for key, text in pairs) + "}"
