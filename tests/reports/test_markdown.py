"""No text escapes a page of Markdown, as a real reader of it sees the page."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from telecom_rules.findings.terminal import escape_invisible
from telecom_rules.reports.markdown import escape_text, quote_address, quote_code, write_row

READER = MarkdownIt("commonmark", {"html": True}).enable("table")
TEXTS = st.text(st.characters() | st.sampled_from("|`*_[]<>&#\\~!-+=.)1 \n"), max_size=30)


def shown(text: str) -> str:
    """What a reader of the page is to see."""
    return escape_invisible(" ".join(text.split()))


def cells_of(markdown: str) -> list[list]:
    """The tokens inside each cell of the last row of a page with one table and nothing else."""
    tokens = READER.parse(markdown)
    assert tokens[0].type == "table_open"
    assert [each.type for each in tokens].count("table_open") == 1
    assert tokens[-1].type == "table_close"
    rows = "".join("R" if each.type == "tr_open" else "" for each in tokens)
    assert rows == "RR"
    inside = [each.children for each in tokens if each.type == "inline"]
    return inside[len(inside) // 2 :]


def text_in(tokens: list, kind: str) -> str:
    """The text of a cell that has no other markup than `kind`."""
    assert {each.type for each in tokens} <= {kind, "text", "text_special"}, tokens
    return "".join(each.content for each in tokens)


@given(TEXTS)
@example("a|b")
@example("\\|")
@example("<img src=x onerror=alert(1)>")
@example("[a](javascript:alert(1)) ![b](c)")
@example("&lt;b&gt; &#60;")
@example("`a` ``")
def test_any_text_is_one_cell_without_markup(text: str) -> None:
    page = "\n".join(
        ["| a | b | c |", "|---|---|---|", write_row("x", escape_text(text), quote_code(text))]
    )
    first, second, third = cells_of(page)
    assert text_in(first, "text") == "x"
    assert text_in(second, "text") == shown(text)
    code = [each.content for each in third if each.type == "code_inline"]
    assert "".join(code).strip() == shown(text)
    assert {each.type for each in third} <= {"code_inline"}


@given(TEXTS.filter(lambda text: text.strip()))
@example("1. one")
@example("- item")
@example("+ item")
@example("===")
@example("---")
@example("# head")
def test_any_text_is_one_paragraph_without_markup(text: str) -> None:
    tokens = READER.parse(escape_text(text))
    assert [each.type for each in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert text_in(tokens[1].children, "text") == shown(text)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "https://a.example/> <b",
        "https://a.example/|x",
        "https://a\\x",
        "www.x",
    ],
)
def test_what_is_not_an_address_of_the_web_is_not_a_link(address: str) -> None:
    tokens = READER.parse(quote_address(address))
    assert text_in(tokens[1].children, "text") == shown(address)


def test_an_address_of_the_web_is_a_link() -> None:
    (link, text, _) = READER.parse(quote_address("https://a.example/b?c=d&e"))[1].children
    assert link.attrs["href"] == "https://a.example/b?c=d&e"
    assert text.content == "https://a.example/b?c=d&e"
