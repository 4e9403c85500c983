"""Macros: calls that are no functions, because they bring names of their own or evaluate in part.

Source: the language definition of cel-spec, section Macros, and the extensions for two variables,
for binding and for optional values. `cel.block`, `cel.index` and `cel.iterVar` are what optimizers
of other implementations write for values used twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.expressions.tokens import unreadable
from telecom_rules.expressions.tree import (
    Bind,
    Call,
    ListOf,
    Literal,
    Loop,
    Looping,
    Name,
    Node,
    Present,
    Select,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from telecom_rules.expressions.mistakes import Unparsed

__all__ = ["MACROS", "NAMESPACED", "looping", "present"]

MACROS: Mapping[str, Looping] = {
    **{each.value: each for each in Looping},
    "existsOne": Looping.EXISTS_ONE,
}
"""The macros written behind a list, a map or an optional value."""
PAIRED = frozenset({Looping.TRANSFORM_LIST, Looping.TRANSFORM_MAP, Looping.TRANSFORM_MAP_ENTRY})
TESTING = (("variable", "test"), ("variable", "second", "test"))
STEPPING = (("variable", "second", "step"), ("variable", "second", "test", "step"))
SHAPES: Mapping[Looping, tuple[tuple[str, ...], ...]] = {
    Looping.ALL: TESTING,
    Looping.EXISTS: TESTING,
    Looping.EXISTS_ONE: TESTING,
    Looping.FILTER: TESTING[:1],
    Looping.MAP: (("variable", "step"), ("variable", "test", "step")),
    Looping.OPTIONAL_MAP: (("variable", "step"),),
    Looping.OPTIONAL_FLAT_MAP: (("variable", "step"),),
    **dict.fromkeys(PAIRED, STEPPING),
}
"""What the arguments of each macro are."""


def present(call: Call) -> Present:
    """Return `has(...)`, whose argument must be something that may be absent."""
    match call.arguments:
        case (Select() as subject,) | (Name() as subject,):
            return Present(call.start, call.end, subject)
    raise unreadable(
        call.start, call.end,
        "`has` 的参数应为一个事实或字段", "`has` takes one fact or field",
    )  # fmt: skip


def looping(call: Call, over: Node) -> Loop:
    """Return the macro `over.kind(...)`.

    Raises:
        Unparsed: it has no variable where it needs one.
    """
    kind = MACROS[call.function]
    shape = next((each for each in SHAPES[kind] if len(each) == len(call.arguments)), None)
    if shape is None:
        raise unfit(call)
    roles = dict(zip(shape, call.arguments, strict=True))
    variable = variable_of(call, roles["variable"])
    second = variable_of(call, roles["second"]) if "second" in roles else None
    if second is not None and second.name == variable.name:
        raise unfit(call)
    test, step = roles.get("test"), roles.get("step")
    return Loop(call.start, call.end, kind, over, variable, test, step, second)


def variable_of(call: Call, node: Node) -> Name:
    """Return what names a variable of a macro."""
    if not isinstance(node, Name) or node.absolute:
        raise unfit(call)
    return node


def unfit(call: Call) -> Unparsed:
    """Return the error of a macro that lacks a variable or an expression."""
    kind = MACROS[call.function]
    usage = "{name}(i, x, x > i)" if kind in PAIRED else "{name}(x, x > 1)"
    return unreadable(
        call.start, call.end,
        f"`{{name}}` 的参数应为变量和表达式，例如 `{usage}`",
        f"`{{name}}` takes a variable and an expression, as in `{usage}`",
        name=call.function,
    )  # fmt: skip


def bind(call: Call) -> Bind:
    """Return `cel.bind(variable, value, body)`."""
    match call.arguments:
        case (Name(absolute=False) as variable, value, body):
            return Bind(call.start, call.end, variable, value, body)
    raise unreadable(
        call.start, call.end,
        "`cel.bind` 应写作 `cel.bind(x, 值, 表达式)`",
        "`cel.bind` is written `cel.bind(x, value, expression)`",
    )  # fmt: skip


def block(call: Call) -> Node:
    """Return `cel.block([a, b], body)`: names for the values of a list, one after the other."""
    match call.arguments:
        case (ListOf(items=items), body):
            for at in reversed(range(len(items))):
                name = Name(items[at].start, items[at].end, slot("index", at))
                body = Bind(call.start, call.end, name, items[at], body)
            return body
    raise misplaced(call)


def index(call: Call) -> Name:
    """Return `cel.index(n)`: the name of the value at place `n` of the block around it."""
    return Name(call.start, call.end, slot("index", *numbers(call, 1)))


def variable(call: Call) -> Name:
    """Return `cel.iterVar(n, m)`: the name of a variable of a macro."""
    return Name(call.start, call.end, slot("iterVar", *numbers(call, 2)))


def numbers(call: Call, count: int) -> tuple[int, ...]:
    """Return the arguments of a call, which must be so many whole numbers."""
    found = tuple(
        each.value
        for each in call.arguments
        if isinstance(each, Literal) and type(each.value) is int
    )
    if len(found) != count or len(call.arguments) != count:
        raise misplaced(call)
    return found


def slot(kind: str, *places: int) -> str:
    """Return a name that no text can write."""
    return "@" + ":".join((kind, *map(str, places)))


def misplaced(call: Call) -> Unparsed:
    """Return the error of a word of optimizers that is not used as they do."""
    return unreadable(
        call.start, call.end,
        "`cel.{name}` 用法不对", "`cel.{name}` is not used like that", name=call.function,
    )  # fmt: skip


NAMESPACED: Mapping[tuple[str, str], Callable[[Call], Node]] = {
    ("cel", "bind"): bind,
    ("cel", "block"): block,
    ("cel", "index"): index,
    ("cel", "iterVar"): variable,
}
"""The macros written behind a namespace."""
