"""A service flow that calls repairs, and how to change it: what the tests of calls share."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING

from telecom_rules.pack import link
from telecom_rules.workflows import Accepted

if TYPE_CHECKING:
    from telecom_rules.findings import Finding
    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Case

PACK = """\
pack: house
version: 1.0.0
title: {zh: 示例, en: House}
utc_offset: "+08:00"
require_cites: false
"""
FAULT = """\
facts: fault
title: {zh: 故障, en: Fault}
fields:
  line: {type: text, title: {zh: 线路, en: Line}, max_length: 8}
  cause: {type: text, title: {zh: 原因, en: Cause}}
  visits: {type: integer, title: {zh: 上门次数, en: Visits}, min: 0, max: 3}
"""
REQUEST = """\
facts: request
title: {zh: 服务请求, en: Request}
fields:
  line: {type: text, title: {zh: 线路, en: Line}}
  cause: {type: "text?", title: {zh: 原因, en: Cause}}
  visits: {type: integer, title: {zh: 上门次数, en: Visits}}
"""
REPAIR = """\
workflow: repair
version: 1.0.0
title: {zh: 故障修复, en: Repair}
facts: fault
outputs: [cause]
events:
  fix: {title: {zh: 修复, en: Fix}, payload: {cause: text}}
  abandon: {title: {zh: 放弃, en: Abandon}}
effects:
  dispatch: {title: {zh: 派单, en: Dispatch}}
clocks:
  visit: {title: {zh: 上门时限, en: Time to visit}, from: open, until: fixed, limit: 2 days}
initial: open
states:
  open:
    title: {zh: 未修复, en: Open}
    entry: {emit: dispatch}
    on: {fix: {target: fixed, assign: event}, abandon: abandoned}
  fixed: {title: {zh: 已修复, en: Fixed}, type: final}
  abandoned: {title: {zh: 已放弃, en: Abandoned}, type: final}
"""
SERVICE = """\
workflow: service
version: 1.0.0
title: {zh: 客户服务, en: Service}
facts: request
events:
  report: {title: {zh: 报障, en: Report}}
  withdraw: {title: {zh: 撤回, en: Withdraw}}
  overdue: {title: {zh: 超期, en: Overdue}}
clocks:
  wait:
    title: {zh: 等待时限, en: Time to wait}
    from: waiting
    until: idle
    limit: 10 days
    on_expiry: overdue
initial: idle
states:
  idle: {title: {zh: 待办, en: Idle}, on: {report: waiting}}
  waiting:
    title: {zh: 等待修复, en: Waiting}
    tags: held
    call:
      workflow: repair
      with: {line: line, visits: visits + 1}
      onDone:
        - {target: answered, guard: event.state == 'fixed' && has(event.cause), assign: event}
        - {target: idle, guard: event.state == 'abandoned' && visits < 2}
    on: {withdraw: closed, overdue: closed}
  answered: {title: {zh: 已答复, en: Answered}, type: final}
  closed: {title: {zh: 已关闭, en: Closed}, type: final}
"""
FILES = {
    "pack.yaml": PACK,
    "fault.yaml": FAULT,
    "request.yaml": REQUEST,
    "repair.yaml": REPAIR,
    "service.yaml": SERVICE,
}
START = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
HOUR = timedelta(hours=1)
FACTS = {"line": "0105550", "visits": 0}


def read(**files: str) -> tuple[Pack | None, list[Finding]]:
    """Return the pack with some files changed or added, and every finding."""
    texts = FILES | {f"{name}.yaml": text for name, text in files.items()}
    reading = link({name: text.encode() for name, text in texts.items()})
    return reading.pack, list(reading.findings)


@cache
def house() -> Pack:
    """Return the pack."""
    return packed()


def packed(**files: str) -> Pack:
    """Return the pack with some files changed or added, which has no mistakes."""
    pack, found = read(**files)
    assert [each.concise() for each in found] == []
    assert pack is not None
    return pack


def opened(pack: Pack | None = None, **facts: object) -> Accepted:
    """Return the opening of a service case."""
    workflow = (pack or house()).workflows["service"]
    return workflow.open({**FACTS, **facts}, at=START, id="S-1")


def waiting(pack: Pack | None = None, **facts: object) -> Accepted:
    """Return a service case as it comes to wait for a repair."""
    outcome = opened(pack, **facts).case.send("report", at=START + HOUR)
    assert isinstance(outcome, Accepted), outcome.explain()
    return outcome


def fixed(case: Case, hours: int = 1) -> Case:
    """Return a repair once it is done."""
    outcome = case.send("fix", {"cause": "wet joint"}, at=case.at + hours * HOUR)
    assert isinstance(outcome, Accepted), outcome.explain()
    return outcome.case
