"""No scanner of texts can stand still: whatever one step of it matches has a character."""

from __future__ import annotations

import ast
import importlib
import re
from re import _parser  # type: ignore[attr-defined]

import pytest

SCANNERS = {
    "telecom_rules/expressions/syntax/cells.py": "CELL_TOKEN_PATTERN",
    "telecom_rules/expressions/syntax/tokens.py": "TOKEN_PATTERN ESCAPE_PATTERN",
    "telecom_rules/expressions/operations/formatting.py": "CLAUSE_PATTERN",
    "telecom_rules/interop/dmn/feel.py": "FEEL_TOKEN_PATTERN FIRST_PATTERN",
}
"""The modules with a loop over the offsets of a text, and the patterns by which they go on.

A name of DMN, by which `feel.py` goes on too, begins with a match of `FIRST_PATTERN`.
"""


def goes_over_a_text(loop: ast.While) -> bool:
    """Whether the condition of a loop compares an offset with a length, or looks for a sign."""
    inside = list(ast.walk(loop.test))
    measured = any(
        isinstance(each, ast.Compare)
        and isinstance(each.left, ast.Name)
        and any("len(" in ast.unparse(side) for side in each.comparators)
        for each in inside
    )
    sought = any(isinstance(each, ast.Attribute) and each.attr == "find" for each in inside)
    return measured or sought


def test_every_loop_over_a_text_goes_on_by_a_pattern_that_is_named_here(root) -> None:
    found = set()
    for path in sorted((root / "telecom_rules").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(each, ast.While) and goes_over_a_text(each) for each in ast.walk(tree)):
            found.add(path.relative_to(root).as_posix())
    assert found - {"telecom_rules/findings/frame.py"} == SCANNERS.keys()


@pytest.mark.parametrize("module", SCANNERS)
def test_a_step_of_a_scanner_matches_a_character(module: str) -> None:
    room = importlib.import_module(module.removesuffix(".py").replace("/", "."))
    for name in SCANNERS[module].split():
        pattern = getattr(room, name)
        assert isinstance(pattern, re.Pattern)
        least, _ = _parser.parse(pattern.pattern, pattern.flags).getwidth()
        assert least > 0, name
