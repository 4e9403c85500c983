"""Comprehensions: the types of their variables and of their results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.expressions.functions.overloads import resolve
from telecom_rules.expressions.operations.collections import MOST_RESULT_ITEMS
from telecom_rules.expressions.syntax.tree import OPTIONAL_MACROS, Bind, Macro, MacroCall
from telecom_rules.expressions.typed import Comprehension, Let
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    DYNAMIC,
    INTEGER,
    NOTHING,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
)

if TYPE_CHECKING:
    from telecom_rules.expressions.checking.narrowing import Environment
    from telecom_rules.expressions.checking.node_checker import NodeChecker
    from telecom_rules.expressions.typed import Typed


DEEPEST_STEP = 2
"""Lists and maps inside one another in the result of a step: each step of a chain doubles them."""
DEEPEST_DYNAMIC_STEP = 12
"""The same in standard CEL, whose dynamic types may hide how deep a list is nested."""


def check_comprehension(checker: NodeChecker, node: MacroCall, around: Environment) -> Typed | None:
    """Return a macro over a list or over the keys of a map."""
    over = checker.check(node.over, around)
    if over is None:
        return None
    parts = variable_types_of(node, over.type)
    if parts is None:
        checker.report_mismatch(
            node.over, "`{name}` 用于列表或映射，而不是 `{type}`",
            "`{name}` goes through a list or map, not `{type}`",
            name=node.kind.value, type=over.type,
        )  # fmt: skip
        return None
    variables = {node.variable.name: parts[0]}
    if node.second is not None:
        variables[node.second.name] = parts[1]
    return check_body(checker, node, around.within(variables), over, parts[0])


def variable_types_of(node: MacroCall, over: Type) -> tuple[Type, Type] | None:
    """Return the types of the variables of a macro over a value of type `over`."""
    if over in {DYNAMIC, NOTHING}:
        return DYNAMIC, DYNAMIC
    match over:
        case OptionalType(value=value) if node.kind in OPTIONAL_MACROS:
            return value, value
        case ListType(item=item) if node.kind not in OPTIONAL_MACROS:
            return (item, item) if node.second is None else (INTEGER, item)
        case MapType(key=key, value=value) if node.kind not in {*OPTIONAL_MACROS, Macro.SORT_BY}:
            return key, value
    return None


def check_body(
    checker: NodeChecker, node: MacroCall, inside: Environment, over: Typed, element: Type
) -> Typed | None:
    """Return a macro over `over`, whose predicate and step see each element."""
    test = None if node.test is None else checker.check_boolean(node.test, inside)
    after = inside if node.test is None else inside.after(node.test, holds=True)
    step = None if node.step is None else checker.check(node.step, after)
    if (node.test is not None and test is None) or (node.step is not None and step is None):
        return None
    kept = element if step is None else step.type
    most_nested = DEEPEST_DYNAMIC_STEP if checker.profile.dynamic else DEEPEST_STEP
    if step is not None and checker.refuse_depth(node, kept, most_nested):
        return None
    result = result_type_of(checker, node, element, kept)
    if result is None:
        return None
    return Comprehension(
        node.start,
        node.end,
        result,
        kind=node.kind,
        over=over,
        variable=node.variable.name,
        test=test,
        step=step,
        most=MOST_RESULT_ITEMS,
        second=None if node.second is None else node.second.name,
    )


def result_type_of(checker: NodeChecker, node: MacroCall, element: Type, kept: Type) -> Type | None:
    """Return the type of the result of a macro whose step gives values of type `kept`."""
    match node.kind:
        case Macro.MAP | Macro.FILTER | Macro.TRANSFORM_LIST:
            return ListType(kept)
        case Macro.SORT_BY:
            return sorted_type_of(checker, node, element, kept)
        case Macro.TRANSFORM_MAP:
            return MapType(element, kept)
        case Macro.OPTIONAL_MAP:
            return OptionalType(kept)
        case Macro.TRANSFORM_MAP_ENTRY | Macro.OPTIONAL_FLAT_MAP:
            wanted = MapType if node.kind is Macro.TRANSFORM_MAP_ENTRY else OptionalType
            if isinstance(kept, wanted) or kept is DYNAMIC:
                return kept
            checker.report_mismatch(
                node, "`{name}` 的结果类型不对：`{type}`",
                "`{name}` cannot give a value of type `{type}`",
                name=node.kind.value, type=kept,
            )  # fmt: skip
            return None
    return BOOLEAN


def sorted_type_of(checker: NodeChecker, node: MacroCall, item: Type, key: Type) -> Type | None:
    """Return the type of a list sorted by keys of a type, which must have an order."""
    if resolve(checker.profile.functions["sort"], [ListType(key)]) is not None:
        return ListType(item)
    checker.report_mismatch(
        node.step or node, "`{type}` 没有大小次序，不能用作 `sortBy` 的排序依据",
        "`sortBy` cannot sort by `{type}`, which has no order",
        type=key,
    )  # fmt: skip
    return None


def check_bind(
    checker: NodeChecker, node: Bind, around: Environment, wanted: Type | None
) -> Typed | None:
    """Return a name for a value in another expression."""
    value = checker.check(node.value, around)
    if value is not None and isinstance(value.type, RecordType):
        checker.report_mismatch(
            node.value, "`cel.bind` 的值不能是 `{type}`", "`cel.bind` gives no name to `{type}`",
            type=value.type,
        )  # fmt: skip
        value = None
    type = DYNAMIC if value is None else value.type
    inside = around.within({node.variable.name: type})
    body = checker.check(node.body, inside, wanted)
    if value is None or body is None:
        return None
    return Let(node.start, node.end, body.type, node.variable.name, value, body)
