"""TR902: a rule, output or payload field without a title in both languages.

Without a title its name in the file is shown, to readers of Chinese as well. An output or field of
a catalogue type has the title of the catalogue.
A pack may switch the check off with `require_titles: false` in its `pack.yaml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.findings.kinds import OUTPUT, RULE
from telecom_rules.pack import PackDefinition
from telecom_rules.policies import PolicyDefinition
from telecom_rules.wording import Wording
from telecom_rules.workflows import WorkflowDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.documents import Word
    from telecom_rules.pack import Pack, Reading


CODES = ("TR902",)
PAYLOAD_FIELD = Wording("数据项", "payload field")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each rule, output and payload field without a title."""
    pack = next(iter(reading.drafts.of(PackDefinition)), None)
    if pack is None or not pack.require_titles or reading.pack is None:
        return
    for policy in reading.drafts.of(PolicyDefinition):
        yield from find_untitled_rules(policy)
        yield from find_untitled_outputs(policy, reading.pack)
    for workflow in reading.drafts.of(WorkflowDefinition):
        yield from find_untitled_fields(workflow, reading.pack)


def find_untitled_rules(policy: PolicyDefinition) -> Iterator[Finding]:
    """Yield a finding for each rule of a table without a title."""
    for rule in policy.rules:
        if rule.title is None:
            yield build_untitled_finding(RULE, rule.id)


def find_untitled_outputs(policy: PolicyDefinition, pack: Pack) -> Iterator[Finding]:
    """Yield a finding for each output without a title of its own or of a catalogue."""
    fields = pack.policies[policy.policy].outputs.fields
    for name in policy.outputs:
        if fields[name].title is None:
            yield build_untitled_finding(OUTPUT, name)


def find_untitled_fields(workflow: WorkflowDefinition, pack: Pack) -> Iterator[Finding]:
    """Yield a finding for each payload field without a title of its own, a fact or a catalogue."""
    linked = pack.workflows[workflow.workflow]
    for event, sent in workflow.events.items():
        fields = linked.events[event].payload.fields
        yield from (
            build_untitled_finding(PAYLOAD_FIELD, name)
            for name in sent.payload
            if fields[name].title is None
        )


def build_untitled_finding(kind: Wording, name: Word) -> Finding:
    """Return the finding for something without a title."""
    return Finding("TR902", name.span, {"kind": kind, "name": name})
