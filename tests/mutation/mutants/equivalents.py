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
    """A mutant that no test can notice.

    Attributes:
        module: the module.
        line: the line, without the blanks around it.
        change: the change, as it is shown.
        reason: why nothing can be observed.
        at: the place of the change in the line, where the line has several such.
    """

    module: str
    line: str
    change: str
    reason: str
    at: int | None = None

    def is_of(self, mutant: Mutant) -> bool:
        """Whether it is a certain mutant."""
        named = (self.module, self.line, self.change) == (mutant.module, mutant.text, mutant.change)
        return named and self.at in {None, mutant.at}


def read_equivalents(path: Path) -> tuple[Equivalent, ...]:
    """Return the entries of a file."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(Equivalent(**entry) for entry in document.get("equivalent", ()))


def find_stale(equivalents: Iterable[Equivalent], mutants: Iterable[Mutant]) -> list[Equivalent]:
    """Return the entries that name none of `mutants`, or several changes of a line.

    Entries of other modules are left out.
    """
    mutants = tuple(mutants)
    modules = {mutant.module for mutant in mutants}
    return [
        each
        for each in equivalents
        if each.module in modules
        and len({mutant.at for mutant in mutants if each.is_of(mutant)}) != 1
    ]
