"""The pages in Chinese show the code that the tests run."""

from __future__ import annotations

import pytest

from tests.adapters.engines.pages import read_code

PAGES = ["run-the-worker", "wake-cases-with-dbos", "wake-cases-with-temporal"]


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_show_the_same_code(page):
    assert read_code(f"{page}.md") == read_code(f"{page}.zh.md") != {}
