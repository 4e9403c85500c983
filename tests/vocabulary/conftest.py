"""A small vocabulary to test with, and the way to make others from YAML."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from telecom_rules.documents import Definition, read, read_as
from telecom_rules.findings import Findings
from telecom_rules.vocabulary import (
    CalendarDefinition,
    CatalogueDefinition,
    FactsDefinition,
    ParameterDefinition,
    SourceDefinition,
    Vocabulary,
    link,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.findings import Finding

KINDS: dict[str, type[Definition]] = {
    "source": SourceDefinition,
    "catalogue": CatalogueDefinition,
    "facts": FactsDefinition,
    "parameter": ParameterDefinition,
    "calendar": CalendarDefinition,
}

TELECOM = """
source: telecom
title: {zh: 中华人民共和国电信条例, en: Telecommunications Regulations}
kind: regulation
version: "2016"
in_force: {from: 2016-02-06}
confidence: high
clauses:
  "69": {title: {zh: 无证经营, en: Operating without a licence}}
  "39(1)": {title: {zh: 申诉, en: Appeals}}
"""
SPEC = """
source: spec
title: {zh: 业务规范书, en: Specification}
kind: specification
clauses:
  "7.1.2(3)": {title: {zh: 分类处理, en: Classify}, kind: workflow_step, target: wf.complaint}
"""
CHANNEL = """
catalogue: channel
title: {zh: 渠道, en: Channel}
cites: spec:7.1.2(3)
codes:
  phone: {title: {zh: 电话, en: Telephone}, cites: spec:7.1.2(3)}
  mail: {title: {zh: 邮件, en: Mail}}
"""
COMPLAINT = """
facts: complaint
title: {zh: 投诉, en: Complaint}
cites: [spec:7.1.2(3)]
fields:
  channel: {type: channel, title: {zh: 渠道, en: Channel}, cites: spec:7.1.2(3)}
  content: {type: text, title: {zh: 内容, en: Content}, max_length: 20}
  repeats: {type: integer, title: {zh: 次数, en: Repeats}, min: 0, max: 99}
  share: {type: decimal?, title: {zh: 占比, en: Share}, min: -100, max: 100}
  gain: {type: money?, title: {zh: 违法所得, en: Illegal gain}, min: 0}
  urgent: {type: boolean, title: {zh: 紧急, en: Urgent}}
  found_on: {type: date?, title: {zh: 发现日, en: Found on}}
  received_at: {type: instant, title: {zh: 收到时间, en: Received at}}
  waited: {type: span?, title: {zh: 等待, en: Waited}}
  tried: {type: "list[channel]?", title: {zh: 已试渠道, en: Channels tried}}
"""
REPLY = """
parameter: reply
title: {zh: 答复时限, en: Time to answer}
unit: calendar_days
stricter: lower
values:
  - {from: 2005-04-20, until: 2016-07-30, value: 30, confidence: medium, cites: telecom:39(1)}
  - {from: 2016-07-30, value: 15, confidence: high, cites: [telecom:39(1), spec:7.1.2(3)]}
"""


def vocabulary_of(*texts: str, lost: tuple[str, ...] = ()) -> tuple[Vocabulary, list[Finding]]:
    """Return the vocabulary that some files make, with every finding."""
    found = Findings()
    definitions: dict[str, list[Definition]] = {kind: [] for kind in KINDS}
    for number, text in enumerate(texts):
        root = read(dedent(text).encode(), f"{number}.yaml", found)
        assert root is not None, found
        kind = str(next(iter(root)))
        definition = read_as(KINDS[kind], root, found)
        if definition is not None:
            definitions[kind].append(definition)
    calendars = definitions.pop("calendar")
    words = link(*definitions.values(), findings=found, calendars=calendars, lost=lost)  # type: ignore[arg-type]  # sorted by kind
    return words, found


@pytest.fixture(scope="session")
def link_files() -> Callable[..., tuple[Vocabulary, list[Finding]]]:
    """The way from the text of some files to a vocabulary and its findings."""
    return vocabulary_of


@pytest.fixture(scope="session")
def words() -> Vocabulary:
    """Two sources, a catalogue, one kind of facts with every type, and a parameter."""
    vocabulary, found = vocabulary_of(TELECOM, SPEC, CHANNEL, COMPLAINT, REPLY)
    assert not found, [each.concise() for each in found]
    return vocabulary
