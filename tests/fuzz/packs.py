"""Packs whose files hold any bytes: each loads, or says at which places it does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias
from xml.etree import ElementTree as ET

from telecom_rules.checks import check
from telecom_rules.findings import Findings
from telecom_rules.findings.collector import MOST_OF_ALL
from telecom_rules.pack.linking import link
from telecom_rules.reports import FORMATS, Report
from telecom_rules.scenarios.linking.link import draft_scenarios
from telecom_rules.scenarios.linking.link import link as link_scenarios
from tests.fuzz.harness import Harness
from tests.fuzz.mutation import OBEYED, mutate
from tests.pack.house import house
from tests.scenarios.house import POLICY

if TYPE_CHECKING:
    from random import Random

Files: TypeAlias = "dict[str, bytes]"

TITLE = "title: {zh: 测试, en: Test}"
SCENARIOS = f"""{POLICY}tests:
  low: {{{TITLE}, given: {{loss: 1}}, then: {{grade: low}}}}
  high: {{{TITLE}, given: {{loss: 49}}, then: {{grade: high}}}}
"""
LONGEST_LINE = 2_000
"""Characters of a line of output; the longest is the list of the keys that a file may have."""


def grow(random: Random) -> Files:
    """Return a pack in which one or two files are mutated, and sometimes lost or misnamed."""
    files = {**house(), "scenarios/grading.yaml": SCENARIOS.encode()}
    for name in random.sample(sorted(files), random.choice((1, 1, 2))):
        files[name] = mutate(random, files[name])
    if random.random() < 0.05:
        files.pop(random.choice(sorted(files)))
    if random.random() < 0.05:
        files["a\n\x1b[2J\u202e.yaml"] = random.choice(list(files.values()))
    return files


def examine(files: Files) -> str:
    """Read, link and check a pack with its scenarios, and write every report."""
    scenarios = {name: data for name, data in files.items() if name.startswith("scenarios/")}
    reading = link({name: data for name, data in files.items() if name not in scenarios})
    found = Findings(reading.findings)
    drafts = draft_scenarios(scenarios, found)
    if reading.pack is not None:
        found += check(reading, release=True)
        link_scenarios(drafts, reading.pack, found)
    texts = {name: data.decode("utf-8-sig", "replace") for name, data in files.items()}
    assert len(reading.findings) <= MOST_OF_ALL + len(files)
    for language in ("zh", "en"):
        report = Report(findings=found[:300], texts=texts, pack=reading.overview, language=language)
        written = {name: write(report) for name, write in FORMATS.items()}
        json.loads(written["json"])
        ET.fromstring(written["junit"])  # noqa: S314 - our own report
        for name in ("text", "concise"):
            lines = written[name].split("\n")
            assert not OBEYED.search(written[name]), "something that a terminal obeys"
            assert max(map(len, lines)) < LONGEST_LINE, "an endless line"
    if reading.pack is not None:
        return "loaded"
    first = next((each.id for each in found if each.severity == "error"), "no pack.yaml")
    return f"refused {first[:3]}"


def one_file(name: str, data: bytes) -> Files:
    """Return the pack with one file put into it."""
    return {**house(), name: data}


HARNESS = Harness(
    grow=grow,
    examine=examine,
    kept=(
        one_file("a.yaml", b"a: [" + b"x," * 98_000 + b"\n\tx: }"),
        one_file("a.yaml", b"\n".join(b"k%d: v" % each for each in range(49_000)) + b"\nbad\n"),
        one_file("a.yaml", b"a: [" + b"x," * 48_000 + b"x] #"),
        one_file(
            "a.yaml",
            b"policy: p\ntitle: {zh: a, en: b}\nfacts: ticket\noutputs: {}\nrules:\n"
            + b"- x: 1\n" * 15_000,
        ),
        one_file("a.yaml", b"\x01" * 900_000),
        one_file("a.yaml", ("a" + "\u0301" * 100_000 + ": [").encode()),
    ),
    share=60,
)
