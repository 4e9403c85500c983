"""Expressions: the Common Expression Language in guards, conditions and outputs, and table cells.

`check` and `check_cell` turn the text of a pack into an `Expression` with a known type, or into
findings. An `Expression` is evaluated, explains its result, and can be emitted as Python.
"""

from telecom_rules.expressions.check import check, check_cell
from telecom_rules.expressions.evaluation.budget import Budget
from telecom_rules.expressions.evaluation.explain import ABSENT, NOT_EXPLAINED, Absent, Seen
from telecom_rules.expressions.evaluation.runtime import RUNTIME
from telecom_rules.expressions.expression import Expression, emit
from telecom_rules.expressions.operations.failures import FAILURES, Detour
from telecom_rules.expressions.scope import Context, Scope

__all__ = [
    "ABSENT",
    "FAILURES",
    "NOT_EXPLAINED",
    "RUNTIME",
    "Absent",
    "Budget",
    "Context",
    "Detour",
    "Expression",
    "Scope",
    "Seen",
    "check",
    "check_cell",
    "emit",
]
