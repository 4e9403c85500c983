"""Migrations: the mapping of states and clocks of an older version to this one."""

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
    """The migration of cases of an older version to this one.

    Attributes:
        version: the older version.
        digest: the digest of the older workflow, or `None` for any.
        states: the older states that were renamed, each with its counterparts.
        gone: the older parent states that were removed.
        clocks: the older clocks that were renamed, each with its new name.
        start: the clocks that the migration starts, unless they run already.
        cites: the clauses it implements.
    """

    version: str
    digest: str | None = None
    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    gone: frozenset[str] = frozenset()
    clocks: Mapping[str, str] = field(default_factory=dict, hash=False)
    start: tuple[str, ...] = ()
    cites: tuple[Clause, ...] = ()

    def image(self, chart: Chart, name: str) -> tuple[str, ...] | None:
        """Return the counterparts of a state of the older version, none if it was removed.

        `None` means that the migration does not say.
        """
        if name in self.states:
            return self.states[name]
        if name in self.gone:
            return ()
        return (name,) if name in chart.states else None


def choose_migration(
    migrations: Sequence[Migration], version: object, digest: object
) -> Migration | None:
    """Return the migration for a version and a digest; one that names the digest has priority."""
    candidates = [each for each in migrations if each.version == version]
    exact = [each for each in candidates if each.digest == digest]
    return next(iter((*exact, *(each for each in candidates if each.digest is None))), None)


def add_ancestors(chart: Chart, names: Iterable[str]) -> frozenset[str]:
    """Return states with their ancestors."""
    return frozenset(each for name in names for each in chart.states[name].path)


def translate_journal(
    chart: Chart, migrations: Sequence[Migration], entries: Sequence[Entry]
) -> Iterator[Entry]:
    """Yield a journal with the states before its last migration under their present names."""
    migrated = [at for at, each in enumerate(entries) if each.kind is EntryKind.MIGRATE]
    if not migrated:
        yield from entries
        return
    payload = entries[migrated[-1]].payload
    migration = choose_migration(migrations, payload.get("version"), payload.get("digest"))
    for at, each in enumerate(entries):
        yield (
            each
            if migration is None or at >= migrated[-1]
            else translate_entry(chart, migration, each)
        )


def translate_entry(chart: Chart, migration: Migration, entry: Entry) -> Entry:
    """Return an entry with the states it enters under their present names."""
    return replace(
        entry,
        entered=translate_states(chart, migration, entry.entered),
        microsteps=tuple(
            replace(each, entered=translate_states(chart, migration, each.entered))
            for each in entry.microsteps
        ),
    )


def translate_states(chart: Chart, migration: Migration, names: Iterable[str]) -> tuple[str, ...]:
    """Return the counterparts of states; states that the migration omits keep their names."""
    images = (migration.image(chart, name) for name in names)
    return tuple(
        each
        for name, image in zip(names, images, strict=True)
        for each in ((name,) if image is None else image)
    )
