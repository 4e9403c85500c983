"""Workflows: statecharts over facts, with time limits, and the cases that run in them.

`link` turns the definition of a workflow into a `Workflow`; `Workflow.start` gives a `Case`;
`Case.send` gives an `Outcome`. Everything is an immutable value: nothing reads a system clock, and
work for the host is returned as effects, never performed.
"""

from telecom_rules.workflows.chart import Clock, Event, Invocation, State, Transition
from telecom_rules.workflows.definition import WorkflowDefinition
from telecom_rules.workflows.engine.clocks import Breach, Due, DueKind, Run, UndeterminedLimit
from telecom_rules.workflows.engine.limits import Promise
from telecom_rules.workflows.engine.macrostep import EntryKind
from telecom_rules.workflows.engine.microstep import Effect
from telecom_rules.workflows.journal.entry import Entry, Microstep
from telecom_rules.workflows.journal.verify import Discrepancy, DiscrepancyKind, verify
from telecom_rules.workflows.linking.cost import find_dear_macrostep
from telecom_rules.workflows.linking.endless import find_first_calls
from telecom_rules.workflows.linking.link import Callees, link
from telecom_rules.workflows.linking.signature import Signature, build_signature
from telecom_rules.workflows.linking.wildcards import MOST_EXPANDED, count_expanded
from telecom_rules.workflows.migration.results import Stranded
from telecom_rules.workflows.options import Option
from telecom_rules.workflows.pins.digests import AskedPolicies, WorkflowDigests
from telecom_rules.workflows.properties.properties import Judgement, Property, Standpoint
from telecom_rules.workflows.refusals.reason import Reason, ReasonKind
from telecom_rules.workflows.refusals.remedy import Given, Remedy, Sending
from telecom_rules.workflows.ways import Ways
from telecom_rules.workflows.workflow import (
    Accepted,
    Adopted,
    Call,
    Case,
    Migrated,
    Moved,
    Outcome,
    Refused,
    Ticked,
    Workflow,
    case_state_of,
    machine_of,
    redo,
)

__all__ = [
    "MOST_EXPANDED",
    "Accepted",
    "Adopted",
    "AskedPolicies",
    "Breach",
    "Call",
    "Callees",
    "Case",
    "Clock",
    "Discrepancy",
    "DiscrepancyKind",
    "Due",
    "DueKind",
    "Effect",
    "Entry",
    "EntryKind",
    "Event",
    "Given",
    "Invocation",
    "Judgement",
    "Microstep",
    "Migrated",
    "Moved",
    "Option",
    "Outcome",
    "Promise",
    "Property",
    "Reason",
    "ReasonKind",
    "Refused",
    "Remedy",
    "Run",
    "Sending",
    "Signature",
    "Standpoint",
    "State",
    "Stranded",
    "Ticked",
    "Transition",
    "UndeterminedLimit",
    "Ways",
    "Workflow",
    "WorkflowDefinition",
    "WorkflowDigests",
    "build_signature",
    "case_state_of",
    "count_expanded",
    "find_dear_macrostep",
    "find_first_calls",
    "link",
    "machine_of",
    "redo",
    "verify",
]
