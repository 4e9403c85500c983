"""The hot rooms: whose mutants are tried, and by which tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Room:
    """Code and the tests that guard it.

    Attributes:
        name: its name on the command line.
        code: globs of its modules, from the root of the checkout.
        tests: the folders of its own tests, which are tried first.
        more: the folders of other tests that run its code.
    """

    name: str
    code: tuple[str, ...]
    tests: tuple[str, ...]
    more: tuple[str, ...] = ()

    def modules(self, root: Path) -> list[Path]:
        """Return the modules of the room, from `root`."""
        found = {path.relative_to(root) for glob in self.code for path in root.glob(glob)}
        return sorted(found)


ROOMS = (
    Room(
        "policies",
        ("telecom_rules/policies/**/*.py",),
        ("tests/policies",),
        ("tests/scenarios", "tests/rules"),
    ),
    Room(
        "engine",
        ("telecom_rules/workflows/engine/*.py",),
        ("tests/workflows",),
        ("tests/scenarios", "tests/rules"),
    ),
    Room(
        "evaluation",
        ("telecom_rules/expressions/evaluation/*.py",),
        ("tests/expressions",),
        ("tests/policies", "tests/rules"),
    ),
    Room("validation", ("telecom_rules/validation/**/*.py",), ("tests/validation",)),
    Room("rows", ("telecom_rules/adapters/rows/*.py",), ("tests/adapters/rows",)),
    Room("store", ("telecom_rules/adapters/sqlalchemy/*.py",), ("tests/adapters/sqlalchemy",)),
    Room("sql_guard", ("telecom_rules/adapters/sql_guard/*.py",), ("tests/adapters/sql_guard",)),
)
