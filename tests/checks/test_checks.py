"""The checks say what a compliance officer wants to know before rules are used."""

from __future__ import annotations

import pytest

from telecom_rules.checks import check
from telecom_rules.pack import link, read
from tests.pack.house import HOUSE, broken, house


def told(files: dict[str, bytes], *, release: bool = False) -> list[tuple[str, str]]:
    found = check(link(files), release=release)
    return [(str(finding.span), finding.wording.en) for finding in found]


def test_a_pack_in_which_all_cite_a_clause_has_nothing_to_be_said_against_it() -> None:
    assert told(house()) == []


UNCITED = [
    ("catalogues/grade.yaml", "cites: [book:1]\n", "", "1:12", "catalogue `grade`"),
    ("facts/ticket.yaml", "cites: [book:1]\n", "", "1:8", "kind of facts `ticket`"),
    ("parameters/reply.yaml", " cites: [book:2],", "", "6:5", "value `reply.2020-01-01`"),
    ("policies/grading.yaml", "cites: [book:1]\n", "", "1:9", "policy `grading`"),
    ("policies/grading.yaml", "low}, cites: [book:1]}", "low}}", "9:10", "rule `grading.low`"),
    ("workflows/handling.yaml", "    cites: [book:2]\ninit", "init",
     "9:3", "clock `handling.reply`"),
    ("workflows/handling.yaml", "    cites: [book:2]\n    on", "    on",
     "17:3", "state `handling.open`"),
    ("workflows/handling.yaml", "'low', cites: [book:2]", "'low'",
     "21:7", "transition `handling.open.close`"),
    ("workflows/handling.yaml", "final, cites: [book:2]", "final",
     "22:3", "state `handling.closed`"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "cited", "bare", "place", "element"), UNCITED)
def test_an_element_that_cites_no_clause_is_named(
    file: str, cited: str, bare: str, place: str, element: str
) -> None:
    said = f"the {element} cites no clause"
    assert told(broken(file, cited, bare)) == [(f"{file}:{place}", said)]


def test_a_pack_may_switch_the_citations_off() -> None:
    files = broken("policies/grading.yaml", "cites: [book:1]\n", "")
    files["pack.yaml"] += b"require_cites: false\n"
    assert told(files) == []


def test_figures_nobody_verified_are_listed_before_a_release_and_never_fail_it() -> None:
    assert told(house()) == []
    ((place, text),) = told(house(), release=True)
    assert place == "parameters/threshold.yaml:7:5"
    assert text == "the value of `threshold` is unverified (confidence: low)"
    assert HOUSE["parameters/threshold.yaml"].splitlines()[6].endswith("confidence: low}")


def test_the_shipped_pack_cites_a_clause_everywhere() -> None:
    reading = read()
    assert reading.findings == ()
    assert check(reading) == ()
