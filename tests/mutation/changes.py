"""The files that were changed since a revision, as git tells."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class NoChanges(Exception):
    """Git cannot tell what was changed; the text says why."""


def changed_files(root: Path, base: str) -> set[str]:
    """Return the files that differ from where the work left `base`, from `root`.

    Raises:
        NoChanges: there is no git, no repository or no such revision.
    """
    command = ["git", "diff", "--name-only", "--relative", "--merge-base", base, "--"]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the base is the caller's own
            command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False
        )
    except OSError as problem:
        raise NoChanges(str(problem)) from problem
    if done.returncode:
        raise NoChanges(done.stderr.strip())
    return set(done.stdout.splitlines())
