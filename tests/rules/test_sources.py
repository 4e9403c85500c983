"""The instruments the shipped pack registers: their texts, their days, what the outline marks."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from telecom_rules.documents import Word
from telecom_rules.findings import Findings, Span
from telecom_rules.vocabulary import Confidence, SourceKind

if TYPE_CHECKING:
    from telecom_rules.pack import Pack

GUIDANCE = 14
HEADINGS = 45
GAPS = {"11.2#5", "11.3", "12.1", "12.2", "12.3"}
STATUTES = {SourceKind.LAW, SourceKind.REGULATION, SourceKind.RULE}
HAN = re.compile(r"[\u4e00-\u9fff]")


def test_headings_and_guidance_say_why_nothing_runs(pack: Pack) -> None:
    clauses = pack.sources["spec"].clauses.values()
    targets = [each.target for each in clauses if each.guidance is not None]
    assert sorted(targets, key=str) == ["doc.guidance"] * GUIDANCE + ["outline"] * HEADINGS
    assert all(each.guidance for each in clauses if each.target in {"doc.guidance", "outline"})


def test_what_is_missing_in_the_specification_is_a_gap(pack: Pack) -> None:
    clauses = pack.sources["spec"].clauses
    assert {number for number, each in clauses.items() if each.gap is not None} == GAPS


def test_a_heading_names_the_clauses_below_it(pack: Pack) -> None:
    clauses = pack.sources["spec"].clauses
    for number, each in clauses.items():
        if each.target == "outline" and each.guidance is not None:
            named = re.findall(r"\d+(?:\.\d+)*(?:[AB]?\(\d+\)|#\d+)?", each.guidance.en)
            assert named, number
            assert all(other.startswith(number) and other in clauses for other in named), number


def test_the_cybersecurity_law_is_cited_by_the_numbers_of_the_day(pack: Pack) -> None:
    law = pack.sources["cybersecurity_law"].clauses
    last, first = date(2025, 12, 31), date(2026, 1, 1)
    renumbered = {"23(3)": "21(3)", "26": "24", "27": "25", "61(1)": "59(1)", "64": "61"}
    for present, earlier in renumbered.items():
        assert str(law[present].on(last)) == f"cybersecurity_law@2016:{earlier}"
        assert law[present].on(first) is law[present]
    assert first in law["61(3)"].in_force
    assert last not in law["61(3)"].in_force


@pytest.mark.parametrize(
    ("present", "earlier"), [("32", "33"), ("33(3)", "34(3)"), ("34", "35"), ("69(1)", "70(1)")]
)
def test_the_telecom_regulations_of_2000_had_higher_numbers(
    pack: Pack, present: str, earlier: str
) -> None:
    clause = pack.sources["telecom_regulations"].clauses[present]
    assert clause.aliases["2000"] == earlier
    assert clause.on(date(2013, 1, 1)).id == earlier
    assert clause.on(date(2015, 1, 1)) is clause


@pytest.mark.parametrize(
    ("old", "new", "day"),
    [
        ("sms_rule_2015", "sms_rule_2026", date(2026, 5, 1)),
        ("appeal_measures_2001", "appeal_measures", date(2016, 7, 30)),
    ],
)
def test_a_repealed_rule_ends_on_the_day_its_successor_begins(
    pack: Pack, old: str, new: str, day: date
) -> None:
    assert pack.sources[old].repealed_by == new
    assert pack.sources[old].in_force.until == pack.sources[new].in_force.since == day


def test_every_statute_says_when_it_holds_or_that_nobody_saw(pack: Pack) -> None:
    silent = [
        source.name
        for source in pack.sources.values()
        if source.kind in STATUTES and source.in_force.since is None
    ]
    for name in silent:
        assert pack.sources[name].note is not None, name


def test_an_article_that_was_not_seen_is_registered_as_words(pack: Pack) -> None:
    for source in pack.sources.values():
        for clause in source.clauses.values():
            if clause.note is not None and "条号未见" in clause.note.zh:
                assert not clause.id[0].isdigit(), clause


def test_titles_are_chinese_and_english(pack: Pack) -> None:
    for source in pack.sources.values():
        for clause in source.clauses.values():
            texts = (clause.title, clause.note, clause.guidance, clause.gap)
            for text in filter(None, texts):
                assert HAN.search(text.zh), clause
                assert not HAN.search(text.en), clause


def test_what_nobody_has_seen_is_marked_low(pack: Pack) -> None:
    low = {
        str(clause)
        for source in pack.sources.values()
        for clause in source.clauses.values()
        if clause.confidence is Confidence.LOW
    }
    assert {
        "service_spec_2005:annex1(installation)",
        "user_information_rule:complaint",
        "network_operation_measures:other_grades",
        "incident_report_measures:annex1(other_figures)",
        "sms_rule_2026:fines",
        "penalty_procedure_2023:replaces_2001",
        "foreign_investment_rules:conditions",
    } <= low
    assert not {"telecom_regulations:32", "cybersecurity_law:61(3)"} & low


def test_every_clause_is_found_again_by_the_citation_of_any_day(pack: Pack) -> None:
    for source in pack.sources.values():
        for clause in source.clauses.values():
            for turn in clause.renumbering_days:
                then = clause.on(turn - timedelta(days=1))
                assert then.version is not None
                found = Findings()
                again = pack.vocabulary.resolve_clause(Word(str(then), Span("citation")), found)
                assert (again, found) == (then, [])
                assert then.present is clause.on(date.max) is clause
                assert turn - timedelta(days=1) in then.in_force
                assert turn not in then.in_force


def test_every_source_that_is_published_says_where_to_check_it(pack: Pack) -> None:
    unpublished = {"spec", "satisfaction_measures"}
    for source in pack.sources.values():
        if source.name not in unpublished:
            assert (source.address or "").startswith("https://"), source
