"""Decision tables come back from DMN as they went, and what DMN says otherwise is refused."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from telecom_rules.errors import NotInForce, TelecomRulesError
from telecom_rules.findings import Findings
from telecom_rules.interop import NotExpressible, NotImportable, from_dmn, to_dmn
from telecom_rules.interop.markup import read_markup
from telecom_rules.pack import Pack, gather_files, link
from tests.rules.records import records
from tests.shipped import shipped

RULES = Path(__file__).resolve().parents[2] / "rules"
DAY = date(2026, 3, 1)
HOUSE = {
    "pack.yaml": """
pack: house
version: 1.0.0
title: {zh: 规则, en: House}
utc_offset: "+08:00"
require_cites: false
""",
    "catalogues/grade.yaml": """
catalogue: grade
title: {zh: 等级, en: Grade}
codes:
  low: {title: {zh: 低, en: Low}}
  mid: {title: {zh: 中, en: Mid}}
  high: {title: {zh: 高, en: High}}
""",
    "parameters/most.yaml": """
parameter: most
title: {zh: 上限, en: Most}
unit: times
stricter: lower
kind: setting
values:
  - {from: 2020-01-01, value: 3, until: 2026-01-01}
  - {from: 2026-01-01, value: 2}
""",
    "facts/item.yaml": """
facts: item
title: {zh: 事项, en: Item}
fields:
  grade: {type: grade, title: {zh: 等级, en: Grade}}
  count: {type: integer, title: {zh: 次数, en: Count}}
  gain: {type: money, title: {zh: 所得, en: Gain}}
  share: {type: "decimal?", title: {zh: 份额, en: Share}}
  crime: {type: boolean, title: {zh: 犯罪, en: Crime}}
  name: {type: text, title: {zh: 名称, en: Name}}
  told_on: {type: date, title: {zh: 告知日, en: Told on}}
