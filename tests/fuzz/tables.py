"""Decision tables of any shape: proofs, answers and questions end, and nothing is passed over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from telecom_rules.checks import tables
from telecom_rules.errors import TelecomRulesError
from telecom_rules.pack import link
from tests.fuzz.harness import Harness

if TYPE_CHECKING:
    from random import Random

TITLE = "title: {zh: 名, en: Name}"
AROUND = {
    "pack.yaml": (
        f'pack: house\nversion: 1.0.0\n{TITLE}\nutc_offset: "+08:00"\n'
        "require_cites: false\nrequire_titles: false\n"
    ),
    "facts.yaml": f"""\
facts: thing
{TITLE}
fields:
  i: {{type: integer, {TITLE}}}
  j: {{type: integer, {TITLE}, min: 0, max: 9}}
  m: {{type: money, {TITLE}, min: 0}}
  d: {{type: decimal, {TITLE}}}
  b: {{type: boolean, {TITLE}}}
  c: {{type: boolean, {TITLE}}}
  s: {{type: text, {TITLE}}}
  t: {{type: date, {TITLE}}}
  o: {{type: "integer?", {TITLE}}}
  l: {{type: "list[integer]", {TITLE}}}
""",
}
DAY = date(2026, 3, 2)
PARTS: tuple[dict[str, object], ...] = (
    {},
    {"i": 3, "b": True, "s": "t3"},
    {"j": 2, "m": "10.00", "d": "0.5", "t": "2026-01-01", "l": [1, 5]},
    {"i": 500, "j": 9, "c": False, "o": 4, "l": []},
)
"""Incomplete facts, on which a table decides and asks."""
SIZES = (1, 3, 8, 30, 120)
FORMS = (
    "i == {n}", "i < {n}", "j >= {k}", "m > {n}", "m == {n}", "d <= {n}", "b", "!c",
    "s == 't{n}'", "s.startsWith('t{k}')", "t < today - days({n})", "t > date('2026-01-01')",
    "has(o)", "(has(o) && o > {k})", "i + j > {n}", "i * {k} != {n}", "m * {k} < d", "i < j",
    "i % 7 == {k}", "{k} in l", "l.exists(x, x > {n})", "l.size() > {k}", "s.matches('a{k}')",
    "(i - j) * (i - j) < {n}", "b == c", "(b ? i : j) > {k}", "j in [1, {k}]",
)  # fmt: skip


def grow(random: Random) -> str:
    """Return the text of a table."""
    head = random.choice(("first", "unique", "any", "collect"))
    lines = [f"policy: table\n{TITLE}\nfacts: thing\nhit_policy: {head}"]
    lines.append("outputs: {to: integer}\nrules:")
    forms = random.sample(FORMS, random.randint(1, 6))
    for at in range(random.choice(SIZES)):
        parts = [
            random.choice(forms).format(n=random.randint(-5, 500), k=random.randint(0, 9))
            for _ in range(random.randint(1, random.choice((1, 2, 4, 12))))
        ]
        when = random.choice((" && ", " || ")).join(parts)
        lines.append(f'  - {{id: r{at}, when: "{when}", then: {{to: {random.randint(0, 2)}}}}}')
    if random.random() < 0.3:
        lines.append("  - {id: rest, then: {to: 9}}")
    return "\n".join(lines) + "\n"


def examine(text: str) -> str:
    """Return how the proof of a table ends."""
    files = {name: each.encode() for name, each in (AROUND | {"table.yaml": text}).items()}
    reading = link(files)
    if reading.pack is None or reading.findings:
        return "refused"
    for facts in PARTS:
        try:
            decision = reading.pack.policies["table"].decide(facts, on=DAY)
            reading.pack.policies["table"].ask(facts, on=DAY)
        except TelecomRulesError:
            continue
        assert decision.explain("zh")
    findings = tuple(tables.check(reading))
    for each in findings if len(text) < 1000 else ():
        assert each.wording.zh
        assert "…" not in each.wording.en or each.id == "TR407", each.wording.en
    found = {each.id for each in findings}
    if "TR407" in found:
        return "undecided"
    return "mistakes" if found else "proved"


HARNESS = Harness(grow=grow, examine=examine, share=12)
