"""A static upper bound of the cost of an expression.

One step is about one operation. If the cost class of an overload reads all of its arguments, a
thousand characters of a text or one item of a list count as one more step. Sizes are bounded: by
the length of a literal, the limit of a fact's field, the limits of the operations. A macro costs
its body times the greatest number of elements.

If long lists would exceed the limit, the macros are limited to the greatest number of elements
that stays within it. If that is less than `FEWEST_ELEMENTS`, the expression is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from telecom_rules.expressions.functions.overloads import ResultSize, Work, is_dispatch
from telecom_rules.expressions.operations.collections import LONGEST_RESULT, MOST_RESULT_ITEMS
from telecom_rules.expressions.syntax.mistakes import Mistake
from telecom_rules.expressions.syntax.tree import OPTIONAL_MACROS
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Comprehension,
    Constant,
    CreateList,
    CreateMap,
    Fact,
    FieldAccess,
    Let,
    Local,
    Typed,
    children_of,
)
from telecom_rules.vocabulary.types import (
    BYTES,
    DYNAMIC,
    TEXT,
    Field,
    ListType,
    MapType,
    OptionalType,
    Type,
)
from telecom_rules.vocabulary.values import LONGEST_TEXT as LONGEST_FACT
from telecom_rules.vocabulary.values import MOST_ITEMS as MOST_ITEMS_OF_FACT
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.expressions.functions.overloads import Overload


COST_LIMIT = 1_000_000
"""Steps that an expression may take in the worst case."""
FEWEST_ELEMENTS = 32
"""Elements that every macro must be able to process."""
CHARACTERS_PER_STEP = 1000
"""Characters that cost one step."""
PATTERN_CHARACTERS_PER_STEP = 10
"""Characters of a pattern that add one step per character of the text."""
LONGEST_SCALAR_TEXT = 64
"""Characters of the text of a number, a date or a length of time."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The greatest size of a value.

    Attributes:
        length: characters, octets, items or entries; 1 for a value without parts.
        inner: the extent of each item, if there are items.
    """

    length: int = 1
    inner: Extent | None = None

    @property
    def weight(self) -> int:
        """The steps of reading the whole value."""
        if self.inner is None:
            return 1 + self.length // CHARACTERS_PER_STEP
        return 1 + self.length * self.inner.weight

    def largest(self, other: Extent) -> Extent:
        """Return the maximum of two extents."""
        if self.inner is None or other.inner is None:
            return Extent(max(self.length, other.length), self.inner or other.inner)
        return Extent(max(self.length, other.length), self.inner.largest(other.inner))


SCALAR_EXTENT = Extent()


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of an expression in the worst case.

    Attributes:
        steps: the number of steps.
        extent: the greatest size of its value.
    """

    steps: int
    extent: Extent = SCALAR_EXTENT


