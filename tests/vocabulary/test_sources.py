"""Sources, clauses and the citations that name them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from telecom_rules.documents import Word
from telecom_rules.findings import Finding, Findings, Span
from telecom_rules.vocabulary import Confidence, SourceKind
from telecom_rules.vocabulary.sources.sources import describe_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.vocabulary import Vocabulary

    Link = Callable[..., tuple[Vocabulary, list[Finding]]]


def cited(words: Vocabulary, *texts: str) -> tuple[list[str], list[Finding]]:
    found = Findings()
    spans = [Word(text, Span("policy.yaml", line)) for line, text in enumerate(texts, start=1)]
    return [str(clause) for clause in words.cite(spans, found)], found


def test_a_clause_reads_as_lawyers_write_it(words: Vocabulary) -> None:
    clause = words.sources["telecom"].clauses["69"]
    assert str(clause) == "telecom:69"
    assert clause.wording == (
        "《中华人民共和国电信条例》第69条：无证经营",
        "Telecommunications Regulations, Art. 69: Operating without a licence",
    )


def test_a_part_of_the_specification_keeps_its_number(words: Vocabulary) -> None:
    clause = words.sources["spec"].clauses["7.1.2(3)"]
    assert clause.wording == (
        "《业务规范书》7.1.2(3)：分类处理",
        "Specification, 7.1.2(3): Classify",
    )
    assert (clause.kind, clause.target) == ("workflow_step", "wf.complaint")


@pytest.mark.parametrize(
    ("id_", "kind", "zh", "en"),
    [
        ("39(1)", SourceKind.LAW, "第39条(1)", "Art. 39(1)"),
        ("2.3", SourceKind.RULE, "2.3", "2.3"),
        ("annex3(3.1.1)", SourceKind.RULE, "附录3(3.1.1)", "Annex 3(3.1.1)"),
        ("8.5", SourceKind.STANDARD, "8.5", "8.5"),
        ("9.3#1", SourceKind.SPECIFICATION, "9.3#1", "9.3#1"),
        ("status", SourceKind.STANDARD, "", ""),
        ("annex(billing)", SourceKind.RULE, "", ""),
    ],
)
def test_a_number_is_worded_by_what_the_source_is(
    id_: str, kind: SourceKind, zh: str, en: str
) -> None:
    assert describe_number(id_, kind) == (zh, en)


def test_a_label_of_ours_is_not_shown_as_a_number(words: Vocabulary, link_files: Link) -> None:
    vocabulary, _ = link_files(
        """
        source: tmf621
        title: {zh: 故障单管理, en: Trouble Ticket}
        kind: standard
        clauses: {status: {title: {zh: 状态机, en: Status machine}}}
        """
    )
    clause = vocabulary.sources["tmf621"].clauses["status"]
    assert clause.wording == ("《故障单管理》：状态机", "Trouble Ticket: Status machine")


def test_a_source_knows_its_edition_and_its_days(words: Vocabulary) -> None:
    source = words.sources["telecom"]
    assert (source.kind, source.version, source.confidence) == (
        SourceKind.REGULATION,
        "2016",
        Confidence.HIGH,
    )
    assert date(2016, 2, 6) in source.in_force
    assert date(2016, 2, 5) not in source.in_force
    assert source.clauses["69"].source is source


def test_the_same_clause_of_two_readings_is_equal(words: Vocabulary, link_files: Link) -> None:
    other, _ = link_files(*TWO)
    again, _ = link_files(*TWO)
    assert other.sources["a"].clauses["1"] == again.sources["a"].clauses["1"]
    assert len({other.sources["a"].clauses["1"], again.sources["a"].clauses["1"]}) == 1
    assert other.sources["a"].clauses["1"] != other.sources["b"].clauses["1"]


CLAUSES = "clauses: {'1': {title: {zh: 一, en: One}}}"
TWO = [f"source: {name}\ntitle: {{zh: 甲, en: A}}\nkind: law\n{CLAUSES}" for name in "ab"]


def test_citations_become_clauses_in_order(words: Vocabulary) -> None:
    assert cited(words, "telecom:69", "spec:7.1.2(3)") == (["telecom:69", "spec:7.1.2(3)"], [])


@pytest.mark.parametrize(
    ("text", "code", "suggestion"),
    [
        ("spec", "TR503", None),
        ("7.1.2(3)", "TR503", "spec:7.1.2(3)"),
        ("spec：7.1.2(3)", "TR503", "spec:7.1.2(3)"),
        ("spec:", "TR503", None),
        (":69", "TR503", None),
        ("speck:7.1.2(3)", "TR501", "spec:7.1.2(3)"),
        ("civil_code:201", "TR501", None),
        ("spec:7.1.2(4)", "TR502", "spec:7.1.2(3)"),
        ("spec:7.1.2（3）", "TR502", "spec:7.1.2(3)"),
        ("telecom:6900000000", "TR502", None),
    ],
)
def test_a_citation_of_nothing_is_reported_where_it_stands(
    words: Vocabulary, text: str, code: str, suggestion: str | None
) -> None:
    clauses, found = cited(words, text, "telecom:69")
    assert clauses == ["telecom:69"]
    assert [(each.id, each.suggestion, each.span.line) for each in found] == [(code, suggestion, 1)]
    assert text in found[0].concise("zh") or code != "TR503"


def test_a_source_that_could_not_be_read_is_not_reported_again(link_files: Link) -> None:
    words, _ = link_files(lost=("spec",))
    assert cited(words, "spec:7.1.2(3)", "spec:1") == ([], [])


def test_many_bad_citations_cost_no_more_than_a_few_suggestions(words: Vocabulary) -> None:
    _, found = cited(words, *(f"spec:{number}" for number in range(20_000)))
    assert len(found) == 20_000
    assert not found[-1].suggestion


def test_a_source_that_ends_before_it_begins_is_reported(link_files: Link) -> None:
    text = TWO[0] + "\nin_force: {from: 2020-01-01, until: 2020-01-01}"
    _, found = link_files(text)
    assert [(each.id, each.span.line) for each in found] == [("TR602", 5)]


def test_sources_and_clauses_are_shown_by_their_citation(words: Vocabulary) -> None:
    assert repr(words.sources["spec"]) == "<Source spec>"
    assert repr(words.sources["telecom"].clauses["69"]) == "<Clause telecom:69>"
