"""A small pack of one file of each kind, for tests that break it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HOUSE = {
    "pack.yaml": """\
pack: house
version: 1.0.0
title: {zh: 家规, en: House rules}
utc_offset: "+08:00"
require_titles: false
""",
    "sources/book.yaml": """\
source: book
title: {zh: 手册, en: Handbook}
kind: rule
clauses:
  "1": {title: {zh: 分级, en: Grades}}
  "2": {title: {zh: 办理, en: Handling}}
""",
    "catalogues/grade.yaml": """\
catalogue: grade
title: {zh: 级别, en: Grade}
cites: [book:1]
codes:
  low: {title: {zh: 低, en: Low}}
  high: {title: {zh: 高, en: High}}
""",
    "facts/ticket.yaml": """\
facts: ticket
title: {zh: 工单, en: Ticket}
cites: [book:1]
fields:
  loss: {type: money, title: {zh: 损失, en: Loss}}
  grade: {type: grade?, title: {zh: 级别, en: Grade}}
""",
    "parameters/threshold.yaml": """\
parameter: threshold
title: {zh: 界限, en: Threshold}
unit: yuan
stricter: lower
values:
  - {from: 2020-01-01, value: 100, cites: [book:1], confidence: high}
  - {from: 2025-01-01, value: 50, cites: [book:1], confidence: low}
""",
    "parameters/reply.yaml": """\
parameter: reply
title: {zh: 答复时限, en: Time to answer}
unit: calendar_days
stricter: lower
values:
  - {from: 2020-01-01, value: 15, cites: [book:2], confidence: high}
""",
    "policies/grading.yaml": """\
policy: grading
title: {zh: 分级, en: Grading}
cites: [book:1]
facts: ticket
hit_policy: first
outputs: {grade: grade}
rules:
  - {id: high, when: loss >= parameters.threshold, then: {grade: high}, cites: [book:1]}
  - {id: low, then: {grade: low}, cites: [book:1]}
""",
    "workflows/handling.yaml": """\
workflow: handling
version: 1.0.0
title: {zh: 办理, en: Handling}
cites: [book:2]
facts: ticket
events:
  close: {title: {zh: 关闭, en: Close}}
clocks:
  reply:
    title: {zh: 答复时限, en: Time to answer}
    from: open
    until: closed
    limit: parameters.reply
    cites: [book:2]
initial: open
states:
  open:
    title: {zh: 待办, en: Open}
    cites: [book:2]
    on:
      close: {target: closed, guard: policies.grading.grade == 'low', cites: [book:2]}
  closed: {title: {zh: 已关闭, en: Closed}, type: final, cites: [book:2]}
""",
}
"""The text of each file by its name."""


SPARE = """\
parameter: spare
title: {zh: 备用, en: Spare}
unit: yuan
stricter: lower
kind: setting
values:
  - {from: 2020-01-01, value: 5, cites: [book:1], note: {zh: 自定, en: Ours}}
"""
"""A figure that no rule uses: one warning, TR901, at its first line."""


def house(**changes: str) -> dict[str, bytes]:
    """Return the files of the pack; `policies_grading="..."` replaces `policies/grading.yaml`."""
    files = HOUSE | {file_of(name): text for name, text in changes.items()}
    return {name: text.encode() for name, text in files.items()}


def broken(file: str, old: str, new: str) -> dict[str, bytes]:
    """Return the files of the pack with one piece of text replaced in one of them."""
    assert HOUSE[file].count(old) == 1, f"{old!r} is not in {file} once"
    return {name: text.encode() for name, text in HOUSE.items()} | {
        file: HOUSE[file].replace(old, new).encode()
    }


def lay(root: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below a folder, and return the folder."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def file_of(name: str) -> str:
    folder, _, stem = name.partition("_")
    return f"{folder}/{stem}.yaml" if stem else f"{folder}.yaml"
