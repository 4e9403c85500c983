"""An import ends: in files that load, or in findings at the place in the document that say why."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from telecom_rules.interop import Imported, NotImportable, from_dmn, from_scxml, to_scxml
from telecom_rules.pack import Pack, link
from tests.interop.test_scxml_documents import PACK, chart
from tests.pack.house import house
from tests.patience import within

DMN_1_3 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def load(imported: Imported) -> Pack:
    files = {name: text.encode() for name, text in imported.files.items()}
    return link({"pack.yaml": PACK.encode(), **files}).require_pack()


def told(imported: Imported, code: str) -> list[str]:
    return [each.concise() for each in imported.findings if each.id == code]


def refusals(text: str, read=from_dmn) -> list[str]:
    with pytest.raises(NotImportable) as refused:
        read(text, "d")
    return [each.concise() for each in refused.value.findings]


def model(inside: str, namespace: str = DMN_1_3) -> str:
    return f'<definitions xmlns="{namespace}" name="d">{inside}</definitions>'


def table(
    *rows: tuple[str, str],
    test: str = "a",
    head: str = "",
    output: str = "<output/>",
    hit: str = "FIRST",
) -> str:
    """Return a decision `r` of one input and one output."""
    rules = "".join(
        f"<rule>\n<inputEntry><text>{cell}</text></inputEntry>\n"
        f"<outputEntry><text>{value}</text></outputEntry></rule>"
        for cell, value in rows
    )
    return (
        f'<decision name="r" id="r">{head}<decisionTable hitPolicy="{hit}"><input><inputExpression>'
        f"<text>{test}</text></inputExpression></input>{output}{rules}</decisionTable></decision>"
    )


def given(type_ref: str) -> str:
    return f'<inputData name="a"><variable name="a" typeRef="{type_ref}"/></inputData>'


LEVELS = (
    '<itemDefinition name="tLevel"><typeRef>string</typeRef><allowedValues>'
    '<text>"High", "Low"</text></allowedValues></itemDefinition>'
)


# What is made loads


def test_a_table_without_a_name_ends_in_findings() -> None:
    text = model(
        "<decision><decisionTable><output/><rule><outputEntry>"
        '<text>"ok"</text></outputEntry></rule></decisionTable></decision>'
    )
    with within(2):
        assert "has no input" in refusals(text)[0]


def test_the_order_of_priorities_may_stand_in_the_type_of_the_output() -> None:
    head = '<variable name="r" typeRef="tLevel"/>'
    rows = (("-", '"Low"'), ("&gt; 5", '"High"'))
    text = model(LEVELS + given("number") + table(*rows, head=head, hit="PRIORITY"))
    policy = load(from_dmn(text)).policies["r"]
    assert policy.decide({"a": "6"}, on=DAY).outputs == {"r": "high"}
    assert policy.decide({"a": "5"}, on=DAY).outputs == {"r": "low"}


def test_an_order_of_the_output_goes_before_that_of_its_type() -> None:
    output = (
        '<output typeRef="tLevel"><outputValues><text>"Low", "High"</text></outputValues></output>'
    )
    rows = (("-", '"Low"'), ("&gt; 5", '"High"'))
    text = model(LEVELS + given("number") + table(*rows, output=output, hit="PRIORITY"))
    policy = load(from_dmn(text)).policies["r"]
    assert policy.decide({"a": "6"}, on=DAY).outputs == {"r": "low"}


def test_priorities_without_any_order_are_refused() -> None:
    output = '<output typeRef="number"/>'
    text = model(given("number") + table(("-", "1"), output=output, hit="OUTPUT ORDER"))
    (refusal,) = refusals(text)
    assert "list them in outputValues" in refusal


def test_a_free_text_as_a_value_of_a_list_is_refused_where_it_stands() -> None:
    head = '<variable name="r" typeRef="tLevel"/>'
    (refusal,) = refusals(model(LEVELS + given("string") + "\n" + table(("-", "a"), head=head)))
    assert refusal.startswith("d:4:1: error[TR804] `outputEntry` cannot be converted: expected")


def test_a_table_without_inputs_and_rules_is_refused() -> None:
    text = model('<decision name="r"><decisionTable/></decision>')
    whole = "\n".join(refusals(text))
    assert all(why in whole for why in ("has no input", "has no output", "has no rule"))


def test_two_decisions_of_one_name_are_refused() -> None:
    rows = (("-", "1"),)
    text = model(given("number") + table(*rows) + table(*rows))
    assert any("another has the name `r`" in each for each in refusals(text))


def test_an_event_called_null_is_an_event() -> None:
    text = chart("<state id='a'><transition event='null' target='b'/></state><final id='b'/>")
    workflow = load(from_scxml(text)).workflows["c"]
    assert workflow.start({"n": 0}, at=NOW, id="1").send("null", at=NOW).case.state == "b"


def test_a_character_that_no_file_may_hold_is_refused_where_it_stands() -> None:
    state = "<state id='a' xmlns:tr='urn:telecom-rules' tr:zh='甲' tr:en='A{}'/>"
    (refusal,) = refusals(chart(state.format("\u202e")), from_scxml)
    assert refusal.startswith("d:3:1: error[TR804] `a` cannot be converted: U+202E")
    assert from_scxml(chart(state.format("&#9;"))).files


def test_a_text_keeps_the_brackets_and_blanks_in_it() -> None:
    rows = (("-", 'a + "( ! (x )"'),)
    output = '<output typeRef="string"/>'
    policy = load(from_dmn(model(given("string") + table(*rows, output=output)))).policies["r"]
    assert policy.decide({"a": "1"}, on=DAY).outputs == {"r": "1( ! (x )"}


def test_a_document_that_joins_a_pack_is_linked_with_it() -> None:
    files = house()
    workflow = link(files).require_pack().workflows["handling"]
    others = {name: data for name, data in files.items() if name != "workflows/handling.yaml"}
    text = to_scxml(workflow)
    assert from_scxml(text, beside=others).files
    with pytest.raises(NotImportable, match="no source is named"):
        from_scxml(text.replace("book:", "gone:"), beside=others)
    with pytest.raises(NotImportable, match="handling"):
        from_scxml(
            text, beside={**others, "workflows/again.yaml": files["workflows/handling.yaml"]}
        )


# What other tools write


@pytest.mark.parametrize(
    "namespace",
    [
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    ],
)
def test_every_version_of_dmn_is_read(namespace: str) -> None:
    output = '<output typeRef="number"/>'
    text = model(given("number") + table(("-", "1"), output=output), namespace)
    assert load(from_dmn(text)).policies["r"].decide({}, on=DAY).outputs == {"r": 1}


def test_a_version_of_dmn_that_is_not_known_is_named() -> None:
    (refusal,) = refusals(model("", "https://www.omg.org/spec/DMN/20310203/MODEL/"))
    assert "it is DMN of 2031-02-03; what is read is DMN 1.1 to 1.6" in refusal


def test_a_decision_service_is_left_out_and_told() -> None:
    output = '<output typeRef="number"/>'
    service = '<decisionService name="Whole Model Decision Service"/>'
    imported = from_dmn(model(given("number") + table(("-", "1"), output=output) + service))
    assert "`decisionService` is omitted" in told(imported, "TR807")[0]


def test_an_output_of_any_type_has_the_type_of_its_values() -> None:
    output = '<output typeRef="Any"/>'
    imported = from_dmn(model(given("number") + table(("-", '"x"'), output=output)))
    assert load(imported).policies["r"].decide({}, on=DAY).outputs == {"r": "x"}
    assert "inferred from its values: text" in told(imported, "TR808")[0]
    mixed = model(given("number") + table(("&gt; 1", '"x"'), ("-", "1"), output=output))
    assert "its type cannot be inferred" in refusals(mixed)[0]


CAMUNDA = model("""
<decision id="dish" name="Dish">
  <informationRequirement><requiredDecision href="#season_id"/></informationRequirement>
  <decisionTable>
    <input><inputExpression typeRef="string"><text>season</text></inputExpression></input>
    <input><inputExpression typeRef="integer"><text>guestCount</text></inputExpression></input>
    <output name="desiredDish" typeRef="string"/>
    <rule><inputEntry><text>"Winter"</text></inputEntry>
      <inputEntry><text>&lt;= 8</text></inputEntry>
      <outputEntry><text>"Roastbeef"</text></outputEntry></rule>
  </decisionTable>
