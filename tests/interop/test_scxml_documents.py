"""SCXML as others write it: what it becomes, and what is refused at which place and why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.interop import NotImportable, from_scxml
from telecom_rules.interop.markup import DEEPEST_NESTING, LARGEST_DOCUMENT, MOST_ELEMENTS
from telecom_rules.pack import link

PACK = """
pack: doors
version: 1.0.0
title: {zh: 门, en: Doors}
utc_offset: "+08:00"
require_cites: false
"""

DOOR = """<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" name="autoDoor"
       datamodel="ecmascript" initial="Shut">
  <datamodel>
    <data id="openings" expr="0"/>
    <data id="whoCame" expr="'nobody'"/>
    <data id="speed" expr="1.5"/>
  </datamodel>
  <state id="Shut">
    <onexit><assign location="openings" expr="openings + 1"/></onexit>
    <transition event="door.push" target="Ajar"
      cond="openings &lt; 3 &amp;&amp; whoCame !== 'thief'">
      <assign location="whoCame" expr="_event.data.name"/>
      <send event="ringBell"><param name="times" expr="openings"/></send>
    </transition>
    <transition event="door.push" target="Barred"/>
  </state>
  <state id="Ajar">
    <state id="swinging"><transition event="rest" target="still"/></state>
    <final id="still"/>
    <transition event="door.pull close" target="Shut" cond="!In('swinging') || speed >= 2.0"/>
    <transition event="done.state.Ajar"><raise event="close"/></transition>
  </state>
  <final id="Barred"/>
