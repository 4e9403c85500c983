"""What the pages show is what happens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from generate import PAGES, ROOT
from worked_examples import rendered

from telecom_rules.cli import VERBS
from tests.shipped import shipped

if TYPE_CHECKING:
    from pathlib import Path

LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def leads_somewhere(page: Path, target: str, section: str) -> bool:
    """Whether a link on `page` names a file that is there and, if any, a heading of it."""
    file = page.parent / target if target else page
    if not section:
        return file.exists()
    headings = HEADING.findall(file.read_text(encoding="utf-8"))
    return section in {re.sub(r"[^\w\- ]", "", each).lower().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_example_on_the_page_runs_and_prints_what_is_shown(page, tmp_path):
    assert rendered(page, tmp_path) == page.read_text(encoding="utf-8"), "run `make docs`"


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial/first-ten-minutes.md"])
def test_the_pages_that_teach_by_example_have_examples_that_run(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert {"```python\n", "```console\n"} <= set(text.splitlines(keepends=True))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_within_the_project_leads_somewhere(page):
    links = LINK.findall(page.read_text(encoding="utf-8"))
    local = [(target, section) for target, section in links if "://" not in target]
    missing = [each for each in local if not leads_somewhere(page, *each)]
    assert missing == []


def test_every_page_is_reached_from_the_index():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    linked = {(ROOT / "docs" / target).resolve() for target, _ in LINK.findall(index) if target}
    pages = {
        page for page in PAGES if page.is_relative_to(ROOT / "docs") and page.name != "index.md"
    }
    assert pages - linked == set()


@pytest.mark.parametrize("page", ["README.md", "docs/index.md"])
def test_the_first_pages_count_what_ships(page):
    text = " ".join((ROOT / page).read_text(encoding="utf-8").split())
    pack = shipped()
    workflows, policies = len(pack.workflows), len(pack.policies)
    assert f"{workflows} workflows and {policies} policies ship" in text


def test_the_first_pages_name_every_verb():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    for verb in VERBS:
        assert f"`{verb.NAME}`" in index
        assert re.search(rf"`(telecom-rules )?{verb.NAME}\b", readme)
