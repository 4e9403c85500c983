"""SCXML documents: each becomes files of a pack that loads, or findings that say why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.interop import from_scxml, to_scxml
from tests.fuzz.harness import Harness
from tests.fuzz.xml_documents import grow_document, judge_import, read_part
from tests.interop.house import made
from tests.interop.test_exports import CHART, SMALL, WILD
from tests.interop.test_scxml_documents import DOOR, REFUSED, chart

if TYPE_CHECKING:
    from random import Random

NAMESPACES = ("http://www.w3.org/2005/07/scxml", "", "urn:other")
SEEDS = [
    read_part(text)
    for text in (
        *[DOOR] * 20,
        *(to_scxml(made(each)) for each in (SMALL, WILD, CHART)),
        *(chart(inside) for inside, _, _ in REFUSED),
    )
]


def grow(rng: Random) -> str:
    """Return a document."""
    return grow_document(rng, SEEDS, NAMESPACES)


def examine(text: str) -> str:
    """Import a document as the command does; tell whether it was refused or loaded."""
    return judge_import(from_scxml, text)


HARNESS = Harness(grow=grow, examine=examine, share=60)
