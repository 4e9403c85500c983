"""The kinds of files of a pack, and its definitions before they are linked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from telecom_rules.documents import (
    Definition,
    Flag,
    Identifier,
    Node,
    NodeBudget,
    Reference,
    Scalar,
    Text,
    Title,
    Word,
    read,
    read_as,
)
from telecom_rules.documents import Mapping as Tree
from telecom_rules.pack.files import SCENARIO_FOLDER
from telecom_rules.policies import PolicyDefinition
from telecom_rules.vocabulary import (
    CalendarDefinition,
    CatalogueDefinition,
    FactsDefinition,
    ParameterDefinition,
    SourceDefinition,
)
from telecom_rules.wording import Wording
from telecom_rules.workflows import WorkflowDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.findings import Findings


D = TypeVar("D", bound=Definition)

FIRST_WORDS = re.compile(r"^[ ]*([a-z]\w*):(?:[ ]+([a-z]\w*))?", re.MULTILINE | re.ASCII)
"""The key that a line begins with, and the word behind it."""

MOST_OFFSET_HOURS = 14
"""Hours from UTC that any zone on earth is away."""


class PackDefinition(Definition):
    """The file `pack.yaml`: the name, version and time zone of the pack.

    Attributes:
        pack: the pack's name.
        version: the version of its content.
        title: its name for people.
        utc_offset: the offset from UTC in which its days begin and end, such as `"+08:00"`.
        calendar: the calendar that its limits are counted by; without one no day is a rest day.
        require_cites: whether every element must cite a clause.
        require_titles: whether everything that people read must have a title.
    """

    pack: Identifier
    version: Text
    title: Title
    utc_offset: Text
    calendar: Reference | None = None
    require_cites: Flag = True
    require_titles: Flag = True


FILE_KINDS: Mapping[str, type[Definition]] = {
    "pack": PackDefinition,
    "source": SourceDefinition,
    "calendar": CalendarDefinition,
    "catalogue": CatalogueDefinition,
    "facts": FactsDefinition,
    "parameter": ParameterDefinition,
    "policy": PolicyDefinition,
    "workflow": WorkflowDefinition,
}
"""The model of a file that holds one element, by its first key."""

SHELVES: Mapping[str, str] = {
    "facts": "facts",
    "parameters": "parameter",
    "catalogues": "catalogue",
}
"""The key of a file that holds several elements of one kind by their names, and the key of one."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """Every definition of a pack that could be read, before any name is resolved.

    Attributes:
        definitions: the definitions, in the order of the files' names.
        lost: the names of those that could not be read; uses of them are not reported.
    """

    definitions: tuple[Definition, ...]
    lost: frozenset[str]

    def of(self, kind: type[D]) -> tuple[D, ...]:
        """Return the definitions of one kind."""
        return tuple(each for each in self.definitions if isinstance(each, kind))


def draft_pack(files: Mapping[str, bytes], findings: Findings) -> Drafts:
    """Read each file as what its first key says: one element, or several of one kind.

    What cannot be read leaves its findings and is left out; the rest is read anyway.
    """
    definitions: list[Definition] = []
    lost: set[str] = set()
    budget = NodeBudget()
    for name, data in files.items():
        root = read(data, name, findings, budget=budget)
        key = find_file_key(root, findings) if root is not None else None
        if not isinstance(root, Tree) or key is None:
            lost |= guess_names(name, data)
            continue
        for kind, own_name, node in iter_nodes(root, key, name, findings):
            definition = read_as(FILE_KINDS[kind], node, findings)
            if definition is not None:
                definitions.append(definition)
            else:
                lost.add(own_name)
    return Drafts(tuple(definitions), frozenset(lost))


def find_file_key(root: Node, findings: Findings) -> Word | None:
    """Return the first key of a file if it says what the file holds."""
    first = next(iter(root), None) if isinstance(root, Tree) else None
    if not isinstance(first, Word):
        return None
    known = {**FILE_KINDS, **SHELVES}
    if first in known:
        return first
    if first == SCENARIO_FOLDER:
        findings.add("TR720", first.span)
        return None
    findings.add(
        "TR020",
        first.span,
        key=first,
        kinds=", ".join(known),
        suggestion=findings.nearest(first, known),
    )
    return None


def iter_nodes(
    root: Tree, key: Word, file: str, findings: Findings
) -> Iterator[tuple[str, str, Node]]:
    """Yield the kind, the name and the node of each element in a file."""
    shelf = root[key]
    if key not in SHELVES or not isinstance(shelf, Tree):
        yield str(key), own_name_of(shelf, file), root
        return
    for other in root:
        if other != key:
            findings.add("TR102", other.span, key=other, known=key)
    if not shelf:
        findings.add("TR118", shelf.span)
    for name, node in shelf.items():
        yield SHELVES[key], str(name), name_node(SHELVES[key], name, node, findings)


def name_node(kind: str, name: Word, node: Node, findings: Findings) -> Node:
    """Return an element of a shelf as a file of its own would have it, with its name in it."""
    if not isinstance(node, Tree):
        return node
    named = Tree(name.span)
    named.damaged = node.damaged
    named[Word(kind, name.span)] = Scalar(str(name), name.span)
    for key, value in node.items():
        if key == kind:
            findings.add("TR102", key.span, key=key, known=", ".join(FILE_KINDS[kind].model_fields))
        else:
            named[key] = value
    return named


def guess_names(file: str, data: bytes) -> set[str]:
    """Return the names that a file which cannot be read may define, so that uses are not reported.

    They are its keys, the value of the first one, and the name of the file.
    """
    keys = FIRST_WORDS.findall(data.decode("utf-8", "replace"))
    return {PurePosixPath(file).stem, *(key for key, _ in keys), *(value for _, value in keys[:1])}


def own_name_of(name: Node, file: str) -> str:
    """Return the name that an invalid definition gives itself, or the name of its file."""
    return name.text if isinstance(name, Scalar) else PurePosixPath(file).stem


def read_zone(definition: PackDefinition, findings: Findings) -> timezone | None:
    """Return the pack's `utc_offset` as a time zone without summer time."""
    match = re.fullmatch(r"([+-])(\d\d):([0-5]\d)", definition.utc_offset)
    if match is None or int(match[2]) > MOST_OFFSET_HOURS:
        what = Wording(
            '`utc_offset` 应写作 "+08:00" 的形式', '`utc_offset` is written like "+08:00"'
        )
        findings.misused(definition.utc_offset.span, what)
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-offset if match[1] == "-" else offset)
