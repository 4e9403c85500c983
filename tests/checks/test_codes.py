"""The code of a finding leads to the module that makes it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

import telecom_rules
from telecom_rules.checks import CHECKS, FOUND_WHILE_LINKING
from telecom_rules.findings.codes import CODES

PACKAGE = Path(telecom_rules.__file__).parent
CODE = re.compile(r"TR\d{3}")
ANALYSIS = re.compile(r"from (telecom_rules\.checks\.analysis\.\w+) import")
CLAIM = "CODES"


def codes_made_in(path: Path) -> set[str]:
    """The codes that a module writes out, other than where it claims them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    body = [
        each
        for each in tree.body
        if not (isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == CLAIM)
    ]
    return {
        node.value
        for each in body
        for node in ast.walk(each)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    }


def analyses_of(path: Path) -> list[Path]:
    """The modules of `analysis` that a check imports."""
    found = re.findall(
        r"from (telecom_rules\.checks\.analysis\.\w+) import", path.read_text("utf-8")
    )
    return [Path(str(import_module(name).__file__)) for name in found]


@pytest.mark.parametrize("module", CHECKS, ids=lambda each: each.__name__.rpartition(".")[2])
def test_a_check_makes_just_the_findings_whose_codes_it_claims(module) -> None:
    path = Path(module.__file__)
    made = codes_made_in(path).union(*map(codes_made_in, analyses_of(path)))
    assert made == set(module.CODES)


def test_a_code_is_claimed_by_one_check_and_is_in_the_catalogue() -> None:
    claims = Counter(code for module in CHECKS for code in module.CODES)
    assert set(claims.values()) == {1}
    assert claims.keys() <= CODES.keys()


def test_every_module_of_the_room_is_a_check_that_names_its_codes_first() -> None:
    files = {path.stem for path in (PACKAGE / "checks").glob("*.py")} - {"__init__"}
    assert files == {module.__name__.rpartition(".")[2] for module in CHECKS}
    for module in CHECKS:
        assert str(module.__doc__).startswith(module.CODES[0])


def test_every_code_of_reachability_is_found_from_the_checks() -> None:
    claimed = {code for module in CHECKS for code in module.CODES}
    reachability = {code for code in CODES if code.startswith("TR3")}
    assert reachability <= claimed | FOUND_WHILE_LINKING.keys()


def test_the_codes_found_while_linking_are_made_where_the_table_says() -> None:
    codes = PACKAGE / "findings" / "codes"
    made = {
        (code, ".".join((PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts)))
        for path in PACKAGE.rglob("*.py")
        if not path.is_relative_to(codes) and path != PACKAGE / "checks" / "__init__.py"
        for code in codes_made_in(path)
    }
    assert {each for each in made if each[0] in FOUND_WHILE_LINKING} == set(
        FOUND_WHILE_LINKING.items()
    )
