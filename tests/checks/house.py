"""A pack around one workflow, for tests of what the checks say about it."""

from __future__ import annotations

from textwrap import dedent

from telecom_rules.checks import check
from telecom_rules.pack import link

HEAD = """\
workflow: flow
version: 1.0.0
$t
facts: ticket
roles: role
"""
"""The first lines of every workflow of these tests: a workflow's own text begins on line 6."""

AROUND = {
    "pack.yaml": """\
pack: house
version: 1.0.0
$t
utc_offset: "+08:00"
require_cites: false
require_titles: false
""",
    "catalogues/grade.yaml": "catalogue: grade\n$t\ncodes: {low: {$t}, mid: {$t}, high: {$t}}\n",
    "catalogues/role.yaml": "catalogue: role\n$t\ncodes: {agent: {$t}, chief: {$t}}\n",
    "facts/ticket.yaml": """\
facts: ticket
$t
fields:
  loss: {type: money, $t, min: 0, max: 1000}
  grade: {type: grade, $t}
  score: {type: integer, $t}
  ratio: {type: decimal, $t}
  note: {type: text, $t}
  paid: {type: boolean, $t}
  due: {type: date, $t}
  tags: {type: "list[text]", $t}
""",
    "policies/grading.yaml": """\
policy: grading
$t
facts: ticket
hit_policy: first
outputs: {grade: grade, fee: money}
rules:
  - {id: high, when: loss >= 100, then: {grade: high, fee: loss}}
default: {grade: low, fee: 0}
""",
}


def files(workflow: str) -> dict[str, bytes]:
    """Return the files of the pack; `$t` in a text stands for a title."""
    texts = AROUND | {"flow.yaml": HEAD + dedent(workflow)}
    return {
        name: text.replace("$t", "title: {zh: 名, en: Name}").encode()
        for name, text in texts.items()
    }


def told(workflow: str) -> list[str]:
    """Return what is found in the pack with this workflow, which links: place, code, text."""
    reading = link(files(workflow))
    assert [each.concise() for each in reading.findings] == []
    return [
        f"{each.span.line}:{each.span.column} {each.id} {each.wording.en}"
        for each in check(reading)
    ]
