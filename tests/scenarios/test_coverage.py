"""How much of a pack scenarios see: what counts, what does not, and what is said to be missing."""

# ruff: noqa: E501 - an example a line reads best

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telecom_rules import scenarios
from telecom_rules.pack import read
from tests.scenarios.house import CHECKS, FLOW, PACK, POLICY, write

if TYPE_CHECKING:
    from telecom_rules.scenarios import Coverage

TITLE = "title: {zh: 测试, en: Test}"
GRADING = f"""{POLICY}tests:
  figure: {{{TITLE}, cites: book:1, examples: [
    {{given: {{loss: 49.99}}, then: {{grade: low}}}},
    {{given: {{loss: 50}}, then: {{grade: high}}}},
    {{given: {{loss: 50.01}}, then: {{grade: high}}}}]}}
  before: {{{TITLE}, on: 2024-12-31, given: {{loss: 50}}, then: {{grade: low}}}}
"""
CONDUCT = f"""{CHECKS}tests:
  none: {{{TITLE}, given: {{loss: 5}}, checks: {{graded: fail}}}}
  small: {{{TITLE}, examples: [
    {{given: {{grade: low, loss: 99.99}}, then: {{verdict: pass}}}},
    {{given: {{grade: low, loss: 100}}, then: {{verdict: fail}}}},
    {{given: {{grade: high, loss: 100.01}}, then: {{verdict: pass}}}}]}}
"""
HANDLING = f"""{FLOW}tests:
  kept:
    {TITLE}
    steps:
      - {{send: note, by: clerk, with: {{loss: 80}}}}
      - {{send: close, by: boss, refused: guard}}
      - {{send: note, by: clerk, with: {{loss: 10}}}}
      - {{send: close, by: boss, then: closed}}
  broken:
    {TITLE}
    steps:
      - {{wait: clocks.reply.expiry}}
"""
COSTS = f"""{POLICY.replace("grading", "costs")}tests:
  fee: {{{TITLE}, examples: [
    {{given: {{loss: -0.01}}, then: {{cost: []}}}},
    {{given: {{loss: 0}}, then: {{cost: []}}}},
    {{given: {{loss: 0.01}}, then: {{cost: [5]}}}},
    {{given: {{loss: 99.99}}, then: {{cost: [5]}}}},
    {{given: {{loss: 100}}, then: {{cost: [5]}}}},
    {{given: {{loss: 100.01}}, then: {{cost: [5, 100.01]}}}}]}}
"""
WHOLE = {"grading": GRADING, "conduct": CONDUCT, "handling": HANDLING, "costs": COSTS}


def measured(root, **files: str) -> Coverage:
    write(root, **files)
    reading = read(root)
    written = scenarios.read(root, reading.pack)
    assert written.findings == (), [each.concise() for each in written.findings]
    return scenarios.measure(scenarios.run(written.scenarios, reading.pack, observe=True), reading)


def missing(coverage: Coverage) -> set[str]:
    return {f"{each.name}: {each.what.en}" for share in coverage.shares for each in share.missing}


def test_scenarios_that_see_everything_are_a_hundred_percent(tmp_path):
    coverage = measured(tmp_path, **WHOLE)
    assert missing(coverage) == set()
    assert coverage.percent == 100
    assert {str(each.kind): each.total for each in coverage.shares} == {
        "rule": 4, "condition": 14, "check": 4, "transition": 3, "guard": 2, "clock": 3,
        "property": 1, "boundary": 12, "in_force": 2,
    }  # fmt: skip


def test_without_scenarios_everything_is_missing_each_with_its_place(tmp_path):
    coverage = measured(tmp_path)
    assert coverage.percent == 0
    assert all(each.covered == 0 for each in coverage.shares)
    places = {f"{each.name}: {each.what.en}": str(each.span)
              for share in coverage.shares for each in share.missing}  # fmt: skip
    assert places["grading/high: decides"] == "policies/grading.yaml:8:10"
    assert (
        places["grading/high: `loss >= parameters.threshold`: just under"]
        == "policies/grading.yaml:8:22"
    )
    assert places["handling/open/overdue: to open"] == "workflows/handling.yaml:40:7"
    assert places["handling/reply: breached"] == "workflows/handling.yaml:14:3"
    assert places["threshold: CNY 50 (from 2025-01-01 on)"] == "parameters/threshold.yaml:7:5"


def test_a_day_before_a_change_is_needed(tmp_path):
    files = WHOLE | {"grading": GRADING.partition("  before:")[0]}
    assert missing(measured(tmp_path, **files)) == {"threshold: CNY 100 (from 2020-01-01 on)"}


