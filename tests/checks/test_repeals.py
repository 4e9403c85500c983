"""Law that is cited on days on which it is not in force, and figures nobody has verified."""

from __future__ import annotations

import pytest

from telecom_rules.checks import check
from telecom_rules.pack import link

PACK = """\
pack: house
version: 1.0.0
$t
utc_offset: "+08:00"
require_cites: false
require_titles: false
"""
OLD = """\
source: old_rule
$t
kind: rule
in_force: {from: 2015-06-30, until: 2026-05-01}
repealed_by: new_rule
clauses: {"18": {$t}}
"""
NEW = """\
source: new_rule
$t
kind: rule
in_force: {from: 2026-05-01}
clauses: {"21": {$t}}
"""
LAW = """\
source: law
$t
kind: law
version: "2025"
in_force: {from: 2026-01-01}
earlier: {"2016": {from: 2017-06-01}}
clauses:
  "21": {$t, in_force: {from: 2017-06-01, until: 2026-01-01}}
  "61": {$t, aliases: {"2016": "59"}}
  "61(3)": {$t, in_force: {from: 2026-01-01}}
"""
STANDARD = "source: standard\n$t\nkind: standard\nclauses: {'8': {$t}}\n"
TICKET = "facts: ticket\n$t\nfields: {days: {type: integer, $t}}\n"
KEPT = """\
parameter: kept
$t
unit: none
type: integer
stricter: higher
values: [{from: 2015-06-30, value: 5, cites: standard:8, confidence: high}]
"""
DUTIES = """\
policy: duties
$t
facts: ticket
checks:
  - id: kept
    $t
    require: days >= parameters.kept
    remedy: {zh: 改, en: Mend}
"""


def told(**texts: str) -> list[str]:
    """Return what is found in the small pack with some of its files replaced."""
    small = {
        "pack": PACK,
        "old": OLD,
        "new": NEW,
        "law": LAW,
        "standard": STANDARD,
        "ticket": TICKET,
        "kept": KEPT,
        "duties": DUTIES,
    } | texts
    reading = link(
        {
            f"{name}.yaml": text.replace("$t", "title: {zh: 名, en: Name}").encode()
            for name, text in small.items()
        }
    )
    assert [each.concise() for each in reading.findings] == []
    found = check(reading)
    assert all(each.wording.zh and each.help and each.help.zh for each in found)
    return [each.concise() for each in found]


def figure(*values: str) -> str:
    lines = "\n".join(f"  - {{{each}, confidence: high}}" for each in values)
    return f"{KEPT.partition('values')[0]}values:\n{lines}\n"


def rule(cites: str, extra: str = "") -> str:
    return f"{DUTIES}    cites: {cites}\n{extra}"


def test_a_pack_that_cites_what_is_in_force_is_clean() -> None:
    assert told() == []
    assert told(duties=rule("law:61")) == []


def test_a_figure_that_outlives_the_rule_it_cites_is_named_where_it_cites() -> None:
    values = ("from: 2015-06-30, value: 5, cites: [standard:8, old_rule:18]",)
    assert told(kept=figure(*values)) == [
        (
            "kept.yaml:7:54: error[TR605] `old_rule:18` ceases to be in force on 2026-05-01,"
            " but the value `kept.2015-06-30` still cites it (end it that day (`until`,"
            " `in_force`), or cite `new_rule`)"
        )
    ]


def test_a_figure_that_ends_with_the_rule_is_well_cited() -> None:
    followed = (
        "from: 2015-06-30, value: 5, cites: old_rule:18",
        "from: 2026-05-01, value: 6, cites: new_rule:21",
    )
    ended = ("from: 2015-06-30, until: 2026-05-01, value: 5, cites: old_rule:18",)
    assert told(kept=figure(*followed)) == []
    assert told(kept=figure(*ended)) == []
    late = (followed[0], followed[1].replace("2026-05-01", "2026-05-02"))
    assert [each.split()[1] for each in told(kept=figure(*late))] == ["error[TR605]"]


@pytest.mark.parametrize(
    ("cites", "instead"),
    [
        ("old_rule:18", "`new_rule`"),
        ("law@2016:59", "`law:61`"),
        ("law:21", "a clause in force at that time"),
    ],
)
def test_a_rule_without_an_end_cites_nothing_that_has_ended(cites: str, instead: str) -> None:
    (found,) = told(duties=rule(cites))
    assert found.startswith("duties.yaml:9:12: error[TR605]")
    assert found.endswith(f"or cite {instead})")
    assert "check `duties.kept` still cites it" in found


@pytest.mark.parametrize("cites", ["[old_rule:18, new_rule:21]", "[law@2016:59, law:61]"])
def test_a_rule_under_both_regimes_cites_both(cites: str) -> None:
    assert told(duties=rule(cites)) == []


def test_a_clause_of_something_else_does_not_stand_in_for_what_was_repealed() -> None:
    assert len(told(duties=rule("[old_rule:18, standard:8, law:61]"))) == 1


def test_a_rule_in_force_until_the_repeal_is_well_cited() -> None:
    until = "    in_force: {from: 2015-06-30, until: 2026-05-01}\n"
    assert told(duties=rule("old_rule:18", until)) == []
    whole = rule("old_rule:18").replace(
        "facts: ticket", "facts: ticket\nin_force: {from: 2015-06-30, until: 2026-05-01}"
    )
    assert told(duties=whole) == []


def test_a_figure_that_begins_before_its_law_is_named() -> None:
    early = figure("from: 2014-01-01, value: 5, cites: law:61(3)")
    assert told(kept=early) == [
        (
            "kept.yaml:7:41: warning[TR606] the value `kept.2014-01-01` starts on 2014-01-01,"
            " when none of its cited clauses is in force"
            " (correct the date, or cite a clause that was in force then)"
        )
    ]
    assert told(kept=early.replace("law:61(3)", "[law:61(3), standard:8]")) == []
    assert told(kept=early.replace("2014-01-01", "2026-01-01")) == []


def test_an_unverified_figure_fails_nobody() -> None:
    low = KEPT.replace("high}]", "low}]")
    assert told(kept=low) == [
        (
            "duties.yaml:5:9: error[TR607] the check `kept` is of severity `error`, but rests on"
            " the figure `kept` (unverified) (set its `severity` to `advice` at most, or verify"
            " first what it rests on)"
        )
    ]
    assert "TR607" in told(kept=low, duties=f"{DUTIES}    severity: warning\n")[0]
    assert told(kept=low, duties=f"{DUTIES}    severity: advice\n") == []


def test_codes_facts_and_states_are_looked_at_too() -> None:
    kind = "catalogue: kind\n$t\ncodes: {a: {$t, cites: old_rule:18}}\n"
    assert [each.split()[0] for each in told(kind=kind)] == ["kind.yaml:3:46:"]
    fact = TICKET.replace("integer, $t", "integer, $t, cites: old_rule:18")
    assert "fact `ticket.days` still cites it" in told(ticket=fact)[0]
    flow = """\
workflow: flow
version: 1.0.0
$t
facts: ticket
initial: open
events: {go: {$t, cites: old_rule:18}}
clocks: {limit: {$t, from: open, until: done, limit: 5 days, cites: old_rule:18}}
states:
  open: {$t, cites: old_rule:18, on: {go: {target: done, cites: old_rule:18}}}
  done: {$t, type: final}
"""
    kinds = [each.partition("but the ")[2].partition(" still cites")[0] for each in told(flow=flow)]
    assert kinds == [
        "event `flow.go`",
        "clock `flow.limit`",
        "state `flow.open`",
        "transition `flow.open.go`",
    ]
