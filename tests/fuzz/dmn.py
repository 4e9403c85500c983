"""DMN documents: each becomes files of a pack that loads, or findings that say why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.interop import from_dmn
from tests.fuzz.harness import Harness
from tests.fuzz.xml_documents import grow_document, judge_import, read_part
from tests.interop.test_dmn import LOAN, REFUSED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

NAMESPACES = (
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20240513/MODEL/",
    "https://www.omg.org/spec/DMN/20990101/MODEL/",
    "",
)
NAMELESS = (
    f'<definitions xmlns="{NAMESPACES[0]}"><decision><decisionTable><output/><rule><outputEntry>'
    '<text>"ok"</text></outputEntry></rule></decisionTable></decision></definitions>'
)
SEEDS = [
    read_part(text)
    for text in (
        LOAN,
        LOAN,
        LOAN,
        NAMELESS,
        *(LOAN.replace(old, new, 1) for old, new, _ in REFUSED),
    )
]


HITS = ("UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
NAMES = (
    "a",
    "Kind of Line",
    "Age",
    "is new",
    "\u5e74\u9f84",
    "a-b",
    "x.y",
    "and",
    "today",
    "Policies",
)
CELLS = {
    "string": ('"x"', '"x", "y"', 'not("x")', "-", '""', '"\u7532 ( b"'),
    "number": ("1", "&lt; 5", "[1..3)", "not(2, 3)", "-", "-1.50", "&gt;= 0.1", "]1..2["),
    "boolean": ("true", "false", "-"),
    "date": ('date("2026-03-01")', '&lt; @"2026-03-01"', "-"),
    "tLevel": ('"High"', '"Low", "High"', "-"),
    "integer": ("1", "&lt; 5", "-"),
    "Any": ('"x"', "-"),
}
RESULTS = {
    "string": ('"x"', '"y"', "null"),
    "number": ("1", "-2.5", "1 + 2"),
    "boolean": ("true", "false"),
    "date": ('date("2026-03-01")',),
    "tLevel": ('"High"', '"Low"'),
    "integer": ("1", "-2"),
    "Any": ('"x"', '"y"'),
}
VALUES = ('"x"', "1", "true", "null", '"High"', 'date("2026-03-01")', "Age + 1", "a", "a * 2")
"""Texts of cells by the type that they fit, and some that seldom do."""
LEVEL = (
    '<itemDefinition name="tLevel"><typeRef>string</typeRef><allowedValues>'
    '<text>"High", "Low"</text></allowedValues></itemDefinition>'
)


def grow(rng: Random) -> str:
    """Return a document: one that follows the grammar of DMN, or one that was spoilt."""
    return grow_model(rng) if rng.random() < 0.4 else grow_document(rng, SEEDS, NAMESPACES)


def grow_model(rng: Random) -> str:
    """Return a document of tables that may test one another."""
    kinds = {name: rng.choice([*CELLS]) for name in rng.sample(NAMES, rng.randint(1, 4))}
    inputs = "".join(
        f'<inputData name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'
        for name, kind in kinds.items()
    )
    tables = []
    for number in range(rng.randint(1, 3)):
        tables.append(grow_table(rng, f"d{number}", kinds))
        kinds |= {f"d{number}": "string"} if rng.random() < 0.3 else {}
    declared = inputs if rng.random() < 0.8 else ""
    return (
        f'<definitions xmlns="{rng.choice(NAMESPACES[:2])}" name="model">{LEVEL}{declared}'
        f"{''.join(tables)}</definitions>"
    )


def grow_table(rng: Random, name: str, kinds: dict[str, str]) -> str:
    """Return a decision; most of its cells fit the types of what they test."""
    tested = rng.sample([*kinds], rng.randint(0 if rng.random() < 0.1 else 1, len(kinds)))
    ranked = rng.random() < 0.15
    kind = "string" if ranked else rng.choice((*RESULTS, None))
    hit = rng.choice(("PRIORITY", "OUTPUT ORDER") if ranked else HITS[:5])
    outputs = range(rng.choice((1, 1, 1, 2)))
    values = "<outputValues><text>1, 2</text></outputValues>" if rng.random() < 0.1 else ""
    values = '<outputValues><text>"x", "y"</text></outputValues>' if ranked else values
    results = "".join(
        f'<output name="{name}_{number}"{f" typeRef={chr(34)}{kind}{chr(34)}" if kind else ""}>'
        f"{values}</output>"
        for number in outputs
    )
    columns = "".join(
        f'<input><inputExpression typeRef="{kinds[each]}"><text>{each}</text>'
        "</inputExpression></input>"
        for each in tested
    )
    fitting = RESULTS[kind or rng.choice([*RESULTS])]
    rows = "".join(
        f"<rule>{grow_cells(rng, tested, kinds)}"
        + "".join(f"<outputEntry><text>{pick(rng, fitting)}</text></outputEntry>" for _ in outputs)
        + "</rule>"
        for _ in range(rng.randint(0 if rng.random() < 0.1 else 1, 4))
    )
    return (
        f'<decision name="{name}" id="{name}"><decisionTable hitPolicy="{hit}">'
        f"{columns}{results}{rows}</decisionTable></decision>"
    )


def grow_cells(rng: Random, tested: Sequence[str], kinds: Mapping[str, str]) -> str:
    """Return the input entries of a rule."""
    return "".join(
        f"<inputEntry><text>{pick(rng, CELLS[kinds[each]])}</text></inputEntry>" for each in tested
    )


def pick(rng: Random, fitting: Sequence[str]) -> str:
    """Return a text that fits, or now and then one that probably does not."""
    return rng.choice(VALUES if rng.random() < 0.03 else fitting)


def examine(text: str) -> str:
    """Import a document as the command does; tell whether it was refused or loaded."""
    return judge_import(from_dmn, text)


HARNESS = Harness(grow=grow, examine=examine, kept=(NAMELESS,), share=60)
