"""The hooks, the action and the component do on a pack what they say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from tests.pack.house import broken, house, lay
from tests.scenarios.house import POLICY

ROOT = Path(__file__).parents[2]
SCENARIO = f"""{POLICY}tests:
  low: {{title: {{zh: 低, en: Low}}, given: {{loss: 1}}, then: {{grade: low}}}}
"""
HOOKS = {each["id"]: each for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
STEPS = {
    each["name"]: each
    for each in yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
}


@pytest.fixture(params=["right", "wrong"])
def repository(request, tmp_path: Path) -> tuple[Path, bool]:
    """Return a repository with a pack in `my rules/`, and whether the pack is right."""
    files = {
        "right": house(),
        "wrong": broken("policies/grading.yaml", "loss >=", "los >="),
    }[request.param]
    lay(tmp_path / "my rules", files | {"scenarios/grading.yaml": SCENARIO.encode()})
    return tmp_path, request.param == "right"


def run(command: str | list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess:
    """Run a command with the `telecom-rules` of this environment, outside any CI."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(folder), "PYTHONUTF8": "1", **variables}
    words = command if isinstance(command, list) else ["bash", "-eo", "pipefail", "-c", command]
    return subprocess.run(  # noqa: S603 - commands of our own files
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def run_hook(id: str, folder: Path, *files: str) -> int:
    """Run a hook as pre-commit does: its entry, the `args` of the repository, the files."""
    return run([*HOOKS[id]["entry"].split(), "my rules", *files], folder).returncode


def test_a_hook_fails_on_a_pack_with_a_mistake_alone(repository):
    folder, right = repository
    assert HOOKS["telecom-rules-validate"]["pass_filenames"] is False
    assert run_hook("telecom-rules-validate", folder) == (0 if right else 1)
    assert run_hook("telecom-rules-test", folder) == (0 if right else 1)


def test_the_hook_of_the_formatter_writes_the_files_that_it_is_given(repository):
    folder, _ = repository
    file = folder / "my rules" / "scenarios" / "grading.yaml"
    file.write_text(SCENARIO.replace("given: {loss: 1}", "given:   {loss: 1}"), "utf-8")
    run_hook("telecom-rules-fmt", folder, "my rules/scenarios/grading.yaml")
    assert "given:   {" not in file.read_text("utf-8")


def test_the_action_annotates_mistakes_and_runs_no_input_as_a_command(repository):
    folder, right = repository
    for name in ("Validate", "Test"):
        variables = {
            "RULES": "my rules",
            "RULES_LANGUAGE": "zh",
            "STRICT": "false",
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        }
        done = run(STEPS[name]["run"], folder, **variables)
        assert done.returncode == (0 if right else 1), done.stderr
    assert (
        right
        or "::error file=my rules/policies/grading.yaml"
        in run(STEPS["Validate"]["run"], folder, **variables).stdout
    )
    hostile = {**variables, "RULES": "$(touch taken); `touch taken`"}
    assert run(STEPS["Validate"]["run"], folder, **hostile).returncode == 3
    assert not (folder / "taken").exists()
    assert "${{" not in "".join(each["run"] for each in STEPS.values())


def test_the_sarif_of_the_action_is_there_whatever_was_found(repository):
    folder, right = repository
    variables = {"RULES": "my rules", "RULES_LANGUAGE": "en", "SARIF": "rules.sarif"}
    assert run(STEPS["Write SARIF"]["run"], folder, **variables).returncode == 0
    (ran,) = json.loads((folder / "rules.sarif").read_text("utf-8"))["runs"]
    assert bool(ran["results"]) is not right
    assert run(STEPS["Write SARIF"]["run"], folder, **{**variables, "RULES": "no"}).returncode == 1


def test_the_component_of_gitlab_leaves_the_reports_that_it_names(repository):
    folder, right = repository
    component = (ROOT / "templates" / "validate.yml").read_text("utf-8")
    header, body = yaml.safe_load_all(component)
    inputs = header["spec"]["inputs"]
    asked = set(
        re.findall(r"\$\[\[ inputs\.(\w+) \]\]", (ROOT / "templates" / "validate.yml").read_text())
    )
    assert asked == set(inputs)
    job = body["validate-rules"]
    variables = {"RULES": "my rules", "RULES_LANGUAGE": "en"}
    install, *scripts = job["script"]
    assert install == 'python -m pip install --quiet "$INSTALL"'
    statuses = [run(each, folder, **variables).returncode for each in scripts]
    assert statuses == ([0, 0] if right else [1, 1])
    reports = job["artifacts"]["reports"]
    found = json.loads((folder / reports["codequality"]).read_text("utf-8"))
    assert [each["location"]["path"] for each in found] == (
        [] if right else ["my rules/policies/grading.yaml"]
    )
    if right:
        suite = ET.parse(folder / reports["junit"]).getroot()  # noqa: S314 - our own report
        assert (suite.get("tests"), suite.get("failures")) == ("1", "0")
