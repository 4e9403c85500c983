"""Macros: calls that are not functions, because they bind names or evaluate only some arguments.

Source: the language definition of cel-spec, section Macros, and the extensions for two variables,
for binding and for optional values. `cel.block`, `cel.index` and `cel.iterVar` are what optimizers
of other implementations write for values used twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.expressions.syntax.tokens import syntax_error
from telecom_rules.expressions.syntax.tree import (
    Bind,
    Call,
    ListOf,
    Literal,
    Macro,
    MacroCall,
    Name,
    PresenceTest,
    Select,
    SyntaxNode,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from telecom_rules.expressions.syntax.mistakes import ParseError


MACROS: Mapping[str, Macro] = {
    **{each.value: each for each in Macro},
    "existsOne": Macro.EXISTS_ONE,
}
"""The macros written behind a list, a map or an optional value."""
TWO_VARIABLE_MACROS = frozenset(
    {Macro.TRANSFORM_LIST, Macro.TRANSFORM_MAP, Macro.TRANSFORM_MAP_ENTRY}
)
TEST_SHAPES = (("variable", "test"), ("variable", "second", "test"))
STEP_SHAPES = (("variable", "second", "step"), ("variable", "second", "test", "step"))
ARGUMENT_SHAPES: Mapping[Macro, tuple[tuple[str, ...], ...]] = {
    Macro.ALL: TEST_SHAPES,
    Macro.EXISTS: TEST_SHAPES,
    Macro.EXISTS_ONE: TEST_SHAPES,
    Macro.FILTER: TEST_SHAPES[:1],
    Macro.MAP: (("variable", "step"), ("variable", "test", "step")),
    Macro.SORT_BY: (("variable", "step"),),
    Macro.OPTIONAL_MAP: (("variable", "step"),),
    Macro.OPTIONAL_FLAT_MAP: (("variable", "step"),),
    **dict.fromkeys(TWO_VARIABLE_MACROS, STEP_SHAPES),
}
"""The argument lists of each macro."""


USAGES: Mapping[Macro, str] = {
    **dict.fromkeys(TWO_VARIABLE_MACROS, "{name}(i, x, x > i)"),
    Macro.SORT_BY: "{name}(x, size(x))",
}
"""How a macro is written, where it differs from the others."""


def expand_has(call: Call) -> PresenceTest:
    """Return `has(...)`, whose argument must be a fact or field."""
    match call.arguments:
        case (Select() as subject,) | (Name() as subject,):
            return PresenceTest(call.start, call.end, subject)
    raise syntax_error(
        call.start, call.end,
        "`has` 的参数应为一个事实或字段", "`has` takes one fact or field",
    )  # fmt: skip


def expand_macro(call: Call, over: SyntaxNode) -> MacroCall:
    """Return the macro `over.kind(...)`.

    Raises:
        ParseError: it has no variable where it needs one.
    """
    kind = MACROS[call.function]
    shape = next((each for each in ARGUMENT_SHAPES[kind] if len(each) == len(call.arguments)), None)
    if shape is None:
        raise macro_error(call)
    roles = dict(zip(shape, call.arguments, strict=True))
    variable = variable_of(call, roles["variable"])
    second = variable_of(call, roles["second"]) if "second" in roles else None
    if second is not None and second.name == variable.name:
        raise macro_error(call)
    return MacroCall(
        call.start,
        call.end,
        kind=kind,
        over=over,
        variable=variable,
        test=roles.get("test"),
        step=roles.get("step"),
        second=second,
    )


def variable_of(call: Call, node: SyntaxNode) -> Name:
    """Return the argument of a macro that is its variable."""
    if not isinstance(node, Name) or node.absolute:
        raise macro_error(call)
    return node


def macro_error(call: Call) -> ParseError:
    """Return the error of a macro that lacks a variable or an expression."""
    kind = MACROS[call.function]
    usage = USAGES.get(kind, "{name}(x, x > 1)")
    return syntax_error(
        call.start, call.end,
        f"`{{name}}` 的参数应为变量和表达式，例如 `{usage}`",
        f"`{{name}}` takes a variable and an expression, as in `{usage}`",
        name=call.function,
    )  # fmt: skip


def expand_bind(call: Call) -> Bind:
    """Return `cel.bind(variable, value, body)`."""
    match call.arguments:
        case (Name(absolute=False) as variable, value, body):
            return Bind(call.start, call.end, variable, value, body)
    raise syntax_error(
        call.start, call.end,
        "`cel.bind` 应写作 `cel.bind(x, 值, 表达式)`",
        "`cel.bind` is written `cel.bind(x, value, expression)`",
    )  # fmt: skip


def expand_block(call: Call) -> SyntaxNode:
    """Return `cel.block([a, b], body)`: names for the values of a list, one after the other."""
    match call.arguments:
        case (ListOf(items=items), body):
            for at in reversed(range(len(items))):
                name = Name(items[at].start, items[at].end, name_slot("index", at))
                body = Bind(call.start, call.end, name, items[at], body)
            return body
    raise block_error(call)


def expand_index(call: Call) -> Name:
    """Return `cel.index(n)`: the name of the value at place `n` of the block around it."""
    return Name(call.start, call.end, name_slot("index", *read_numbers(call, 1)))


def expand_iter_var(call: Call) -> Name:
    """Return `cel.iterVar(n, m)`: the name of a variable of a macro."""
    return Name(call.start, call.end, name_slot("iterVar", *read_numbers(call, 2)))


def read_numbers(call: Call, count: int) -> tuple[int, ...]:
    """Return the arguments of a call, which must be `count` whole numbers."""
    found = tuple(
        each.value
        for each in call.arguments
        if isinstance(each, Literal) and type(each.value) is int
    )
    if len(found) != count or len(call.arguments) != count:
        raise block_error(call)
    return found


def name_slot(kind: str, *places: int) -> str:
    """Return a name that no expression can contain."""
    return "@" + ":".join((kind, *map(str, places)))


def block_error(call: Call) -> ParseError:
    """Return the error of a misused `cel.` macro of optimizers."""
    return syntax_error(
        call.start, call.end,
        "`cel.{name}` 的参数不正确", "wrong arguments of `cel.{name}`", name=call.function,
    )  # fmt: skip


NAMESPACED_MACROS: Mapping[tuple[str, str], Callable[[Call], SyntaxNode]] = {
    ("cel", "bind"): expand_bind,
    ("cel", "block"): expand_block,
    ("cel", "index"): expand_index,
    ("cel", "iterVar"): expand_iter_var,
}
"""The macros written behind a namespace."""
