"""The errors of an evaluation, and those that generated code may raise."""

from __future__ import annotations

from telecom_rules.errors import EvaluationError, TelecomRulesError
from telecom_rules.wording import Wording


class Detour(Exception):
    """Raised on purpose by generated code that leaves the answer to the exact way."""


FAILURES = (Detour, TelecomRulesError, ArithmeticError)
"""The errors that generated code may raise: the caller then takes the exact way, which decides.

`TypeError`, `AttributeError` and `LookupError` are not among them: they are mistakes of the code.
"""

OUT_OF_RANGE = Wording("计算结果超出范围", "the result is out of range")
NO_OVERLOAD = Wording(
    "运算不适用于这种类型的值", "the operation does not go with values of this type"
)


def failure(zh: str, en: str, **values: object) -> EvaluationError:
    """Return the error of an operation that has no value."""
    return EvaluationError(Wording(zh, en).fill(**values))
