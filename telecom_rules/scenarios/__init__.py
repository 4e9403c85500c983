"""Scenarios: given, when, then, in YAML; what must come true of a pack, and how much that covers.

`read` gives the scenarios of a pack; `run` gives a `Result` for each. They live in folders called
`scenarios` of the pack, are not read when it is loaded, and are no part of its digest.
"""

from telecom_rules.scenarios.coverage.elements import CoverageItem, CoverageKind, list_items
from telecom_rules.scenarios.coverage.measure import Coverage, Share, measure
from telecom_rules.scenarios.reading import ScenarioReading, read
from telecom_rules.scenarios.run import Runner, ScenarioResult, run
from telecom_rules.scenarios.scenario import PolicyScenario, Scenario, WorkflowScenario

__all__ = [
    "Coverage",
    "CoverageItem",
    "CoverageKind",
    "PolicyScenario",
    "Runner",
    "Scenario",
    "ScenarioReading",
    "ScenarioResult",
    "Share",
    "WorkflowScenario",
    "list_items",
    "measure",
    "read",
    "run",
]
