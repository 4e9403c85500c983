"""The pages of the reference say what the code says."""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

import pytest

from telecom_rules.cli import build_parser

ROOT = Path(__file__).resolve().parents[2]


def generated_pages() -> dict[Path, str]:
    """What `make docs` would write."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pages()


@pytest.mark.parametrize(
    ("page", "text"), generated_pages().items(), ids=lambda it: getattr(it, "name", "")
)
def test_the_generated_page_is_what_make_docs_writes_today(page, text):
    assert page.read_text(encoding="utf-8") == text, "run `make docs`"


def options() -> list[tuple[str, str]]:
    """Each verb with each of its options."""
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
    section = page.split(f"\n## {verb}\n")[1].split("\n## ")[0]
    assert option.upper() in section.upper()
