"""Messages for mistakes of types, with advice how to fix them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.expressions.functions.overloads import Function, is_operator
from telecom_rules.expressions.functions.standard import COMPARISON_OPERATORS
from telecom_rules.expressions.syntax.mistakes import A_VALUE, Mistake
from telecom_rules.expressions.syntax.tree import Call
from telecom_rules.vocabulary.types import (
    DECIMAL,
    DOUBLE,
    INTEGER,
    MONEY,
    NULL,
    TEXT,
    CodeType,
    ListType,
    MapType,
    Type,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.expressions.syntax.tree import SyntaxNode
    from telecom_rules.expressions.typed import Typed


MOST_LISTED = 24
"""Names that a message lists at most."""
MOST_USAGES = 3
"""Overloads that a message shows."""


def nesting_of(type: Type) -> int:
    """Return the nesting depth of lists and maps."""
    match type:
        case ListType(item=item):
            return 1 + nesting_of(item)
        case MapType(value=value):
            return 1 + nesting_of(value)
    return 0


def describe_expected(expected: Type | None, found: Type) -> Wording:
    """Return the expected type in words, with the conversion from `found` where there is one."""
    if expected is None:
        return A_VALUE
    name = Wording.same(f"`{expected}`")
    if expected is MONEY and found is DECIMAL:
        return Wording("{name}（可写 `money(...)`）", "{name} (write `money(...)`)").fill(name=name)
    if expected is INTEGER and found in {DECIMAL, MONEY, DOUBLE}:
        return Wording("{name}（可写 `int(...)`）", "{name} (write `int(...)`)").fill(name=name)
    return name


def overload_mistake(node: Call, function: Function, arguments: Sequence[Typed]) -> Mistake:
    """Return the mistake of an operator or function without an overload for its arguments."""
    types = [argument.type for argument in arguments]
    if is_operator(function.name):
        why = describe_mismatch(function.name, types)
    else:
        why = Wording("`{name}` 应写作 {usage}", "`{name}` is written {usage}").fill(
            name=function.name, usage=describe_usage(function)
        )
    tip = suggest_fix(node, types)
    if tip is not None:
        why = Wording(f"{why.zh}；{tip.zh}", f"{why.en}; {tip.en}")
    return Mistake("TR204", node.start, node.end, {"why": why})


def describe_usage(function: Function) -> str:
    """Return the ways a function is written."""
    forms = function.list_usages()
    return ", ".join(forms[:MOST_USAGES]) + (", …" if len(forms) > MOST_USAGES else "")


def describe_mismatch(name: str, types: Sequence[Type]) -> Wording:
    """Return the message that an operator has no overload for these types."""
    sign = {"@in": "in", "_[_]": "[]"}.get(name, name.strip("_"))
    if len(types) == 1:
        return Wording("`{sign}` 不能用于 `{type}`", "`{sign}` does not apply to `{type}`").fill(
            sign=sign, type=types[0]
        )
    left, right = types
    return Wording(
        "`{sign}` 不能用于 `{left}` 和 `{right}`",
        "`{sign}` does not apply to `{left}` and `{right}`",
    ).fill(sign=sign, left=left, right=right)


def is_comparison(left: SyntaxNode) -> bool:
    """Return whether the left side of a comparison is a comparison itself."""
    return isinstance(left, Call) and left.function in COMPARISON_OPERATORS


def suggest_fix(node: Call, types: Sequence[Type]) -> Wording | None:
    """Return advice for a usual mistake, or `None`."""
    if node.function in COMPARISON_OPERATORS and is_comparison(node.arguments[0]):
        return Wording(
            "比较不能连写，请用 `&&` 连接", "comparisons do not chain; join them with `&&`"
        )
    if NULL in types and node.function in COMPARISON_OPERATORS:
        return Wording(
            "是否有值请用 `has(...)`", "use `has(...)` to test whether a value is present"
        )
    if DOUBLE in types and any(each in {INTEGER, DECIMAL, MONEY} for each in types):
        return Wording(
            "小数请写 `decimal('...')`，或用 `double(...)` 换算",
            "write `decimal('...')` for an exact number, or convert with `double(...)`",
        )
    if TEXT in types and any(isinstance(each, CodeType) for each in types):
        return Wording(
            "目录值只与该目录的值比较；其他情况请用 `string(...)`",
            "a code compares with codes of its catalogue; for anything else use `string(...)`",
        )
    return None
