"""Operators and functions as data: what they take, what they give, and which meaning fits.

Each meaning (overload) has an id, and each back end a table by these ids, so that one new function
is one line in a table of declarations and one in each back end that covers it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from telecom_rules.vocabulary.types import (
    DYNAMIC,
    LIMIT,
    NOTHING,
    TEXT,
    CodeType,
    ListType,
    MapType,
    OptionalType,
    Primitive,
    RecordType,
    Type,
    TypeOf,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = [
    "AnyCode",
    "AnyList",
    "AnyMap",
    "AnyOptional",
    "AnyType",
    "AnyTypeOf",
    "Function",
    "Overload",
    "Pattern",
    "Resolved",
    "by_name",
    "fitting",
    "is_operator",
    "joined",
    "resolve",
    "when_run",
]


@dataclass(frozen=True, slots=True)
class AnyType:
    """Stands for a type; the same name stands for the same type throughout an overload."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class AnyList:
    """A list of a type."""

    item: Pattern

    def __str__(self) -> str:
        return f"list[{self.item}]"


@dataclass(frozen=True, slots=True)
class AnyMap:
    """A map between two types."""

    key: Pattern
    value: Pattern

    def __str__(self) -> str:
        return f"map[{self.key}, {self.value}]"


@dataclass(frozen=True, slots=True)
class AnyOptional:
    """A value of a type, or none."""

    value: Pattern

    def __str__(self) -> str:
        return f"optional[{self.value}]"


@dataclass(frozen=True, slots=True)
class AnyTypeOf:
    """The type of values of a type."""

    type: Pattern

    def __str__(self) -> str:
        return f"type[{self.type}]"


@dataclass(frozen=True, slots=True)
class AnyCode:
    """A code of whatever catalogue."""

    def __str__(self) -> str:
        return "code"


Pattern: TypeAlias = Primitive | AnyType | AnyList | AnyMap | AnyOptional | AnyTypeOf | AnyCode


@dataclass(frozen=True, slots=True)
class Overload:
    """One meaning of an operator or function.

    Attributes:
        id: what back ends know it by.
        takes: the types of its arguments.
        gives: the type of its value.
    """

    id: str
    takes: tuple[Pattern, ...]
    gives: Pattern


@dataclass(frozen=True, slots=True)
class Function:
    """An operator or function with all its meanings.

    Attributes:
        name: its name; one with a dot, such as `math.abs`, is written with its namespace.
        overloads: its meanings; at most one fits given types that are all known.
        plain: whether it is written `name(value)`.
        method: whether it is written `value.name()`.
    """

    name: str
    overloads: tuple[Overload, ...]
    plain: bool = True
    method: bool = False

    def usage(self) -> list[str]:
        """Return the ways it is written, for messages."""
        forms = []
        for overload in self.overloads:
            takes = list(map(str, overload.takes))
            target = "" if self.plain else takes.pop(0) + "."
            forms.append(f"`{target}{self.name}({', '.join(takes)})`")
        return forms


def by_name(*groups: Iterable[Function]) -> Mapping[str, Function]:
    """Return functions by name; what several groups say of one name adds up."""
    functions: dict[str, Function] = {}
    for each in (function for group in groups for function in group):
        before = functions.get(each.name)
        if before is None:
            functions[each.name] = each
        else:
            functions[each.name] = Function(
                each.name,
                (*before.overloads, *each.overloads),
                before.plain or each.plain,
                before.method or each.method,
            )
    return functions


OPAQUE = frozenset({LIMIT})
"""What operators do not look into."""


def is_operator(name: str) -> bool:
    """Return whether `name` is an operator and not something a text can call by its name."""
    return name[0] in "_!-@"


def when_run(function: str) -> str:
    """Return the id under which the meaning of a function is chosen by the values it is given."""
    return f"any:{function}"


@dataclass(frozen=True, slots=True)
class Resolved:
    """The meaning of a call: the id of the overload, and the type of its value."""

    overload: str
    type: Type


@dataclass(slots=True)
class Binding:
    """What an overload needs its type parameters to be, as the arguments are looked at.

    Attributes:
        types: the type behind each parameter.
        sure: whether the overload fits whatever the values are.
    """

    types: dict[str, Type] = field(default_factory=dict)
    sure: bool = True


