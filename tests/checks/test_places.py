"""What is wrong with a house is told once, at the line that has to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telecom_rules.pack import read
from tests.pack.chains import HANDBOOK, LAW, find, pack_file, write_packs

if TYPE_CHECKING:
    from pathlib import Path

T = "title: {zh: 名, en: Name}"
OTHER = "title: {zh: 别名, en: Other name}"
NOT_USED = "remove: {reason: {zh: 不用, en: Not used}}"
FLOW = """\
workflow: handling
version: 1.0.0
$t
cites: [book:2]
facts: ticket
roles: role
events:
  close: {$t}
  note: {$t}
  withdraw: {$t, right: true}
  escalate: {$t}
  back: {$t}
clocks:
  reply: {$t, from: open, until: closed, limit: parameters.reply, cites: [book:2]}
initial: open
states:
  open:
    $t
    cites: [book:2]
    on:
      close: {target: closed, guard: policies.grading.grade == 'low', by: chief, cites: [book:2]}
      withdraw: {target: gone, cites: [book:2]}
      escalate:
        - {target: busy, guard: loss >= 500, by: chief, cites: [book:2]}
        - {target: calm, by: agent, cites: [book:2]}
      "*": {target: odd, by: chief, guard: loss >= 10, cites: [book:2]}
  busy:
    $t
    cites: [book:2]
    on:
      withdraw: {target: gone, cites: [book:2]}
      back: {target: open, by: chief, cites: [book:2]}
  calm:
    $t
    cites: [book:2]
    on:
      withdraw: {target: gone, guard: loss >= 1, cites: [book:2]}
      back: {target: open, by: chief, cites: [book:2]}
  odd: {$t, cites: [book:2], on: {close: {target: closed, by: chief, cites: [book:2]}}}
  closed: {$t, type: final, cites: [book:2]}
  gone: {$t, type: final, cites: [book:2]}
"""
GRADING = """\
policy: grading
$t
cites: [book:1]
facts: ticket
hit_policy: first
outputs: {grade: {type: grade, stricter: [high, mid, low]}}
rules:
  - {id: top, when: loss >= 9000, then: {grade: high}, cites: [book:1]}
  - {id: high, when: loss >= 100, then: {grade: high}, in_force: {from: 2020-01-01},
     cites: [book:1]}
  - {id: mid, when: loss >= 20, then: {grade: mid}, cites: [book:1]}
  - {id: low, then: {grade: low}, cites: [book:1]}
"""
DAYS = """\
calendar: $name
$t
cites: [$clause]
years:
  "2026": {rest: [$rest]}
  "2027": {rest: [2027-01-01]}
