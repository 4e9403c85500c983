"""The typed tree of an expression: every name is resolved and every type known.

All back ends read only this tree: generated Python, the reference interpreter, the explanations.
Operators, functions and conversions are all `Apply` with the id of their overload, so that a back
end needs a table of operations and no cases of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.expressions.syntax.tree import Macro
    from telecom_rules.vocabulary import Value
    from telecom_rules.vocabulary.types import Field, Type


@dataclass(frozen=True, slots=True)
class TypedNode:
    """A node.

    Attributes:
        start: the offset of its first character, in code points.
        end: the offset behind its last character.
        type: the type of its value.
    """

    start: int
    end: int
    type: Type


@dataclass(frozen=True, slots=True)
class Constant(TypedNode):
    """A literal or a folded constant."""

    value: Value


@dataclass(frozen=True, slots=True)
class Fact(TypedNode):
    """A fact of the record; evaluating it fails if it is unknown."""

    name: str
    field: Field


@dataclass(frozen=True, slots=True)
class ContextValue(TypedNode):
    """A value of the context: `today`, `now`, or a record such as `event`."""

    name: str


@dataclass(frozen=True, slots=True)
class Local(TypedNode):
    """The variable of a macro."""

    name: str


@dataclass(frozen=True, slots=True)
class FieldAccess(TypedNode):
    """A field of a record; `path` is its full name, such as `policies.p.out`."""

    record: Typed
    name: str
    path: str
    field: Field


@dataclass(frozen=True, slots=True)
class IsPresent(TypedNode):
    """Whether a fact, a field of a record or a key of a map is present.

    Attributes:
        subject: the value tested; for a key of a map, the lookup.
    """

    subject: Fact | FieldAccess | Apply


@dataclass(frozen=True, slots=True)
class InState(TypedNode):
    """Whether a state is active."""

    state: str


@dataclass(frozen=True, slots=True)
class Apply(TypedNode):
    """An operator, function or conversion: the overload with this id, on these arguments."""

    overload: str
    arguments: tuple[Typed, ...]


@dataclass(frozen=True, slots=True)
class Logic(TypedNode):
    """`&&` (when `every`) or `||`. An operand that decides absorbs the errors of the others."""

    every: bool
    operands: tuple[Typed, ...]


@dataclass(frozen=True, slots=True)
class Choose(TypedNode):
    """`test ? yes : no`; only one of the branches is evaluated."""

    test: Typed
    yes: Typed
    no: Typed


@dataclass(frozen=True, slots=True)
class CreateList(TypedNode):
    """A list, a tuple in Python; the items at `optional` are left out where they are none."""

    items: tuple[Typed, ...]
    optional: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class CreateMap(TypedNode):
    """A map; two equal keys are an error of the evaluation.

    The entries at `optional` are left out where their value is none.
    """

    entries: tuple[tuple[Typed, Typed], ...]
    optional: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Comprehension(TypedNode):
    """A comprehension: a macro over the items of a list or the keys of a map.

    Attributes:
        kind: which macro.
        over: the list or map.
        variable: the name of each element, or with two variables of its index or key.
        test: the predicate, or `None`.
        step: the value made of each element, as by `map`.
        most: the number of elements above which the evaluation fails.
        second: the name of each item or value, where there are two variables.
    """

    kind: Macro
    over: Typed
    variable: str
    test: Typed | None
    step: Typed | None
    most: int
    second: str | None = None


@dataclass(frozen=True, slots=True)
class Let(TypedNode):
    """A name for a value in `body`."""

    variable: str
    value: Typed
    body: Typed


Typed = (
    Constant | Fact | ContextValue | Local | FieldAccess | IsPresent | InState | Apply | Logic
    | Choose | CreateList | CreateMap | Comprehension | Let
)  # fmt: skip


def children_of(node: Typed) -> tuple[Typed, ...]:
    """Return the nodes directly below `node`, in the order written."""
    if isinstance(node, Fact | Constant):  # most of them
        return ()
    match node:
        case FieldAccess(record=child) | IsPresent(subject=child):
            return (child,)
        case Apply(arguments=children) | Logic(operands=children) | CreateList(items=children):
            return children
        case Choose(test=test, yes=yes, no=no):
            return (test, yes, no)
        case CreateMap(entries=entries):
            return tuple(part for entry in entries for part in entry)
        case Comprehension(over=over, test=test, step=step):
            return tuple(part for part in (over, test, step) if part is not None)
        case Let(value=value, body=body):
            return (value, body)
    return ()


def walk(node: Typed) -> Iterator[Typed]:
    """Yield `node` and every node below it, in the order written."""
    yield node
    for child in children_of(node):
        yield from walk(child)


LOSSLESS_CONVERSIONS: Final = frozenset({"same", "decimal_of_integer", "decimal_of_money"})
"""Overloads of conversions that keep the value, so that comparisons with it stay the same."""


def strip_conversions(node: Typed) -> Typed:
    """Return `node` without the conversions that keep its value."""
    while isinstance(node, Apply) and node.overload in LOSSLESS_CONVERSIONS:
        (node,) = node.arguments
    return node
