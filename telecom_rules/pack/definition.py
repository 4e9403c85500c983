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
    from collections.abc import Mapping

    from telecom_rules.findings import Findings


D = TypeVar("D", bound=Definition)

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
"""The model of a file, by its first key."""


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
    """Read each file as the kind that its first key names.

    A file that cannot be read leaves its findings and is left out; the others are read anyway.
    """
    definitions: list[Definition] = []
    lost: set[str] = set()
    for name, data in files.items():
        root = read(data, name, findings)
        kind = file_kind_of(root, findings) if root is not None else None
        if root is None or kind is None:
            lost.add(PurePosixPath(name).stem)
            continue
        definition = read_as(FILE_KINDS[kind], root, findings)
        if definition is not None:
            definitions.append(definition)
        else:
            lost.add(own_name_of(root[kind], name))
    return Drafts(tuple(definitions), frozenset(lost))


def file_kind_of(root: Node, findings: Findings) -> Word | None:
    """Return the first key of a file if it names a kind of file."""
    first = next(iter(root)) if isinstance(root, Tree) else None
    if not isinstance(first, Word):
        return None
    if first in FILE_KINDS:
        return first
    if first == SCENARIO_FOLDER:
        findings.add("TR720", first.span)
        return None
    findings.add(
        "TR020",
        first.span,
        key=first,
        kinds=", ".join(FILE_KINDS),
        suggestion=findings.nearest(first, FILE_KINDS),
    )
    return None


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