"""


def days(name: str, clause: str, rest: str) -> str:
    text = DAYS.replace("$name", name).replace("$clause", clause)
    return text.replace("$rest", rest).replace("$t", T)


BASE = LAW | {
    "pack.yaml": LAW["pack.yaml"] + "calendar: days\n",
    "calendars/days.yaml": days("days", "book:1", "2026-01-01"),
    "parameters/reply.yaml": LAW["parameters/reply.yaml"].replace("calendar_days", "working_days"),
    "workflows/handling.yaml": FLOW.replace("$t", T),
    "policies/grading.yaml": GRADING.replace("$t", T),
    "catalogues/grade.yaml": (
        f"catalogue: grade\n{T}\ncites: [book:1]\n"
        f"codes: {{low: {{{T}}}, mid: {{{T}}}, high: {{{T}}}}}\n"
    ),
    "catalogues/role.yaml": (
        f"catalogue: role\n{T}\ncites: [book:1]\ncodes: {{agent: {{{T}}}, chief: {{{T}}}}}\n"
    ),
}


def tell(folder: Path, **files: str) -> list[str]:
    """Return what is told of a house on the base as `file:line code`."""
    own = {"pack": pack_file("shop"), "handbook": HANDBOOK} | files
    write_packs(folder, law=BASE, shop={f"{name}.yaml": text for name, text in own.items()})
    found = find(read(folder / "shop"))
    return [f"{each.span.file}:{each.span.line} {each.id}" for each in found]


HEAD = f"override: workflows.handling\n{OTHER}\nstates:\n  open:\n    on:\n"
"""The first five lines of a file that changes transitions of one state."""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('      "*":\n        by: [chief, agent]\n', "7 TR760"),
        ('      "*":\n        guard: "true"\n', "7 TR760"),
        ("      withdraw:\n        guard: loss >= 10\n        by: chief\n", "7 TR760"),
        ("      withdraw:\n        requires: [grade]\n", "7 TR760"),
        (f"      withdraw:\n        {NOT_USED}\n", "6 TR760"),
        (f"      escalate:\n        - target: calm\n          {NOT_USED}\n", "8 TR301"),
    ],
)
def test_a_transition_is_told_once_at_what_was_changed(
    tmp_path: Path, text: str, told: str
) -> None:
    assert tell(tmp_path, handling=HEAD + text) == [f"handling.yaml:{told}"]


RULES = f"override: policies.grading\n{OTHER}\nrules:\n"
"""The first three lines of a file that changes rules."""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("  - {id: mid, before: top}\n", "4 TR760"),
        ("  - id: high\n    after: mid\n", "5 TR760"),
        ("  - {id: low, before: top}\n", "4 TR760"),
        ("  - {id: mid, after: low}\n", "4 TR760"),
        (f"  - id: high\n    {OTHER}\n    in_force:\n      until: 2027-01-01\n", "7 TR760"),
        ("  - id: top\n    then: {grade: mid}\n    in_force: {from: 2024-01-01}\n", "5 TR760"),
        ("  - {id: all, before: top, when: loss >= 10, then: {grade: high}, cites: handbook:4}\n",
         "4 TR404"),
    ],
)  # fmt: skip
def test_a_rule_is_told_once_at_what_was_changed(tmp_path: Path, text: str, told: str) -> None:
    assert tell(tmp_path, grading=RULES + text) == [f"grading.yaml:{told}"]


def test_a_policy_that_ends_earlier_is_told_once(tmp_path: Path) -> None:
    text = (
        f"override: policies.grading\n{OTHER}\nin_force:\n  from: 2020-01-01\n  until: 2027-01-01\n"
    )
    assert tell(tmp_path, grading=text) == ["grading.yaml:4 TR760"]


def test_what_rests_on_a_refused_key_is_not_told(tmp_path: Path) -> None:
    grade = f"override: catalogues.grade\ncodes: {{critical: {{{T}}}}}\n"
    order = "override: policies.grading\noutputs: {grade: {stricter: [low, mid, critical, high]}}\n"
    assert tell(tmp_path, grade=grade, grading=order) == ["grading.yaml:2 TR138"]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"pack": pack_file("shop") + "calendar: ours\n",
          "ours": days("ours", "handbook:4", "2026-01-01, 2026-01-02")}, "pack.yaml:5 TR761"),
        ({"pack": pack_file("shop") + 'utc_offset: "+09:00"\n'}, "pack.yaml:5 TR761"),
        ({"days": f"override: calendars.days\n{OTHER}\nyears:\n  '2027': {{rest: [2027-01-04]}}\n"},
         "days.yaml:4 TR761"),
    ],
)  # fmt: skip
def test_other_days_are_told_where_the_house_chooses_them(
    tmp_path: Path, files: dict[str, str], told: str
) -> None:
    assert tell(tmp_path, **files) == [told]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("{id: low, cites: [handbook:4]}", ["grading.yaml:4 TR765"]),
        ("{id: low, cites: [book:1, handbook:4]}", []),
        ("{id: own, after: high, when: loss > 50, then: {grade: mid}, cites: [handbook:4]}", []),
    ],
)
def test_a_clause_of_the_base_that_is_no_longer_cited_is_told(
    tmp_path: Path, rule: str, told: list[str]
) -> None:
    assert tell(tmp_path, grading=f"{RULES}  - {rule}\n") == told


def test_what_is_the_same_on_many_events_is_said_of_all_of_them(tmp_path: Path) -> None:
    text = HEAD + '      "*":\n        by: [chief, agent]\n'
    own = {"pack.yaml": pack_file("shop"), "handbook.yaml": HANDBOOK, "handling.yaml": text}
    write_packs(tmp_path, law=BASE, shop=own)
    (found,) = find(read(tmp_path / "shop"))
    assert "`close`, `escalate`, `note` and 1 more may be sent by `chief`, `agent`" in (
        found.wording.en
    )
    assert "事件 `close`, `escalate`, `note` 等 4 个可由 `chief`, `agent` 发出" in found.wording.zh
