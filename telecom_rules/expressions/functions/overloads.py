"""Operators and functions as data: their overloads, and which of them fits given arguments.

Each overload has an id, and each back end a table by these ids. A new function is one line in a
table of declarations (`standard.py` or `profile.py`) and one in a table of `operations/`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
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


@dataclass(frozen=True, slots=True)
class TypeParameter:
    """A placeholder for a type; one name is one type throughout an overload."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class AnyList:
    """A list of a type."""

    item: TypePattern

    def __str__(self) -> str:
        return f"list[{self.item}]"


@dataclass(frozen=True, slots=True)
class AnyMap:
    """A map between two types."""

    key: TypePattern
    value: TypePattern

    def __str__(self) -> str:
        return f"map[{self.key}, {self.value}]"


@dataclass(frozen=True, slots=True)
class AnyOptional:
    """A value of a type, or none."""

    value: TypePattern

    def __str__(self) -> str:
        return f"optional[{self.value}]"


@dataclass(frozen=True, slots=True)
class AnyTypeOf:
    """The type of values of a type."""

    type: TypePattern

    def __str__(self) -> str:
        return f"type[{self.type}]"


@dataclass(frozen=True, slots=True)
class AnyCode:
    """A code of any catalogue."""

    def __str__(self) -> str:
        return "code"


TypePattern: TypeAlias = (
    Primitive | TypeParameter | AnyList | AnyMap | AnyOptional | AnyTypeOf | AnyCode
)


CHARACTERS_PER_STEP = 1000
"""Characters of a text, or octets, that take one step to read."""


class Work(Enum):
    """The cost class of an operation: the steps it takes beyond one, by the size of its arguments.

    `checking/cost.py` counts them.
    """

    CONSTANT = "none, however large the arguments are"
    COMPARE = "both arguments, until the smaller one ends"
    SEARCH = "the first argument with each item of the second"
    SCAN = "all of the arguments"
    MATCH = "a text, for each instruction of a pattern"
    SEARCH_TEXT = "a text, several times, for each instruction of a pattern"
    SPLIT = "a text, each character of which may become a part"
    JOIN = "the items of a list, and the longest text that may be put together"
    SORT = "the items of a list, each with as many others as a sort compares"
    COPY = "as many items as the first argument and the result have, without reading them"


class ResultSize(Enum):
    """The size class of the result of an operation."""

    ANY = "as large as anything of its type that may be put together"
    FIRST = "as large as the first argument"
    ELEMENT = "as large as an element of the first argument"
    SUM = "as large as both arguments together"
    PARTS = "parts of the first argument, which is a text"
    PART = "one part of the first argument, which is a text, if there is one"
    FLATTENED = "the items of the lists in the first argument"
    REPLACED = "the first argument, with parts of it replaced by the third"
    JOINED = "the items of the first argument, with the second between them"
    FORMATTED = "the first argument, with the items of the second put in"
    SCALAR_TEXT = "the text of a number, a date or a length of time"


@dataclass(frozen=True, slots=True)
class Overload:
    """One signature of an operator or function, with the operation behind it.

    Attributes:
        id: the name of its operation in the back ends. Overloads with the same id cost the same.
        parameters: the types of its arguments.
        result: the type of its value.
        work: the cost class; without a default, so that no operation is cheap by oversight.
        size: the size class of its result; by default the largest.
    """

    id: str
    parameters: tuple[TypePattern, ...]
    result: TypePattern
    work: Work
    size: ResultSize = ResultSize.ANY


@dataclass(frozen=True, slots=True)
class Function:
    """An operator or function with all its overloads.

    Attributes:
        name: its name; one with a dot, such as `math.abs`, is written with its namespace.
        overloads: the signatures; at most one fits arguments of static types.
        is_global: whether it is written `name(value)`.
        method: whether it is written `value.name()`.
    """

    name: str
    overloads: tuple[Overload, ...]
    is_global: bool = True
    method: bool = False

    def list_usages(self) -> list[str]:
        """Return its signatures as written in calls, for messages."""
        forms = []
        for overload in self.overloads:
            takes = list(map(str, overload.parameters))
            target = "" if self.is_global else takes.pop(0) + "."
            forms.append(f"`{target}{self.name}({', '.join(takes)})`")
        return forms


def merge_functions(*groups: Iterable[Function]) -> Mapping[str, Function]:
    """Return functions by name; overloads of one name in several groups are merged."""
    functions: dict[str, Function] = {}
    for each in (function for group in groups for function in group):
        before = functions.get(each.name)
        if before is None:
            functions[each.name] = each
        else:
            functions[each.name] = Function(
                each.name,
                (*before.overloads, *each.overloads),
                before.is_global or each.is_global,
                before.method or each.method,
            )
    return functions


OPAQUE_TYPES = frozenset({LIMIT})
"""Types to which no type parameter can be bound."""


