"""Telecom business and customer-service rules as data, for applications to load and evaluate.

>>> import telecom_rules
>>> pack = telecom_rules.load()
>>> decision = pack.policies["complaint_grade"].decide(facts, on=day)
>>> case = pack.workflows["complaint_handling"].start(facts, at=now, id="C-1")

Importing the package imports nothing else: each name is fetched from its room when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telecom_rules.errors import (
        DecisionError,
        EvaluationError,
        FactProblem,
        FactsError,
        JournalError,
        MissingData,
        NoRuleMatches,
        NotInForce,
        NotPublished,
        PackError,
        PackNotFound,
        RulesDisagree,
        SeveralRulesMatch,
        SnapshotError,
        SnapshotMismatch,
        TelecomRulesError,
        UnknownName,
    )
    from telecom_rules.findings import Finding, Severity, Span
    from telecom_rules.pack import InForce, Pack, load
    from telecom_rules.policies import CheckResult, Decision, Policy, Question
    from telecom_rules.vocabulary import Clause
    from telecom_rules.wording import Language, Wording
    from telecom_rules.workflows import (
        Accepted,
        Breach,
        Call,
        Case,
        Due,
        Effect,
        Entry,
        Judgement,
        Migrated,
        Moved,
        Option,
        Outcome,
        Property,
        Reason,
        Refused,
        Stranded,
        Ticked,
        Workflow,
    )

__all__ = [
    "Accepted",
    "Breach",
    "Call",
    "Case",
    "CheckResult",
    "Clause",
    "Decision",
    "DecisionError",
    "Due",
    "Effect",
    "Entry",
    "EvaluationError",
    "FactProblem",
    "FactsError",
    "Finding",
    "InForce",
    "JournalError",
    "Judgement",
    "Language",
    "Migrated",
    "MissingData",
    "Moved",
    "NoRuleMatches",
    "NotInForce",
    "NotPublished",
    "Option",
    "Outcome",
    "Pack",
    "PackError",
    "PackNotFound",
    "Policy",
    "Property",
    "Question",
    "Reason",
    "Refused",
    "RulesDisagree",
    "SeveralRulesMatch",
    "Severity",
    "SnapshotError",
    "SnapshotMismatch",
    "Span",
    "Stranded",
    "TelecomRulesError",
    "Ticked",
    "UnknownName",
    "Wording",
    "Workflow",
    "load",
]

ROOMS: dict[str, tuple[str, ...]] = {
    "errors": (
        "DecisionError",
        "EvaluationError",
        "FactProblem",
        "FactsError",
        "JournalError",
        "MissingData",
        "NoRuleMatches",
        "NotInForce",
        "NotPublished",
        "PackError",
        "PackNotFound",
        "RulesDisagree",
        "SeveralRulesMatch",
        "SnapshotError",
        "SnapshotMismatch",
        "TelecomRulesError",
        "UnknownName",
    ),
    "findings": ("Finding", "Severity", "Span"),
    "pack": ("InForce", "Pack", "load"),
    "policies": ("CheckResult", "Decision", "Policy", "Question"),
    "vocabulary": ("Clause",),
    "wording": ("Language", "Wording"),
    "workflows": (
        "Accepted",
        "Breach",
        "Call",
        "Case",
        "Due",
        "Effect",
        "Entry",
        "Judgement",
        "Migrated",
        "Moved",
        "Option",
        "Outcome",
        "Property",
        "Reason",
        "Refused",
        "Stranded",
        "Ticked",
        "Workflow",
    ),
}
"""The public names of each room."""
HOMES: dict[str, str] = {name: room for room, names in ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """Return a public name from its room, and keep it here."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
