"""An optional fact may be read where something before has made sure that it is there."""

from __future__ import annotations

import pytest

from tests.expressions.expression_samples import mistakes, written


@pytest.mark.parametrize(
    "text",
    [
        "has(fine) && fine > 3",
        "is_crime && has(fine) && count > 1 && fine > 3",
        "!has(fine) || fine > 3",
        "!(has(fine) && is_crime) || fine > 3",
        "!!has(fine) && fine > 3",
        "has(fine) ? fine > 3 : is_crime",
        "!has(fine) ? is_crime : fine > 3",
        "has(fine) && (fine > 3 || fine < 1)",
        "(is_crime || !has(fine)) || fine > 3",
        "has(fine) && has(ended_on) && fine > 3 && ended_on < today",
        "(has(fine) && is_crime) || (has(fine) && is_grave) ? fine > 3 : false",
        "(is_crime ? has(fine) && is_grave : has(fine)) && fine > 3",
        "has(event.note) && event.note != ''",
        "has(policies.grading.fee) && policies.grading.fee > 3",
        "has(fine) && counts.all(c, fine > 3)",
        "counts.filter(c, has(fine) && fine > 3) == []",
        "counts.map(c, has(fine), fine) == []",
    ],
)
def test_reading_after_asking_is_safe(text):
    written(text)


@pytest.mark.parametrize(
    "text",
    [
        "fine > 3",
        "fine > 3 && has(fine)",
        "has(fine) || fine > 3",
        "!has(fine) && fine > 3",
        "has(ended_on) && fine > 3",
        "(has(fine) || is_crime) && fine > 3",
        "!(has(fine) && is_crime) && fine > 3",
        "has(fine) ? is_crime : fine > 3",
        "(has(fine) && is_crime) == fine > 3",
        "(has(fine) && is_crime) ? is_grave : fine > 3",
        "(is_crime ? has(fine) : is_grave) && fine > 3",
        "has(event.note) && has(fine) && remark != ''",
        "has(fine) && ['a'].all(fine, .fine > 3)",
        "counts.map(c, has(fine)) == [] && fine > 3",
    ],
)
def test_reading_without_asking_is_a_mistake(text):
    assert [each.id for each in mistakes(text)] == ["TR205"]


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("has(fine) && fine > 3", {"fine"}),
        ("has(.fine) && has(event.note)", {"fine", "event.note"}),
        ("(has(fine) && is_crime) || (has(fine) && is_grave)", {"fine"}),
        ("is_crime ? has(fine) : (has(fine) && is_grave)", {"fine"}),
        ("!(!has(fine) || is_crime)", {"fine"}),
        ("has(fine) || is_crime", set()),
        ("!has(fine)", set()),
        ("counts.exists(c, has(fine))", set()),
    ],
)
def test_an_expression_says_what_is_there_whenever_it_holds(text, there):
    assert written(text).ensures == there
