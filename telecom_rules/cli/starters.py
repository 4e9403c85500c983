"""The files with which `telecom-rules init` starts a pack."""

from __future__ import annotations

from typing import NamedTuple

from telecom_rules.wording import Wording


class StarterFile(NamedTuple):
    """A file of a new pack.

    Attributes:
        path: its path in the folder of the pack.
        comment: what it begins with, line by line, in the language of the user.
        text: what follows; `NAME` and `VERSIONS` stand for the pack's name and its base's versions,
            `LANGUAGE` for the language of the user.
    """

    path: str
    comment: Wording
    text: str


PACK_ON_BASE = StarterFile(
    "pack.yaml",
    Wording(
        "这里只写本企业改动和增加的内容；其余以所继承的规则包为准。",
        "What the house changes and adds; everything else is as the pack below says it.",
    ),
    text="""\
pack: NAME
version: 0.1.0
title: {zh: 本企业服务规则, en: House rules}
extends: {pack: telecom_rules, version: "VERSIONS"}
""",
)
PACK_OF_ITS_OWN = StarterFile(
    "pack.yaml",
    Wording("本规则包不继承其他规则包。", "A pack that extends no other."),
    text="""\
pack: NAME
version: 0.1.0
title: {zh: 本企业服务规则, en: House rules}
utc_offset: "+08:00"
require_cites: true
""",
)
HANDBOOK = StarterFile(
    "handbook.yaml",
    Wording(
        "本企业自己的决定和承诺：规则像引用法律一样引用这些条款。",
        "What the house has decided or promised itself: its rules cite it, as others cite the law.",
    ),
    text="""\
source: handbook
title: {zh: 服务手册, en: Handbook}
kind: handbook
clauses:
  "1": {title: {zh: 本企业的设置, en: Settings of the house}}
  "2": {title: {zh: 本企业的服务承诺, en: Promises of the house}}
""",
)
COMPLAINTS = StarterFile(
    "scenarios/complaints.yaml",
    Wording(
        "每增加或改动一条规则，就在这里写一个场景：什么情况，应得什么结果。",
        "A scenario for each rule that is added or changed: what is given, and what follows.",
    ),
    text="""\
scenarios: complaints
title: {zh: 本企业的投诉分级, en: How the house grades complaints}
policy: complaint_grade
on: 2026-07-01
given:
  safety_involved: false
  earlier_complaints: 0
  media_involved: false
  regulator_involved: false
  affected_customers: 1
tests:
  safety:
    title: {zh: 涉及安全的投诉为重大投诉, en: A complaint about safety is major}
    examples:
      - {given: {safety_involved: true}, then: {grade: major}, rule: safety}
      - {given: {safety_involved: false}, then: {grade: general}, rule: general}
""",
)
REQUEST = StarterFile(
    "request.yaml",
    Wording("规则所依据的数据。", "The data that the rules read."),
    text="""\
facts: request
title: {zh: 服务请求, en: Request for service}
cites: [handbook:1]
fields:
  days_waiting:
    type: integer
    min: 0
    title: {zh: 已等待天数, en: Days waiting}
    cites: [handbook:1]
  answer: {type: text?, title: {zh: 答复内容, en: Answer}, cites: [handbook:2]}
""",
)
FIGURES = StarterFile(
    "figures.yaml",
    Wording(
        "数值写在这里，注明自哪一天起生效。", "Figures, each with the day from which it holds."
    ),
    text="""\
parameters:
  answer_time:
    title: {zh: 答复时限, en: Time to answer}
    unit: calendar_days
    stricter: lower
    kind: setting
    values: {from: 2026-01-01, value: 3, cites: [handbook:2]}
  long_wait:
    title: {zh: 优先处理前等待的天数, en: Days after which a request comes first}
    unit: none
    stricter: lower
    kind: setting
    values: {from: 2026-01-01, value: 3, cites: [handbook:1]}
""",
)
PRIORITY = StarterFile(
    "priority.yaml",
    Wording(
        "判断写成决策表：自上而下，第一条符合的规则生效。",
        "A table: the first rule that fits decides.",
    ),
    text="""\
policy: priority
title: {zh: 请求的优先级, en: Priority of a request}
cites: [handbook:1]
facts: request
hit_policy: first
outputs:
  urgent: {type: boolean, title: {zh: 是否优先处理, en: It comes first}}
rules:
  - id: waiting
    title: {zh: 等待已久, en: It has waited for long}
    when: days_waiting >= parameters.long_wait
    then: {urgent: "true"}
    cites: [handbook:2]
  - id: usual
    title: {zh: 其他请求, en: Any other}
    then: {urgent: "false"}
    cites: [handbook:1]
""",
)
HANDLING = StarterFile(
    "request_handling.yaml",
    Wording(
        "流程：状态、事件、由谁办理，以及时限。",
        "A workflow: states, events, by whom, and by when.",
    ),
    text="""\
workflow: request_handling
version: 1.0.0
title: {zh: 办理服务请求, en: Handling a request}
cites: [handbook:2]
facts: request
events:
  answer: {title: {zh: 答复客户, en: Answer}, payload: {answer: text}, cites: [handbook:2]}
  late: {title: {zh: 答复逾期, en: The answer is late}, cites: [handbook:2]}
clocks:
  answering:
    title: {zh: 答复时限, en: Time to answer}
    from: open
    until: answered
    limit: parameters.answer_time
    on_expiry: late
    cites: [handbook:2]
initial: open
states:
  open:
    title: {zh: 待答复, en: To be answered}
    cites: [handbook:2]
    on:
      answer: {target: answered, assign: event, cites: [handbook:2]}
      late: {target: overdue, cites: [handbook:2]}
  overdue:
    title: {zh: 已逾期, en: Late}
    cites: [handbook:2]
    on:
      answer: {target: answered, assign: event, cites: [handbook:2]}
  answered:
    title: {zh: 已答复, en: Answered}
    type: final
    cites: [handbook:2]
""",
)
PRIORITY_SCENARIOS = StarterFile(
    "scenarios/priority.yaml",
    Wording(
        "界限之前、当日和之后各写一个例子。", "An example before the line, on it and behind it."
    ),
    text="""\
scenarios: priority
title: {zh: 请求的优先级, en: Priority of a request}
policy: priority
on: 2026-07-01
tests:
  waiting:
    title: {zh: 等待满三日即优先处理, en: After three days it comes first}
    examples:
      - {given: {days_waiting: 2}, then: {urgent: false}, rule: usual}
      - {given: {days_waiting: 3}, then: {urgent: true}, rule: waiting}
      - {given: {days_waiting: 4}, then: {urgent: true}, rule: waiting}
""",
)
HANDLING_SCENARIOS = StarterFile(
    "scenarios/request_handling.yaml",
    Wording("一件请求怎样一步步办理。", "How a case goes, step by step."),
    text="""\
scenarios: request_handling
title: {zh: 办理服务请求, en: Handling a request}
workflow: request_handling
start: 2026-07-01 10:00
given: {days_waiting: 0}
tests:
  in_time:
    title: {zh: 按时答复, en: Answered in time}
    steps:
      - send: answer
        with: {answer: 已办妥。}
        at: clocks.answering.deadline
        then: {state: answered, breaches: none}
  late:
    title: {zh: 逾期后答复, en: Answered late}
    steps:
      - {wait: clocks.answering.expiry, then: {state: overdue, breaches: answering}}
      - {send: answer, with: {answer: 已办妥。}, then: answered}
""",
)
HOOKS = StarterFile(
    ".pre-commit-config.yaml",
    Wording(
        "git commit 时的检查（https://pre-commit.com），用本机已安装的命令。\n"
        "仓库中还有其他内容时，把本文件移到仓库根目录，并把 `.` 改为规则包的文件夹。",
        "What `git commit` checks (https://pre-commit.com), by the command that is installed.\n"
        "In a repository with more in it, move the file to its root and write the folder for `.`.",
    ),
    text="""\
repos:
  - repo: local
    hooks:
      - id: telecom-rules-validate
        name: telecom-rules validate
        entry: telecom-rules validate .
        language: system
        types: [yaml]
        pass_filenames: false
      - id: telecom-rules-test
        name: telecom-rules test
        entry: telecom-rules test .
        language: system
        types: [yaml]
        pass_filenames: false
""",
)

