"""What a finding looks like on a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.findings import Finding, Related, Span, render, summarize
from telecom_rules.findings.frame import MOST_CELLS
from telecom_rules.findings.terminal import count_cells
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from telecom_rules.wording import Language

UNKNOWN = {"key": "clasify", "known": "classify, close"}


def framed(text: str, finding: Finding, language: Language = "en") -> str:
    return render([finding], {"a.yaml": text}, language)


def test_a_frame_shows_the_line_the_place_and_the_way_out() -> None:
    finding = Finding(
        "TR102",
        Span("a.yaml", 10, 7, 10, 14),
        UNKNOWN,
        suggestion="classify",
        related=(Related(Span("a.yaml", 3, 3), Wording("声明于此处", "declared here")),),
    )
    assert framed("\n" * 9 + "      clasify: major\n", finding) == (
        "error[TR102]: unknown key `clasify`                              a.yaml:10:7\n"
        "   |\n"
        "10 |       clasify: major\n"
        "   |       ^^^^^^^\n"
        "   = help: did you mean `classify`?\n"
        "   = see: a.yaml:3:3 declared here"
    )


def test_a_frame_speaks_chinese_and_points_below_chinese() -> None:
    text = "title: {zh: 客户投诉处理, en: Yes}"
    finding = Finding(
        "TR014",
        Span("a.yaml", 1, 25, 1, 28),
        {"text": "Yes", "reading": Wording("布尔值", "a boolean")},
    )
    assert framed(text, finding, "zh") == (
        "错误[TR014]：某些工具会把 `Yes` 读作布尔值                       a.yaml:1:25\n"
        "  |\n"
        "1 | title: {zh: 客户投诉处理, en: Yes}\n"
        "  |" + " " * 31 + "^^^\n"
        '  = 建议：加引号："Yes"'
    )


def test_a_caret_is_as_wide_as_chinese_text() -> None:
    finding = Finding("TR013", Span("a.yaml", 1, 4, 1, 6), {"key": "投诉"})
    assert framed("b: 投诉", finding).split("\n")[2:4] == ["1 | b: 投诉", "  |    ^^^^"]


def test_a_long_message_pushes_the_place_aside() -> None:
    finding = Finding("TR007", Span("rules/a.yaml", 1, 4))
    assert framed("", finding).split("\n")[0] == (
        "error[TR007]: anchors, aliases and merge keys (`&`, `*`, `<<`) are not allowed"
        "  rules/a.yaml:1:4"
    )


def test_a_file_without_text_is_shown_by_its_place_alone() -> None:
    finding = Finding("TR017", Span("b.yaml"))
    heading = "error[TR017]: the file is empty                                  b.yaml:1:1"
    assert render([finding], {}) == heading
    finding = Finding("TR006", Span("a.yaml", 7, 1), {"key": "a"})
    assert framed("a: 1", finding).split("\n")[1:] == ["  = help: delete one of the two"]


def test_an_empty_file_has_a_caret_at_its_start() -> None:
    assert framed("", Finding("TR017", Span("a.yaml"))).split("\n")[1:] == ["  |", "1 |", "  | ^"]


def test_a_place_behind_the_end_of_a_line_is_shown_behind_it() -> None:
    finding = Finding("TR016", Span("a.yaml", 1, 40, 1, 41), {"key": "a"})
    assert framed("a:", finding).split("\n")[1:4] == ["  |", "1 | a:", "  |   ^"]


def test_a_place_of_several_lines_is_marked_to_the_end_of_the_first() -> None:
    finding = Finding("TR015", Span("a.yaml", 1, 4, 3, 2))
    assert framed("a: b &&\n c\nd", finding).split("\n")[2:4] == ["1 | a: b &&", "  |    ^^^^"]


def test_tabs_keep_the_caret_in_place() -> None:
    finding = Finding("TR106", Span("a.yaml", 1, 5, 1, 6), {"text": "b"})
    assert framed("a:\t\tb", finding).split("\n")[2:4] == ["1 | a:        b", "  |           ^"]


def test_what_a_terminal_would_obey_is_not_printed() -> None:
    text = "a: \x1b[31mred\u202e \u200bx"
    finding = Finding(
        "TR113", Span("a\x1b[2J.yaml", 1, 4), {"name": "\x07", "kind": "x", "known": ""}
    )
    shown = render([finding], {"a\x1b[2J.yaml": text})
    assert shown.replace("\n", "").isprintable()
    assert r"1 | a: \x1b[31mred\u202e \u200bx" in shown


def test_windows_line_ends_and_a_byte_order_mark_do_not_shift_lines() -> None:
    finding = Finding("TR106", Span("a.yaml", 2, 1), {"text": "b"})
    assert "2 | b: 2\n" in framed("\ufeffa: 1\r\nb: 2\r\n", finding)


@pytest.mark.parametrize("column", [1, 60, 150, 299])
@pytest.mark.parametrize("filler", ["x", "投"])
def test_a_long_line_is_cut_around_the_place(column: int, filler: str) -> None:
    text = filler * (column - 1) + "HERE" + filler * (300 - column)
    finding = Finding("TR106", Span("a.yaml", 1, column, 1, column + 4), {"text": "HERE"})
    _, _, line, caret, *_ = framed(text, finding).split("\n")
    assert count_cells(line) <= MOST_CELLS + 8
    assert line.endswith(("…", "HERE" + filler))
    at = caret.index("^")
    assert caret.count("^") == 4
    assert count_cells(line[: line.index("HERE")]) == at


def test_a_huge_line_costs_no_more_than_its_window() -> None:
    text = "a: [" + "b, " * 300_000
    finding = Finding("TR106", Span("a.yaml", 1, 600_000, 1, 900_000), {"text": "b"})
    assert all(len(line) < 120 for line in framed(text, finding).split("\n"))


def test_color_paints_and_changes_nothing_else() -> None:
    findings = [
        Finding("TR102", Span("a.yaml", 1, 1, 1, 2), UNKNOWN),
        Finding("TR604", Span("a.yaml", 1, 1, 1, 2), {"name": "x"}),
    ]
    plain = render(findings, {"a.yaml": "a: 1"})
    painted = render(findings, {"a.yaml": "a: 1"}, color=True)
    assert painted != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain
    assert "\x1b[1;31merror[TR102]\x1b[0m" in painted
    assert "\x1b[1;33mwarning[TR604]\x1b[0m" in painted


def test_frames_stand_apart() -> None:
    finding = Finding("TR017", Span("a.yaml"))
    assert render([finding, finding], {}) == render([finding], {}) + "\n\n" + render([finding], {})
    assert render([], {}) == ""


def test_a_summary_counts_by_severity() -> None:
    error = Finding("TR017", Span("a.yaml"))
    warning = Finding("TR604", Span("a.yaml"), {"name": "x"})
    assert summarize([]) == "no findings"
    assert summarize([], "zh") == "没有发现问题"
    assert summarize([error]) == "1 error"
    assert summarize([warning, error, warning]) == "1 error, 2 warnings"
    assert summarize([warning, error, warning], "zh") == "1 个错误，2 个警告"


TEXTS = st.text(st.characters(codec="utf-8"), max_size=150)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(1, 200), st.integers(1, 200), st.integers(1, 3))
def test_any_place_in_any_text_has_a_frame(text: str, column: int, width: int, line: int) -> None:
    span = Span("a.yaml", line, column, line, column + width)
    shown = framed(text, Finding("TR106", span, {"text": "x"}))
    assert all(count_cells(each) <= 130 for each in shown.split("\n"))
