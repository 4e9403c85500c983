"""SCXML documents: each becomes files of a pack that loads, or findings that say why not."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from telecom_rules.findings import render
from telecom_rules.interop import Imported, NotImportable, from_scxml, to_scxml
from telecom_rules.pack import link
from tests.fuzz.harness import Harness
from tests.fuzz.xml_documents import grow_document, read_part
from tests.interop.house import made
from tests.interop.test_exports import CHART, SMALL, WILD
from tests.interop.test_scxml_documents import DOOR, REFUSED, chart

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NAMESPACES = ("http://www.w3.org/2005/07/scxml", "", "urn:other")
SEEDS = [
    read_part(text)
    for text in (
        DOOR,
        *(to_scxml(made(each)) for each in (SMALL, WILD, CHART)),
        *(chart(inside) for inside, _, _ in REFUSED),
    )
]
MOST_FINDINGS = 500
"""Findings of one document: errors and all kinds of warnings."""
LINKED_AGAIN = 60_000
"""Characters of files that are linked once more."""
STAND_IN: Mapping[str, bytes] = {
    "pack.yaml": b'pack: p\nversion: "1"\ntitle: {zh: a, en: a}\nutc_offset: "+08:00"\nrequire_cites: false\n'
}


def grow(rng: Random) -> str:
    """Return a document."""
    return grow_document(rng, SEEDS, NAMESPACES)


def examine(text: str) -> str:
    """Import a document as the command does; tell whether it was refused or loaded."""
    return judge_import(from_scxml, text)


def judge_import(read: Callable[[str], Imported], text: str) -> str:
    """Return what becomes of a document: `loaded`, `trusted` or `refused`."""
    try:
        imported = read(text)
    except NotImportable as refused:
        assert refused.findings
        check_findings(refused.findings, text)
        return "refused"
    check_findings(imported.findings, text)
    if sum(map(len, imported.files.values())) > LINKED_AGAIN:
        return "large"
    files = {name: each.encode() for name, each in imported.files.items()}
    reading = link({**STAND_IN, **files})
    if "telecom-rules" in text and reading.pack is None:
        return "trusted"  # it names parts of a pack that is not here
    assert reading.pack is not None, [each.concise() for each in reading.findings]
    return "loaded"


def check_findings(findings: tuple, text: str) -> None:
    """Hold findings against what is promised of them: not too many, each on one line."""
    assert len(findings) <= MOST_FINDINGS
    for each in findings:
        for language in ("zh", "en"):
            assert len(each.concise(language).splitlines()) == 1
            assert len(each.concise(language)) < 3_000
    render(findings, {each.span.file: text for each in findings})


HARNESS = Harness(grow=grow, examine=examine, share=60)
