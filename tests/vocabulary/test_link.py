"""From the files of a pack to its vocabulary, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from telecom_rules.documents import Word
from telecom_rules.errors import NotInForce
from telecom_rules.findings import Finding, Findings, Span
from telecom_rules.vocabulary import (
    LIMIT,
    MONEY,
    TEXT,
    Field,
    ListType,
    Vocabulary,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    Link = Callable[..., tuple[Vocabulary, list[Finding]]]

TITLE = "title: {zh: 名, en: Name}"
CHANNEL = f"catalogue: channel\n{TITLE}\ncodes: {{phone: {{{TITLE}}}}}"


def facts(*fields: str, name: str = "complaint") -> str:
    lines = "\n".join(f"  {field}" for field in fields)
    return f"facts: {name}\n{TITLE}\nfields:\n{lines}"


def parameter(name: str) -> str:
    value = "{from: 2020-01-01, value: 1, confidence: high}"
    return f"parameter: {name}\n{TITLE}\nunit: hours\nstricter: lower\nvalues: [{value}]"


def field(words: Vocabulary, text: str) -> tuple[Field | None, list[Finding]]:
    found = Findings()
    return words.read_field(Word(text, Span("policy.yaml")), found, Wording("名", "Name")), found


def codes(found: Findings) -> list[tuple[str, int]]:
    return [(each.id, each.span.line) for each in found]


def test_a_type_is_basic_or_a_catalogue_or_a_list_of_them(words: Vocabulary) -> None:
    channel = words.catalogues["channel"].type
    title = Wording("名", "Name")
    assert field(words, "money") == (Field(MONEY, title=title), [])
    assert field(words, "money?") == (Field(MONEY, optional=True, title=title), [])
    assert field(words, "channel") == (Field(channel, title=title), [])
    assert field(words, "list[channel]?") == (Field(ListType(channel), True, title), [])
    assert field(words, "list[text]") == (Field(ListType(TEXT), title=title), [])


@pytest.mark.parametrize("text", ["money", "money?", "channel", "list[channel]?"])
def test_a_field_says_its_type_as_a_pack_writes_it(words: Vocabulary, text: str) -> None:
    assert str(field(words, text)[0]) == text


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("mony", "money"),
        ("chanel?", "channel?"),
        ("list[chanel]", "list[channel]"),
        ("string", "text"),
        ("list[bool]?", "list[boolean]?"),
        ("datetime", "instant"),
        ("list", None),
        ("list[]", None),
        ("list[list[text]]", None),
        ("list[text?]", None),
        ("money??", "money"),
        ("?", None),
        ("limit", None),
        ("dynamic", None),
        ("x" * 200, None),
    ],
)
def test_an_unknown_type_is_reported_with_the_word_that_was_meant(
    words: Vocabulary, text: str, suggestion: str | None
) -> None:
    nothing, found = field(words, text)
    assert nothing is None
    assert [(each.id, each.suggestion) for each in found] == [("TR114", suggestion)]
    assert found[0].wording.zh
    assert len(found[0].concise()) < 400


def test_a_catalogue_keeps_order_titles_and_clauses(words: Vocabulary) -> None:
    channel = words.catalogues["channel"]
    assert list(channel.codes) == ["phone", "mail"]
    assert channel.codes["phone"].title == ("电话", "Telephone")
    assert [str(clause) for clause in channel.codes["phone"].cites] == ["spec:7.1.2(3)"]
    assert channel.codes["mail"].cites == ()
    assert [str(clause) for clause in channel.cites] == ["spec:7.1.2(3)"]


def test_facts_keep_order_bounds_titles_and_clauses(words: Vocabulary) -> None:
    complaint = words.facts["complaint"]
    assert list(complaint.fields)[:3] == ["channel", "content", "repeats"]
    assert complaint.fields["content"].longest == 20
    assert (complaint.fields["repeats"].least, complaint.fields["repeats"].most) == (0, 99)
    assert complaint.fields["gain"].optional
    assert [str(clause) for clause in complaint.field_cites["channel"]] == ["spec:7.1.2(3)"]
    assert complaint.record_type.fields is complaint.fields


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("source", f"source: twice\n{TITLE}\nkind: law\nclauses: {{}}"),
        ("catalogue", f"catalogue: twice\n{TITLE}\ncodes: {{a: {{{TITLE}}}}}"),
        ("kind of facts", facts("a: {type: text, " + TITLE + "}", name="twice")),
        ("parameter", parameter("twice")),
    ],
)
def test_a_name_given_twice_points_at_both_places(link_files: Link, kind: str, text: str) -> None:
    _, found = link_files(text, text)
    assert [each.id for each in found] == ["TR112"]
    assert str(found[0].span).startswith("1.yaml:1:")
    assert str(found[0].related[0].span).startswith("0.yaml:1:")
    assert found[0].wording.en == f"the {kind} `twice` is defined twice"


def test_the_same_name_may_be_used_for_things_of_different_kinds(link_files: Link) -> None:
    words, found = link_files(
        CHANNEL, facts("kind: {type: channel, " + TITLE + "}", name="channel")
    )
    assert not found
    assert set(words.catalogues) == set(words.facts) == {"channel"}


@pytest.mark.parametrize("name", ["text", "money", "list", "map", "limit", "dynamic"])
def test_a_catalogue_cannot_have_the_name_of_a_type(link_files: Link, name: str) -> None:
    words, found = link_files(CHANNEL.replace("channel", name))
    assert codes(found) == [("TR120", 1)]
    assert name in found[0].wording.zh
    assert name in words.lost


@pytest.mark.parametrize("name", ["event", "parameters", "today", "in", "import"])
def test_a_fact_cannot_have_a_name_that_means_something_else_in_expressions(
    link_files: Link, name: str
) -> None:
    _, found = link_files(facts(f"{name}: {{type: text, {TITLE}}}"))
    assert codes(found) == [("TR120", 4)]
    assert name in found[0].wording.en


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: {type: text, TITLE, min: 1}", "TR120"),
        ("a: {type: date, TITLE, max: 1}", "TR120"),
        ("a: {type: integer, TITLE, max_length: 1}", "TR120"),
        ("a: {type: integer, TITLE, min: 2, max: 1}", "TR111"),
        ("a: {type: text, TITLE, max_length: 0}", "TR111"),
        ("a: {type: text, TITLE, effort: 0}", "TR111"),
        ("a: {type: text, TITLE, effort: 1001}", "TR111"),
        ("a: {type: text, TITLE, max_length: 1000001}", "TR111"),
        ("a: {type: mony, TITLE}", "TR114"),
        ("a: {type: text, TITLE, cites: nowhere:1}", "TR501"),
    ],
)
def test_a_fact_that_makes_no_sense_is_reported_on_its_line(
    link_files: Link, text: str, code: str
) -> None:
    _, found = link_files(facts(text.replace("TITLE", TITLE)))
    assert codes(found) == [(code, 4)]


def test_bounds_of_a_list_are_those_of_its_items(link_files: Link) -> None:
    words, found = link_files(facts("a: {type: 'list[integer]', " + TITLE + ", max: 3}"))
    assert not found
    assert words.facts["complaint"].read({"a": [1, 3]}) == {"a": (1, 3)}


@pytest.mark.parametrize(
    "text", [CHANNEL.partition("codes")[0] + "codes: {}", facts().rstrip() + " {}"]
)
def test_a_list_of_nothing_is_reported(link_files: Link, text: str) -> None:
    words, found = link_files(text)
    assert [each.id for each in found] == ["TR118"]
    assert words.lost


def test_every_mistake_of_a_file_is_found_at_once(link_files: Link) -> None:
    _, found = link_files(
        facts(
            f"a: {{type: mony, {TITLE}, cites: x}}",
            f"b: {{type: nmber, {TITLE}, cites: [x:1, y:1]}}",
        )
    )
    assert sorted(codes(found)) == [
        ("TR114", 4),
        ("TR114", 5),
        ("TR501", 5),
        ("TR501", 5),
        ("TR503", 4),
    ]


def test_what_hangs_on_a_reported_mistake_is_passed_over_in_silence(link_files: Link) -> None:
    words, found = link_files(
        CHANNEL.replace("channel", "money"),
        facts(f"a: {{type: colour, {TITLE}}}"),
        lost=("colour",),
    )
    assert [each.id for each in found] == ["TR120"]
    assert words.lost == {"colour", "complaint", "money"}
    assert not words.facts


def test_the_parameters_of_a_day_are_those_in_force(words: Vocabulary) -> None:
    today = words.parameters_on(date(2026, 3, 1))
    assert dict(today) == {"reply": words.parameters["reply"].on(date(2026, 3, 1)).value}
    assert len(today) == 1
    long_ago = words.parameters_on(date(1999, 1, 1))
    assert "reply" not in long_ago
    assert len(long_ago) == 0
    with pytest.raises(NotInForce, match="1999-01-01"):
        long_ago["reply"]
    with pytest.raises(KeyError):
        today["relpy"]


def test_parameters_have_a_type_for_expressions(words: Vocabulary) -> None:
    record = words.parameters_type
    assert record.fields["reply"].type is LIMIT
    assert record.fields["reply"].title == ("答复时限", "Time to answer")
