"""Migrations: which state of this version of a workflow a state of an older one becomes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from telecom_rules.workflows.engine.macrostep import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows.chart import Chart
    from telecom_rules.workflows.journal.entry import Entry


@dataclass(frozen=True, slots=True)
class Migration:
    """How the cases of an older version go on in this one.

    Attributes:
        version: the older version.
        digest: the pack the older version was in, or `None` for any.
        states: the older states that are called otherwise now, each with what it has become.
        gone: the older states around others that are no more.
        clocks: the older clocks that are called otherwise now, each with its name of today.
        start: the clocks that start with the migration, where they do not run already.
        cites: the clauses it comes from.
    """

    version: str
    digest: str | None = None
    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    gone: frozenset[str] = frozenset()
    clocks: Mapping[str, str] = field(default_factory=dict, hash=False)
    start: tuple[str, ...] = ()
    cites: tuple[Clause, ...] = ()

    def image(self, chart: Chart, name: str) -> tuple[str, ...] | None:
        """Return what a state of the older version has become; nothing where it is gone.

        `None` means that nobody says.
        """
        if name in self.states:
            return self.states[name]
        if name in self.gone:
            return ()
        return (name,) if name in chart.states else None


def choose_migration(
    migrations: Sequence[Migration], version: object, digest: object
) -> Migration | None:
    """Return the migration for cases of a version and a pack; one that names the pack first."""
    mine = [each for each in migrations if each.version == version]
    named = [each for each in mine if each.digest == digest]
    return next(iter((*named, *(each for each in mine if each.digest is None))), None)


def add_ancestors(chart: Chart, names: Iterable[str]) -> frozenset[str]:
    """Return states with those around them."""
    return frozenset(each for name in names for each in chart.states[name].path)


def translate_journal(
    chart: Chart, migrations: Sequence[Migration], entries: Sequence[Entry]
) -> Iterator[Entry]:
    """Yield a journal with the states of an older version called as they are now.

    What was entered before the case was moved to this version is told by the names of that time.
    """
    moves = [at for at, each in enumerate(entries) if each.kind is EntryKind.MIGRATE]
    if not moves:
        yield from entries
        return
    payload = entries[moves[-1]].payload
    migration = choose_migration(migrations, payload.get("version"), payload.get("digest"))
    for at, each in enumerate(entries):
        yield (
            each
            if migration is None or at >= moves[-1]
            else translate_entry(chart, migration, each)
        )


def translate_entry(chart: Chart, migration: Migration, entry: Entry) -> Entry:
    """Return an entry with the states it enters called as they are now."""
    return replace(
        entry,
        entered=translate_states(chart, migration, entry.entered),
        microsteps=tuple(
            replace(each, entered=translate_states(chart, migration, each.entered))
            for each in entry.microsteps
        ),
    )


def translate_states(chart: Chart, migration: Migration, names: Iterable[str]) -> tuple[str, ...]:
    """Return what states have become; those of which nobody says keep their names."""
    images = (migration.image(chart, name) for name in names)
    return tuple(
        each
        for name, image in zip(names, images, strict=True)
        for each in ((name,) if image is None else image)
    )