""",
}


def pack_of(**policies: str) -> Pack:
    files = {**HOUSE, **{f"policies/{name}.yaml": text for name, text in policies.items()}}
    reading = link({name: text.encode() for name, text in files.items()})
    assert reading.pack is not None, [each.concise() for each in reading.findings]
    return reading.pack


CELLS = {
    "grade": ["-", "low", "mid, high", "not(low)"],
    "count": ["-", "> 2", "<= 0", "1, 3", "[0..2]", "(1..4)", "]1..4[", "not(2)", "< 0, > 3"],
    "gain": ["-", ">= 5000", "[0.50..10000)", "< 99.99", "not(< 1, > 100)"],
    "share": ["-", "> 0.5", "0.25"],
    "crime": ["-", "true", "false"],
    "name": ["-", '"a"', '"甲", "b c"', 'not("a\\"b")'],
    "told_on": ["-", "< 2026-01-01", "[2025-01-01..2026-06-30]", "2026-03-01"],
}
CONDITIONS = [
    "crime", "!crime", "grade == 'high'", "grade != 'low'", "grade in ['low', 'mid']",
    "!(grade in ['low'])", "count > 1", "2 >= count", "count == 1 || count == 3", "count != -1",
    "gain >= 0.50 && gain < 10000", "has(share) && share > 0.5", "name == 'b c'",
    "told_on < date('2026-01-01')", "gain > 99.99 || gain <= 0", "crime || count > 2",
    "(crime && grade == 'low') || told_on >= date('2026-03-01')", "count >= parameters.most",
]  # fmt: skip
GIVEN = {
    "grade": ["low", "mid", "high"],
    "count": [-1, 0, 1, 2, 3, 4, 9, None],
    "gain": ["0.00", "0.50", "99.99", "5000", "10000"],
    "share": ["0.25", "0.5", "0.75", None],
    "crime": [True, False, None],
    "name": ["a", "甲", "b c", 'a"b'],
    "told_on": ["2024-12-31", "2025-01-01", "2026-03-01", "2026-06-30"],
}
RESULTS = {
    "level": ("grade", ["low", "mid", "high"]),
    "fine": ("money", ["0", "100.50", "gain * 2", "gain + 10"]),
    "points": ("integer", ["1", "-2", "count + 1", "count * 2 - 1"]),
    "stop": ("boolean", ["true", "false", "crime"]),
    "why": ("text", ["'a'", "name", "'甲 \"乙\"'"]),
    "by": ("date?", ["date('2026-03-01')", "told_on", None]),
}
RANKED = ("priority", "output_order")
HITS = ("unique", "first", "any", "priority", "collect", "rule_order", "output_order")


@st.composite
def tables(draw: Any) -> str:
    """Return a random table."""
    hit = draw(st.sampled_from(HITS))
    aggregation = draw(st.sampled_from([None, "sum", "min", "max", "count"]))
    aggregation = aggregation if hit == "collect" else None
    columns = draw(st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=3, unique=True))
    names = ["level"] if hit in RANKED else []
    if aggregation:
        names = [draw(st.sampled_from(["fine", "points"]))]
    else:
        others = [name for name in RESULTS if name not in names]
        names += draw(st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True))
    outputs: dict[str, Any] = {name: {"type": RESULTS[name][0]} for name in names}
    if hit in RANKED:
        outputs["level"]["values"] = ["high", "low", "mid"]
    row = st.fixed_dictionaries({name: st.sampled_from(RESULTS[name][1]) for name in names})
    several = st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=3, unique=True)
    conditions = several.map(lambda parts: " && ".join(f"({each})" for each in parts))
    rules = [
        {
            "id": f"r{number}",
            "when": draw(conditions)
            if draw(st.booleans())
            else {name: draw(st.sampled_from(CELLS[name])) for name in columns},
            "then": {name: value for name, value in draw(row).items() if value is not None},
        }
        for number in range(draw(st.integers(1, 4)))
    ]
    table: dict[str, Any] = {
        "policy": "table",
        "title": {"zh": "表", "en": "Table"},
        "facts": "item",
        "hit_policy": hit,
        "outputs": outputs,
        "rules": rules,
    }
    if aggregation:
        table["aggregation"] = aggregation
    if draw(st.booleans()) and aggregation != "count":
        table["default"] = {name: value for name, value in draw(row).items() if value is not None}
    return json.dumps(table, ensure_ascii=False)


RECORDS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in GIVEN.items()})


@settings(
    max_examples=max(120, settings.default.max_examples // 4),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(tables(), st.lists(RECORDS, min_size=8, max_size=8))
def test_a_table_that_went_to_dmn_and_back_decides_alike(
    text: str, records: list[dict[str, object]]
) -> None:
    policy = pack_of(table=text).policies["table"]
    try:
        written = to_dmn(policy, on=DAY)
    except NotExpressible:
        event("conditions that are no cells")
        return
    imported = from_dmn(written)
    assert {each.id for each in imported.findings} <= {"TR805"}
    twin = pack_of(table=imported.files["policies/table.yaml"]).policies["table"]
    for record in records:
        facts = {name: value for name, value in record.items() if value is not None}
        assert decided(policy, facts) == decided(twin, facts)


def decided(policy: Any, facts: dict[str, object]) -> object:
    try:
        decision = policy.decide(facts, on=DAY)
    except TelecomRulesError as problem:
        return type(problem)
    rule = decision.rule and decision.rule.id.split("_")[0]  # `r_2` where a row became several
    return dict(decision.outputs), rule, set(decision.missing)


NOT_IN_FEEL = {
    # limits that only a calendar counts
    "appeal_admissibility", "installation_limit", "late_installation", "prepaid_refund",
    # the verdict of a checklist
    "conduct_remedy",
}  # fmt: skip
ROUNDED = {"plan_change", "rental_waiver", "satisfaction_indicators"}
"""Tables with `round down` of FEEL, which has no counterpart for exact numbers here."""


@cache
def write_shipped() -> dict[str, str]:
    written = {}
    for name, policy in shipped().policies.items():
        with suppress(NotExpressible, NotInForce):
            written[name] = to_dmn(policy, on=DAY)
    return written


@pytest.mark.slow
def test_shipped_tables_that_went_to_dmn_and_back_decide_alike() -> None:
    tables = {name for name, each in shipped().policies.items() if not each.checks}
    written = write_shipped()
    assert tables - written.keys() == NOT_IN_FEEL
    made: dict[str, str] = {}
    for name in written.keys() - ROUNDED:
        imported = from_dmn(written[name])
        assert f"policies/{name}.yaml" in imported.files
        made |= imported.files
    replaced = {each.split("/")[-1].removesuffix(".yaml").encode() for each in made}
    files = {
        name: text
        for name, text in gather_files(RULES, Findings()).items()
        if not replaced & set(re.findall(rb"(?m)^policy: (\w+)$", text))
    }
    twins = link({**files, **{name: text.encode() for name, text in made.items()}}).require_pack()
    for name in sorted(written.keys() - ROUNDED):
        policy = shipped().policies[name]
        for record in islice(records(policy, Random(name)), 40):  # noqa: S311 - samples
            assert decided(policy, record) == decided(twins.policies[name], record), name


def test_policies_that_ask_one_another_become_a_graph_of_decisions() -> None:
    root = read_markup(write_shipped()["violation_penalty"], "a", Findings())
    assert root is not None
    requires = {
        each.attributes["name"]: [
            needed.attributes["href"]
            for one in each.iter_named("informationRequirement")
            for needed in one.iter_named("requiredDecision")
        ]
        for each in root.iter_named("decision")
    }
    assert requires == {
        "violation_article": [],
        "violation_fine": ["#violation_article"],
        "violation_penalty": ["#violation_article", "#violation_fine"],
    }


def test_rules_of_another_day_are_left_where_they_are() -> None:
    text = """
