"""The pages of the reference say what the code says."""

from __future__ import annotations

import argparse
import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from content_pages import content_pages
from generate import CODES_PAGE, CONTENT, RULES, codes_page
from subject_pages import subject_pages

import telecom_rules
from telecom_rules.cli import build_parser
from telecom_rules.documents import Definition
from telecom_rules.expressions.functions.overloads import is_operator
from telecom_rules.expressions.functions.profile import PACK_PROFILE

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_codes_is_what_make_docs_writes_today():
    assert CODES_PAGE.read_text(encoding="utf-8") == codes_page(), "run `make docs`"


def test_the_page_of_each_subject_is_what_make_docs_writes_today():
    for path, text in subject_pages(RULES).items():
        assert path.read_text(encoding="utf-8") == text, "run `make docs`"


def test_the_pages_on_the_content_of_the_rules_are_what_make_docs_writes_today():
    written = {page.name: page.read_text(encoding="utf-8") for page in CONTENT.glob("*.md")}
    assert written == content_pages(RULES), "run `make docs`"


def options() -> list[tuple[str, str]]:
    """Each verb with each of its options and arguments, `--help` left out."""
    (verbs,) = (
        action
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return [
        (verb, option)
        for verb, parser in verbs.choices.items()
        for action in parser._actions
        for option in action.option_strings or [action.metavar or action.dest]
        if option not in {"-h", "--help"}
    ]


@pytest.mark.parametrize(("verb", "option"), options())
def test_the_page_on_the_command_line_tells_every_option_of_every_verb(verb, option):
    page = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    for_all, *sections = page.split("\n## ")
    (own,) = (section for section in sections if section.startswith(f"{verb}\n"))
    assert option.upper() in (for_all + own).upper()


@pytest.mark.parametrize("page", ["expressions.md", "expressions.zh.md"])
@pytest.mark.parametrize("name", [name for name in PACK_PROFILE.functions if not is_operator(name)])
def test_the_page_on_expressions_tells_every_function(name, page):
    text = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    assert f"{name}(" in text or f".{name.rpartition('.')[2]}`" in text


for module in walk_packages(telecom_rules.__path__, "telecom_rules."):
    # An adapter reads no file of a pack, and some need the settings of a host.
    if "__main__" not in module.name and ".adapters." not in module.name:
        import_module(module.name)
PAGES = {"PropertyDefinition": "properties.md", "PairDefinition": "properties.md"}
DEFINITIONS = [
    each for each in Definition.__subclasses__() if each.__module__.startswith("telecom_rules.")
]


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda it: it.__name__)
def test_the_page_on_files_tells_every_key_that_a_file_may_have(definition):
    usual = "scenarios.md" if ".scenarios." in definition.__module__ else "files.md"
    name = PAGES.get(definition.__name__, usual)
    page = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", page))))
    keys = {field.alias or name for name, field in definition.model_fields.items()}
    assert keys - told == set()
