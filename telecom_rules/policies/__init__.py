"""Policies: decision tables and checklists over facts, with explained decisions.

`link` turns a `PolicyDefinition` into a `Policy`; `Policy.decide` gives a `Decision`: its outputs,
its rules, the clauses and figures they rest on, or the facts that are missing.
"""

from telecom_rules.policies.completions.question import Question
from telecom_rules.policies.decision import CheckResult, Decision, Detail, Status
from telecom_rules.policies.definition import (
    CheckDefinition,
    OutputDefinition,
    PolicyDefinition,
    RuleDefinition,
)
from telecom_rules.policies.digests import digest_policy, find_policy_change_days
from telecom_rules.policies.explanation.parts import (
    Alternative,
    Explanation,
    FailedCheck,
    Told,
)
from telecom_rules.policies.linking.cost import find_dear_decisions, sum_decision_costs
from telecom_rules.policies.linking.link import check_asked_policies, link
from telecom_rules.policies.linking.signature import PolicySignature, link_signature
from telecom_rules.policies.peers import PeerDecisions
from telecom_rules.policies.policy import Policy
from telecom_rules.policies.rules import Aggregation, Check, HitPolicy, Row, Rule, Severity
from telecom_rules.policies.trials import DecisionChange, Shadow

__all__ = [
    "Aggregation",
    "Alternative",
    "Check",
    "CheckDefinition",
    "CheckResult",
    "Decision",
    "DecisionChange",
    "Detail",
    "Explanation",
    "FailedCheck",
    "HitPolicy",
    "OutputDefinition",
    "PeerDecisions",
    "Policy",
    "PolicyDefinition",
    "PolicySignature",
    "Question",
    "Row",
    "Rule",
    "RuleDefinition",
    "Severity",
    "Shadow",
    "Status",
    "Told",
    "check_asked_policies",
    "digest_policy",
    "find_dear_decisions",
    "find_policy_change_days",
    "link",
    "link_signature",
    "sum_decision_costs",
]
