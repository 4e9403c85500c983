"""Scenarios: given, when, then, in YAML; what must come true of a pack, and how much that covers.

`read` gives the scenarios of a pack; `run` gives a `Result` for each. They live in folders called
`scenarios` of the pack, are not read when it is loaded, and are no part of its digest.
"""

from telecom_rules.scenarios.coverage import Coverage, Share, measure
from telecom_rules.scenarios.elements import Element, Kind, elements
from telecom_rules.scenarios.reading import ScenarioReading, read
from telecom_rules.scenarios.run import Result, Runner, run
from telecom_rules.scenarios.scenario import Flow, Questions, Scenario

__all__ = [
    "Coverage",
    "Element",
    "Flow",
    "Kind",
    "Questions",
    "Result",
    "Runner",
    "Scenario",
    "ScenarioReading",
    "Share",
    "elements",
    "measure",
    "read",
    "run",
]