WHERE_CI_IS = Wording(
    "{where}\n"
    "变量 TELECOM_RULES 写明由 pip 安装什么：wheel 文件的路径，或 `git+` 加 git 仓库的地址。\n"
    "仓库中还有其他内容时，把本文件移到仓库根目录的同一位置，并把 `.` 改为规则包的文件夹。",
    "{where}\n"
    "The variable TELECOM_RULES says what pip installs: the path of a wheel, or `git+` and the\n"
    "address of a git repository. In a repository with more in it, move the file to the same\n"
    "place below its root and write the folder for `.`.",
)
ON_GITHUB = StarterFile(
    ".github/workflows/rules.yml",
    WHERE_CI_IS.fill(
        where=Wording(
            "GitHub Actions 的检查；变量在仓库的 Settings → Variables → Actions 中设置。",
            "What GitHub Actions checks. The variable is set in the settings of the repository.",
        )
    ),
    text="""\
name: rules
on: [push, pull_request]
permissions: {contents: read}
jobs:
  rules:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.12"}
      - run: python -m pip install "${TELECOM_RULES:?set this variable to what pip installs}"
        env:
          TELECOM_RULES: ${{ vars.TELECOM_RULES }}
      - run: telecom-rules validate . --language LANGUAGE
      - run: telecom-rules test . --language LANGUAGE
""",
)
ON_GITLAB = StarterFile(
    ".gitlab-ci.yml",
    WHERE_CI_IS.fill(
        where=Wording(
            "GitLab CI 的检查；变量在项目的 Settings → CI/CD → Variables 中设置。",
            "What GitLab CI checks. The variable is set in the settings of the project.",
        )
    ),
    text="""\
validate-rules:
  image: python:3.12-slim
  script:
    - python -m pip install "${TELECOM_RULES:?set this variable to what pip installs}"
    - telecom-rules validate . --language LANGUAGE --format gitlab --output quality.json
    - telecom-rules test . --language LANGUAGE --format junit --output rules.xml
  artifacts:
    when: always
    reports:
      codequality: quality.json
      junit: rules.xml
""",
)
CHECKING = (HOOKS, ON_GITHUB, ON_GITLAB)
"""What checks a pack at each commit and in CI."""

ON_BASE = (PACK_ON_BASE, HANDBOOK, COMPLAINTS, *CHECKING)
"""House rules on the shipped pack."""
OF_ITS_OWN = (
    PACK_OF_ITS_OWN, HANDBOOK, REQUEST, FIGURES, PRIORITY, HANDLING, PRIORITY_SCENARIOS,
    HANDLING_SCENARIOS, *CHECKING,
)  # fmt: skip
"""A small pack that extends no other."""
