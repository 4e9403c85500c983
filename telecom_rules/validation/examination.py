"""Validates a pack: reads it, checks it, and reads its scenarios."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules import scenarios
from telecom_rules.checks import COVERAGE_CODES, RELEASE_CODES, check, ignore_progress
from telecom_rules.pack import read
from telecom_rules.pack.files import NOTHING_UNSAVED
from telecom_rules.pack.garbage import without_collector
from telecom_rules.validation.fixes import add_fixes
from telecom_rules.validation.suppressions import apply_suppressions

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from telecom_rules.checks import Progress
    from telecom_rules.findings import Finding
    from telecom_rules.pack import Pack, Reading


Settle: TypeAlias = "Callable[[Reading, tuple[Finding, ...]], tuple[Finding, ...]]"
"""Answers what the checks of a pack leave undecided: findings in, findings out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """What became of a validation.

    Attributes:
        findings: what is to be mended, in the order of the places.
        ignored: what a comment in the rules sets aside.
        texts: the text of each file by its name.
        pack: the pack, or `None` if it has errors that keep it from loading.
    """

    findings: tuple[Finding, ...]
    ignored: tuple[Finding, ...] = ()
    texts: Mapping[str, str] = field(repr=False)
    pack: Pack | None = None


def validate(
    path: str | os.PathLike[str] | None = None, *, release: bool = False
) -> tuple[Finding, ...]:
    """Return every finding of a pack, as `telecom-rules validate` lists them.

    Args:
        path: the pack's directory, or any file or folder inside one; `None` means the shipped one.
        release: whether to list unverified figures, too.

    Returns:
        The findings in the order of their places, which are told from the folder of the pack.
        What a comment in the rules ignores is not among them.

    Raises:
        ArgumentError: `path` is neither a text nor a path.
        PackNotFound: there is no pack at `path`.
    """
    return examine(path, release=release).findings


def examine(
    path: str | os.PathLike[str] | None = None,
    *,
    release: bool = False,
    settle: Settle | None = None,
    unsaved: Mapping[str, bytes] = NOTHING_UNSAVED,
    progress: Progress = ignore_progress,
) -> Validation:
    """Return every finding of a pack with what belongs to it; see `validate`.

    Args:
        path: the pack's directory, or any file or folder inside one; `None` means the shipped one.
        release: whether to list unverified figures, too.
        unsaved: the bytes that are to be read for files of the pack, by their names, in the place
            of what is on disk.
        progress: is told how many of how many checks are done.
        settle: what answers the questions that the checks leave undecided, or `None`.
    """
    with without_collector():
        reading = read(path, unsaved=unsaved)
        written = scenarios.read(path, reading.pack, unsaved=unsaved)
        texts = {**reading.texts, **written.texts}
        found = tuple(check(reading, release=release, progress=progress))
        if settle is not None:
            found = settle(reading, found)
        checked = (*found, *written.findings)
        left_out = COVERAGE_CODES if release else COVERAGE_CODES | RELEASE_CODES
        applied = apply_suppressions(
            reading.findings,
            checked,
            texts,
            # Nothing is checked in a pack that does not load.
            is_sought=lambda code: reading.pack is not None and code not in left_out,
        )
        kept = sorted((*applied.kept, *applied.problems), key=lambda each: (each.span, each.id))
    return Validation(
        findings=add_fixes(kept, texts),
        ignored=applied.ignored,
        texts=texts,
        pack=reading.pack,
    )