policy: dated
title: {zh: 表, en: Dated}
facts: item
hit_policy: first
outputs: {stop: {type: boolean, title: {zh: 停, en: Stop}}}
rules:
  - id: old
    when: {count: "> 1"}
    then: {stop: "true"}
    in_force: {from: 2020-01-01, until: 2026-01-01}
  - id: new
    title: {zh: 新, en: New}
    when: {count: "> 2"}
    then: {stop: "true"}
    note: {zh: 注, en: Note}
"""
    policy = pack_of(dated=text).policies["dated"]
    written = to_dmn(policy, on=DAY)
    assert 'label="new"' in written
    assert 'label="old"' not in written
    assert 'label="old"' in to_dmn(policy, on=date(2025, 1, 1))
    again = from_dmn(written).files["policies/dated.yaml"]
    assert "title: {zh: 新, en: New}" in again
    assert "note: {zh: 注, en: Note}" in again


PEER = """
policy: peer
title: {zh: 表, en: Table}
facts: item
hit_policy: first
outputs: {stop: {type: boolean, title: {zh: 停, en: Stop}}}
rules:
  - id: r
    then: {stop: "true"}
"""


CONDITIONS_IN_FEEL = [
    ("count > 1 || crime || today > date('2026-01-01')",
     'count > 1 or crime or today() > date("2026-01-01")'),
    ("has(share)", "share != null"),
    ("count + 1 > 2", "count + 1 > 2"),
    ("!(crime && has(share))", "not(crime and share != null)"),
    ("crime == (count > 1)", "crime = (count > 1)"),
    ("(count - 1) - (2 - count) * 3 < 4", "count - 1 - (2 - count) * 3 < 4"),
    ("(crime ? 1 : count) > 2", "(if crime then 1 else count) > 2"),
    ("math.greatest(count, 2) == 3", "max(count, 2) = 3"),
    ("told_on.addMonths(2) < today", 'told_on + duration("P2M") < today()'),
    ("told_on + days(3) < today", 'told_on + duration("P3D") < today()'),
    ("count / 2 > 1", "round down(count / 2, 0) > 1"),
    ("gain / 2 > 1.5", "gain / 2 > 1.5"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "feel"), CONDITIONS_IN_FEEL)
def test_a_condition_that_is_not_a_cell_is_a_column_of_its_own(rule: str, feel: str) -> None:
    policy = pack_of(
        other=PEER.replace("peer", "other").replace(
            "id: r", f"id: r\n    where: {json.dumps(rule)}"
        )
    )
    root = read_markup(to_dmn(policy.policies["other"], on=DAY), "a", Findings())
    assert root is not None
    texts = [each.text for each in root.walk() if each.name == "text"]
    assert feel in texts
    assert texts[texts.index(feel) + 1] == "true"


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("when: name.matches('a')", "r"),
        ("when: {count: '>= parameters.later'}", "r.count"),
        ("where: count > parameters.later", "r"),
        ("when: count % 2 == 1", "r"),
    ],
)
def test_what_dmn_cannot_say_is_refused_by_rule(rule: str, place: str) -> None:
    text = PEER.replace("peer", "other").replace("id: r", f"id: r\n    {rule}")
    later = HOUSE["parameters/most.yaml"].replace("most", "later")
    files = {
        **HOUSE,
        "policies/other.yaml": text,
        "parameters/later.yaml": later.replace("{from: 2026", "{from: 2027"),
    }
    reading = link({name: each.encode() for name, each in files.items()})
    assert reading.pack is not None, [each.concise() for each in reading.findings]
    with pytest.raises(NotExpressible) as refused:
        to_dmn(reading.pack.policies["other"], on=DAY)
    assert [each.place for each in refused.value.elements] == [place]


def test_a_fact_that_is_called_like_a_word_of_feel_is_refused() -> None:
    facts = HOUSE["facts/item.yaml"].replace("  crime:", "  between:")
    text = PEER.replace("id: r", "id: r\n    when: {between: 'true'}")
    files = {**HOUSE, "facts/item.yaml": facts, "policies/peer.yaml": text}
    reading = link({name: each.encode() for name, each in files.items()})
    with pytest.raises(NotExpressible) as refused:
        to_dmn(reading.require_pack().policies["peer"], on=DAY)
    assert [each.place for each in refused.value.elements] == ["between"]


LOAN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="Line Check"
  namespace="urn:x" xmlns:di="urn:di" id="d">
  <itemDefinition name="tLine"><typeRef>string</typeRef>
    <allowedValues><text>"Fibre", "Copper pair"</text></allowedValues></itemDefinition>
  <itemDefinition name="tAge"><typeRef>number</typeRef>
    <allowedValues><text>[0..150]</text></allowedValues></itemDefinition>
  <inputData name="Kind of Line"><variable name="Kind of Line" typeRef="tLine"/></inputData>
  <inputData name="Age"><variable name="Age" typeRef="tAge"/></inputData>
  <inputData name="Reported on"><variable name="Reported on" typeRef="date"/></inputData>
  <decision name="Grade of Fault">
    <variable name="Grade of Fault" typeRef="string"/>
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression typeRef="tLine"><text>Kind of Line</text></inputExpression></input>
      <input><inputExpression typeRef="number"><text>Age * 2</text></inputExpression></input>
      <input><inputExpression typeRef="date"><text>Reported on</text></inputExpression></input>
      <output><outputValues><text>"Urgent", "Normal"</text></outputValues>
        <defaultOutputEntry><text>"Normal"</text></defaultOutputEntry></output>
      <annotation name="Remark"/>
      <rule><inputEntry><text>"Copper pair"</text></inputEntry>
        <inputEntry><text>&gt; 40, [1..3)</text></inputEntry>
        <inputEntry><text>&lt; date("2026-01-01")</text></inputEntry>
        <outputEntry><text>"Urgent"</text></outputEntry>
        <annotationEntry><text>Old copper fails first</text></annotationEntry></rule>
    </decisionTable>
  </decision>
  <decision name="Hours">
    <variable name="Hours" typeRef="number"/>
    <decisionTable>
      <input><inputExpression><text>Grade of Fault</text></inputExpression></input>
      <output typeRef="number"/>
      <rule><inputEntry><text>"Urgent"</text></inputEntry>
        <outputEntry><text>Age + 4</text></outputEntry></rule>
      <rule><inputEntry><text>not("Urgent")</text></inputEntry>
        <outputEntry><text>48</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <di:DMNDI/>
</definitions>
"""


