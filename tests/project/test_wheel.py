"""The wheel works where nothing else of this project is."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

DECIDE = """
from datetime import date
from pathlib import Path
import telecom_rules
from telecom_rules.pack import find_shipped

pack = telecom_rules.load()
facts = {facts}
decision = pack.policies["violation_penalty"].decide(facts, on=date(2026, 3, 1))
print(find_shipped("rules"))
print(decision.outputs["measure"])
"""


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command that must succeed; return what it prints."""
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own arguments
        [str(word) for word in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A folder with the sdist, and the wheel built from that sdist alone."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory) -> Path:
    """An empty environment into which the wheel, and what it asks for, is installed."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    run(*pip, "install", "--quiet", wheel, cwd=folder)
    return folder


def test_the_wheel_holds_the_rules_the_types_and_the_licence(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    rules = {f"telecom_rules/rules/{path.relative_to(ROOT / 'rules').as_posix()}"
             for path in (ROOT / "rules").rglob("*.yaml")}  # fmt: skip
    assert rules <= names
    assert "telecom_rules/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_wheel_holds_nothing_but_the_package(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"telecom_rules"}


def test_the_sdist_holds_what_a_packager_needs(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"LICENSE", "README.md", "CHANGELOG.md", "Makefile", "pyproject.toml"} <= names
    assert {"rules/pack.yaml", "telecom_rules/py.typed", "tests/conftest.py"} <= names


def test_the_installed_wheel_decides_a_violation_from_its_own_rules(environment, tmp_path):
    facts = {
        "act": "unlicensed_operation",
        "illegal_gain": "49999.99",
        "grave": False,
        "is_crime": False,
        "refused_to_correct": False,
    }
    printed = run(environment / "bin" / "python", "-c", DECIDE.format(facts=facts), cwd=tmp_path)
    rules, measure = printed.splitlines()
    site_packages = next((environment / "lib").glob("python3*/site-packages"))
    assert Path(rules) == site_packages / "telecom_rules" / "rules"
    assert measure == "fine"


def test_the_installed_command_validates_its_own_rules(environment, tmp_path):
    printed = run(environment / "bin" / "telecom-rules", "validate", cwd=tmp_path)
    assert "telecom_rules" in printed


def test_the_installed_command_shows_its_own_sample_data(environment, tmp_path):
    printed = run(environment / "bin" / "telecom-rules", "demo", cwd=tmp_path)
    assert "violations.csv" in printed
    assert "complaints.jsonl" in printed
