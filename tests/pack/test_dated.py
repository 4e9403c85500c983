"""A case cites the law by the numbers of the day on which something happened."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from telecom_rules.pack import Pack, link
from telecom_rules.workflows import Accepted, Refused

ZONE = timezone(timedelta(hours=8))
FILES = {
    "pack.yaml": 'pack: p\nversion: 1.0.0\n$t\nutc_offset: "+08:00"\n',
    "law.yaml": """\
source: law
title: {zh: 网络法, en: Network Law}
kind: law
version: "2025"
in_force: {from: 2026-01-01}
earlier: {"2016": {from: 2017-06-01}}
clauses:
  "26": {$t, aliases: {"2016": "24"}}
  "27": {$t, aliases: {"2016": "25"}}
""",
    "facts.yaml": "facts: event\n$t\nfields: {known: {type: boolean, $t}}\n",
    "flow.yaml": """\
workflow: flow
version: 1.0.0
$t
facts: event
events: {report: {$t, cites: law:27}}
initial: open
states:
  open: {$t, cites: law:26, on: {report: {target: done, guard: known, cites: law:27}}}
  done: {$t, type: final, cites: law:27}
""",
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    texts = {
        name: text.replace("$t", "title: {zh: 名, en: Name}").encode()
        for name, text in FILES.items()
    }
    reading = link(texts)
    assert reading.pack is not None, reading.findings
    return reading.pack


LAST, FIRST = (datetime(2025, 12, 31, 23, 59, tzinfo=ZONE), datetime(2026, 1, 1, tzinfo=ZONE))


@pytest.mark.parametrize(
    ("at", "cites", "told"),
    [(LAST, "law@2016:25", "（2016年文本）第25条"), (FIRST, "law:27", "《网络法》第27条")],
)
def test_what_is_taken_is_cited_by_the_text_of_its_day(
    pack: Pack, at: datetime, cites: str, told: str
) -> None:
    case = pack.workflows["flow"].start({"known": True}, at=LAST - timedelta(days=9), id="1")
    outcome = case.send("report", at=at)
    assert isinstance(outcome, Accepted)
    assert str(outcome.cites[0]) == cites
    assert {clause.version for clause in outcome.cites} == {outcome.cites[0].version}
    assert told in outcome.explain("zh")


@pytest.mark.parametrize(("at", "cites"), [(LAST, "law@2016:25"), (FIRST, "law:27")])
def test_what_is_refused_is_cited_by_the_text_of_its_day(
    pack: Pack, at: datetime, cites: str
) -> None:
    case = pack.workflows["flow"].start({"known": False}, at=LAST - timedelta(days=9), id="1")
    outcome = case.send("report", at=at)
    assert isinstance(outcome, Refused)
    assert cites in map(str, outcome.cites)
    place = "(text of 2016), Art. 25" if at == LAST else "Network Law, Art. 27"
    assert place in outcome.explain("en")


def test_the_day_is_that_of_the_pack_wherever_the_instant_was_written(pack: Pack) -> None:
    case = pack.workflows["flow"].start({"known": True}, at=LAST - timedelta(days=9), id="1")
    abroad = FIRST.astimezone(timezone(timedelta(hours=-8)))
    assert abroad.year == 2025
    assert str(case.send("report", at=abroad).cites[0]) == "law:27"
