"""The one walk over a pack: every part has one name, its place and its days."""

from __future__ import annotations

from collections import Counter
from datetime import date

from telecom_rules.pack import link, read
from telecom_rules.pack.elements import Citing, iter_elements, iter_roots
from tests.pack.house import house


def test_no_two_elements_of_one_kind_have_one_path() -> None:
    for root in iter_roots(read(None).drafts):
        paths = Counter((each.kind, each.path) for each in root.walk())
        assert max(paths.values()) == 1, paths.most_common(1)


def test_an_element_of_a_file_is_named_after_the_file_and_a_transition_after_its_state() -> None:
    named = {(each.kind.en, each.path) for each in iter_elements(link(house()).drafts)}
    assert {
        ("workflow", "handling"),
        ("state", "handling.open"),
        ("transition", "handling.open.close"),
        ("rule", "grading.high"),
        ("value", "reply.2020-01-01"),
        ("code", "grade.high"),
    } <= named


def test_a_value_applies_until_the_next_one_begins() -> None:
    files = house()
    text = files["parameters/reply.yaml"].decode()
    later = next(line for line in text.split("\n") if "2020-01-01" in line)
    files["parameters/reply.yaml"] = (
        text.rstrip("\n") + "\n" + later.replace("2020-01-01", "2024-05-01") + "\n"
    ).encode()
    days = {each.path: each.days for each in iter_elements(link(files).drafts)}
    assert days["reply.2020-01-01"].until == date(2024, 5, 1)
    assert days["reply.2024-05-01"].until is None


def test_what_carries_out_no_clause_is_never_asked_for_one() -> None:
    untraced = {e.kind.en for e in iter_elements(read(None).drafts) if e.citing is Citing.UNTRACED}
    assert untraced == {"pack", "source", "clause", "parameter", "effect", "migration"} & untraced
    assert {"source", "clause", "parameter"} <= untraced
