"""DMN documents: each becomes files of a pack that loads, or findings that say why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.interop import from_dmn
from tests.fuzz.harness import Harness
from tests.fuzz.xml_documents import grow_document, judge_import, read_part
from tests.interop.test_dmn import LOAN, REFUSED

if TYPE_CHECKING:
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


def grow(rng: Random) -> str:
    """Return a document."""
    return grow_document(rng, SEEDS, NAMESPACES)


def examine(text: str) -> str:
    """Import a document as the command does; tell whether it was refused or loaded."""
    return judge_import(from_dmn, text)


HARNESS = Harness(grow=grow, examine=examine, kept=(NAMELESS,), share=60)
