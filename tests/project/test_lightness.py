"""What an import costs: nothing that the caller has not asked for."""

from __future__ import annotations

import pytest

HEAVY = ("annotated_types", "argparse", "asyncio", "csv", "decimal", "json", "logging", "pydantic",
         "pydantic_core", "typing_extensions", "yaml")  # fmt: skip


def imported_by(run_python, statement: str) -> set[str]:
    """The modules that `statement` brings in, beyond those of a bare interpreter."""
    code = f"import sys; before = {{*sys.modules}}; {statement}; print(*{{*sys.modules}} - before)"
    return set(run_python("-S", "-c", code).split())


def test_importing_the_package_imports_nothing_heavy(run_python):
    modules = imported_by(run_python, "import telecom_rules")
    assert "telecom_rules" in modules
    assert modules.isdisjoint(HEAVY)


def test_importing_the_package_imports_no_room_of_its_own(run_python):
    modules = imported_by(run_python, "import telecom_rules")
    assert {name for name in modules if name.startswith("telecom_rules.")} == set()


@pytest.mark.parametrize("arguments", [["--help"], ["validate", "--help"], ["demo", "--help"]])
def test_asking_the_command_for_help_loads_neither_pydantic_nor_yaml(run_python, arguments):
    code = (
        "import sys\n"
        "from telecom_rules.cli import main\n"
        "try:\n"
        f"    main({arguments!r})\n"
        "except SystemExit as ended:\n"
        "    assert not ended.code, ended.code\n"
        "print(*sorted(sys.modules))"
    )
    modules = set(run_python("-c", code).splitlines()[-1].split())
    assert modules.isdisjoint({"pydantic", "pydantic_core", "yaml"})