@dataclass(slots=True)
class Estimator:
    """Computes the cost of one expression.

    Attributes:
        overloads: the overloads that it may use, by their ids.
        sizes: the extents of the variables in scope.
        most_elements: elements that a macro processes at most.
        dearest: the innermost part found to cost too much.
    """

    overloads: Mapping[str, Overload]
    sizes: dict[str, Extent] = field(default_factory=dict)
    most_elements: int = MOST_RESULT_ITEMS
    dearest: Typed | None = None

    def estimate(self, node: Typed) -> Cost:
        """Return the cost of a node."""
        found = self.estimate_by_kind(node)
        if found.steps > COST_LIMIT and self.dearest is None:
            self.dearest = node
        return found

    def estimate_by_kind(self, node: Typed) -> Cost:  # noqa: C901 - one case for each kind of node
        """Return the cost of a node, by its kind."""
        match node:
            case Constant(value=value):
                return Cost(1, extent_of_value(value))
            case Fact(field=known):
                return Cost(1, extent_of_field(known))
            case FieldAccess(record=record, field=known):
                return Cost(1 + self.estimate(record).steps, extent_of_field(known))
            case Local(name=name):
                return Cost(1, self.sizes[name])
            case Apply():
                return self.estimate_call(node)
            case Choose(test=test, yes=yes, no=no):
                one, other = self.estimate(yes), self.estimate(no)
                steps = 1 + self.estimate(test).steps + max(one.steps, other.steps)
                return Cost(steps, one.extent.largest(other.extent))
            case CreateList(items=items):
                return self.estimate_list(items, len(items))
            case CreateMap(entries=entries):
                values = self.estimate_list(tuple(value for _, value in entries), len(entries))
                return Cost(values.steps + sum(self.estimate(key).steps for key, _ in entries))
            case Comprehension():
                return self.estimate_comprehension(node)
            case Let(variable=name, value=value, body=body):
                bound = self.estimate(value)
                inner = self.estimate_within({name: bound.extent}, body)
                return Cost(1 + bound.steps + inner.steps, inner.extent)
        return Cost(1 + sum(self.estimate(child).steps for child in children_of(node)))

    def estimate_within(self, sizes: dict[str, Extent], node: Typed) -> Cost:
        """Return the cost of a node with variables of its own."""
        around, self.sizes = self.sizes, {**self.sizes, **sizes}
        found = self.estimate(node)
        self.sizes = around
        return found

    def estimate_list(self, items: tuple[Typed, ...], length: int) -> Cost:
        """Return the cost of a list of values."""
        costs = [self.estimate(item) for item in items]
        inner = SCALAR_EXTENT
        for each in costs:
            inner = inner.largest(each.extent)
        return Cost(1 + sum(each.steps for each in costs), Extent(length, inner))

    def estimate_call(self, node: Apply) -> Cost:
        """Return the cost of an operation on its arguments."""
        costs = [self.estimate(argument) for argument in node.arguments]
        extents = [each.extent for each in costs]
        steps = 1 + sum(each.steps for each in costs)
        if is_dispatch(node.overload):
            steps += sum(each.length for each in extents)
            return Cost(steps, extent_of_result(ResultSize.ANY, node.type, extents))
        overload = self.overloads[node.overload]
        steps += work_of(overload.work, extents)
        return Cost(steps, extent_of_result(overload.size, node.type, extents))

    def estimate_comprehension(self, node: Comprehension) -> Cost:
        """Return the cost of a macro: its body, as many times as it may have elements."""
        over = self.estimate(node.over)
        times = min(over.extent.length, node.most, self.most_elements)
        element = over.extent.inner or extent_of_type(DYNAMIC)
        if isinstance(node.over.type, MapType) and node.second is None:
            element = extent_of_type(node.over.type.key)
        sizes = {node.variable: element}
        if node.second is not None:
            sizes = {node.variable: extent_of_type(TEXT), node.second: element}
        body = [
            self.estimate_within(sizes, part) for part in (node.test, node.step) if part is not None
        ]
        steps = 1 + over.steps + times * (1 + sum(each.steps for each in body))
        if node.step is None:
            return Cost(steps, Extent(times, element))
        inner = body[-1].extent
        if node.kind in OPTIONAL_MACROS:
            return Cost(steps, inner)
        return Cost(steps, Extent(times, inner))


