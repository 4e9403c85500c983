"""A small pack of an officer, in Chinese, and thirty mistakes that she makes in it.

Each mistake is a piece of text of one file and what stands there by mistake, with what has to be
found: the code at the line of the cause, and words that name the cause and a way out.
"""

from __future__ import annotations

from typing import NamedTuple

PACK, BOOK = "pack.yaml", "依据/手册.yaml"
KINDS, STAFF = "目录/投诉类型.yaml", "目录/人员.yaml"
TICKET, REPLY, AMOUNT = "数据/投诉.yaml", "参数/答复期限.yaml", "参数/赔偿金额.yaml"
COMPENSATION, URGENCY, FLOW = "决策/赔偿.yaml", "决策/紧急程度.yaml", "流程/投诉.yaml"

FILES = {
    PACK: """\
pack: house_rules
version: 1.0.0
title: {zh: 投诉处理, en: Complaints}
utc_offset: "+08:00"
require_cites: false
""",
    BOOK: """\
source: handbook
title: {zh: 客服手册, en: Handbook}
kind: rule
clauses:
  "1.1": {title: {zh: 受理, en: Intake}}
  "1.2": {title: {zh: 答复, en: Answers}}
  "2.1": {title: {zh: 赔偿, en: Compensation}}
  "2.2": {title: {zh: 紧急程度, en: Urgency}}
""",
    KINDS: """\
catalogue: complaint_kind
title: {zh: 投诉类型, en: Kind of complaint}
cites: [handbook:1.1]
codes:
  attitude: {title: {zh: 服务态度, en: Attitude}}
  billing: {title: {zh: 费用争议, en: Billing}}
  privacy: {title: {zh: 个人信息泄露, en: Privacy}}
  outage: {title: {zh: 业务中断, en: Outage}}
""",
    STAFF: """\
catalogue: staff
title: {zh: 人员, en: Staff}
codes:
  clerk: {title: {zh: 客服, en: Clerk}}
  manager: {title: {zh: 经理, en: Manager}}
""",
    TICKET: """\
facts: ticket
title: {zh: 投诉工单, en: Ticket}
cites: [handbook:1.1]
fields:
  phone: {type: text, title: {zh: 手机号码, en: Phone}}
  kind: {type: complaint_kind, title: {zh: 投诉类型, en: Kind}}
  hours: {type: integer, min: 0, title: {zh: 中断小时数, en: Hours}}
  charged: {type: money, min: 0, title: {zh: 多收金额, en: Overcharge}}
  our_fault: {type: boolean, title: {zh: 我方责任, en: Our fault}}
""",
    REPLY: """\
parameter: reply_limit
title: {zh: 答复期限, en: Time to answer}
unit: working_days
stricter: lower
kind: setting
values:
  - from: 2026-01-01
    value: 5
    cites: [handbook:1.2]
    note: {zh: 公司自定, en: Our own}
""",
    AMOUNT: """\
parameter: day_amount
title: {zh: 每日赔偿, en: Amount a day}
unit: yuan
stricter: higher
kind: setting
values:
  - {from: 2026-01-01, value: 30, cites: [handbook:2.1], note: {zh: 公司自定, en: Our own}}
""",
    COMPENSATION: """\
policy: compensation
title: {zh: 赔偿, en: Compensation}
cites: [handbook:2.1]
facts: ticket
hit_policy: first
outputs:
  amount: {type: money, title: {zh: 赔偿金额, en: Amount}}
rules:
  - id: not_ours
    title: {zh: 非我方责任, en: Not our fault}
    when: "!our_fault"
    then: {amount: 0}
  - id: privacy_vip
    title: {zh: 泄露并多收, en: Leak and overcharge}
    when: kind == 'privacy' && charged >= 100
    then: {amount: 500}
  - id: privacy
    title: {zh: 泄露, en: Leak}
    when: kind == 'privacy'
    then: {amount: 300}
  - id: attitude
    title: {zh: 态度, en: Attitude}
    when: kind == 'attitude'
    then: {amount: parameters.day_amount}
  - id: billing
    title: {zh: 费用, en: Billing}
    when: kind == 'billing'
    then: {amount: charged}
  - id: short_outage
    title: {zh: 短时中断, en: Short outage}
    when: kind == 'outage' && hours < 24
    then: {amount: parameters.day_amount}
  - id: long_outage
    title: {zh: 长时中断, en: Long outage}
    when: kind == 'outage' && hours >= 24
    then: {amount: 200}
""",
    URGENCY: """\
policy: urgency
title: {zh: 紧急程度, en: Urgency}
cites: [handbook:2.2]
facts: ticket
hit_policy: unique
outputs:
  urgent: {type: boolean, title: {zh: 是否紧急, en: Urgent}}
rules:
  - id: long
    title: {zh: 中断已久, en: Long outage}
    when: {kind: outage, hours: ">= 12"}
    then: {urgent: true}
  - id: short
    title: {zh: 中断不久, en: Short outage}
    when: {kind: outage, hours: "< 12"}
    then: {urgent: false}
  - id: leak
    title: {zh: 泄露, en: Leak}
    when: {kind: privacy}
    then: {urgent: true}
  - id: dear
    title: {zh: 多收较多, en: Much overcharged}
    when: {kind: billing, charged: ">= 100"}
    then: {urgent: true}
  - id: cheap
    title: {zh: 多收不多, en: Little overcharged}
    when: {kind: billing, charged: "< 100"}
    then: {urgent: false}
  - id: rude
    title: {zh: 态度, en: Attitude}
    when: {kind: attitude}
    then: {urgent: false}
""",
    FLOW: """\
workflow: complaint
version: 1.0.0
title: {zh: 投诉处理流程, en: Complaint}
cites: [handbook:1.1]
facts: ticket
roles: staff
events:
  register: {title: {zh: 登记, en: Register}}
  answer: {title: {zh: 答复, en: Answer}}
  accept: {title: {zh: 客户认可, en: Accept}}
  dispute: {title: {zh: 客户不认可, en: Dispute}}
clocks:
  reply:
    title: {zh: 答复时限, en: Time to answer}
    from: registered
    until: answered
    limit: parameters.reply_limit
    cites: [handbook:1.2]
initial: received
states:
  received:
    title: {zh: 已收到, en: Received}
    on:
      register: {target: registered, by: [clerk]}
  registered:
    title: {zh: 已登记, en: Registered}
    on:
      answer:
        - {target: escalated, guard: policies.urgency.urgent, by: [clerk]}
        - {target: answered, by: [clerk]}
  escalated:
    title: {zh: 已升级, en: Escalated}
    on:
      answer: {target: answered, by: [manager], guard: policies.compensation.amount >= 0}
  answered:
    title: {zh: 已答复, en: Answered}
    on:
      accept: {target: closed, by: [clerk]}
      dispute: {target: escalated, by: [clerk]}
  closed: {title: {zh: 已办结, en: Closed}, type: final}
""",
}


