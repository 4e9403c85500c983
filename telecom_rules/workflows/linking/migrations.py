"""Links the migrations of a workflow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telecom_rules.findings import Related
from telecom_rules.findings.kinds import CLOCK
from telecom_rules.frozen import FrozenDict
from telecom_rules.wording import Wording
from telecom_rules.workflows.linking.promises import SUFFIX
from telecom_rules.workflows.linking.transitions import link_targets
from telecom_rules.workflows.migration.rules import Migration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.documents import Word
    from telecom_rules.workflows.definition import ClockDefinition, MigrationDefinition
    from telecom_rules.workflows.linking.names import Names


GIVEN_BEFORE = Wording("先前写于此", "first written here")
DIGEST_PATTERN = re.compile(r"sha256:[0-9a-f]{64}")


def link_migrations(
    names: Names, clocks: Mapping[Word, ClockDefinition], written: Sequence[MigrationDefinition]
) -> tuple[Migration, ...]:
    """Return the migrations of a workflow, after reporting every mistake."""
    first: dict[tuple[str, str | None], MigrationDefinition] = {}
    for each in written:
        key = (str(each.version), None if each.digest is None else str(each.digest))
        before = first.setdefault(key, each)
        if before is not each:
            related = (Related(before.version.span, GIVEN_BEFORE),)
            names.findings.add("TR711", each.version.span, version=each.version, related=related)
    return tuple(link_migration(names, clocks, each) for each in written)


def link_migration(
    names: Names, clocks: Mapping[Word, ClockDefinition], definition: MigrationDefinition
) -> Migration:
    """Return one migration."""
    digest = definition.digest
    if digest is not None and not DIGEST_PATTERN.fullmatch(digest):
        names.findings.add("TR712", digest.span, text=digest[:20])
    for word in definition.gone:
        if word in definition.states:
            names.findings.add("TR714", word.span, name=word)
    return Migration(
        version=str(definition.version),
        digest=None if digest is None else str(digest),
        states=FrozenDict(
            {str(word): link_images(names, images) for word, images in definition.states.items()}
        ),
        gone=frozenset(map(str, definition.gone)),
        clocks=FrozenDict(link_clock_names(names, clocks, definition.clocks)),
        start=tuple(
            str(word)
            for word in definition.start
            if names.findings.find(word, CLOCK, clocks) is not None
        ),
        cites=names.vocabulary.cite(definition.cites, names.findings),
    )


def link_images(names: Names, images: Sequence[Word]) -> tuple[str, ...]:
    """Return the counterparts of one state, after reporting history states."""
    for word in images:
        place = names.states.get(word)
        if place is not None and place.definition.type == "history":
            names.findings.add("TR713", word.span, name=word)
    return link_targets(names, images)


def link_clock_names(
    names: Names, clocks: Mapping[Word, ClockDefinition], written: Mapping[Word, Word]
) -> dict[str, str]:
    """Return the new names of renamed clocks."""
    before: dict[str, Word] = {}
    for word, name in written.items():
        names.findings.find(name, CLOCK, clocks)
        other = before.setdefault(name, word)
        if other is not word:
            names.findings.add("TR715", name.span, one=other, other=word, name=name)
    renamed = {str(word): str(name) for word, name in written.items()}
    # Their promises are renamed with them.
    return renamed | {f"{old}{SUFFIX}": f"{new}{SUFFIX}" for old, new in renamed.items()}
