"""The shipped pack with another text of one file, without linking all the rest again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules import policies, workflows
from telecom_rules.findings import Findings
from telecom_rules.findings.kinds import POLICY, WORKFLOW
from telecom_rules.pack.drafts import draft_pack
from telecom_rules.pack.linking import digest_asked, policies_over, sign_workflows
from telecom_rules.policies import PolicyDefinition
from telecom_rules.values.named import NamedMapping
from telecom_rules.workflows import AskedPolicies, Callees, WorkflowDefinition, machine_of

if TYPE_CHECKING:
    from telecom_rules.pack import Pack, Reading
    from telecom_rules.vocabulary import Parameter


@dataclass(frozen=True)
class Relinker:
    """Links single files anew.

    Attributes:
        reading: the pack as it was read.
        signatures: the outputs of its policies.
    """

    reading: Reading
    signatures: dict

    @classmethod
    def of(cls, reading: Reading) -> Relinker:
        words = reading.require_pack().vocabulary
        signed = {
            str(each.policy): policies.link_signature(each, words, Findings())
            for each in reading.drafts.of(PolicyDefinition)
        }
        return cls(reading, signed)

    @property
    def pack(self) -> Pack:
        return self.reading.require_pack()

    def with_text(self, file: str, text: str) -> Pack:
        """Return the pack with another text of the file of a policy or workflow."""
        findings = Findings()
        drafts = draft_pack({file: text.encode()}, findings)
        assert not findings, [each.concise() for each in findings]
        (definition,) = drafts.definitions
        if isinstance(definition, PolicyDefinition):
            return self.with_policy(definition)
        assert isinstance(definition, WorkflowDefinition)
        return self.with_workflow(definition)

    def with_policy(self, definition: PolicyDefinition) -> Pack:
        name, words = str(definition.policy), self.pack.vocabulary
        findings = Findings()
        signature = policies.link_signature(definition, words, findings)
        own = dict(self.pack.policies.items())
        peers = MappingProxyType(own)
        linked = policies.link(
            definition, words, {**self.signatures, name: signature}, peers, findings
        )
        assert linked is not None, [each.concise() for each in findings]
        own[name] = linked
        return replace(self.pack, policies=NamedMapping(POLICY, own))

    def with_workflow(self, definition: WorkflowDefinition) -> Pack:
        findings = Findings()
        words, decided = self.pack.vocabulary, dict(self.pack.policies.items())
        flows = dict(self.pack.workflows.items())
        machines = {name: machine_of(each) for name, each in flows.items()}
        outputs, mine = policies_over(
            definition.facts, self.reading.drafts, self.signatures, decided
        )
        linked = workflows.link(
            definition,
            words,
            outputs,
            partial(policies.PeerDecisions, mine),
            AskedPolicies(
                lambda name, day: digest_asked(decided[name], day),
                lambda name: policies.find_policy_change_days(decided[name]),
            ),
            self.pack.zone,
            findings,
            Callees(
                signatures=sign_workflows(self.reading.drafts, words, Findings()),
                linked=MappingProxyType(flows),
                machines=MappingProxyType(machines),
                digests=MappingProxyType({n: each.digests for n, each in machines.items()}),
            ),
        )
        assert linked is not None, [each.concise() for each in findings]
        flows[str(definition.workflow)] = linked
        return replace(self.pack, workflows=NamedMapping(WORKFLOW, flows))

    def with_figure(self, figure: Parameter) -> Pack:
        """Return the pack with other values of a parameter."""
        figures = {**dict(self.pack.parameters.items()), figure.name: figure}
        own: dict = {}
        peers = MappingProxyType(own)
        for name, policy in self.pack.policies.items():
            reads = figure.name in policy.parameters or policy.peers
            own[name] = replace(policy, _figures=figures, _policies=peers) if reads else policy
        words = replace(self.pack.vocabulary, parameters=figures)
        return replace(self.pack, vocabulary=words, policies=NamedMapping(POLICY, own))
