"""Overlays whose files hold any bytes: each is laid, or says at which places it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.checks import check
from telecom_rules.findings import Severity, render
from telecom_rules.pack.linking import link_layers
from telecom_rules.pack.overlay.layers import Layer, Pin
from tests.fuzz.harness import Harness
from tests.fuzz.mutation import OBEYED, mutate
from tests.pack.house import house

if TYPE_CHECKING:
    from random import Random

Files: TypeAlias = "dict[str, bytes]"

LAW = "law:"
SHOP = {
    "pack.yaml": "pack: shop\nversion: 1.0.0\ntitle: {zh: 店, en: Shop}\nextends: law\n",
    "handbook.yaml": """\
source: handbook
title: {zh: 手册, en: Handbook}
kind: rule
clauses: {"4": {title: {zh: 答复, en: Answers}}}
""",
    "figures.yaml": """\
overrides:
  parameters.reply:
    kind: promise
    reason: {zh: 从快, en: Sooner}
    values: {from: 2027-01-01, value: 10, cites: [handbook:4]}
  catalogues.grade:
    codes: {middle: {after: low, title: {zh: 中, en: Middle}}}
  facts.ticket:
    fields: {vip: {type: boolean?, title: {zh: 重要, en: Important}}}
""",
    "grading.yaml": """\
override: policies.grading
rules:
  - {id: huge, before: high, when: loss >= 9000, then: {grade: high}, cites: [handbook:4]}
  - {id: high, when: loss >= 40}
  - {id: low, then: {grade: low}, note: {zh: 低, en: Low}}
""",
    "handling.yaml": """\
override: workflows.handling
clocks: {reply: {warn_at: 80%}}
states:
  open:
    on:
      close: {target: closed, requires: [grade]}
      keep: {target: kept, cites: [handbook:4]}
  kept: {title: {zh: 留存, en: Kept}, type: final, cites: [handbook:4]}
events: {keep: {title: {zh: 留存, en: Keep}}}
""",
}
"""An overlay that changes something of each kind."""


def grow(random: Random) -> Files:
    """Return an overlay in which one or two files are mutated."""
    files = {name: text.encode() for name, text in SHOP.items()}
    for name in random.sample(sorted(files), random.choice((1, 1, 2))):
        files[name] = mutate(random, files[name])
    return files


def examine(files: Files) -> str:
    """Lay an overlay over a pack, check both, and show what is found with both places."""
    law = Layer(LAW, None, {LAW + name: data for name, data in house().items()})
    shop = Layer("", None, files, (Pin(LAW, None),), frozenset({LAW}))
    reading = link_layers([law, shop])
    found = (*reading.findings, *check(reading))
    for language in ("zh", "en"):
        assert not OBEYED.search(render(found[:100], reading.texts, language))
    if reading.pack is None:
        first = next((each.id for each in found if each.severity is Severity.ERROR), "no pack.yaml")
        return f"refused {first[:3]}"
    same = reading.base is not None and reading.base.require_pack().digest == reading.pack.digest
    return "loaded, as the base" if same else "loaded"


HARNESS = Harness(
    grow=grow,
    examine=examine,
    kept=({name: text.encode() for name, text in SHOP.items()},),
    share=60,
)
