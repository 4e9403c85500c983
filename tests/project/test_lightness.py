"""What an import costs: nothing that the caller has not asked for."""

from __future__ import annotations

import sys

import pytest

HEAVY = ("annotated_types", "argparse", "asyncio", "csv", "decimal", "json", "logging", "pydantic",
         "pydantic_core", "typing_extensions", "yaml")  # fmt: skip

CORE = {"telecom_rules", "pydantic", "pydantic_core", "yaml", "annotated_types",
        "typing_extensions", "typing_inspection", "cython_runtime",
        "coverage"}  # fmt: skip
"""The library, its two dependencies, what these bring along; `coverage` measures a process."""


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


def test_loading_a_pack_and_deciding_needs_nothing_but_the_two_dependencies(run_python, root):
    code = (
        "import sys, telecom_rules\n"
        "from datetime import date\n"
        f"pack = telecom_rules.load({str(root / 'rules')!r})\n"
        "pack.policies['complaint_grade'].decide({}, on=date(2026, 3, 1))\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    modules = set(run_python("-c", code).splitlines()[-1].split())
    assert {"telecom_rules", "pydantic", "yaml"} <= modules
    assert "difflib" not in modules  # which only reports need
    foreign = modules - {*sys.stdlib_module_names, *CORE}
    assert {name for name in foreign if not name.startswith(("_", "sitecustomize"))} == set()
