"""The syntax tree of an expression, before its names are resolved and its types known.

Operators are calls with the names of the language definition (`_+_`, `!_`, `_[_]`, `@in`), so that
the checker has one table for operators and functions. `&&` and `||` keep all their operands in one
node. Macros are nodes of their own, because they are not functions: `PresenceTest` is `has()`,
`MacroCall` the rest. Every node knows where it is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from telecom_rules.vocabulary.types import Primitive


@dataclass(frozen=True, slots=True)
class Located:
    """A node.

    Attributes:
        start: the offset of its first character, in code points.
        end: the offset behind its last character.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal(Located):
    """A value as written.

    Attributes:
        type: the type it has by itself: `1` is an integer, `1.0` a double.
        value: the value; of a double its digits as written, because it may become a decimal.
    """

    type: Primitive
    value: bool | int | str | bytes | date | datetime | None


@dataclass(frozen=True, slots=True)
class Name(Located):
    """A name that stands alone. With a leading dot it is never a variable of a macro."""

    name: str
    absolute: bool = False


@dataclass(frozen=True, slots=True)
class Select(Located):
    """`operand.field`; `field_start` is where the field's name begins."""

    operand: SyntaxNode
    field: str
    field_start: int


@dataclass(frozen=True, slots=True)
class PresenceTest(Located):
    """`has(operand)`: whether a field, a fact or a key is there."""

    operand: Select | Name


@dataclass(frozen=True, slots=True)
class Call(Located):
    """An operator or a function applied to arguments.

    Attributes:
        function: its name.
        arguments: the arguments; of a method the value before the dot comes first.
        method: whether it is written behind a dot.
        name_start: where its name begins.
    """

    function: str
    arguments: tuple[SyntaxNode, ...]
    method: bool
    name_start: int


@dataclass(frozen=True, slots=True)
class Logic(Located):
    """`&&` (when `every`) or `||` of two or more operands."""

    every: bool
    operands: tuple[SyntaxNode, ...]


@dataclass(frozen=True, slots=True)
class Conditional(Located):
    """`test ? yes : no`."""

    test: SyntaxNode
    yes: SyntaxNode
    no: SyntaxNode


@dataclass(frozen=True, slots=True)
class ListOf(Located):
    """`[item, ...]`; `optional` are the places of those written `?item`."""

    items: tuple[SyntaxNode, ...]
    optional: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class MapOf(Located):
    """`{key: value, ...}`; `optional` are the places of those written `?key: value`."""

    entries: tuple[tuple[SyntaxNode, SyntaxNode], ...]
    optional: frozenset[int] = frozenset()


class Macro(Enum):
    """The macros over the items of a list, the keys of a map, or an optional value."""

    ALL = "all"
    EXISTS = "exists"
    EXISTS_ONE = "exists_one"
    MAP = "map"
    FILTER = "filter"
    SORT_BY = "sortBy"
    TRANSFORM_LIST = "transformList"
    TRANSFORM_MAP = "transformMap"
    TRANSFORM_MAP_ENTRY = "transformMapEntry"
    OPTIONAL_MAP = "optMap"
    OPTIONAL_FLAT_MAP = "optFlatMap"


OPTIONAL_MACROS = frozenset({Macro.OPTIONAL_MAP, Macro.OPTIONAL_FLAT_MAP})
"""The macros over an optional value."""


@dataclass(frozen=True, slots=True)
class MacroCall(Located):
    """`over.all(variable, test)` and its like.

    Attributes:
        kind: which macro.
        over: the list or map.
        variable: the name of each element in `test` and `step`; where there are two variables, of
            its index or key.
        test: the predicate; absent in `map` with two arguments.
        step: the value made of each element, as by `map`.
        second: the name of each item or value, where there are two variables.
    """

    kind: Macro
    over: SyntaxNode
    variable: Name
    test: SyntaxNode | None
    step: SyntaxNode | None
    second: Name | None = None


@dataclass(frozen=True, slots=True)
class Bind(Located):
    """`cel.bind(variable, value, body)`: a name for a value in `body`."""

    variable: Name
    value: SyntaxNode
    body: SyntaxNode


SyntaxNode = (
    Literal | Name | Select | PresenceTest | Call | Logic | Conditional | ListOf | MapOf | MacroCall
    | Bind
)  # fmt: skip


def children_of(node: SyntaxNode) -> tuple[SyntaxNode, ...]:
    """Return the nodes directly below `node`, in the order written."""
    match node:
        case Select(operand=operand) | PresenceTest(operand=operand):
            return (operand,)
        case Call(arguments=below) | Logic(operands=below) | ListOf(items=below):
            return below
        case Conditional(test=test, yes=yes, no=no):
            return (test, yes, no)
        case MapOf(entries=entries):
            return tuple(part for entry in entries for part in entry)
        case MacroCall(over=over, test=test, step=step):
            return tuple(part for part in (over, test, step) if part is not None)
        case Bind(value=value, body=body):
            return (value, body)
    return ()