</decision>
<decision id="season_id" name="Season of Year">
  <decisionTable>
    <input><inputExpression typeRef="double"><text>temperature</text></inputExpression></input>
    <output name="season" typeRef="string"/>
    <rule><inputEntry><text>&lt; 10.5</text></inputEntry>
      <outputEntry><text>"Winter"</text></outputEntry></rule>
  </decisionTable>
</decision>""")


def test_what_camunda_writes_decides_here() -> None:
    imported = from_dmn(CAMUNDA)
    pack = load(imported)
    fields = {name: str(field.type) for name, field in pack.facts["d"].fields.items()}
    assert fields == {"guest_count": "integer", "temperature": "decimal"}
    decision = pack.policies["dish"].decide({"guest_count": 4, "temperature": "3"}, on=DAY)
    assert decision.outputs == {"desired_dish": "Roastbeef"}
    notes = "\n".join(told(imported, "TR808"))
    assert "look at `guestCount`: the document does not declare it, so it becomes a fact" in notes
    assert "FEEL has no type `double`; it is read as decimal" in notes


def test_a_text_whose_values_are_numbers_is_a_number_where_a_tool_writes_string_everywhere() -> (
    None
):
    imported = from_dmn(CAMUNDA.replace('"integer"', '"string"').replace('"double"', '"string"'))
    fields = load(imported).facts["d"].fields
    assert {name: str(field.type) for name, field in fields.items()} == {
        "guest_count": "decimal",
        "temperature": "decimal",
    }
    assert "declared as a text, and all its values are decimal" in "\n".join(
        told(imported, "TR808")
    )
    output = '<output typeRef="string"/>'
    strict = model(given("string") + table(("&lt; 5", "1"), output=output))
    assert any("values of type `text` have no order" in each for each in refusals(strict))


def test_a_cell_in_another_language_than_feel_is_refused() -> None:
    text = CAMUNDA.replace(
        "<inputEntry><text>&lt; 1", '<inputEntry expressionLanguage="juel"><text>&lt; 1'
    )
    assert "it is written in `juel`; only FEEL is read" in refusals(text)[0]


def test_null_in_a_list_of_values_makes_the_fact_optional() -> None:
    levels = LEVELS.replace('"Low"', '"Low", null')
    output = '<output typeRef="number"/>'
    imported = from_dmn(model(levels + given("tLevel") + table(('"High"', "1"), output=output)))
    pack = load(imported)
    assert pack.facts["d"].fields["a"].optional
    assert list(pack.catalogues["t_level"].codes) == ["high", "low"]
    assert told(imported, "TR807") == []


# The initial states of SCXML

REGIONS = (
    "<parallel id='p'><state id='b'><state id='b0'/><state id='b1'/></state>"
    "<state id='c'><state id='c0'/><state id='c1'/></state></parallel>"
)


@pytest.mark.parametrize(
    ("text", "states"),
    [
        (chart(REGIONS, 'initial="b1 c1" datamodel="ecmascript"'), {"p", "b", "b1", "c", "c1"}),
        (chart(f"<state id='start' initial='c1'>{REGIONS}</state>"),
         {"start", "p", "b", "b0", "c", "c1"}),
        (chart(f"<state id='s'><initial><transition target='b1 c1'/></initial>{REGIONS}</state>"),
         {"s", "p", "b", "b1", "c", "c1"}),
    ],
)  # fmt: skip
def test_several_or_deeper_initial_states_are_entered_at_once(text: str, states: set[str]) -> None:
    imported = from_scxml(text)
    case = load(imported).workflows["c"].start({"n": 0}, at=NOW, id="1")
    assert set(case.states) == states
    assert any("leads there at once" in each for each in told(imported, "TR808"))


def test_initial_states_that_cannot_be_active_together_are_refused() -> None:
    (refusal,) = refusals(chart(REGIONS, 'initial="b0 b1"'), from_scxml)
    assert "cannot be active together" in refusal


# What nobody reads is told


ROWS = (("&gt; 5", "1"),)
OUTPUT = '<output name="o" typeRef="number"/>'
TO_C = "<transition target='c'/>"
INSIDE = "<state id='c'/><state id='d'/>"
SENT = "<send event='e'><param name='p' expr='1'><b/></param></send>"
DATA = "<datamodel><data id='z' expr='{}'/></datamodel>"
GIVEN_TWICE = "<send event='x'><param name='p' expr='1' location='z'/></send>"
SAME_PARAM = "<send event='x'><param name='p' expr='1'/><param name='p' expr='2'/></send>"
RAISED = "<raise event='x' target='y'/>"
ADDRESSED = "<send event='x' target='#_internal' type='http'/>"
ONE_TABLE = model(given("number") + table(*ROWS, output=OUTPUT))
DMN_1_2 = "http://www.omg.org/spec/DMN/20180521/MODEL/"
XINCLUDE = "http://www.w3.org/2001/XInclude"
NOTE = "<description>a</description>"
TYPE = "<itemDefinition name='t'><typeRef>number</typeRef></itemDefinition>"
END = "</decisionTable></decision>"


def do(content: str) -> str:
    """Return a transition that does something."""
    return f"<transition event='e' target='b'>{content}</transition>"


def needs(kind: str) -> str:
    """Return a requirement that leads nowhere."""
    return f"<informationRequirement><required{kind} href='#q'/></informationRequirement>"


SECOND = "</decisionTable><decisionTable/></decision>"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (END, SECOND, "`decisionTable` cannot be converted: a decision has one kind"),
        ("&gt; 5", "&gt; 5<b> , &lt; 2</b>", "`b` cannot"),
        ("&gt; 5", "&gt; 5<x:b xmlns:x='urn:x'>0</x:b>", "`b` cannot"),
        ("<text>1</text>", "<text>1</text><text>2</text>", "`text` cannot be converted: only one"),
        ("<rule>", '<rule disabled="true">', "`rule@disabled` cannot"),
        ("<input>", '<input negated="true">', "`input@negated` cannot"),
        ("<output ", '<output hidden="1" ', "`output@hidden` cannot"),
        ("<rule>", "<rule>never", "`rule` cannot be converted: no text belongs here: never"),
        ("<decisionTable ", "later<decisionTable ", "`decision` cannot be converted: no text"),
        ("<decision ", "later<decision ", "`definitions` cannot be converted: no text"),
        ("<rule>", "<rule><unless/>", "`unless` cannot"),
        ("<rule>", "<rule xmlns:tr='urn:telecom-rules'><tr:unless/>", "`unless` cannot"),
        ("<rule>", "<rule xmlns:tr='urn:telecom-rules' tr:off='1'>", "`rule@tr:off` cannot"),
        ("<input>", "<input><inputExpression/>", "`inputExpression` cannot be converted: only one"),
        ("<rule>", f"<rule>{NOTE}{NOTE}", "`description` cannot be converted: only one"),
        ("<decision ", "<frobnicate/><decision ", "`frobnicate` cannot be converted: it has no"),
        ("<rule>", "<rule xmlns=''/><rule>", "`rule` cannot be converted: it is not in the names"),
        ("<rule>", f"<rule xmlns='{DMN_1_2}'/><rule>", "`rule` cannot be converted: it is not in"),
        ("<decision ", f"<decision xmlns='{DMN_1_2}'/><decision ", "it is not in the namespace"),
        (
            "<rule>",
            f"<rule xmlns:o='{DMN_1_2}' o:id='x'>",
            "`rule@id` cannot be converted: it is not",
        ),
        ("<rule>", f"<x:include xmlns:x='{XINCLUDE}'/><rule>", "no other document is read"),
        ("<decision ", f"{TYPE}{TYPE}<decision ", "another has the name `t` as well"),
        ("<decisionTable ", f"{needs('Input')}<decisionTable ", "no such element with the id `q`"),
        ("<decisionTable ", f"{needs('Decision')}<decisionTable ", "such element with the id `q`"),
    ],
)
def test_what_is_not_read_of_a_table_is_refused(old, new, why) -> None:
    assert from_dmn(ONE_TABLE, "d").files
    told = refusals(ONE_TABLE.replace(old, new, 1))
    assert any(why in each for each in told), told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<rule>", "<!-- why --><rule><?tool x?>"),
        ("&gt; 5", "<![CDATA[> 5]]>"),
        ("&gt; 5", "&gt; <!-- five -->5"),
        ("&gt; 5", "\n\t&gt; 5 <?tool x?>\r\n"),
        ("<rule>", "<![CDATA[ ]]><rule xml:lang='de'>"),
        (
            "<rule>",
            "<rule><extensionElements>any <x:y xmlns:x='urn:x'>text</x:y></extensionElements>",
        ),
        ("<decisionTable ", f"{needs('Input').replace('#q', '#a')}<decisionTable "),
    ],
)
def test_what_xml_leaves_open_changes_nothing(old, new) -> None:
    plain = from_dmn(ONE_TABLE, "d").files
    written = ONE_TABLE.replace('<inputData name="a"', '<inputData id="a" name="a"')
    assert written != ONE_TABLE
    assert from_dmn(written.replace(old, new, 1), "d").files == plain


@pytest.mark.parametrize(
    "head",
    [
        "\ufeff", '\ufeff<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-8"?>\n',
        '<?xml version="1.0" encoding="Utf-8" standalone="yes"?>', "<!-- first -->\n<?tool x?>",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("text", "read"), [(ONE_TABLE, from_dmn), (chart("<state id='a'/>"), from_scxml)]
)
def test_a_document_may_begin_as_any_tool_lets_it(head, text, read) -> None:
    assert read(f"{head}{text}<!-- last -->\n", "d").files == read(text, "d").files


def test_what_changes_no_decision_is_told_as_left_out() -> None:
    text = ONE_TABLE.replace("<rule>", "<rule xmlns:x='urn:x' x:colour='red'><x:note/>")
    text = text.replace("<decisionTable ", "<question>Why?</question><decisionTable ")
    told_left_out = " ".join(told(from_dmn(text), "TR807"))
    assert all(name in told_left_out for name in ("`rule@colour`", "`note`", "`question`"))


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<state id='a'>never<transition event='e' target='b'/></state>", "`state` cannot"),
        ("<state id='a'><transition event='e' target='b'>x</transition></state>", "`transition`"),
        ("<state id='a'><onentry when='x'/></state>", "`onentry@when` cannot"),
        ("<state id='a'><onentry>x</onentry></state>", "no text belongs here: x"),
        (
            f"<state id='a'><initial>{TO_C}<transition target='d'/></initial>{INSIDE}</state>",
            "`transition` cannot be converted: only one",
        ),
        (
            f"<state id='a' initial='d'><initial>{TO_C}</initial>{INSIDE}</state>",
            "`initial` cannot be converted: only one",
        ),
        ("<state id='a'/><datamodel><frob id='z' expr='1'/></datamodel>", "`frob` cannot"),
        ("<state id='a'/><t:frob xmlns:t='urn:telecom-rules'/>", "`frob` cannot"),
        (
            "<state id='a'/><t:event xmlns:t='urn:telecom-rules' name='e' off='1'/>",
            "`event@off` cannot",
        ),
        (
            f"<state id='a'><onexit>{SENT}</onexit></state>",
            "`b` cannot",
        ),
        ("<state id='a'><transition xmlns='' event='e'/></state>", "not in the namespace of the"),
        (f"<state id='a'/><x:include xmlns:x='{XINCLUDE}'/>", "no other document is read"),
        (f"<state id='a'/>{DATA.format(1)}{DATA.format(2)}", "other data has this id as well"),
        ("<state id='a'><transition event='e' type='outer'/></state>", "`transition@type` cannot"),
        (f"<state id='a'>{do(RAISED)}</state>", "`raise@target`"),
        (
            f"<state id='a'>{do(GIVEN_TWICE)}</state>",
            "`param@location` cannot be converted: only one",
        ),
        (f"<state id='a'>{do(SAME_PARAM)}</state>", "`p` cannot be given twice"),
        (f"<state id='a'>{do(ADDRESSED)}</state>", "an effect has no address"),
    ],
)
def test_what_is_not_read_of_a_chart_is_refused(inside, why) -> None:
    told = refusals(chart(f"{inside}<final id='b'/>"), from_scxml)
    assert any(why in each for each in told), told


@pytest.mark.parametrize(
    "name", ["utf-16", "gbk", "utf-7", "cp037", "rot13", "shift_jis", "x" * 40, "UTF-32"]
)
@pytest.mark.parametrize(("text", "read"), [(ONE_TABLE, from_dmn), (chart(""), from_scxml)])
def test_another_encoding_than_the_one_that_is_read_is_refused(text, read, name) -> None:
    (told,) = refusals(f'<?xml version="1.0" encoding="{name}"?>{text}', read)
    assert told.startswith("d:1:1: error[TR804] `encoding` cannot be converted: the document dec")
    assert name in told


@pytest.mark.parametrize("name", ["UTF-8", "utf-8", "US-ASCII", "ISO-8859-1", "windows-1252"])
def test_an_encoding_that_writes_the_document_alike_is_read(name) -> None:
    head = f'<?xml version="1.0" encoding="{name}"?>'
    assert from_dmn(head + ONE_TABLE).files
    chinese = head + ONE_TABLE.replace('name="o"', 'name="赔"')
    if name.lower() == "utf-8":
        assert from_dmn(chinese).files
    else:
        assert f"the encoding `{name}`" in refusals(chinese)[0]