def test_a_model_of_another_tool_decides_here() -> None:
    imported = from_dmn(LOAN, "line.dmn")
    files = {"pack.yaml": HOUSE["pack.yaml"], **imported.files}
    reading = link({name: text.encode() for name, text in files.items()})
    assert reading.pack is not None, [each.concise() for each in reading.findings]
    facts = {"kind_of_line": "copper_pair", "age": 21, "reported_on": "2025-12-31"}
    grade, hours = (reading.pack.policies[name] for name in ("grade_of_fault", "hours"))
    decision = grade.decide(facts, on=DAY)
    assert decision.outputs == {"grade_of_fault": "urgent"}
    assert decision.rule is not None
    assert decision.rule.note is not None
    assert decision.rule.note.en == "Old copper fails first"
    assert hours.decide(facts, on=DAY).outputs == {"hours": Decimal(25)}
    later = {**facts, "reported_on": "2026-01-01"}
    assert grade.decide(later, on=DAY).outputs == {"grade_of_fault": "normal"}
    assert hours.decide(later, on=DAY).outputs == {"hours": Decimal(48)}
    assert reading.pack.facts["line_check"].fields["age"].most == 150
    assert reading.pack.catalogues["t_line"].codes["copper_pair"].title.en == "Copper pair"
    assert {each.id for each in imported.findings} == {"TR805", "TR806", "TR807"}