@pytest.mark.parametrize(
    ("group", "old", "new", "expected"),
    [
        ("grading", "loss: 49.99", "loss: 49", {"grading/high: `loss >= parameters.threshold`: just under"}),
        ("grading", "loss: 50.01", "loss: 51", {"grading/high: `loss >= parameters.threshold`: just over"}),
        ("conduct", "loss: 99.99", "loss: 99", {"conduct/small: `loss < 100`: just under"}),
        ("handling", "wait: clocks.reply.expiry", "wait: clocks.reply.deadline",
         {"handling/open/overdue: to open", "handling/reply: breached"}),
        ("handling", "wait: clocks.reply.expiry", "wait: 1 day",
         {"handling/open/overdue: to open", "handling/reply: breached", "handling/reply: warned"}),
        ("handling", "{loss: 80}}\n      - {send: close, by: boss, refused: guard}", "{loss: 8}}",
         {"handling/open/close: `policies.grading.grade == 'low'` is false"}),
    ],
)  # fmt: skip
def test_what_a_scenario_no_longer_shows_is_missing(tmp_path, group, old, new, expected):
    assert old in WHOLE[group]
    files = WHOLE | {group: WHOLE[group].replace(old, new)}
    assert missing(measured(tmp_path, **files)) == expected


def test_what_a_scenario_shows_that_does_not_come_true_does_not_count(tmp_path):
    files = WHOLE | {"handling": HANDLING.replace("expiry}", "expiry, then: closed}")}
    assert "handling/reply: breached" in missing(measured(tmp_path, **files))


def test_policies_that_guards_ask_are_seen(tmp_path):
    coverage = measured(tmp_path, handling=HANDLING)
    assert {"grading/high: decides", "grading/low: decides"} & missing(coverage) == set()


def test_what_a_scenario_goes_on_from_counts_for_it(tmp_path):
    text = (
        FLOW
        + f"""tests:
  late: {{{TITLE}, steps: [{{wait: clocks.reply.expiry}}]}}
  end: {{{TITLE}, from: late, cites: book:2, steps: [{{send: close, by: boss, then: closed}}]}}
"""
    )
    assert measured(tmp_path, handling=text).findings == ()


def test_a_clause_on_which_nothing_rests_is_cited_in_vain(tmp_path):
    vain = GRADING.replace("cites: book:1", "cites: [book:1, book:2]")
    (finding,) = measured(tmp_path, grading=vain).findings
    assert (finding.id, str(finding.severity)) == ("TR740", "warning")
    assert finding.span.file == "scenarios/grading.yaml"
    assert "`book:2`" in finding.wording.en


def test_clauses_of_a_specification_must_be_named_where_something_rests_on_them(tmp_path):
    write(tmp_path)
    book = tmp_path / "sources" / "book.yaml"
    text = book.read_text("utf-8").replace("kind: rule", "kind: specification")

    def clauses(**files: str) -> set[str]:
        write(tmp_path, **files)
        book.write_text(text, "utf-8")
        reading = read(tmp_path)
        written = scenarios.read(tmp_path, reading.pack)
        results = scenarios.run(written.scenarios, reading.pack, observe=True)
        shares = scenarios.measure(results, reading).shares
        (share,) = (each for each in shares if each.kind == "clause")
        return {each.name for each in share.missing}

    assert clauses(**WHOLE) == {"book:2"}
    assert clauses(**WHOLE, more=FLOW.replace("scenarios: handling", "scenarios: more") + f"""tests:
  it: {{{TITLE}, cites: book:2, steps: [{{send: close, by: boss}}]}}
""") == set()  # fmt: skip


def test_the_condition_of_an_action_has_to_be_seen_both_ways(tmp_path, monkeypatch):
    text = PACK["workflows/handling.yaml"]
    assert "{effect: tell, with: {loss: event.loss}}" in text
    again = text.replace("{effect: tell, with", "{effect: tell, when: loss >= 50, with")
    monkeypatch.setitem(PACK, "workflows/handling.yaml", again)
    assert missing(measured(tmp_path, **WHOLE)) == {
        "handling/open: `loss >= 50`: at the figure",
        "handling/open: `loss >= 50`: just over",
        "handling/open: `loss >= 50`: just under",
    }
    silent = WHOLE | {"handling": HANDLING.replace("{loss: 80}", "{loss: 8}")}
    assert "handling/open: `loss >= 50` is true" in missing(measured(tmp_path, **silent))


def test_the_condition_of_an_effect_sees_the_policies_on_the_facts_set_before_it(
    tmp_path, monkeypatch
):
    text = PACK["workflows/handling.yaml"]
    told = "{effect: tell, with: {loss: event.loss}}"
    assert told in text
    monkeypatch.setitem(
        PACK,
        "workflows/handling.yaml",
        text.replace(told, f"{told[:-1]}, when: policies.grading.grade == 'high'}}"),
    )
    once = (
        f"{FLOW}tests: {{it: {{{TITLE}, steps: [{{send: note, by: clerk, with: {{loss: 80}}}}]}}}}"
    )
    condition = "handling/open: `policies.grading.grade == 'high'` is"
    lacking = missing(measured(tmp_path, **WHOLE | {"handling": once + "\n"}))
    assert f"{condition} true" not in lacking
    assert f"{condition} false" in lacking
