"""What the pages show is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_blocks import run_page

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_example_on_the_page_runs_and_prints_what_is_shown(page, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    run_page(page, tmp_path)


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial/first-ten-minutes.md"])
def test_the_pages_that_teach_by_example_have_examples_to_run(page, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    assert run_page(ROOT / page, tmp_path) >= 2


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_to_another_page_leads_somewhere(page):
    targets = [target for target, _ in LINK.findall(page.read_text(encoding="utf-8"))]
    local = [target for target in targets if target and "://" not in target]
    missing = [target for target in local if not (page.parent / target).exists()]
    assert missing == []


def test_every_page_is_reached_from_the_index():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    linked = {(ROOT / "docs" / target).resolve() for target, _ in LINK.findall(index) if target}
    pages = {
        page for page in PAGES if page.is_relative_to(ROOT / "docs") and page.name != "index.md"
    }
    assert pages - linked == set()
