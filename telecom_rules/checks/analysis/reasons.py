"""Why a condition cannot be analysed, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telecom_rules.expressions.functions.overloads import is_operator
from telecom_rules.expressions.functions.profile import PACK_PROFILE
from telecom_rules.expressions.typed import (
    Apply,
    Comprehension,
    ContextValue,
    Fact,
    FieldAccess,
    walk,
)
from telecom_rules.vocabulary.types import ListType
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from telecom_rules.expressions.typed import Typed


TOO_MANY_STEPS = Wording("需要的步骤过多", "it takes too many steps")
NO_RECORD = Wording("找不到能说明问题的数据", "no record that shows it could be built")
GOES_THROUGH_LIST = Wording("条件涉及列表", "its condition goes through a list")
CALCULATES = Wording("条件要用数据计算", "its condition calculates with facts")
DEPENDS_ON_DAY = Wording("条件取决于当天日期", "its condition depends on the day")
COMPARES_FACTS = Wording("条件比较两项数据", "its condition compares two facts")
CALLS_FUNCTION = Wording("条件调用 `{name}`", "its condition calls `{name}`")
OTHERWISE = Wording(
    "条件不是单项数据与常量的比较", "its condition does not compare a fact with a constant"
)

CALCULATIONS: Final = ("add", "subtract", "multiply", "divide", "remainder", "negate", "move")
COMPARISONS: Final = frozenset(
    {"equal", "not_equal", "less", "less_or_equal", "greater", "greater_or_equal", "not", "same"}
)
FUNCTION_NAMES: Final = {
    **{
        overload.id: function.name
        for function in PACK_PROFILE.functions.values()
        if not is_operator(function.name)
        for overload in function.overloads
    },
    "decimal_of_integer": "",
    "decimal_of_money": "",
    "in_list": "in",
}
"""How rules write operations by name; nothing for those that they do not write."""


def find_reason(node: Typed) -> Wording:
    """Return why a part of a condition is not analysed."""
    nodes = [*walk(node)]
    calls = [each.overload for each in nodes if isinstance(each, Apply)]
    if any(isinstance(each, Comprehension) for each in nodes):
        return GOES_THROUGH_LIST
    if any(call.startswith(CALCULATIONS) for call in calls):
        return CALCULATES
    if any(isinstance(each, ContextValue) and each.name in {"today", "now"} for each in nodes):
        return DEPENDS_ON_DAY
    named = [FUNCTION_NAMES.get(call, call) for call in calls if call not in COMPARISONS]
    functions = [each for each in named if each and each != "in"]
    if functions:
        return CALLS_FUNCTION.fill(name=functions[0])
    if any(isinstance(each.type, ListType) for each in nodes if isinstance(each, Fact)):
        return GOES_THROUGH_LIST
    if len({str(each) for each in nodes if isinstance(each, Fact | FieldAccess)}) > 1:
        return COMPARES_FACTS
    return OTHERWISE
