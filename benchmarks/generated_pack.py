"""A pack of as many files as wanted, each of about forty lines, of the kinds that real ones have.

Of ten files three are figures, two data, two policies, two workflows, and one a catalogue. Each
workflow asks a policy, each policy a figure, so that whoever reads them has names to resolve. The
pack has no findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACK = """\
pack: generated
version: 1.0.0
title: {zh: 生成的规则包, en: Generated pack}
utc_offset: "+08:00"
"""
ROLES = """\
catalogue: role
title: {zh: 岗位, en: Role}
cites: [book:2]
codes:
  clerk: {title: {zh: 坐席, en: Clerk}}
"""
SOURCE = """\
source: book
title: {zh: 服务手册, en: Service handbook}
kind: rule
clauses:
  "1": {title: {zh: 分级, en: Grades}}
  "2": {title: {zh: 办理, en: Handling}}
"""
CODES = (
    ("low", "一般", "General"),
    ("middle", "较大", "Considerable"),
    ("high", "重大", "Major"),
    ("highest", "特别重大", "Grave"),
)
REMARK = (
    "界限按手册第一章执行。",
    "",
    "Where the handbook and the terms of a customer differ, the terms hold: they are agreed. What",
    "the two say of customers who have several contracts is not settled; the lower limit holds.",
    "",
    "A limit is told in full units: half a unit counts as a whole one, in favour of the customer.",
    "Who asks for a figure of a day in the past is given the one that held on that day.",
)
"""What the head of a file says, as those of real packs do."""
AT_A_TIME = 10
"""Files of one group: their names share its number."""


def write_pack(folder: Path, count: int) -> int:
    """Write a pack of about `count` files into a folder, and return how many lines they have."""
    lines = 0
    for name, text in iter_files(count):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        lines += text.count("\n")
    return lines


def iter_files(count: int) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file."""
    yield "pack.yaml", PACK
    yield "book.yaml", SOURCE
    yield "role.yaml", ROLES
    for group in range(count // AT_A_TIME):
        folder = f"subject_{group}"
        yield f"{folder}/grades.yaml", write_catalogue(group)
        for half in range(2):
            number = 2 * group + half
            yield f"{folder}/facts_{half}.yaml", write_facts(number, group)
            yield f"{folder}/policy_{half}.yaml", write_policy(number, group)
            yield f"{folder}/workflow_{half}.yaml", write_workflow(number, group)
        for third in range(3):
            yield f"{folder}/figure_{third}.yaml", write_parameter(group, third)


def write_catalogue(group: int) -> str:
    """Return a catalogue of four codes."""
    codes = "".join(
        f"  # 第 {group} 类业务的{zh}事项\n  # 按影响的用户数和持续时间划分\n  # 由班长确认\n"
        f"  {code}:\n    title:\n      zh: {zh}事项\n      en: {en} matter\n"
        "    cites:\n      - book:1\n"
        for code, zh, en in CODES
    )
    return (
        f"catalogue: grade_{group}\ntitle: {{zh: 级别 {group}, en: Grade {group}}}\n"
        f"cites: [book:1]\ncodes:\n{codes}"
    )


def write_facts(number: int, group: int) -> str:
    """Return what is recorded of a ticket."""
    fields = (
        ("loss", "money", "损失金额", "Loss"),
        ("hours", "integer", "持续小时", "Hours"),
        ("users", "integer", "影响用户数", "Users affected"),
        ("vip", "boolean", "是否重要客户", "Important customer"),
        ("grade", f"grade_{group}?", "级别", "Grade"),
        ("received_on", "date?", "受理日期", "Day of receipt"),
    )
    listed = "".join(
        f"  {name}:\n    type: {kind}\n    title:\n      zh: {zh}\n      en: {en}\n"
        "    cites: [book:1]\n"
        for name, kind, zh, en in fields
    )
    return (
        f"# 工单 {number} 的数据项\nfacts: ticket_{number}\n"
        f"title: {{zh: 工单 {number}, en: Ticket {number}}}\ncites: [book:1]\nfields:\n{listed}"
    )


def write_parameter(group: int, third: int) -> str:
    """Return a figure with two values, each with its reason, as most figures of real packs."""
    unit, limit = (("yuan", 1_000), ("times", 300), ("calendar_days", 15))[third]
    values = "".join(
        f"  - from: {2016 + 8 * at}-01-01\n    value: {limit - at}\n"
        "    cites:\n      - book:1\n    confidence: high\n"
        "    note:\n      zh: >-\n"
        f"        第 {at + 1} 版手册；此前的版本没有区分客户的等级，\n        按最宽的一档执行\n"
        f"      en: >-\n        Handbook, edition {at + 1}. Earlier ones did not tell customers\n"
        "        apart, and the widest limit was used for all\n"
        for at in range(2)
    )
    remark = "".join(f"# {line}".rstrip() + "\n" for line in REMARK)
    return (
        f"{remark}parameter: limit_{group}_{third}\ntitle:\n  zh: 界限 {group}.{third}\n"
        f"  en: Limit {group}.{third}\nunit: {unit}\nstricter: lower\nvalues:\n{values}"
    )


def write_policy(number: int, group: int) -> str:
    """Return a table of five rules."""
    conditions = (
        ("grave", f"loss >= parameters.limit_{group}_0 && users > 10000", "highest"),
        ("major", f"loss >= parameters.limit_{group}_0", "high"),
        ("important", "vip && hours >= 4", "high"),
        ("long", "hours >= 24 || users > 1000", "middle"),
    )
    rules = "".join(
        f"  - id: {name}\n    title: {{zh: 规则 {name}, en: Rule {name}}}\n"
        f"    when: {condition}\n    then:\n      grade: {grade}\n    cites: [book:1]\n"
        for name, condition, grade in conditions
    )
    return (
        f"policy: grading_{number}\ntitle: {{zh: 分级 {number}, en: Grading {number}}}\n"
        f"cites: [book:1]\nfacts: ticket_{number}\nhit_policy: first\noutputs:\n"
        f"  grade:\n    type: grade_{group}\n    title: {{zh: 级别, en: Grade}}\nrules:\n{rules}"
        "  - id: other\n    title: {zh: 其他, en: Other}\n    then:\n      grade: low\n"
        "    cites: [book:1]\n"
    )


def write_workflow(number: int, group: int) -> str:
    """Return a flow of three states with a time limit."""
    return f"""\
workflow: handling_{number}
version: 1.0.0
title: {{zh: 办理 {number}, en: Handling {number}}}
cites: [book:2]
facts: ticket_{number}
roles: role
events:
  accept: {{title: {{zh: 受理, en: Accept}}}}
  close: {{title: {{zh: 结案, en: Close}}}}
  overdue: {{title: {{zh: 逾期, en: Overdue}}}}
clocks:
  reply:
    title: {{zh: 答复时限, en: Time to answer}}
    from: accepted
    until: closed
    limit: parameters.limit_{group}_2
    on_expiry: overdue
    cites: [book:2]
initial: registered
states:
  registered:
    title: {{zh: 已登记, en: Registered}}
    cites: [book:2]
    on:
      accept: {{target: accepted, by: clerk, cites: [book:2]}}
  accepted:
    title: {{zh: 已受理, en: Accepted}}
    cites: [book:2]
    on:
      close:
        target: closed
        guard: policies.grading_{number}.grade != 'highest' || users < parameters.limit_{group}_1
        by: clerk
        cites: [book:2]
      overdue: {{target: closed, cites: [book:2]}}
  closed:
    title: {{zh: 已结案, en: Closed}}
    type: final
    cites: [book:2]
"""
