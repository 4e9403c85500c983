"""The kinds of files of a pack, and its definitions before they are linked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from telecom_rules.documents import (
    Definition,
    Flag,
    Identifier,
    OneOrMany,
    Reference,
    Text,
    Title,
)
from telecom_rules.pack.matters import MatterDefinition
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


class ExtendsDefinition(Definition):
    """A base of a pack. `extends: telecom_rules` is short for `extends: {pack: telecom_rules}`.

    Attributes:
        pack: the name of the pack that ships with the library, or of an installed one.
        path: the folder of the pack, relative to that of the pack that extends it.
        version: the versions that will do, such as `">=0.2,<0.3"`.
        digest: the digest of the one that will do.
    """

    shorthand: ClassVar[str | None] = "pack"

    pack: Identifier | None = None
    path: Text | None = None
    version: Text | None = None
    digest: Text | None = None


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
        extends: the packs that it lies on.
    """

    pack: Identifier
    version: Text
    title: Title
    utc_offset: Text
    calendar: Reference | None = None
    require_cites: Flag = True
    require_titles: Flag = True
    extends: OneOrMany[ExtendsDefinition] = ()


FILE_KINDS: Mapping[str, type[Definition]] = {
    "pack": PackDefinition,
    "source": SourceDefinition,
    "calendar": CalendarDefinition,
    "catalogue": CatalogueDefinition,
    "facts": FactsDefinition,
    "parameter": ParameterDefinition,
    "policy": PolicyDefinition,
    "workflow": WorkflowDefinition,
    "matter": MatterDefinition,
}
"""The model of a file that holds one element, by its first key."""

SHELVES: Mapping[str, str] = {
    "facts": "facts",
    "parameters": "parameter",
    "catalogues": "catalogue",
    "sources": "source",
    "matters": "matter",
}
"""The key of a file that holds several elements of one kind by their names, and the key of one."""

GROUPS: Mapping[str, str] = {
    {"facts": "facts", "policy": "policies"}.get(key, f"{key}s"): key for key in FILE_KINDS
}
"""The names under which a pack has its elements, and the key of the file of one."""

OVERRIDE, OVERRIDES = "override", "overrides"
"""The key of a file that changes one element of a base, and of one that changes several."""


@dataclass(frozen=True)
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
        return cast("tuple[D, ...]", self._by_kind.get(kind, ()))

    @cached_property
    def _by_kind(self) -> Mapping[type[Definition], tuple[Definition, ...]]:
        """The definitions by their kind: each is asked for many times."""
        found: dict[type[Definition], list[Definition]] = {}
        for each in self.definitions:
            found.setdefault(type(each), []).append(each)
        return {kind: tuple(several) for kind, several in found.items()}


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
