"""A small pack for stores: a ticket with clocks, effects, a role, and a workflow that it calls."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING

from telecom_rules.pack import link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules import Pack

ZONE = timezone(timedelta(hours=8))
BEGUN = datetime(2026, 3, 2, 9, tzinfo=ZONE)
FACTS = {"subject": "no signal", "customer": "K-100001"}

PACK = """
pack: desk
version: {version}
title: {{zh: 服务台, en: Desk}}
utc_offset: "+08:00"
require_cites: false
"""
TICKET = """
facts: ticket
title: {zh: 工单, en: Ticket}
fields:
  subject: {type: text, title: {zh: 主题, en: Subject}}
  customer: {type: "text?", title: {zh: 用户, en: Customer}}
  note: {type: "text?", title: {zh: 备注, en: Note}}
  cause: {type: "text?", title: {zh: 原因, en: Cause}}
"""
ROLES = """
catalogue: role
title: {zh: 角色, en: Roles}
codes:
  agent: {title: {zh: 客服, en: Agent}}
  supervisor: {title: {zh: 主管, en: Supervisor}}
"""
BY_ROLES = ", by: [agent, supervisor]"
HANDLING = """
workflow: handling
version: 1.0.0
title: {zh: 办理, en: Handling}
facts: ticket
roles: role
events:
  take: {title: {zh: 受理, en: Take}}
  put_back: {title: {zh: 退回, en: Put back}}
  note:
    title: {zh: 备注, en: Note}
    payload: {note: text}
  send_out: {title: {zh: 派修, en: Send out}}
  solve: {title: {zh: 解决, en: Solve}}
  late: {title: {zh: 逾期, en: Late}}
effects:
  tell:
    title: {zh: 告知, en: Tell}
    payload: {note: text}
  greet: {title: {zh: 问候, en: Greet}}
  escalate: {title: {zh: 上报, en: Escalate}}
clocks:
  solving:
    title: {zh: 解决时限, en: Time to solve}
    from: alive
    until: solved
    limit: 10 days
    warn_at: 50%
    on_expiry: late
initial: alive
states:
  alive:
    title: {zh: 办理中, en: Alive}
    initial: open
    on: {late: {emit: escalate}}
    states:
      open: {title: {zh: 待办, en: Open}, entry: {emit: greet}, on: {take: working}}
      working:
        title: {zh: 处理中, en: Working}
        on:
          put_back: open
          send_out: at_repair
          note: {assign: event, emit: {effect: tell, with: {note: event.note}}}
          solve: {target: solved, by: [agent, supervisor]}
      at_repair:
        title: {zh: 修复中, en: At repair}
        call: {workflow: repair, with: facts, onDone: {target: working, assign: event}}
        on: {take: working}
  solved: {title: {zh: 已解决, en: Solved}, type: final}
"""
REPAIR = """
workflow: repair
version: 1.0.0
title: {zh: 修复, en: Repair}
facts: ticket
outputs: [cause]
events: {fix: {title: {zh: 修复, en: Fix}, payload: {cause: text}}}
initial: broken
states:
  broken: {title: {zh: 未修复, en: Broken}, on: {fix: {target: fixed, assign: event}}}
  fixed: {title: {zh: 已修复, en: Fixed}, type: final}
"""
FILES = {
    "pack.yaml": PACK.format(version="1.0.0"),
    "ticket.yaml": TICKET,
    "role.yaml": ROLES,
    "handling.yaml": HANDLING,
    "repair.yaml": REPAIR,
}
MIGRATION = "migrations: [{from: 1.0.0, states: {working: at_work}}]"
RENAMED = (
    HANDLING.replace("version: 1.0.0", "version: 2.0.0")
    .replace("working", "at_work")
    .replace("initial: alive", f"{MIGRATION}\ninitial: alive")
)
"""The same with a state renamed, and what becomes of the cases in it."""


def build(files: Mapping[str, str]) -> Pack:
    """Return the pack in some files."""
    return link({name: text.encode() for name, text in files.items()}).require_pack()


@cache
def desk() -> Pack:
    """Return the pack."""
    return build(FILES)


@cache
def newer_desk() -> Pack:
    """Return the next version of the pack, in which a state has another name."""
    return build({**FILES, "pack.yaml": PACK.format(version="2.0.0"), "handling.yaml": RENAMED})


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = BEGUN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go(self, **passed: float) -> datetime:
        """Move it on."""
        self.now += timedelta(**passed)
        return self.now
