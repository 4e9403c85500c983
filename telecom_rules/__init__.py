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
    # A name imported as itself is public to a type checker (typing spec, library interface).
    # isort: off
    from telecom_rules.errors import (
        ArgumentError as ArgumentError,
        DecisionError as DecisionError,
        EvaluationError as EvaluationError,
        FactProblem as FactProblem,
        FactsError as FactsError,
        InconsistentFacts as InconsistentFacts,
        JournalError as JournalError,
        JournalMismatch as JournalMismatch,
        MissingData as MissingData,
        MissingExtra as MissingExtra,
        NoRuleMatches as NoRuleMatches,
        NotInForce as NotInForce,
        NotPublished as NotPublished,
        PackError as PackError,
        PackNotFound as PackNotFound,
        RulesDisagree as RulesDisagree,
        SeveralRulesMatch as SeveralRulesMatch,
        SnapshotError as SnapshotError,
        SnapshotMismatch as SnapshotMismatch,
        TelecomRulesError as TelecomRulesError,
        UnknownName as UnknownName,
        UnknownPack as UnknownPack,
    )
    from telecom_rules.findings import Finding as Finding, Severity as Severity, Span as Span
    from telecom_rules.pack import (
        InForce as InForce,
        Matter as Matter,
        Pack as Pack,
        Packs as Packs,
        load as load,
    )
    from telecom_rules.policies import (
        CheckResult as CheckResult,
        Decision as Decision,
        DecisionChange as DecisionChange,
        Explanation as Explanation,
        Policy as Policy,
        Question as Question,
        Shadow as Shadow,
    )
    from telecom_rules.validation import validate as validate
    from telecom_rules.vocabulary import Clause as Clause
    from telecom_rules.wording import Language as Language, Wording as Wording
    from telecom_rules.workflows import (
        Accepted as Accepted,
        Adopted as Adopted,
        Breach as Breach,
        Call as Call,
        Case as Case,
        Discrepancy as Discrepancy,
        Due as Due,
        Effect as Effect,
        Entry as Entry,
        Judgement as Judgement,
        Migrated as Migrated,
        Moved as Moved,
        Option as Option,
        Outcome as Outcome,
        Property as Property,
        Reason as Reason,
        Refused as Refused,
        Remedy as Remedy,
        Stranded as Stranded,
        Ticked as Ticked,
        UndeterminedLimit as UndeterminedLimit,
        Ways as Ways,
        Workflow as Workflow,
        verify as verify,
    )

__version__ = "0.1.0"

_NAMES = {
    "errors": """
        ArgumentError DecisionError EvaluationError FactProblem FactsError InconsistentFacts
        JournalError JournalMismatch MissingData MissingExtra NoRuleMatches NotInForce
        NotPublished PackError PackNotFound RulesDisagree SeveralRulesMatch SnapshotError
        SnapshotMismatch TelecomRulesError UnknownName UnknownPack
    """,
    "findings": "Finding Severity Span",
    "pack": "InForce Matter Pack Packs load",
    "policies": "CheckResult Decision DecisionChange Explanation Policy Question Shadow",
    "vocabulary": "Clause",
    "validation": "validate",
    "wording": "Language Wording",
    "workflows": """
        Accepted Adopted Breach Call Case Discrepancy Due Effect Entry Judgement Migrated Moved
        Option Outcome Property Reason Refused Remedy Stranded Ticked UndeterminedLimit Ways
        Workflow verify
    """,
}
"""The public names of each room."""
_HOMES = {name: home for home, names in _NAMES.items() for name in names.split()}

if not TYPE_CHECKING:  # type checkers cannot follow this; they read the imports above
    __all__ = tuple(sorted(_HOMES))


def __getattr__(name: str) -> object:
    """Return a public name from its module, and keep it here."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(_HOMES)