def is_operator(name: str) -> bool:
    """Return whether `name` is an operator, which cannot be called by name."""
    return name[0] in "_!-@"


def dispatch_id_of(function: str) -> str:
    """Return the id of the operation that chooses the overload of a function by its arguments."""
    return f"any:{function}"


@dataclass(frozen=True, slots=True)
class Resolution:
    """The overload of a call by its id, and the type of its value."""

    overload: str
    type: Type


@dataclass(slots=True)
class Binding:
    """The types that the arguments of a call give to the type parameters of an overload.

    Attributes:
        types: the type of each parameter.
        certain: whether the overload fits all values of the argument types.
    """

    types: dict[str, Type] = field(default_factory=dict)
    certain: bool = True


def resolve(function: Function, arguments: Sequence[Type]) -> Resolution | None:
    """Return the overload that fits the types of the arguments, or `None`.

    Dynamic arguments may leave several candidates: the call is then resolved again at run time, and
    its type is dynamic unless all of them agree.
    """
    results: list[Type] = []
    for overload, bound in match_overloads(function, arguments):
        result = substitute(overload.result, bound.types)
        if bound.certain:
            return Resolution(overload.id, result)
        results.append(result)
    if not results:
        return None
    agreed = all(result == results[0] for result in results)
    return Resolution(dispatch_id_of(function.name), results[0] if agreed else DYNAMIC)


def match_overloads(
    function: Function, arguments: Sequence[Type]
) -> Iterator[tuple[Overload, Binding]]:
    """Yield the overloads that fit, or may fit, the types of the arguments."""
    for overload in function.overloads:
        bound = Binding()
        if len(overload.parameters) == len(arguments) and all(
            unify(pattern, argument, bound)
            for pattern, argument in zip(overload.parameters, arguments, strict=True)
        ):
            yield overload, bound


def unify(pattern: TypePattern, type: Type, bound: Binding) -> bool:  # noqa: C901 - one case a pattern
    """Return whether values of `type` fit `pattern`, or may, and bind the type parameters."""
    if type is NOTHING:
        return True
    if type is DYNAMIC and not isinstance(pattern, TypeParameter):
        bound.certain = False
        return all(unify(part, DYNAMIC, bound) for part in inner_patterns_of(pattern))
    match pattern:
        case TypeParameter(name):
            if isinstance(type, RecordType) or type in OPAQUE_TYPES:
                return False
            common = join_types(bound.types.get(name, type), type)
            if common is not None:
                bound.types[name] = common
            return common is not None
        case AnyList(item):
            return isinstance(type, ListType) and unify(item, type.item, bound)
        case AnyMap(key, value):
            return (
                isinstance(type, MapType)
                and unify(key, type.key, bound)
                and unify(value, type.value, bound)
            )
        case AnyOptional(value):
            return isinstance(type, OptionalType) and unify(value, type.value, bound)
        case AnyTypeOf(inner):
            return isinstance(type, TypeOf) and unify(inner, type.type, bound)
        case AnyCode():
            return isinstance(type, CodeType)
    return type is pattern


def inner_patterns_of(pattern: TypePattern) -> tuple[TypePattern, ...]:
    """Return the patterns inside a pattern."""
    match pattern:
        case AnyList(part) | AnyOptional(part) | AnyTypeOf(part):
            return (part,)
        case AnyMap(key, value):
            return (key, value)
    return ()


def substitute(pattern: TypePattern, bound: Mapping[str, Type]) -> Type:
    """Return `pattern` with its type parameters filled in."""
    match pattern:
        case TypeParameter(name):
            return bound.get(name, NOTHING)
        case AnyList(item):
            return ListType(substitute(item, bound))
        case AnyMap(key, value):
            return MapType(substitute(key, bound), substitute(value, bound))
        case AnyOptional(value):
            return OptionalType(substitute(value, bound))
        case AnyTypeOf(type):
            return TypeOf(substitute(type, bound))
        case AnyCode():
            return TEXT
    return pattern


def join_types(left: Type, right: Type) -> Type | None:
    """Return the type that values of both types have, or `None`; an empty list fits any list."""
    if NOTHING in (left, right):
        return right if left is NOTHING else left
    if DYNAMIC in (left, right):
        return DYNAMIC
    match left, right:
        case CodeType(), CodeType():
            return left if left.catalogue == right.catalogue else None
        case ListType(), ListType():
            item = join_types(left.item, right.item)
            return None if item is None else ListType(item)
        case MapType(), MapType():
            key, value = join_types(left.key, right.key), join_types(left.value, right.value)
            return None if key is None or value is None else MapType(key, value)
        case OptionalType(), OptionalType():
            inner = join_types(left.value, right.value)
            return None if inner is None else OptionalType(inner)
        case TypeOf(), TypeOf():
            return TypeOf(join_types(left.type, right.type) or DYNAMIC)
        case RecordType(), RecordType():
            return left if left is right else None
    return left if left is right else None
