"""Whatever stands in a file of scenarios, it ends in findings or in results, and in nothing else."""

# ruff: noqa: E501 - an example a line reads best

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.findings import Findings
from telecom_rules.pack import link
from telecom_rules.scenarios.linking.link import draft_scenarios
from telecom_rules.scenarios.linking.link import link as link_scenarios
from telecom_rules.scenarios.run import run
from tests.scenarios.house import FLOW, PACK, POLICY

TITLE = "title: {zh: 测试, en: Test}"
FILES = (
    f"""{POLICY}given: {{loss: 49.99}}
tests:
  figure:
    {TITLE}
    cites: [book:1]
    examples:
      - {{then: {{grade: low}}, rule: low}}
      - {{given: {{loss: 50}}, on: 2024-12-31, then: {{grade: high}}}}
      - {{without: loss, needs: loss}}
      - {{on: 2019-01-01, error: not_in_force}}
""",
    f"""{FLOW}tests:
  noted:
    {TITLE}
    steps:
      - {{send: note, by: clerk, with: {{loss: 80}}, then: {{effects: [{{effect: tell, with: {{loss: 80}}}}]}}}}
      - {{send: close, by: boss, after: 2 working days, refused: {{because: guard, cites: book:2}}}}
      - {{wait: clocks.reply.warning, then: {{state: open, due: {{reply: 2026-03-17}}, warnings: reply}}}}
  late:
    {TITLE}
    from: noted
    steps:
      - {{wait: clocks.reply.expiry, then: {{breaches: reply, policies: {{grading: {{grade: high}}}}}}}}
      - {{send: note, by: clerk, with: {{loss: 1}}, at: 2026-03-20 09:00}}
    then: {{state: open, facts: {{loss: 1}}, absent: grade, breaches: none}}
""",
)  # fmt: skip
WORDS = sorted({word for text in FILES for word in text.replace(",", " ").split()} | {
    "none", "~", "''", "-1", "1e9", "9999-12-31 23:59", "0001-01-01 00:00", "36500 days",
    "1200 months", "36500 working days", "clocks.reply", "[]", "{}", "[[a]]", "true", "闭",
})  # fmt: skip


@pytest.fixture(scope="module")
def pack():
    reading = link({name: text.encode() for name, text in PACK.items()})
    assert reading.pack is not None
    return reading.pack


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A file of scenarios in which some words, lines or characters are others."""
    lines = draw(st.sampled_from(FILES)).split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(("word", "word", "word", "cut", "twice", "letter")))
        if how == "word":
            words = lines[at].split(" ")
            words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(WORDS))
            lines[at] = " ".join(words)
        elif how == "cut":
            del lines[at]
            lines = lines or [""]
        elif how == "twice":
            lines.insert(at, lines[at])
        else:
            lines[at] += draw(st.characters(codec="utf-8"))
    return "\n".join(lines).encode()


@given(data=damaged())
def test_a_damaged_file_ends_in_findings_or_results(pack, data):
    found = Findings()
    linked = link_scenarios(draft_scenarios({"scenarios/x.yaml": data}, found), pack, found)
    results = run(linked, pack, observe=True)
    every = [*found, *(finding for each in results for finding in each.findings)]
    assert all(each.span.file == "scenarios/x.yaml" for each in every)
    assert all(each.concise("zh") and each.concise("en") for each in every)


def test_the_files_that_are_damaged_are_whole_otherwise(pack):
    for text in FILES:
        found = Findings()
        linked = link_scenarios(
            draft_scenarios({"scenarios/x.yaml": text.encode()}, found), pack, found
        )
        assert found == []
        assert len(linked) in {1, 2}
