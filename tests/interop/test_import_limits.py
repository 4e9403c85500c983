"""A document that is made to cost much is refused in time, and with as few findings as help."""

from __future__ import annotations

import pytest

from telecom_rules.findings import render
from telecom_rules.findings.collector import MOST_OF_FILE
from telecom_rules.interop import NotImportable, from_dmn, from_scxml
from tests.interop.test_imports import LEVELS, given, model, refusals, table
from tests.interop.test_scxml_documents import chart
from tests.patience import within

SECONDS = 4
"""Seconds of a processor that other tests use as well; on one that is idle they are 2."""


def test_findings_without_end_are_counted() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(20_000))
    text = chart(f"<state id='a' {attributes}/>")
    with within(SECONDS), pytest.raises(NotImportable) as refused:
        from_scxml(text, "d")
    assert len(refused.value.findings) == MOST_OF_FILE + 1
    assert "19900 more findings are not listed" in refused.value.findings[-1].concise()
    with within(SECONDS):
        render(refused.value.findings, {"d": text})


def test_a_cell_and_a_chain_of_types_are_bounded() -> None:
    output = '<output typeRef="number"/>'
    long = model(given("number") + table(("1," * 10_000 + "1", "1"), output=output))
    assert "more than 10000 characters" in refusals(long)[0]
    items = repeat("<itemDefinition name='t#'><typeRef>t1#</typeRef></itemDefinition>", 10)
    deep = model(items.replace("t1", "t") + given("t0") + table(("-", "1"), output=output))
    assert any("defined by itself" in each for each in refusals(deep))


def repeat(unit: str, many: int) -> str:
    """Return a text many times, each with its number in the place of `#`."""
    return "".join(unit.replace("#", str(number)) for number in range(many))


def state(inside: str) -> str:
    return chart(f"<state id='a'>{inside}</state>")


GO = "<transition event='e#' target='a'/>"
ASSIGN = "<assign location='n' expr='n'/>"
LARGE = {
    "names that want one identifier": chart(repeat("<state id='\u5e74#'/>", 9_000)),
    "transitions on one event": state(repeat(GO.replace("#", ""), 15_000)),
    "wildcards": state(repeat(GO, 4_000) + "<transition event='*'/>" * 4_000),
    "targets under a wildcard": state(
        f"<transition event='{repeat('e# ', 3_000)}' target='{'a ' * 30_000}'/>"
    ),
    "parts of a name": state("<transition event='" + "a." * 200_000 + "b'/>"),
    "parts of the name of an event that is raised": state(
        "<onentry><raise event='" + "9" * 10 + " .5a" * 20_000 + "'/></onentry>"
    ),
    "assignments": state(f"<onentry>{ASSIGN * 9_000}</onentry>"),
    "conditions around conditions": state(
        "<onentry>"
        + f"<if cond='{'n+' * 400}n==1'>" * 40
        + "<raise event='e'/>" * 5_000
        + "</if>" * 40
        + "</onentry>"
    ),
    "events of an assignment": state(
        f"<transition event='{repeat('e# ', 5_000)}'>{ASSIGN * 5_000}</transition>"
    ),
    "quotes that do not close": state("<transition event='e' cond='" + '"\\' * 200_000 + "'/>"),
    "long conditions": state(("<transition event='e' cond='" + "n+" * 499 + "n'/>") * 900),
    "done events": chart(
        "<parallel id='p'>"
        + "<transition event='done.state.p'/>" * 9_000
        + repeat("<state id='s#'/>", 9_000)
        + "</parallel>"
    ),
    "a chain of eventless transitions": chart(
        repeat("<state id='s#'><transition target='s#0'/></state>", 10)
        + "".join(
            f"<state id='t{each}'><transition target='t{each + 1}'/></state>"
            for each in range(3_000)
        )
        + "<final id='t3000'/>"
        + repeat("<state id='s#0'/>", 10)
    ),
    "types by one another": model(
        repeat("<itemDefinition name='t#'><typeRef>u#</typeRef></itemDefinition>", 3_000)
        + repeat("<itemDefinition name='u#'><typeRef>t1#</typeRef></itemDefinition>", 3_000)
        + given("t0")
        + table(("-", "1"))
    ),
    "names that begin alike": model(
        repeat("<inputData name='a #'><variable typeRef='number'/></inputData>", 3_000)
        + table(*[("-", "a b " * 2_000)] * 100)
    ),
    "outputs": model(
        given("number")
        + '<decision name="r"><decisionTable><input><inputExpression><text>a</text>'
        + "</inputExpression></input>"
        + repeat("<output name='o#'/>", 5_000)
        + "<rule><inputEntry/>"
        + "<outputEntry><text>1</text></outputEntry>" * 5_000
        + "</rule></decisionTable></decision>"
    ),
    "alternatives of long conditions": model(
        given("number")
        + table(*[(repeat("#,", 1_500) + "1", "1")] * 100, test="+".join(["a"] * 300))
    ),
    "one list of values for many inputs": model(
        LEVELS.replace('"Low"', repeat('"v#", ', 900) + '"Low"')
        + repeat("<inputData name='a#'><variable typeRef='tLevel'/></inputData>", 4_000)
        + table(("-", "1"), test="a1")
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_large_document_ends_in_time(name: str) -> None:
    read = from_scxml if LARGE[name].startswith("<scxml") else from_dmn
    findings = []
    with within(SECONDS):
        try:
            findings += read(LARGE[name]).findings
        except NotImportable as refused:
            findings += refused.findings
    assert len(findings) <= MOST_OF_FILE + 1