class Slip(NamedTuple):
    """One mistake.

    Attributes:
        name: what it is.
        file: its file.
        right: what should stand there; where it stands more than once, the first is meant.
        wrong: what stands there.
        code: the code that has to be found.
        line: the line of the cause.
        marked: what has to be marked of it.
        says: words that people read of it in Chinese: the cause, or the way out.
        becomes: what `--fix` makes of it, if that is not what should stand there: `None` where it
            leaves it alone.
    """

    name: str
    file: str
    right: str
    wrong: str
    code: str
    line: int
    marked: str
    says: tuple[str, ...]
    becomes: str | None = None


ATTITUDE = "when: kind == 'attitude'"
LEAVES = """\
    on:
      answer: {target: answered, by: [manager], guard: policies.compensation.amount >= 0}
"""
LOST = "  lost: {title: {zh: 遗失, en: Lost}, type: final}\n  closed: {title"
SHORT = "when: kind == 'outage' && hours < 24"
GAP = "即：投诉类型 = 业务中断、中断小时数 = 23"
ALSO = tuple(f"与 `{each}` 也同时适用于" for each in ("short", "dear", "cheap", "rude"))
UNIT, WIDE_UNIT, GLUED_UNIT = "unit: working_days", "unit：working_days", "unit:working_days"
SLIPS = (
    Slip("a key with a slip", TICKET, "title: {zh: 投诉工单", "titel: {zh: 投诉工单",
         "TR102", 2, "titel", ("是否指 `title`",)),
    Slip("the key of a target with a slip", FLOW, "target: registered", "taget: registered",
         "TR102", 24, "taget", ("是否指 `target`",)),
    Slip("a target with a slip", FLOW, "target: registered", "target: registred",
         "TR113", 24, "registred", ("是否指 `registered`", "定义于此")),
    Slip("a key one column to the left", COMPENSATION,
         "    then: {amount: 300}", "   then: {amount: 300}",
         "TR005", 20, "t", ("缩进与上文不对齐",)),
    Slip("a state one column to the right", FLOW, "  escalated:\n", "   escalated:\n",
         "TR005", 31, "e", ("缩进与上文不对齐",)),
    Slip("a title without Chinese", TICKET, "{zh: 手机号码, en: Phone}", "{en: Phone}",
         "TR101", 5, "title", ("缺少键 `zh`",)),
    Slip("a title that is a text", TICKET, "title: {zh: 手机号码, en: Phone}", "title: 手机号码",
         "TR103", 5, "手机号码", ("`{zh: ..., en: ...}`",)),
    Slip("a full-width colon", REPLY, UNIT, WIDE_UNIT,
         "TR005", 3, WIDE_UNIT, ("全角冒号", UNIT), UNIT),
    Slip("a full-width comma", TICKET, "{zh: 手机号码, en", "{zh: 手机号码，en",
         "TR005", 5, "，", ("全角逗号",), "{zh: 手机号码, en"),
    Slip("a full-width digit", REPLY, "value: 5", "value: ５",
         "TR105", 8, "５", ("全角", "是否指 `5`"), "value: 5"),
    Slip("Chinese quotes", COMPENSATION, "'attitude'", "‘attitude’",
         "TR201", 23, "‘", ("请写 `'`",), "'attitude'"),
    Slip("one sign for two", COMPENSATION, "hours >= 24", "hours ≥ 24",
         "TR201", 35, "≥", ("请写 `>=`",), "hours >= 24"),
    Slip("one equals sign", COMPENSATION, ATTITUDE, ATTITUDE.replace("==", "="),
         "TR201", 23, "=", ("请写 `==`",), ATTITUDE),
    Slip("and for &&", COMPENSATION, SHORT, SHORT.replace("&&", "and"),
         "TR201", 31, "and", ("请用 `&&`",), SHORT),
    Slip("a tab", REPLY, "    value: 5", "\tvalue: 5", "TR005", 8, "\t", ("制表符", "用空格")),
    Slip("no space behind a colon", REPLY, UNIT, GLUED_UNIT,
         "TR005", 3, GLUED_UNIT, ("缺少空格", UNIT), UNIT),
    Slip("a thirteenth month", REPLY, "2026-01-01", "2026-13-01",
         "TR108", 7, "2026-13-01", ("不是日期",)),
    Slip("a date in Chinese", REPLY, "2026-01-01", "2026年1月1日",
         "TR108", 7, "2026年1月1日", ("是否指 `2026-01-01`",), "2026-01-01"),
    Slip("a unit behind a figure", REPLY, "value: 5", "value: 5天",
         "TR105", 8, "5天", ("是否指 `5`", "单位另写在 `unit`")),
    Slip("a code with a slip", URGENCY, "{kind: attitude}", "{kind: atitude}",
         "TR208", 31, "atitude", ("投诉类型", "是否指 `attitude`")),
    Slip("a record that no rule covers", COMPENSATION, "hours < 24", "hours < 23",
         "TR401", 1, "compensation", ("赔偿", GAP, "补充规则")),
    Slip("a rule that overlaps with five", URGENCY, "{kind: privacy}", '{charged: ">= 0"}',
         "TR402", 17, "leak", ("`long`（中断已久）", *ALSO, "收窄")),
    Slip("a rule that another covers", COMPENSATION, " && charged >= 100", "",
         "TR404", 17, "privacy", ("已被 `privacy_vip`（泄露并多收）覆盖", "由 `privacy_vip`")),
    Slip("an amount in words", COMPENSATION, "{amount: 300}", "{amount: 三十}",
         "TR201", 20, "三十", ("中文数字", "请写阿拉伯数字")),
    Slip("a role that nobody has", FLOW, "by: [manager]", "by: [jingli]",
         "TR113", 34, "jingli", ("没有名为 `jingli` 的角色", "clerk, manager")),
    Slip("a clause that the source lacks", COMPENSATION, "handbook:2.1", "handbook:2.9",
         "TR502", 3, "handbook:2.9", ("客服手册", "`2.9`", "是否指 `handbook:2.1`")),
    Slip("a state that nothing leads to", FLOW, "  closed: {title", LOST,
         "TR301", 40, "lost", ("`lost`（遗失）", "增加通向该状态的转换")),
    Slip("a state that nothing leaves", FLOW, LEAVES, "",
         "TR302", 31, "escalated", ("`escalated`（已升级）", "增加通向终态的转换")),
    Slip("a key given twice", REPLY, "stricter: lower", "stricter: lower\nstricter: lower",
         "TR006", 5, "stricter", ("重复", "首次出现在此处")),
    Slip("a bracket that is not closed", TICKET, "en: Phone}}", "en: Phone}",
         "TR005", 5, "{", ("`{` 没有结束", "补上 `}`")),
)  # fmt: skip
"""The thirty mistakes."""
