"""Validates a pack: reads it, checks it, and reads its scenarios."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules import scenarios
from telecom_rules.checks import (
    COVERAGE_CODES,
    RELEASE_CODES,
    SHARPENED_CODES,
    check,
    ignore_progress,
)
from telecom_rules.pack import Overview, gather
from telecom_rules.pack.files import NOTHING_UNSAVED
from telecom_rules.pack.garbage import without_collector
from telecom_rules.pack.linking import link_layers
from telecom_rules.pack.overlay.layers import read_texts
from telecom_rules.validation.cache import Outcome, find_entry
from telecom_rules.validation.ending_calendars import (
    CODES,
    DAYS_AHEAD,
    Outlook,
    find_ending_calendar,
    read_days,
)
from telecom_rules.validation.examples import find_lost_examples
from telecom_rules.validation.fixes import add_fixes
from telecom_rules.validation.suppressions import apply_suppressions
from telecom_rules.validation.titles import add_titles
from telecom_rules.values.arguments import read_day, read_path

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping
    from datetime import date

    from telecom_rules.checks import Progress
    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading
    from telecom_rules.pack.loading import GatheredPack
    from telecom_rules.scenarios.reading import GatheredScenarios


Settle: TypeAlias = "Callable[[Reading, tuple[Finding, ...]], tuple[Finding, ...]]"
"""Answers what the checks of a pack leave undecided: findings in, findings out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """What became of a validation.

    Attributes:
        findings: what is to be mended, in the order of the places.
        ignored: what a comment in the rules sets aside.
        texts: the text of each file by its name.
        pack: the pack at a glance, or `None` if it has errors that keep it from loading.
    """

    findings: tuple[Finding, ...]
    ignored: tuple[Finding, ...] = ()
    texts: Mapping[str, str] = field(repr=False)
    pack: Overview | None = None


def validate(
    path: str | os.PathLike[str] | None = None,
    *,
    release: bool = False,
    on: date | None = None,
    calendar_days: int = DAYS_AHEAD,
    cache: str | os.PathLike[str] | None = None,
) -> tuple[Finding, ...]:
    """Return every finding of a pack, as `telecom-rules validate` lists them.

    Args:
        path: the pack's directory, or any file or folder inside one; `None` means the shipped one.
        release: whether to list unverified figures, too.
        on: the day on which it is asked whether the calendar ends soon; without one it is not.
        calendar_days: for how many days from then the calendar should go on.
        cache: a folder for what is found, which is read from there while nothing of the pack
            changes; it is made if need be. Without one nothing is kept.

    Returns:
        The findings in the order of their places, which are told from the folder of the pack.
        What a comment in the rules ignores is not among them.

    Raises:
        ArgumentError: `path` or `cache` is neither a text nor a path, `on` is not a day, or
            `calendar_days` is not a whole number from 0.
        PackNotFound: there is no pack at `path`.
    """
    found = examine(path, release=release, cache=cache, on=on, calendar_days=calendar_days)
    return found.findings


def examine(
    path: str | os.PathLike[str] | None = None,
    *,
    release: bool = False,
    settle: Settle | None = None,
    unsaved: Mapping[str, bytes] = NOTHING_UNSAVED,
    progress: Progress = ignore_progress,
    cache: str | os.PathLike[str] | None = None,
    on: date | None = None,
    calendar_days: int = DAYS_AHEAD,
) -> Validation:
    """Return every finding of a pack with what belongs to it; see `validate`.

    Args:
        path: as `validate` takes it.
        release: likewise.
        settle: what answers the questions that the checks leave undecided, or `None`. How far it
            gets may depend on more than the pack, so nothing is kept that it had a part in.
        unsaved: the bytes that are to be read for files of the pack, by their names, in the place
            of what is on disk.
        progress: is told how many of how many checks are done.
        cache: as `validate` takes it.
        on: likewise.
        calendar_days: likewise.
    """
    days = read_days(calendar_days)
    outlook = None if on is None else Outlook(read_day("on", on), days)
    folder = None if cache is None else Path(read_path("cache", cache))
    with without_collector():
        gathered = gather(path, unsaved=unsaved)
        written = scenarios.gather(gathered.layers, gathered.root, unsaved=unsaved)
        layers = (*gathered.layers, *written.layers)
        texts = read_texts(layers)
        entry = None
        if folder is not None and settle is None:
            early = (*gathered.findings, *written.findings)
            entry = find_entry(
                folder, gathered.root, [release, *map(str, outlook or ())], layers, early
            )
        kept = None if entry is None else entry.find()
        outcome = kept or find_outcome(
            gathered,
            written,
            texts,
            release=release,
            settle=settle,
            progress=progress,
            outlook=outlook,
        )
        if kept is None and entry is not None:
            entry.keep(outcome)
    return Validation(
        findings=add_fixes(outcome.findings, texts),
        ignored=outcome.ignored,
        texts=texts,
        pack=outcome.overview,
    )


def find_outcome(
    gathered: GatheredPack,
    written: GatheredScenarios,
    texts: Mapping[str, str],
    *,
    release: bool,
    settle: Settle | None,
    progress: Progress,
    outlook: Outlook | None,
) -> Outcome:
    """Validate files that are gathered.

    Args:
        gathered: the files of the pack.
        written: those of its scenarios.
        texts: the text of each of them by its name.
        release: whether to list unverified figures, too.
        settle: what answers the questions that the checks leave undecided, or `None`.
        progress: is told how many of how many checks are done.
        outlook: the days on which the calendar has to have data, or `None`.
    """
    reading = link_layers(gathered.layers, gathered.findings)
    told = scenarios.read_gathered(written, reading.pack)
    found = check(reading, release=release, progress=progress)
    if settle is not None:
        found = settle(reading, found)
    dated = () if outlook is None else find_ending_calendar(reading, outlook)
    lost = () if told.names is None else find_lost_examples(reading, told.names)
    checked = (*found, *dated, *told.findings, *lost)
    left_out = COVERAGE_CODES | (SHARPENED_CODES if release else RELEASE_CODES)
    # A comment stays right on days from which the end is still far.
    left_out |= CODES
    applied = apply_suppressions(
        reading.findings,
        checked,
        texts,
        # Nothing is checked in a pack that does not load.
        is_sought=lambda code: reading.pack is not None and code not in left_out,
    )
    kept = sorted((*applied.kept, *applied.problems), key=lambda each: (each.span, each.id))
    return Outcome(
        add_titles(kept, reading),
        add_titles(applied.ignored, reading),
        reading.overview,
    )
