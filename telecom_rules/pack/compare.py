"""What differs between two packs, part by part, as their files say it.

A part is whatever a compliance officer would call one: a state, a rule, the value of a parameter
from a day on, a code of a catalogue. What a part says is compared key by key. Where a file stands
and how it is laid out makes no difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.documents import Definition, Scalar
from telecom_rules.pack.definition import FILE_KINDS
from telecom_rules.policies.definition import CheckDefinition, RuleDefinition
from telecom_rules.vocabulary.catalogues import CodeDefinition
from telecom_rules.vocabulary.facts import FactDefinition
from telecom_rules.vocabulary.parameters import ValueDefinition
from telecom_rules.vocabulary.sources.sources import ClauseDefinition
from telecom_rules.vocabulary.time.calendars import YearDefinition
from telecom_rules.wording import Wording
from telecom_rules.workflows.definition import (
    ClockDefinition,
    EffectDefinition,
    EventDefinition,
    MigrationDefinition,
    PropertyDefinition,
    StateDefinition,
    TransitionDefinition,
)
from telecom_rules.workflows.properties.templates import Template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack.definition import Drafts


FILE_WORDINGS = {
    "pack": Wording("规则包", "pack"),
    "source": Wording("依据", "source"),
    "calendar": Wording("日历", "calendar"),
    "catalogue": Wording("目录", "catalogue"),
    "facts": Wording("数据", "facts"),
    "parameter": Wording("参数", "parameter"),
    "policy": Wording("策略", "policy"),
    "workflow": Wording("流程", "workflow"),
}
"""What a whole file is called, by its first key."""
PART_WORDINGS: dict[type[Definition], Wording] = {
    ClauseDefinition: Wording("条款", "clause"),
    YearDefinition: Wording("年份", "year"),
    CodeDefinition: Wording("代码", "code"),
    FactDefinition: Wording("事实", "fact"),
    ValueDefinition: Wording("数值", "value"),
    RuleDefinition: Wording("规则", "rule"),
    CheckDefinition: Wording("检查项", "check"),
    EventDefinition: Wording("事件", "event"),
    EffectDefinition: Wording("效果", "effect"),
    StateDefinition: Wording("状态", "state"),
    TransitionDefinition: Wording("转换", "transition"),
    ClockDefinition: Wording("时限", "clock"),
    PropertyDefinition: Wording("性质", "property"),
    MigrationDefinition: Wording("迁移", "migration"),
}
"""What a part of a file is called. Whatever else is written belongs to the part around it."""


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
    """

    key: str
    before: str | None
    after: str | None


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
    """

    kind: ChangeKind
    what: Wording
    name: str
    title: Wording | None = None
    differences: tuple[Difference, ...] = ()
    cites: tuple[str, ...] = ()


class PackPart(NamedTuple):
    """One part as written.

    Attributes:
        what: what kind of part it is.
        title: its name for people.
        texts: what it says, by key.
        order: the rules inside it, in order.
        cites: the clauses it cites.
    """

    what: Wording
    title: Wording | None
    texts: dict[str, str]
    order: tuple[str, ...]
    cites: tuple[str, ...]


PackParts = dict[tuple[str, str], PackPart]


def compare(old: Drafts, new: Drafts) -> tuple[Change, ...]:
    """Return what differs between two packs, kind by kind of file, in the order of the new one."""
    before, after = collect_parts(old), collect_parts(new)
    keys = {**after, **before}
    files = list(FILE_WORDINGS)
    ranked = sorted(keys, key=lambda key: files.index(key[0]))
    whole = {key for key in keys if (key in before) is not (key in after)}
    changes = (
        build_change(key[1], before.get(key), after.get(key))
        for key in ranked
        if file_key_of(key) not in whole
    )
    return tuple(each for each in changes if each is not None)


def file_key_of(key: tuple[str, str]) -> tuple[str, str] | None:
    """Return the file that a part stands in; of a file that is added or removed no part is told."""
    file, name = key
    root, dot, _ = name.partition(".")
    return (file, root) if dot else None


def build_change(name: str, old: PackPart | None, new: PackPart | None) -> Change | None:
    """Return what became of a part, or `None` where it says what it said."""
    if old is None or new is None:
        kind, one = (ChangeKind.REMOVED, old) if new is None else (ChangeKind.ADDED, new)
        return None if one is None else Change(kind, one.what, name, one.title, (), one.cites)
    differences = tuple(iter_differences(old, new))
    if not differences:
        return None
    return Change(ChangeKind.CHANGED, new.what, name, new.title, differences, new.cites)


def iter_differences(old: PackPart, new: PackPart) -> Iterator[Difference]:
    """Yield what a part says otherwise."""
    for key in {**new.texts, **old.texts}:
        if old.texts.get(key) != new.texts.get(key):
            yield Difference(key, old.texts.get(key), new.texts.get(key))
    before = [each for each in old.order if each in new.order]
    after = [each for each in new.order if each in old.order]
    if before != after:
        yield Difference("order", ", ".join(before), ", ".join(after))


def collect_parts(drafts: Drafts) -> PackParts:
    """Return every part of a pack by the kind of its file and its name."""
    found: PackParts = {}
    for definition in drafts.definitions:
        key = next(each for each, kind in FILE_KINDS.items() if isinstance(definition, kind))
        if key in FILE_WORDINGS:
            root = str(getattr(definition, key))
            add_part(found, key, root, root, definition, FILE_WORDINGS[key])
    return found


def add_part(
    found: PackParts, file: str, root: str, name: str, definition: Definition, what: Wording
) -> None:
    """Add a part, and the parts inside it."""
    says: dict[str, str] = {}
    order: tuple[str, ...] = ()
    found[file, name] = PackPart(what, None, says, order, ())  # it comes before what is inside it
    for attribute, field in type(definition).model_fields.items():
        key = field.alias or attribute
        value = getattr(definition, attribute)
        inside = list(iter_members(key, value))
        for member, each in inside:
            around = name if isinstance(each, TransitionDefinition) else root
            called = f"{around}.{member}"
            add_part(found, file, root, called, each, PART_WORDINGS[type(each)])
            if isinstance(each, StateDefinition) and name != root:
                part = found[file, called]
                part.texts["in"] = name.removeprefix(f"{root}.")
        if inside and isinstance(value, tuple) and isinstance(inside[0][1], RuleDefinition):
            order = tuple(member for member, _ in inside)
        text = None if inside else write_inline(value)
        if text is not None:
            says[key] = text
    title = getattr(definition, "title", None)
    cites = tuple(map(str, getattr(definition, "cites", ())))
    found[file, name] = PackPart(what, title, says, order, cites)


def iter_members(key: str, value: object) -> Iterator[tuple[str, Definition]]:
    """Yield the parts that stand under a key, each with what tells it from the others."""
    if isinstance(value, dict):
        for word, each in value.items():
            if type(each) in PART_WORDINGS:
                yield str(word), each
            elif isinstance(each, tuple) and each and type(each[0]) in PART_WORDINGS:
                yield from number_transitions(str(word), each)
    elif isinstance(value, tuple) and value and type(value[0]) in PART_WORDINGS:
        if isinstance(value[0], TransitionDefinition):
            yield from number_transitions(key, value)
        else:
            yield from ((identity_of(each), each) for each in value)


def number_transitions(
    name: str, several: tuple[Definition, ...]
) -> Iterator[tuple[str, Definition]]:
    """Yield transitions on one event; where there are several, they are told by their place."""
    for number, each in enumerate(several, start=1):
        yield f"{name}[{number}]" if len(several) > 1 else name, each


def identity_of(definition: Definition) -> str:
    """Return what tells one item of a list from the others."""
    match definition:
        case RuleDefinition(id=id) | CheckDefinition(id=id):
            return str(id)
        case ValueDefinition(since=since):
            return since.isoformat()
        case MigrationDefinition(version=version, digest=digest):
            return f"migrations({version})" if digest is None else f"migrations({version} {digest})"
        case PropertyDefinition():
            stated = ((each, definition.sides(each)) for each in Template)
            return "+".join(
                f"{each}({', '.join('|'.join(side) for side in sides if side)})"
                for each, sides in stated
                if sides is not None
            )
    return ""


def write_inline(value: object) -> str | None:
    """Return a value as one line of text, or `None` where nothing is given."""
    match value:
        case None | () | {}:
            return None
        case Wording(zh=zh, en=en):
            return f"{zh} / {en}"
        case Scalar(text=text):
            return text
        case bool():
            return "true" if value else "false"
        case Definition():
            pairs = (
                (field.alias or name, write_inline(getattr(value, name)))
                for name, field in type(value).model_fields.items()
            )
            return write_braces((key, text) for key, text in pairs if text is not None)
        case dict():
            return (
                write_braces((key, write_inline(each) or "") for key, each in value.items()) or None
            )
        case tuple():
            return ", ".join(write_inline(each) or "" for each in value)
    return str(value)


def write_braces(pairs: Iterator[tuple[str, str]]) -> str:
    """Return keys and values as they stand on one line of YAML."""
    return "{" + ", ".join(f"{key}: {text}" for key, text in pairs) + "}"
