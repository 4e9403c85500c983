"""`pytest house_rules/` runs the scenarios of a pack, each as a test."""

from __future__ import annotations

import pytest

from tests.scenarios.house import FLOW, POLICY, write

pytest_plugins = ("pytester",)

TITLE = "title: {zh: 测试, en: Test}"
GRADES = f"""{POLICY}tests:
  low: {{{TITLE}, given: {{loss: 1}}, then: {{grade: low}}}}
  high: {{{TITLE}, given: {{loss: 50}}, then: {{grade: high}}}}
"""
CLOSED = f"""{FLOW}tests:
  closed: {{{TITLE}, steps: [{{send: close, by: boss, then: closed}}]}}
"""


@pytest.fixture
def run(pytester: pytest.Pytester):
    def run(*arguments: str, **files: str) -> pytest.RunResult:
        write(pytester.path / "rules", **files)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *arguments, "rules")

    return run


def test_each_scenario_of_each_file_is_a_test(run):
    result = run("-v", grading=GRADES, handling=CLOSED)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["rules/scenarios/grading.yaml::low PASSED*"])


def test_a_failure_shows_the_frame_and_nothing_of_the_machinery(run):
    result = run(grading=GRADES.replace("loss: 50", "loss: 49"), handling=CLOSED)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        ["error?TR730?: `grade` is Low, expected High * rules/scenarios/grading.yaml:7:*", "*^^^^*"]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_failures_are_told_in_the_language_asked_for(run):
    result = run("-o", "telecom_rules_language=zh", grading=GRADES.replace("loss: 50", "loss: 49"))
    result.stdout.fnmatch_lines(["错误?TR730?：`grade` 为低，预期为高*"])


def test_a_setting_that_names_another_language_is_an_error_and_not_english(run):
    result = run("-o", "telecom_rules_language=fr", grading=GRADES)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["telecom_rules_language: expected *zh* *en* found *fr*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_mistake_in_a_file_is_an_error_of_that_file_alone(run):
    result = run(grading=GRADES.replace("loss: 50", "los: 50"), handling=CLOSED)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["error?TR113?: no fact is named `los`*"])


def test_a_pack_with_a_mistake_is_an_error(run, pytester):
    write(pytester.path / "rules", grading=GRADES)
    (pytester.path / "rules" / "policies" / "grading.yaml").write_text("policy: grading\n", "utf-8")
    result = pytester.runpytest_inprocess("rules")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["the pack has * mistakes"])


def test_a_scenario_is_chosen_by_its_name(run):
    run("-k", "high", grading=GRADES, handling=CLOSED).assert_outcomes(passed=1, deselected=2)


def test_yaml_that_is_no_scenario_is_left_alone(pytester):
    for name in ("scenarios/a.yaml", "pack/other/b.yaml"):
        file = pytester.path / name
        file.parent.mkdir(parents=True)
        file.write_text("scenarios: [of, somebody, else]\n", "utf-8")
    (pytester.path / "pack" / "pack.yaml").write_text("pack: x\n", "utf-8")
    result = pytester.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_without_a_pack_the_plugin_imports_nothing_of_the_library(pytester):
    pytester.makepyfile("""
        import sys

        def test_light():
            mine = {name for name in sys.modules if name.startswith("telecom_rules")}
            assert mine == {"telecom_rules", "telecom_rules.pytest_plugin"}
            assert "pydantic" not in sys.modules
    """)
    pytester.runpytest_subprocess("-p", "no:hypothesispytest").assert_outcomes(passed=1)
