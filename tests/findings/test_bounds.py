"""What is told of a file and of a pack is bounded, and what is left out is counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.findings import Finding, Severity, Span, cap_findings, render
from telecom_rules.suggestions import find_nearest
from tests.patience import within

PLACES = st.tuples(st.sampled_from("abc"), st.integers(1, 50))
FINDINGS = st.lists(
    st.builds(
        lambda place, error: Finding(
            "TR017" if error else "TR604", Span(f"{place[0]}.yaml", place[1]), {"name": "x"}
        ),
        PLACES,
        st.booleans(),
    ),
    max_size=40,
)


@given(FINDINGS, st.integers(1, 6), st.integers(1, 15))
def test_every_finding_is_kept_or_counted(found: list[Finding], of_file: int, of_all: int) -> None:
    kept = cap_findings(found, of_file=of_file, of_all=of_all)
    more = [each for each in kept if each.id == "TR029"]
    told = [each for each in kept if each.id != "TR029"]
    assert len(told) + sum(int(str(each.values["count"])) for each in more) == len(found)
    assert len(told) <= of_all
    assert all(sum(each.span.file == f"{name}.yaml" for each in told) <= of_file for name in "abc")
    assert [each.span for each in kept] == sorted(each.span for each in kept)
    is_error = [each.severity is Severity.ERROR for each in told]
    assert any(is_error) == any(each.severity is Severity.ERROR for each in found)
    if len(found) <= min(of_file, of_all):
        assert sorted(told, key=repr) == sorted(found, key=repr)


def test_what_is_left_out_is_told_where_it_begins() -> None:
    found = [Finding("TR017", Span("a.yaml", line)) for line in range(1, 200)]
    *_, last = cap_findings(found)
    assert str(last.span) == "a.yaml:101:1"
    assert last.wording.en == "from here on, 99 more findings are not listed"
    assert last.severity is Severity.WARNING


def test_many_findings_on_one_long_line_are_shown_in_no_time() -> None:
    line = "x='1' " * 45_000
    found = [
        Finding("TR106", Span("a", 1, at, 1, at + 3), {"text": "x"}) for at in range(1, 20_000)
    ]
    with within(4):
        shown = render(found, {"a": line})
    assert max(map(len, shown.split("\n"))) < 200


def test_signs_without_a_width_do_not_make_a_frame_long_or_slow() -> None:
    text = "a: " + "e\u0301" * 100_000 + "\u202e" * 1_000
    found = [Finding("TR106", Span("a", 1, at, 1, at + 50), {"text": "x"}) for at in (60, 190_000)]
    with within(1):
        shown = render(found * 50, {"a": text})
    assert max(map(len, shown.split("\n"))) < 1_000


def test_near_misses_among_very_many_names_are_looked_for_for_a_moment_only() -> None:
    names = [f"{each:05}" * 12 for each in range(10_000)]
    with within(2):
        for name in names[:20]:
            find_nearest(f"{name[:-3]}xyz", names)
    assert (
        find_nearest("clasify", [*(f"k{each}" for each in range(10_000)), "classify"]) == "classify"
    )
