"""Google's own CEL (cel-cpp, by its binding `cel-expr-python`) beside ours, on one expression."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings, ext_math, ext_optional, ext_strings

from telecom_rules.documents import Scalar
from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import Context, Scope, check
from telecom_rules.expressions.functions.profile import STANDARD_PROFILE
from telecom_rules.expressions.operations.kinds import Unsigned
from telecom_rules.findings import Findings, Span
from telecom_rules.vocabulary import Record
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    BYTES,
    DOUBLE,
    DYNAMIC,
    INSTANT,
    INTEGER,
    SPAN,
    TEXT,
    UNSIGNED,
    Field,
    ListType,
    MapType,
)

T = cel.Type
VARIABLES = {
    "i": (INTEGER, T.INT), "j": (INTEGER, T.INT), "u": (UNSIGNED, T.UINT), "d": (DOUBLE, T.DOUBLE),
    "s": (TEXT, T.STRING), "t": (TEXT, T.STRING), "b": (BOOLEAN, T.BOOL), "y": (BYTES, T.BYTES),
    "at": (INSTANT, T.TIMESTAMP), "du": (SPAN, T.DURATION),
    "li": (ListType(INTEGER), T.List(T.INT)), "ls": (ListType(TEXT), T.List(T.STRING)),
    "m": (MapType(TEXT, INTEGER), T.Map(T.STRING, T.INT)), "x": (DYNAMIC, T.DYN),
}  # fmt: skip
"""Names with their type here and there."""

SCOPE = Scope(
    {name: Field(ours) for name, (ours, _) in VARIABLES.items()}, profile=STANDARD_PROFILE
)
PEER = cel.NewEnv(
    variables={name: theirs for name, (_, theirs) in VARIABLES.items()},
    extensions=[
        ext_bindings.ExtBindings(), ext_math.ExtMath(), ext_optional.ExtOptional(),
        ext_strings.ExtStrings(),
    ],
)  # fmt: skip

REFUSED, FAILED = ("refused",), ("failed",)
Outcome = tuple[Any, ...]


def ours(text: str, values: dict[str, Any]) -> Outcome:
    """What an expression comes to here."""
    expression = check(Scalar(text, Span("x", 1, 1, 1, len(text) + 1)), SCOPE, None, Findings())
    if expression is None:
        return REFUSED
    try:
        return plain(expression.evaluate(Record(values), Context()))
    except EvaluationError:
        return FAILED


def theirs(text: str, values: dict[str, Any]) -> Outcome:
    """What it comes to there."""
    try:
        program = PEER.compile(text)
    except RuntimeError:
        return REFUSED
    given = {name: sent(value) for name, value in values.items()}
    try:
        result = program.eval(data=given)
    except RuntimeError:
        return FAILED
    if result.type() == T.ERROR:
        return FAILED
    return received(result)


def sent(value: Any) -> Any:
    """A value as the peer takes it."""
    return list(value) if isinstance(value, tuple) else value


def plain(value: Any) -> Outcome:
    """A value of ours in a form to be compared."""
    match value:
        case None | bool() | str() | bytes():
            return type(value).__name__, value
        case Unsigned():
            return "uint", int(value)
        case int():
            return "int", value
        case float():
            return "double", repr(value)
        case datetime():
            return "timestamp", value.astimezone(UTC).isoformat()
        case timedelta():
            return "duration", value
        case tuple():
            return "list", tuple(map(plain, value))
    return "map", frozenset((plain(key), plain(each)) for key, each in value.items())


def received(result: Any) -> Outcome:
    """A value of the peer in the same form."""
    kind, value = result.type(), result.value()
    if isinstance(value, list):
        return "list", tuple(map(received, value))
    if isinstance(value, dict):
        return "map", frozenset((plain(key), received(each)) for key, each in value.items())
    if kind == T.UINT:
        return "uint", value
    return plain(bytes(value) if isinstance(value, bytearray) else value)
