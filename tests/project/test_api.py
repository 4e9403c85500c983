"""The public face: one sorted list of names, each of them there, documented and on its page."""

from __future__ import annotations

import ast
import copy
import inspect
import pickle
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import telecom_rules
from telecom_rules import errors, interop
from telecom_rules.findings import Finding, Span
from telecom_rules.wording import Wording

NAMES = telecom_rules.__all__


def pickle_and_back(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes


def test_the_public_names_are_sorted_and_each_is_there_once():
    assert list(NAMES) == sorted(set(NAMES))


@pytest.mark.parametrize("face", [telecom_rules, interop])
def test_a_type_checker_reads_each_public_name_from_the_module_that_has_it(face):
    module = ast.parse(Path(face.__file__).read_text("utf-8"))
    conditional = [each for each in module.body if isinstance(each, ast.If)]
    (typed,) = (each for each in conditional if ast.unparse(each.test) == "TYPE_CHECKING")
    read = {
        alias.name: f"{face.__name__}.{face._HOMES[alias.name]}" == statement.module
        for statement in typed.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
        if alias.asname == alias.name
    }
    assert read == dict.fromkeys(face.__all__, True)


def test_dir_lists_the_public_names():
    assert set(NAMES) <= set(dir(telecom_rules))


@pytest.mark.parametrize("name", NAMES)
def test_the_name_leads_to_the_same_thing_every_time(name):
    assert getattr(telecom_rules, name) is getattr(telecom_rules, name)


@pytest.mark.parametrize("name", NAMES)
def test_the_name_is_the_thing_itself_and_not_its_spelling(name):
    assert not isinstance(getattr(telecom_rules, name), str)


@pytest.mark.parametrize("name", NAMES)
def test_the_name_is_documented_and_so_are_its_public_methods(name):
    thing = getattr(telecom_rules, name)
    if not (inspect.isclass(thing) or inspect.isroutine(thing)):
        return  # an alias of a type or a constant has no docstring of its own
    bare = [name] if not inspect.getdoc(thing) else []
    for member, value in vars(thing).items() if inspect.isclass(thing) else ():
        documented = isinstance(value, property) or inspect.isroutine(value)
        if documented and not member.startswith("_") and not inspect.getdoc(value):
            bare.append(f"{name}.{member}")
    assert bare == []


def test_a_name_that_is_not_there_is_an_attribute_error_that_says_so():
    with pytest.raises(AttributeError, match="no_such_name"):
        telecom_rules.no_such_name  # noqa: B018 - reading it is the test


def test_a_star_import_brings_the_public_names_and_nothing_else():
    names: dict[str, object] = {}
    exec("from telecom_rules import *", names)  # noqa: S102 - our own package
    assert set(names) - {"__builtins__"} == set(NAMES)


def test_the_page_on_python_tells_every_public_name_and_no_other(root):
    page = (root / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)", page, re.MULTILINE))
    assert told == set(NAMES)


def test_every_error_the_library_raises_is_public():
    raised = {name for name in errors.__all__ if issubclass(getattr(errors, name), Exception)}
    assert raised <= set(NAMES)


WORDING = Wording("错", "wrong")
FINDINGS = [Finding("TR021", Span("pack.yaml"), {"path": "rules"})]
RAISED = [
    errors.TelecomRulesError(WORDING),
    errors.ArgumentError("at", WORDING),
    errors.UnknownPack("sha256:1", ["sha256:2"]),
    errors.MissingExtra("sql"),
    errors.JournalMismatch(WORDING, 3, "sha256:1", "sha256:2"),
    errors.PackError(FINDINGS),
    errors.PackNotFound(FINDINGS),
    errors.UnknownName(WORDING, "gradeing", "grading"),
    errors.NotInForce("reply", date(2026, 1, 1)),
    errors.NotPublished("workdays", WORDING, 2027),
    errors.FactsError("complaint", [errors.FactProblem("grade", WORDING, ("general", "major"))]),
    errors.InconsistentFacts(
        "complaint", [errors.FactProblem("grade, kind", WORDING)], ["graded"], [("grade", "kind")]
    ),
    errors.EvaluationError(WORDING),
    errors.MissingData("event.grade"),
    errors.DecisionError("grading", WORDING, ["spec:1"]),
    errors.NoRuleMatches("grading", WORDING),
    errors.SeveralRulesMatch("grading", WORDING, ["one", "two"], ["spec:1"]),
    errors.RulesDisagree("grading", WORDING, ["one", "two"]),
    errors.SnapshotError(WORDING),
    errors.SnapshotMismatch(WORDING, "1.0.0", "2.0.0"),
    errors.JournalError(WORDING, 3),
]


def test_the_errors_to_be_copied_are_all_there_are():
    assert {type(each).__name__ for each in RAISED} == {*errors.__all__} - {"FactProblem"}


@pytest.mark.parametrize("copied", [pickle_and_back, copy.copy, copy.deepcopy])
@pytest.mark.parametrize("error", RAISED, ids=lambda each: type(each).__name__)
def test_an_error_comes_whole_out_of_another_process(error, copied):
    again = copied(error)
    assert type(again) is type(error)
    assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))
    assert again.explain("zh") == error.explain("zh")


def test_a_host_that_uses_the_public_names_passes_the_strict_type_checker(root):
    command = [sys.executable, "-m", "mypy", "--strict", str(root / "tests/project/typing_api.py")]
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own arguments
        command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