</scxml>
"""


def workflow_of(text: str):
    """Return the workflow that a document becomes, linked, with the ids of what is told."""
    imported = from_scxml(text, "door.scxml")
    files = {name: written.encode() for name, written in imported.files.items()}
    reading = link({"pack.yaml": PACK.encode(), **files})
    assert reading.pack is not None, [each.concise() for each in reading.findings]
    (workflow,) = reading.pack.workflows.values()
    return workflow, imported


def test_a_chart_of_another_tool_runs_here() -> None:
    workflow, _ = workflow_of(DOOR)
    now = datetime(2026, 3, 1, tzinfo=UTC)
    case = workflow.start({"openings": 0, "who_came": "nobody", "speed": "1.5"}, at=now, id="1")
    pushed = case.send("door.push", {"name": "Li"}, at=now)
    assert pushed.case.state == "swinging"
    assert pushed.case.facts["who_came"] == "Li"
    assert [(each.name, dict(each.payload)) for each in pushed.effects] == [
        ("ring_bell", {"times": 1})
    ]
    assert pushed.case.send("close", at=now).case is pushed.case
    rested = pushed.case.send("rest", at=now)
    assert rested.case.state == "shut"
    assert rested.case.facts["openings"] == 1


def test_what_the_document_does_not_say_is_told() -> None:
    _, imported = workflow_of(DOOR)
    told = {each.id: each.concise() for each in imported.findings}
    assert set(told) == {"TR805", "TR806", "TR808"}
    assert "Shut, Ajar, swinging, still, Barred" in told["TR805"]
    assert "`ringBell` → `ring_bell`" in told["TR806"]
    firsts = [each.concise() for each in imported.findings if each.id == "TR808"]
    assert any("look at `openings`: the host gives its first value, 0," in each for each in firsts)
    assert any("look at `ringBell`: no transition waits for this event" in each for each in firsts)


def chart(inside: str, head: str = 'datamodel="ecmascript"', data: str = "") -> str:
    return (
        f'<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" name="c" {head}>\n'
        f'<datamodel><data id="n" expr="0"/>{data}</datamodel>\n{inside}\n</scxml>'
    )


REFUSED = [
    ("<state id='a'><invoke type='x'/></state>", 3, "`invoke` cannot be converted: a workflow"),
    ("<script>n = 1</script><state id='a'/>", 3, "`script` cannot be converted"),
    ("<state id='a'><onentry><script>n</script></onentry></state>", 3, "rules contain no code"),
    ("<state id='a'>\n<onentry><foreach array='n' item='x'/></onentry></state>", 4, "no loops"),
    ("<state id='a'><onentry>\n<if cond='n'><else/></if></onentry></state>", 4, "no other branch"),
    (
        (
            "<state id='a'><onentry>\n<if cond='n'><assign location='n' expr='false'/>"
            "<raise event='e'/></if></onentry></state>"
        ),
        4,
        "judges the condition anew",
    ),
    ("<state id='a'><onentry><cancel sendid='x'/></onentry></state>", 3, "`clocks`"),
    ("<state id='a'><onexit><send event='x' delay='2s'/></onexit></state>", 3, "`clocks`"),
    ("<state id='a'><onexit><send event='x' target='http://x'/></onexit></state>", 3, "address"),
    ("<state id='a'><onexit><send eventexpr='n'/></onexit></state>", 3, "`send@eventexpr`"),
    ("<state id='a'><onexit><send event='x'><content>1</content></send></onexit></state>", 3,
     "`content`"),
    ("<state id='a'><transition event='x'/><onexit><send event='x'/></onexit></state>", 3,
     "write `<raise>`"),
    ("<state id='a'><transition event='*' target='a'/></state>", 3, "matches no event"),
    ("<state id='a'><transition event='x.*' target='a'/></state>", 3, "matches no event"),
    ("<state id='a'><transition event='*'/><final id='f'/></state>", 3, "match done.state events"),
    ("<state id='a'><transition event='error.execution' target='a'/></state>", 3, "processor"),
    ("<state id='a'><transition event='x' target='b'/></state>", 3, "no state `b`"),
    ("<state id='a'><transition event='x' cond='m'/></state>", 3, "no data `m`"),
    ("<state id='a'><transition event='x' cond='n / 2 == 1'/></state>", 3, "part of ECMAScript"),
    ("<state id='a'><transition event='x' cond='n + 1'/></state>", 3, "must be true or false"),
    ("<state id='a'><transition event='x' cond='f(n)'/></state>", 3, "part of ECMAScript"),
    ("<state id='a'><transition event='x' cond='n ='/></state>", 3, "`transition@cond`"),
    ("<state id='a'><transition event='x' cond='_event.data.z == 1'/></state>", 3, "a field `z`"),
    ("<state id='a'><onentry><assign location='n' expr='_event.data'/></onentry></state>", 3,
     "the event is not known at this place"),
    ("<state id='a'><transition event='x' cond=\"In('b')\"/></state>", 3, "no state `b`"),
    ("<state id='a'><onentry><assign location='m' expr='1'/></onentry></state>", 3, "no data `m`"),
    ("<state id='a'><onentry><assign location='n'>1</assign></onentry></state>", 3, "`assign`"),
    (("<state id='a'><transition event='x'><assign location='n' expr='1'/>"
      "<assign location='n' expr='2'/></transition></state>"), 3, "twice"),
    (("<state id='a'><transition event='x'><send event='y'><param name='k' expr='n'/></send>"
      "<assign location='n' expr='2'/></transition></state>"), 3, "assigns facts first"),
    ("<state id='a'/><state id='a'/>", 3, "has this id as well"),
    (("<state id='a'><initial><transition target='b'><log/></transition></initial>"
      "<state id='b'/></state>"), 3, "the transition to the initial state"),
    ("<state id='a' initial='c'><state id='b'/></state><state id='c'/>", 3, "a state inside it"),
    ("<final id='a'><donedata/></final>", 3, "carries no data"),
    ("<final id='a'><onexit><raise event='x'/></onexit></final>", 3, "a case here stays in it"),
    (("<state id='a'><transition event='done.state.b'/></state><state id='b'><final id='f'/>"
      "</state>"), 3, "only the state `b` itself"),
    (("<parallel id='p'><transition event='done.state.p'/><state id='a'/><parallel id='q'>"
      "<state id='b'/><state id='c'/></parallel></parallel>"), 3, "is parallel itself"),
    (("<state id='a'><history id='h' type='deep'><transition target='b'/></history>"
      "<state id='b'><transition event='x' target='h'/></state></state>"), 3, "to its history"),
    ("<state id='a' xmlns:x='urn:x'><what/></state>", 3, "`what`"),
    ("<state id='a' colour='red'/>", 3, "`state@colour`"),
    ("", 1, "has no states"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "line", "why"), REFUSED)
def test_what_a_workflow_cannot_say_is_refused_at_its_place(
    inside: str, line: int, why: str
) -> None:
    with pytest.raises(NotImportable) as refused:
        from_scxml(chart(inside), "c.scxml")
    told = [each.concise() for each in refused.value.findings]
    assert any(each.startswith(f"c.scxml:{line}:") and why in each for each in told), told
    assert why in refused.value.explain("en") or len(told) > 5


def test_an_event_that_is_matched_by_prefix_is_spelled_out() -> None:
    text = chart(
        "<state id='a'><transition event='pay.card' target='b'/>"
        "<transition event='pay' target='c'/></state>"
        "<state id='b'><transition event='*' target='a'/></state><state id='c'/>"
    )
    imported = from_scxml(text)
    assert "      pay.card: [b, c]\n      pay: c\n" in imported.files["workflows/c.yaml"]
    assert "on: {pay.card: a, pay: a}" in imported.files["workflows/c.yaml"]
    (told, _) = [each.concise() for each in imported.findings if "is written as" in each.concise()]
    assert "look at `pay`: it matches by prefix and is written as: pay.card, pay" in told


def test_everything_that_stands_against_a_document_is_told_at_once() -> None:
    with pytest.raises(NotImportable) as refused:
        from_scxml(chart("<state id='a'><invoke/><onentry><script/><foreach/></onentry></state>"))
    assert [each.values["part"] for each in refused.value.findings] == [
        "invoke",
        "script",
        "foreach",
    ]


def test_a_document_without_data_becomes_a_pack_that_loads() -> None:
    text = '<scxml xmlns="http://www.w3.org/2005/07/scxml" name="d"><final id="only"/></scxml>'
    workflow, imported = workflow_of(text)
    assert [*workflow.facts.fields] == ["remark"]
    assert any("at least one fact" in each.concise() for each in imported.findings)


def test_a_log_and_what_belongs_to_other_tools_is_left_out_and_told() -> None:
    text = chart("<state id='a'><onentry><log expr='n'/></onentry><v:at xmlns:v='urn:v'/></state>")
    imported = from_scxml(text)
    assert [each.values["part"] for each in imported.findings if each.id == "TR807"] == [
        "log",
        "at",
    ]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("", "TR801"),
        ("<scxml", "TR801"),
        ("<a></b>", "TR801"),
        ("<scxml>\x00</scxml>", "TR801"),
        ("<x:scxml/>", "TR801"),
        ("<scxml/><scxml/>", "TR801"),
        ("<!DOCTYPE scxml><scxml/>", "TR802"),
        ('<!DOCTYPE s [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><scxml>&b;</scxml>', "TR802"),
        ('<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><scxml>&x;</scxml>', "TR802"),
        ('<!DOCTYPE s SYSTEM "http://example.org/s.dtd"><scxml/>', "TR802"),
        ("<a>" * (DEEPEST_NESTING + 1), "TR803"),
        ("<a>" + "<b/>" * MOST_ELEMENTS + "</a>", "TR803"),
        ("<a>" + " " * LARGEST_DOCUMENT + "</a>", "TR803"),
        ("<definitions/>", "TR804"),
        ('<scxml xmlns="urn:other"/>', "TR804"),
    ],
)
def test_xml_that_is_broken_unsafe_or_too_large_is_refused(text: str, id: str) -> None:
    with pytest.raises(NotImportable) as refused:
        from_scxml(text)
    assert [each.id for each in refused.value.findings] == [id]


@given(st.text(alphabet="<>/ab='\" &;!x\u4e2d", max_size=60))
def test_any_text_ends_in_findings(text: str) -> None:
    with pytest.raises(NotImportable) as refused:
        from_scxml(f"<scxml>{text}</scxml>")
    assert refused.value.findings