def resolve(function: Function, arguments: Sequence[Type]) -> Resolved | None:
    """Return the overload that fits the types of the arguments, or `None`.

    Where a type is known only once the value is there, several may fit, or one perhaps: the call is
    then resolved again when it runs, and its type is dynamic unless all of them agree.
    """
    results: list[Type] = []
    for overload, bound in fitting(function, arguments):
        result = concrete(overload.gives, bound.types)
        if bound.sure:
            return Resolved(overload.id, result)
        results.append(result)
    if not results:
        return None
    agreed = all(result == results[0] for result in results)
    return Resolved(when_run(function.name), results[0] if agreed else DYNAMIC)


def fitting(function: Function, arguments: Sequence[Type]) -> Iterator[tuple[Overload, Binding]]:
    """Yield the overloads that fit the types of the arguments, or may."""
    for overload in function.overloads:
        bound = Binding()
        if len(overload.takes) == len(arguments) and all(
            fits(pattern, argument, bound)
            for pattern, argument in zip(overload.takes, arguments, strict=True)
        ):
            yield overload, bound


def fits(pattern: Pattern, type: Type, bound: Binding) -> bool:  # noqa: C901 - one case a pattern
    """Return whether values of `type` fit `pattern`, or may, and bind the type parameters."""
    if type is NOTHING:
        return True
    if type is DYNAMIC and not isinstance(pattern, AnyType):
        bound.sure = False
        return all(fits(part, DYNAMIC, bound) for part in parts(pattern))
    match pattern:
        case AnyType(name):
            if isinstance(type, RecordType) or type in OPAQUE:
                return False
            common = joined(bound.types.get(name, type), type)
            if common is not None:
                bound.types[name] = common
            return common is not None
        case AnyList(item):
            return isinstance(type, ListType) and fits(item, type.item, bound)
        case AnyMap(key, value):
            return (
                isinstance(type, MapType)
                and fits(key, type.key, bound)
                and fits(value, type.value, bound)
            )
        case AnyOptional(value):
            return isinstance(type, OptionalType) and fits(value, type.value, bound)
        case AnyTypeOf(inner):
            return isinstance(type, TypeOf) and fits(inner, type.type, bound)
        case AnyCode():
            return isinstance(type, CodeType)
    return type is pattern


def parts(pattern: Pattern) -> tuple[Pattern, ...]:
    """Return what a pattern is made of."""
    match pattern:
        case AnyList(part) | AnyOptional(part) | AnyTypeOf(part):
            return (part,)
        case AnyMap(key, value):
            return (key, value)
    return ()


def concrete(pattern: Pattern, bound: Mapping[str, Type]) -> Type:
    """Return `pattern` with its type parameters filled in."""
    match pattern:
        case AnyType(name):
            return bound.get(name, NOTHING)
        case AnyList(item):
            return ListType(concrete(item, bound))
        case AnyMap(key, value):
            return MapType(concrete(key, bound), concrete(value, bound))
        case AnyOptional(value):
            return OptionalType(concrete(value, bound))
        case AnyTypeOf(type):
            return TypeOf(concrete(type, bound))
        case AnyCode():
            return TEXT
    return pattern


def joined(left: Type, right: Type) -> Type | None:
    """Return the type that values of both types have, or `None`; an empty list fits any list."""
    if NOTHING in (left, right):
        return right if left is NOTHING else left
    if DYNAMIC in (left, right):
        return DYNAMIC
    match left, right:
        case CodeType(), CodeType():
            return left if left.catalogue == right.catalogue else None
        case ListType(), ListType():
            item = joined(left.item, right.item)
            return None if item is None else ListType(item)
        case MapType(), MapType():
            key, value = joined(left.key, right.key), joined(left.value, right.value)
            return None if key is None or value is None else MapType(key, value)
        case OptionalType(), OptionalType():
            inner = joined(left.value, right.value)
            return None if inner is None else OptionalType(inner)
        case TypeOf(), TypeOf():
            return TypeOf(joined(left.type, right.type) or DYNAMIC)
        case RecordType(), RecordType():
            return left if left is right else None
    return left if left is right else None