REFUSED = [
    ('<text>&gt; 40, [1..3)</text>', '<text>string length(?) > 3</text>', "`size` is written"),
    ('<text>&gt; 40, [1..3)</text>', '<text>floor(?) > 3</text>', "`floor` is not converted"),
    ('<text>"Copper pair"</text></inputEntry>', '<text>"Glass"</text></inputEntry>', "`Glass` is"),
    ('<text>"Copper pair"</text></inputEntry>', "<text>> null</text></inputEntry>", "not a limit"),
    ("<text>Age * 2</text>", "<text>Age ** 2</text>", "`inputExpression`"),
    ("<text>Age * 2</text>", "<text>Wage</text>", "no input `Wage`"),
    ("<text>Age + 4</text>", "<text>for x in [1] return x</text>", "no input `for`"),
    ('typeRef="date"/>', 'typeRef="time"/>', "has no type `time"),
    ('date("2026-01-01")', 'date("yesterday")', "needs an offset"),
    ('<typeRef>string</typeRef>', "<itemComponent name='a'/>", "has no components"),
    ("<typeRef>number</typeRef>", "<typeRef>tAge</typeRef>", "defined by itself"),
    ('name="tAge">', 'name="tAge" isCollection="true">', "does not apply to `list"),
    ('hitPolicy="FIRST"', 'hitPolicy="BEST"', "no hit policy of this name"),
    ("<inputEntry><text>not(", "<inputEntry/><inputEntry><text>not(", "cells and columns differ"),
    ("<di:DMNDI/>", "<import namespace='urn:y'/>", "no other document"),
    ("<di:DMNDI/>", "<decision name='x'><literalExpression/></decision>", "cannot be inferred"),
    ("<di:DMNDI/>", "<decision name='x'><context/></decision>", "it is empty"),
    ("<di:DMNDI/>", "<decision name='x'><relation/></decision>", "this kind of expression"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "why"), REFUSED)
def test_what_a_policy_cannot_say_is_refused_at_its_place(old: str, new: str, why: str) -> None:
    assert old in LOAN
    with pytest.raises(NotImportable) as refused:
        from_dmn(LOAN.replace(old, new, 1), "line.dmn")
    told = [each.concise() for each in refused.value.findings]
    assert any(why in each for each in told), told
    assert all(each.span.line > 1 for each in refused.value.findings)


@pytest.mark.parametrize(
    ("text", "id"),
    [("<a", "TR801"), ("<!DOCTYPE a><a/>", "TR802"), ("<scxml/>", "TR804"),
     ('<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"/>', "TR804")],
)  # fmt: skip
def test_what_is_no_dmn_is_refused(text: str, id: str) -> None:
    with pytest.raises(NotImportable) as refused:
        from_dmn(text)
    assert [each.id for each in refused.value.findings] == [id]


@given(st.text(alphabet='<>=[]()",.-+*@ andortxule10~\u4e2d', max_size=40))
def test_any_cell_ends_in_a_policy_or_in_findings(cell: str) -> None:
    safe = cell.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = LOAN.replace("&gt; 40, [1..3)", safe, 1)
    try:
        from_dmn(text)
    except NotImportable as refused:
        assume(refused.findings)
