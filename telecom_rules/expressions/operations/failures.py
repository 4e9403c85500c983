"""The errors of an evaluation, and those that generated code may raise."""

from __future__ import annotations

from telecom_rules.errors import EvaluationError, TelecomRulesError
from telecom_rules.wording import Wording


class Detour(Exception):
    """Raised on purpose by generated code to hand over to exact evaluation."""


FAILURES = (Detour, TelecomRulesError, ArithmeticError)
"""The errors of generated code after which the caller evaluates exactly.

`TypeError`, `AttributeError` and `LookupError` are not caught: they would be our own defects.
"""

OUT_OF_RANGE = Wording("计算结果超出范围", "the result is out of range")
NO_OVERLOAD = Wording(
    "运算不适用于这种类型的值", "the operation does not apply to values of this type"
)


def failure(zh: str, en: str, **values: object) -> EvaluationError:
    """Return the error of an operation that has no value."""
    return EvaluationError(Wording(zh, en).fill(**values))
