"""The mutants that are shown to do what the module does, each with the reason.

They are listed in `equivalents.toml`, named by their module, their line and their change, so that
an entry holds until that line is changed.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.mutation.mutants.mutant import Mutant


@dataclass(frozen=True)
class Equivalent:
    """A mutant that no test can notice: `line` without the blanks around it, `change` as shown."""

    module: str
    line: str
    change: str
    reason: str

    def is_of(self, mutant: Mutant) -> bool:
        """Whether it is a certain mutant."""
        return (self.module, self.line, self.change) == (mutant.module, mutant.text, mutant.change)


def read_equivalents(path: Path) -> tuple[Equivalent, ...]:
    """Return the entries of a file."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(Equivalent(**entry) for entry in document.get("equivalent", ()))


def find_stale(equivalents: Iterable[Equivalent], mutants: Iterable[Mutant]) -> list[Equivalent]:
    """Return the entries that name none of `mutants`, though they are of their modules."""
    mutants = tuple(mutants)
    modules = {mutant.module for mutant in mutants}
    return [
        each for each in equivalents if each.module in modules and not any(map(each.is_of, mutants))
    ]