def work_of(work: Work, extents: list[Extent]) -> int:
    """Return the steps of an operation beyond the first, on arguments of these sizes."""
    match work:
        case Work.COMPARE:
            return min(each.weight for each in extents)
        case Work.SEARCH:
            sought, values = extents
            return values.length * min(sought.weight, (values.inner or sought).weight)
        case Work.SCAN:
            return sum(each.weight for each in extents)
        case Work.MATCH:
            text, pattern = extents
            return text.length * (1 + pattern.length // PATTERN_CHARACTERS_PER_STEP)
        case Work.JOIN:
            return extents[0].length + LONGEST_RESULT // CHARACTERS_PER_STEP
    return 0


def extent_of_result(size: ResultSize, type: Type, extents: list[Extent]) -> Extent:
    """Return the extent of the result of an operation, which is of type `type`."""
    match size:
        case ResultSize.FIRST:
            return extents[0]
        case ResultSize.ELEMENT:
            return extents[0].inner or extent_of_type(type)
        case ResultSize.SUM:
            left, right = extents
            most = MOST_RESULT_ITEMS if isinstance(type, ListType) else LONGEST_RESULT
            return Extent(min(left.length + right.length, most), left.largest(right).inner)
        case ResultSize.PARTS:
            return Extent(min(extents[0].length + 1, MOST_RESULT_ITEMS), extents[0])
        case ResultSize.SCALAR_TEXT:
            return Extent(LONGEST_SCALAR_TEXT)
    return extent_of_type(type, LONGEST_RESULT, MOST_RESULT_ITEMS)


def extent_of_value(value: object) -> Extent:
    """Return the extent of a literal."""
    return Extent(len(value)) if isinstance(value, str | bytes) else SCALAR_EXTENT


def extent_of_field(known: Field) -> Extent:
    """Return the extent of a fact."""
    return extent_of_type(known.type, LONGEST_FACT if known.longest is None else known.longest)


def extent_of_type(
    type: Type, longest: int = LONGEST_FACT, most: int = MOST_ITEMS_OF_FACT
) -> Extent:
    """Return the extent of a value of a type."""
    match type:
        case ListType(item=item) | MapType(value=item):
            return Extent(most, extent_of_type(item, longest))
        case OptionalType(value=value):
            return Extent(1, extent_of_type(value, longest))
    if type in {TEXT, BYTES}:
        return Extent(longest)
    return Extent(most, SCALAR_EXTENT) if type is DYNAMIC else SCALAR_EXTENT


def bound_cost(tree: Typed, overloads: Mapping[str, Overload]) -> tuple[Typed, int] | Mistake:
    """Return an expression with its macros limited, and its steps in the worst case.

    Args:
        tree: the expression.
        overloads: the overloads that it may use, by their ids.

    Returns:
        The mistake instead, if macros would be limited to fewer than `FEWEST_ELEMENTS`.
    """
    steps = Estimator(overloads).estimate(tree).steps
    if steps <= COST_LIMIT:
        return tree, steps
    fewest = Estimator(overloads, most_elements=FEWEST_ELEMENTS)
    steps = fewest.estimate(tree).steps
    if fewest.dearest is not None:
        return cost_mistake(fewest.dearest, steps)
    # Bisection: the cost grows monotonically with the number of elements.
    low, high = FEWEST_ELEMENTS, MOST_RESULT_ITEMS
    while high - low > 1:
        middle = (low + high) // 2
        if Estimator(overloads, most_elements=middle).estimate(tree).steps <= COST_LIMIT:
            low = middle
        else:
            high = middle
    return limit_comprehensions(tree, low), Estimator(overloads, most_elements=low).estimate(
        tree
    ).steps


def limit_comprehensions(node: Typed, most: int) -> Typed:
    """Return `node` with macros that process at most `most` elements."""
    changed = {each.name: limit_child(getattr(node, each.name), most) for each in fields(node)}
    if isinstance(node, Comprehension):
        changed["most"] = min(node.most, most)
    return replace(node, **changed)


def limit_child(value: Any, most: int) -> Any:
    """Return a field of a node, with the macros in it limited."""
    if isinstance(value, tuple):
        return tuple(limit_child(each, most) for each in value)
    return limit_comprehensions(value, most) if isinstance(value, Typed) else value


def cost_mistake(node: Typed, steps: int) -> Mistake:
    """Return the mistake of a part that takes too many steps even for short lists."""
    why = Wording(
        "即使列表只有 {fewest} 项，最多也可能需要 {steps} 步，上限 {most} 步",
        "it may take {steps} steps even for lists of {fewest} items; at most {most} are allowed",
    ).fill(steps=steps, most=COST_LIMIT, fewest=FEWEST_ELEMENTS)
    return Mistake("TR202", node.start, node.end, {"why": why})
