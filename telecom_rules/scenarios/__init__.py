"""Scenarios: tests of a pack as given, when, then in YAML, and their coverage.

`read` returns the scenarios of a pack and `run` a `ScenarioResult` for each. They are in folders
called `scenarios` of the pack, are not read when it is loaded, and do not count in its digest.
"""

from telecom_rules.scenarios.coverage.elements import CoverageItem, CoverageKind, list_items
from telecom_rules.scenarios.coverage.measure import Coverage, Share, measure
from telecom_rules.scenarios.linking.layers import ScenarioChange
from telecom_rules.scenarios.reading import ScenarioReading, gather, read, read_gathered
from telecom_rules.scenarios.run import Runner, ScenarioResult, run
from telecom_rules.scenarios.scenario import PolicyScenario, Scenario, WorkflowScenario

__all__ = [
    "Coverage",
    "CoverageItem",
    "CoverageKind",
    "PolicyScenario",
    "Runner",
    "Scenario",
    "ScenarioChange",
    "ScenarioReading",
    "ScenarioResult",
    "Share",
    "WorkflowScenario",
    "gather",
    "list_items",
    "measure",
    "read",
    "read_gathered",
    "run",
]
