"""DMN as other tools write it: what their documents say is decided here, or left out and told."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from telecom_rules.interop import NotImportable, from_dmn
from telecom_rules.interop.importing import STAND_IN
from telecom_rules.pack import Pack, link

DAY = date(2026, 3, 1)
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
CAMUNDA = "http://www.omg.org/spec/DMN/20151101/dmn.xsd"


def model(body: str, namespace: str = DMN) -> str:
    return (
        f'<definitions xmlns="{namespace}" xmlns:triso="urn:triso" xmlns:camunda="urn:camunda"'
        f' name="m" namespace="urn:m">{body}</definitions>'
    )


def given(**kinds: str) -> str:
    return "".join(
        f'<inputData id="i_{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/>'
        "</inputData>"
        for name, kind in kinds.items()
    )


def table(tested: str, *rows: str, kind: str = "string", hit: str = "UNIQUE") -> str:
    """Return a table of inputs `a:number, b:string` and rows `cell; cell -> value`."""
    columns = ""
    for each in filter(None, tested.split(",")):
        name, _, type_ = each.strip().partition(":")
        columns += (
            f'<input><inputExpression typeRef="{type_ref(type_)}"><text>{name}</text>'
            "</inputExpression></input>"
        )
    written = ""
    for row in rows:
        cells, _, value = row.partition("->")
        entries = "".join(
            f"<inputEntry><text>{escape(each.strip())}</text></inputEntry>"
            for each in cells.split(";")
        )
        written += (
            f"<rule>{entries}<outputEntry><text>{escape(value.strip())}</text></outputEntry></rule>"
        )
    output = f'<output typeRef="{kind}"/>' if kind else "<output/>"
    return f'<decisionTable hitPolicy="{hit}">{columns}{output}{written}</decisionTable>'


def type_ref(text: str) -> str:
    return text or "number"


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(name: str, inside: str, kind: str = "", needs: str = "") -> str:
    needed = "".join(
        f'<informationRequirement><requiredDecision href="#{each}"/></informationRequirement>'
        for each in needs.split()
    )
    variable = f'<variable name="{name}"' + (f' typeRef="{kind}"' if kind else "") + "/>"
    return f'<decision id="{name}" name="{name}">{variable}{needed}{inside}</decision>'


def function(name: str, parameters: str, inside: str) -> str:
    formal = "".join(f'<formalParameter name="{each}"/>' for each in parameters.split())
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"/>'
        f"<encapsulatedLogic>{formal}{inside}</encapsulatedLogic></businessKnowledgeModel>"
    )


def call(name: str, **bound: str) -> str:
    bindings = "".join(
        f'<binding><parameter name="{each}"/>{literal(text)}</binding>'
        for each, text in bound.items()
    )
    return f"<invocation>{literal(name)}{bindings}</invocation>"


def context(*entries: tuple[str, str]) -> str:
    return (
        "<context>"
        + "".join(
            "<contextEntry>"
            + (f'<variable name="{name}"/>' if name else "")
            + f"{inside}</contextEntry>"
            for name, inside in entries
        )
        + "</context>"
    )


PERSON = (
    '<itemDefinition name="tPerson"><itemComponent name="Name"><typeRef>string</typeRef>'
    '</itemComponent><itemComponent name="Age"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="wakes at"><typeRef>time</typeRef></itemComponent></itemDefinition>'
)
GRADES = (
    '<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues>'
    '<text>"High", "Low"</text></allowedValues></itemDefinition>'
)
NAMES = (
    '<itemDefinition name="tNames" isCollection="true"><typeRef>string</typeRef></itemDefinition>'
)
PRICE = table("kind:string", '"a" -> 10', "- -> 20", kind="number", hit="FIRST")
SERVICE = (
    '<decisionService name="Whole Model Decision Service" triso:dynamicDecisionService="true">'
    '<variable name="Whole Model Decision Service" typeRef="Any"/></decisionService>'
)

DOCUMENTS: dict[str, tuple[str, dict[str, Any], str, Any]] = {
    "a sum of two decisions": (
        model(
            given(kind="string", n="number")
            + decision("price", PRICE)
            + decision("total", literal("price * n + 1"), needs="price")
        ),
        {"kind": "a", "n": 3},
        "total",
        Decimal(31),
    ),
    "a conditional of a function": (
        model(
            given(a="number", b="number")
            + decision("x", literal("if a between 1 and 5 then max(a, b) else a / 4"))
        ),
        {"a": 10, "b": 1},
        "x",
        Decimal("2.5"),
    ),
    "a part of a structure": (
        model(PERSON + given(p="tPerson") + decision("x", table("p.Age", ">= 18 -> p.Name"))),
        {"p_age": 20, "p_name": "Li"},
        "x",
        "Li",
    ),
    "a function that is called by name": (
        model(
            function("Price", "kind", PRICE)
            + given(sort="string")
            + decision("x", call("Price", kind="sort"))
        ),
        {"sort": "a"},
        "x",
        Decimal(10),
    ),
    "a function that is called by place, with an expression": (
        model(
            function("Twice", "n", table("n", "> 4 -> n * 2", "<= 4 -> n", kind="number"))
            + given(a="number")
            + decision("x", literal("Twice(a + 1)"))
        ),
        {"a": 4},
        "x",
        Decimal(10),
    ),
    "a structure that is bound whole": (
        model(
            PERSON
            + function("Old", "who", table("who.Age", '> 60 -> who.Name + "!"', '<= 60 -> "no"'))
            + given(p="tPerson")
            + decision("x", call("Old", who="p"))
        ),
        {"p_age": 61, "p_name": "Li"},
        "x",
        "Li!",
    ),
    "a context with tables in it": (
        model(
            given(kind="string")
            + decision(
                "x",
                context(
                    ("price", PRICE),
                    ("inner", context(("fee", literal("5")), ("", literal("price + fee")))),
                    ("", literal("inner * 2")),
                ),
            )
        ),
        {"kind": "a"},
        "x",
        Decimal(30),
    ),
    "null in cells": (
        model(
            given(n="number")
            + decision(
                "x", table("n", 'null -> "none"', '> 1 -> "some"', 'null, 1 -> "one"', hit="FIRST")
            )
        ),
        {},
        "x",
        "none",
    ),
    "a number that is not there passes no limit": (
        model(
            given(n="number", m="number")
            + decision("x", table("n", 'not(null, 1) -> "there"', '- -> "other"', hit="FIRST"))
        ),
        {"m": 1},
        "x",
        "other",
    ),
    "a list in a cell": (
        model(
            NAMES
            + given(name="string", names="tNames")
            + decision("x", table("name:string", 'names -> "in"', 'not(names) -> "out"'))
        ),
        {"name": "b", "names": ["a", "b"]},
        "x",
        "in",
    ),
    "a condition in a cell": (
        model(
            given(n="number") + decision("x", table("n", '? * 2 > 9 -> "y"', '? * 2 <= 9 -> "n"'))
        ),
        {"n": 5},
        "x",
        "y",
    ),
    "an order of the item definition, and a generated service": (
        model(
            SERVICE
            + GRADES
            + given(n="number")
            + decision(
                "x", table("n", '> 1 -> "Low"', '> 2 -> "High"', kind="tGrade", hit="PRIORITY")
            )
        ),
        {"n": 3},
        "x",
        "high",
    ),
    "a code that is put into a text": (
        model(GRADES + given(g="tGrade") + decision("x", literal('"grade " + g'))),
        {"g": "high"},
        "x",
        "grade High",
    ),
    "a comparison with a text that is a code": (
        model(GRADES + given(g="tGrade") + decision("x", literal('g = "High" and g != "Low"'))),
        {"g": "high"},
        "x",
        True,
    ),
    "durations": (
        model(
            given(d="date", s="days and time duration")
            + decision(
                "x",
                table(
                    "s:days and time duration",
                    '> duration("P1D") -> d + duration("P1M")',
                    kind="date",
                ),
            )
        ),
        {"d": date(2026, 1, 31), "s": timedelta(days=2)},
        "x",
        date(2026, 2, 28),
    ),
    "a decision that a person makes": (
        model(
            given(a="string")
            + decision("opinion", "", "string")
            + decision("x", literal('a + ": " + opinion'), needs="opinion")
        ),
        {"a": "Li", "opinion": "good"},
        "x",
        "Li: good",
    ),
    "Camunda, without any input": (
        model(
            decision(
                "price",
                table(
                    "customer.kind:string, size:integer",
                    '"a"; < 10 -> 0.1',
                    '"a"; >= 10 -> 0.2',
                    kind="double",
                ),
            )
            + decision("x", literal("price * amount"), needs="price"),
            CAMUNDA,
        ),
        {"customer_kind": "a", "size": 12, "amount": 10},
        "x",
        Decimal("2.0"),
    ),
    "an integer is divided as a decimal": (
        model(decision("x", table("n:integer", "- -> n / 2", kind="")), CAMUNDA),
        {"n": 3},
        "x",
        Decimal("1.5"),
    ),
    "not equal, as tools write it": (
        model(given(n="number") + decision("x", table("n", '!= 47 -> "other"', '47 -> "it"'))),
        {"n": 46},
        "x",
        "other",
    ),
}


def load(files: dict[str, str]) -> Pack:
    return link(
        {"pack.yaml": STAND_IN, **{name: text.encode() for name, text in files.items()}}
    ).require_pack()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_of_another_tool_decides_as_it_says(name: str) -> None:
    text, facts, asked, wanted = DOCUMENTS[name]
    pack = load(dict(from_dmn(text).files))
    (decided,) = pack.policies[asked].decide(facts, on=DAY).outputs.values()
    assert decided == wanted


RELATION = decision("bad", "<relation/>", "number")
MIXED = model(
    given(kind="string")
    + decision("price", PRICE)
    + RELATION
    + decision("total", literal("price + bad"), needs="price bad")
)


def test_what_cannot_be_converted_refuses_the_whole_document() -> None:
    with pytest.raises(NotImportable):
        from_dmn(MIXED)


def test_in_part_it_is_left_out_and_its_result_becomes_a_fact() -> None:
    imported = from_dmn(MIXED, partial=True)
    told = [each.concise() for each in imported.findings if each.id == "TR807"]
    assert any("`decision bad` is omitted: it cannot be converted" in each for each in told)
    policies = load(dict(imported.files)).policies
    assert set(policies) == {"price", "total"}
    decided = policies["total"].decide({"kind": "a", "bad": 5}, on=DAY)
    assert decided.outputs == {"total": Decimal(15)}


def test_of_two_of_one_name_neither_is_imported_in_part() -> None:
    twice = decision("price", PRICE) + decision("price", PRICE)
    text = model(given(kind="string") + twice + decision("x", PRICE))
    assert set(load(dict(from_dmn(text, partial=True).files)).policies) == {"x"}


def test_a_document_without_anything_to_convert_is_refused_in_part_as_well() -> None:
    with pytest.raises(NotImportable) as refused:
        from_dmn(model(RELATION), partial=True)
    assert any("this kind of expression" in each.concise() for each in refused.value.findings)


LOOPS = {
    "decisions": decision("a", literal("b + 1"), "number", "b")
    + decision("b", literal("a + 1"), "number", "a"),
    "functions": function("f", "n", literal("g(n)"))
    + function("g", "n", literal("f(n)"))
    + given(n="number")
    + decision("x", literal("f(n)"), "number"),
    "types": '<itemDefinition name="t"><itemComponent name="p"><typeRef>t</typeRef></itemComponent>'
    "</itemDefinition>" + given(v="t", kind="string") + decision("x", literal("v.p"), "string"),
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_circle_is_said_and_the_rest_is_imported(name: str) -> None:
    text = model(given(kind="string") * (name != "types") + LOOPS[name] + decision("ok", PRICE))
    with pytest.raises(NotImportable):
        from_dmn(text)
    assert "policies/ok.yaml" in from_dmn(text, partial=True).files


def test_calls_that_double_at_each_step_end() -> None:
    steps = "".join(
        function(
            f"f{n}", "n", context(("a", literal(f"f{n + 1}(n)")), ("b", literal(f"f{n + 1}(n)")))
        )
        for n in range(40)
    )
    text = model(steps + function("f40", "n", PRICE) + given(n="number")
                 + decision("x", literal("f0(n)")))  # fmt: skip
    with pytest.raises(NotImportable):
        from_dmn(text, partial=True)


def test_a_table_of_too_many_cells_is_left_out_alone() -> None:
    row = "; ".join(["-"] * 12) + ' -> "x"'
    columns = ", ".join(f"n{number}" for number in range(12))
    facts = given(kind="string", **{f"n{number}": "number" for number in range(12)})
    rule = table(columns, row)
    start, end = rule.index("<rule>"), rule.index("</decisionTable>")
    cells = "<inputEntry><text>-</text></inputEntry>" * 12
    large = rule[:start] + ("<rule>" + cells + "<outputEntry/></rule>") * 500 + rule[end:]
    text = model(facts + decision("large", large) + decision("ok", PRICE))
    assert "policies/ok.yaml" in from_dmn(text, partial=True).files


def test_what_is_imported_in_part_loads_whatever_is_spoilt() -> None:
    bad = (
        '<text>time("10:00:00")</text>',
        "<text>for</text>",
        "<text>nothing</text>",
        "<text>(</text>",
    )
    for name, (text, _, _, _) in DOCUMENTS.items():
        for number in range(text.count("<text>")):
            parts = text.split("<text>")
            rest = "<text>".join(parts[number + 1 :])
            spoilt = (
                "<text>".join(parts[: number + 1])
                + bad[number % 4]
                + rest[rest.index("</text>") + 7 :]
            )
            try:
                imported = from_dmn(spoilt, partial=True)
            except NotImportable:
                continue
            assert load(dict(imported.files)).policies, name
