"""Files that a verb writes anew: the changes as a diff, or on disk."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from telecom_rules.cli.reporting import path_from_here
from telecom_rules.findings.terminal import escape_invisible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.cli.screen import Screen
    from telecom_rules.validation import FixedFile


def show_changes(files: Sequence[FixedFile], screen: Screen) -> None:
    """Print what changes in some files as a unified diff."""
    for each in files:
        screen.write_document("\n".join(build_diff(each)), "diff")


def write_changes(files: Sequence[FixedFile]) -> None:
    """Write some files anew, each wholly or not at all."""
    from telecom_rules.pack.files import replace_file

    for each in files:
        replace_file(each.path, each.after)


def build_diff(file: FixedFile) -> list[str]:
    """Return the changes of a file as the lines of a unified diff."""
    before, after = (
        data.decode("utf-8", "replace").removesuffix("\n").split("\n") for data in file[1:]
    )
    name = escape_invisible(path_from_here(file.path))
    return [line.rstrip("\r") for line in unified_diff(before, after, name, name, lineterm="")]
