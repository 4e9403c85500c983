"""A small pack with scenarios, and the way to run others on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules import scenarios
from telecom_rules.pack import load
from tests.pack.house import HOUSE

if TYPE_CHECKING:
    from pathlib import Path

    from telecom_rules.scenarios import ScenarioReading, ScenarioResult

PACK = {
    **HOUSE,
    "catalogues/actor.yaml": """\
catalogue: actor
title: {zh: 角色, en: Role}
cites: [book:2]
codes:
  clerk: {title: {zh: 办事员, en: Clerk}}
  boss: {title: {zh: 主管, en: Boss}}
""",
    "calendars/days.yaml": """\
calendar: days
title: {zh: 日历, en: Calendar}
cites: [book:2]
years:
  "2026": {rest: [2026-03-05], cites: [book:2]}
""",
    "pack.yaml": HOUSE["pack.yaml"] + "calendar: days\n",
    "policies/conduct.yaml": """\
policy: conduct
title: {zh: 检查, en: Conduct}
cites: [book:1]
facts: ticket
checks:
  - id: graded
    title: {zh: 已分级, en: Graded}
    require: has(grade)
    remedy: {zh: 分级, en: Grade it}
    cites: [book:1]
  - id: small
    title: {zh: 损失小, en: Small}
    when: has(grade) && grade == 'low'
    require: loss < 100
    remedy: {zh: 复核, en: Look again}
    cites: [book:1]
""",
    "policies/costs.yaml": """\
policy: costs
title: {zh: 费用, en: Costs}
cites: [book:1]
facts: ticket
hit_policy: collect
outputs: {cost: money}
rules:
  - {id: fee, when: loss > 0, then: {cost: 5}, cites: [book:1]}
  - {id: loss, when: loss > 100, then: {cost: loss}, cites: [book:1]}
""",
    "workflows/handling.yaml": """\
workflow: handling
version: 1.0.0
title: {zh: 办理, en: Handling}
cites: [book:2]
facts: ticket
roles: actor
events:
  note: {title: {zh: 登记, en: Note}, payload: {loss: money}, cites: [book:2]}
  close: {title: {zh: 关闭, en: Close}}
  overdue: {title: {zh: 逾期, en: Overdue}}
effects:
  tell: {title: {zh: 告知, en: Tell}, payload: {loss: money}}
clocks:
  reply:
    title: {zh: 答复时限, en: Time to answer}
    from: open
    until: closed
    limit: parameters.reply
    warn_at: 80%
    on_expiry: overdue
    cites: [book:2]
properties:
  - {precedence: {first: open, then: closed}, cites: book:2}
initial: open
states:
  open:
    title: {zh: 待办, en: Open}
    cites: [book:2]
    on:
      note:
        by: clerk
        assign: event
        emit: [{effect: tell, with: {loss: event.loss}}]
        cites: [book:2]
      close:
        target: closed
        by: [clerk, boss]
        guard: policies.grading.grade == 'low'
        cites: [book:2]
      overdue: {assign: {grade: "'high'"}, cites: [book:2]}
  closed: {title: {zh: 已关闭, en: Closed}, type: final, cites: [book:2]}
""",
}

POLICY = """\
scenarios: grading
title: {zh: 分级, en: Grading}
policy: grading
on: 2026-03-02
"""
CHECKS = """\
scenarios: conduct
title: {zh: 检查, en: Conduct}
policy: conduct
on: 2026-03-02
"""
FLOW = """\
scenarios: handling
title: {zh: 办理, en: Handling}
workflow: handling
start: 2026-03-02 09:00
given: {loss: 10}
"""


def write(root: Path, **files: str) -> Path:
    """Write the pack with scenario files by the names of `files`, and return where it lies."""
    for name, text in (
        PACK | {f"scenarios/{name}.yaml": text for name, text in files.items()}
    ).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def read(root: Path, text: str) -> ScenarioReading:
    """Return what becomes of one file of scenarios."""
    write(root, only=text)
    return scenarios.read(root, load(root))


def results(root: Path, text: str) -> tuple[ScenarioResult, ...]:
    """Return what comes of the scenarios of one file, which must be without mistakes."""
    reading = read(root, text)
    assert reading.findings == (), [each.concise() for each in reading.findings]
    return scenarios.run(reading.scenarios, load(root))


def marked(text: str) -> tuple[str, str]:
    """Return `text` without the brackets `«»` around one place, and that place as line:column."""
    ahead, _, _ = text.partition("«")
    line, column = ahead.count("\n") + 1, len(ahead) - ahead.rfind("\n")
    return text.replace("«", "").replace("»", ""), f"{line}:{column}"
