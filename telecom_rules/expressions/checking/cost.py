"""A static upper bound of the cost of an expression: of its steps, and of the memory it takes.

One step is about one operation. If the cost class of an overload reads all of its arguments, a
thousand characters of a text or one item of a list count as one more step; a pattern takes as many
steps for each character of the text as its instructions say. Memory is that of the texts and lists
that operations make, as long as they are held. Sizes are bounded: by the length of a literal, the
limit of a fact's field, the limits of the operations. A macro costs its body times the greatest
number of elements.

If long lists would exceed a limit, the macros are limited to the greatest number of elements that
stays within it. If that is less than `FEWEST_ELEMENTS`, the expression is refused. Both evaluators
read that number from the tree, so that they refuse the same lists.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from telecom_rules.expressions.checking.extents import (
    SCALAR_EXTENT,
    Extent,
    extent_of_field,
    extent_of_result,
    extent_of_type,
    extent_of_value,
)
from telecom_rules.expressions.functions.overloads import CHARACTERS_PER_STEP, ResultSize, Work
from telecom_rules.expressions.operations.collections import LONGEST_RESULT, MOST_RESULT_ITEMS
from telecom_rules.expressions.regex import (
    MOST_INSTRUCTIONS,
    bound_instructions,
    price_match,
    price_search,
)
from telecom_rules.expressions.syntax.mistakes import Mistake
from telecom_rules.expressions.syntax.tree import OPTIONAL_MACROS, Macro
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
    walk,
)
from telecom_rules.vocabulary.types import (
    BYTES,
    DYNAMIC,
    TEXT,
    MapType,
    Primitive,
    Type,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telecom_rules.expressions.functions.overloads import Overload
    from telecom_rules.expressions.functions.profile import Profile


COST_LIMIT = 1_000_000
"""Steps that an expression may take in the worst case."""
MEMORY_LIMIT = 100_000_000
"""Octets of the texts and lists that an expression may make and hold in the worst case."""
FEWEST_ELEMENTS = 32
"""Elements that every macro must be able to process."""
PARTS_PER_STEP = 10
"""Parts of a text, or items of a new list, that take one step to make."""
CHARACTERS_COMPARED_PER_STEP = 5 * CHARACTERS_PER_STEP
"""Characters of two texts, alike so far, that one step of a sort compares; measured."""
OCTETS_PER_CHARACTER = 4
"""Octets of a character of a text; the widest ones take that many."""
OCTETS_PER_ITEM = 100
"""Octets of an item of a list or an entry of a map: of its place, and of a number in it."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of an expression in the worst case.

    Attributes:
        steps: the number of steps.
        extent: the greatest size of its value.
        held: the memory of what was made and is part of its value, in octets.
        peak: the most memory of what is made on the way and still held, in octets.
        shares: whether its value may share parts with the variables in scope.
    """

    steps: int
    extent: Extent = SCALAR_EXTENT
    held: int = 0
    peak: int = 0
    shares: bool = False

    @property
    def is_allowed(self) -> bool:
        """Whether it stays within the limits."""
        return self.steps <= COST_LIMIT and self.peak <= MEMORY_LIMIT

    def making(self, octets: int) -> Cost:
        """Return it with a value made of its parts in memory of its own."""
        held = self.held + octets
        return replace(self, held=held, peak=max(self.peak, held))


def combine(parts: Iterable[Cost]) -> Cost:
    """Return the cost of an operation on values, without its own work: all of them are held."""
    steps, held, peak, shares = 1, 0, 0, False
    for each in parts:
        steps += each.steps
        peak = max(peak, held + each.peak)
        held += each.held
        shares = shares or each.shares
    return Cost(steps, SCALAR_EXTENT, held, peak, shares)


@dataclass(slots=True)
class Estimator:
    """Computes the cost of one expression.

    Attributes:
        profile: the overloads that it may use.
        sizes: the extents of the variables in scope.
        most_elements: elements that a macro processes at most.
        dearest: the innermost part found to cost too much, and its cost.
    """

    profile: Profile
    sizes: dict[str, Extent] = field(default_factory=dict)
    most_elements: int = MOST_RESULT_ITEMS
    dearest: tuple[Typed, Cost] | None = None

    def estimate(self, node: Typed) -> Cost:
        """Return the cost of a node."""
        found = self.estimate_by_kind(node)
        if not found.is_allowed and self.dearest is None:
            self.dearest = node, found
        return found

    def estimate_by_kind(self, node: Typed) -> Cost:  # noqa: C901 - one case for each kind of node
        """Return the cost of a node, by its kind."""
        match node:
            case Constant(value=value):
                return Cost(1, extent_of_value(value))
            case Fact(field=known):
                return Cost(1, extent_of_field(known))
            case FieldAccess(record=record, field=known):
                return replace(combine([self.estimate(record)]), extent=extent_of_field(known))
            case Local(name=name):
                return Cost(1, self.sizes[name], shares=True)
            case Apply():
                return self.estimate_call(node)
            case Choose():
                return self.estimate_choice(node)
            case CreateList(items=items):
                return self.estimate_list(items)
            case CreateMap(entries=entries):
                keys = combine(self.estimate(key) for key, _ in entries)
                values = self.estimate_list(tuple(value for _, value in entries))
                return replace(combine([keys, values]), extent=SCALAR_EXTENT)
            case Comprehension():
                return self.estimate_comprehension(node)
            case Let(variable=name, value=value, body=body):
                bound = self.estimate(value)
                inner = self.estimate_within({name: bound.extent}, body)
                held = inner.held + (bound.held if inner.shares else 0)
                return replace(combine([bound, inner]), extent=inner.extent, held=held)
        return replace(combine(map(self.estimate, children_of(node))), held=0, shares=False)

    def estimate_within(self, sizes: dict[str, Extent], node: Typed) -> Cost:
        """Return the cost of a node with variables of its own."""
        around, self.sizes = self.sizes, {**self.sizes, **sizes}
        found = self.estimate(node)
        self.sizes = around
        return found

    def estimate_choice(self, node: Choose) -> Cost:
        """Return the cost of a test and of the dearer branch."""
        test, one, other = map(self.estimate, (node.test, node.yes, node.no))
        return Cost(
            1 + test.steps + max(one.steps, other.steps),
            one.extent.largest(other.extent),
            max(one.held, other.held),
            max(test.peak, one.peak, other.peak),
            one.shares or other.shares,
        )

    def estimate_list(self, items: tuple[Typed, ...]) -> Cost:
        """Return the cost of a list of values, or of the values of a map."""
        costs = [self.estimate(item) for item in items]
        inner = SCALAR_EXTENT
        for each in costs:
            inner = inner.largest(each.extent)
        made = combine(costs).making(len(items) * OCTETS_PER_ITEM)
        return replace(made, extent=Extent(len(items), inner))

    def estimate_call(self, node: Apply) -> Cost:
        """Return the cost of an operation on its arguments.

        An overload that is chosen at run time costs as much as the dearest one that may be chosen.
        """
        costs = [self.estimate(argument) for argument in node.arguments]
        extents = [each.extent for each in costs]
        types = [each.type for each in node.arguments]
        work, octets, extent, fresh = 0, 0, SCALAR_EXTENT, True
        for overload in self.profile.find_candidates(node.overload, types):
            size = extent_of_result(overload.size, node.type, extents)
            pattern = count_pattern(node.arguments) if overload.work in PATTERN_WORK else 0
            work = max(work, work_of(overload.work, extents, pattern, size))
            octets = max(octets, octets_of_result(overload, size))
            extent = extent.largest(size)
            fresh = fresh and is_fresh(overload, node.type)
        together = combine(costs)
        made = together.making(octets)
        held, shares = (octets, False) if fresh else (made.held, made.shares)
        return Cost(together.steps + work, extent, held, made.peak, shares)

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
        if node.kind is Macro.SORT_BY:
            steps += price_sort(times, body[-1].extent)
        body_peak = max(each.peak for each in body)
        if node.kind in TRUTH_MACROS:
            return Cost(steps, peak=max(over.peak, over.held + body_peak))
        step = Cost(0, element, shares=True) if node.step is None else body[-1]
        made = times * (OCTETS_PER_ITEM + step.held)
        kept = element if node.kind is Macro.SORT_BY else step.extent
        extent = kept if node.kind in OPTIONAL_MACROS else Extent(times, kept)
        shares = step.shares or node.kind is Macro.SORT_BY
        held = made + (over.held if shares else 0)
        peak = max(over.peak, over.held + made + body_peak)
        return Cost(steps, extent, held, peak, shares)


TRUTH_MACROS = frozenset({Macro.ALL, Macro.EXISTS, Macro.EXISTS_ONE})
"""The macros whose result is a boolean, and not something made of the elements."""


def count_pattern(arguments: Sequence[Typed]) -> int:
    """Return the instructions of a pattern, the most there may be if it is not a literal."""
    match arguments:
        case (_, Constant(value=str(pattern)), *_):
            return bound_instructions(pattern)
    return MOST_INSTRUCTIONS


PATTERN_WORK = frozenset({Work.MATCH, Work.SEARCH_TEXT})
"""The work that depends on a pattern, the second argument."""


def work_of(
    work: Work,
    extents: list[Extent],
    pattern: int = MOST_INSTRUCTIONS,
    result: Extent = SCALAR_EXTENT,
) -> int:
    """Return the steps of an operation beyond the first.

    Args:
        work: its cost class.
        extents: the sizes of its arguments.
        pattern: the instructions of the pattern, for one that matches a pattern.
        result: the size of its result.
    """
    match work:
        case Work.COMPARE:
            return min(each.weight for each in extents)
        case Work.SEARCH:
            sought, values = extents
            return values.length * min(sought.weight, (values.inner or sought).weight)
        case Work.SCAN:
            return sum(each.weight for each in extents)
        case Work.MATCH:
            return price_match(extents[0].length, pattern)
        case Work.SEARCH_TEXT:
            parts = extents[0].length // PARTS_PER_STEP
            return price_search(extents[0].length, pattern) + parts + extents[-1].weight
        case Work.SPLIT:
            return sum(each.weight for each in extents) + extents[0].length // PARTS_PER_STEP
        case Work.JOIN:
            return extents[0].length + LONGEST_RESULT // CHARACTERS_PER_STEP
        case Work.SORT:
            return extents[0].weight + price_sort(extents[0].length, extents[0].inner)
        case Work.COPY:
            return (extents[0].length + result.length) // PARTS_PER_STEP
    return 0


def price_sort(length: int, key: Extent | None) -> int:
    """Return the steps of the comparisons by which so many keys are sorted."""
    compared = 1 if key is None else 1 + key.length // CHARACTERS_COMPARED_PER_STEP
    return length * length.bit_length() * compared


def octets_of_result(overload: Overload, extent: Extent) -> int:
    """Return the memory of the text or list that an operation makes.

    An operation of constant work makes none: what it returns is small, or was there before.
    """
    if overload.work is Work.CONSTANT:
        return 0
    if overload.size in TEXT_PARTS and extent.inner is not None:
        return extent.length * OCTETS_PER_ITEM + extent.inner.length * OCTETS_PER_CHARACTER
    per_part = OCTETS_PER_CHARACTER if extent.inner is None else OCTETS_PER_ITEM
    return extent.length * per_part


TEXT_PARTS = frozenset({ResultSize.PARTS, ResultSize.PART})
"""The results that share the characters of one text among their parts."""


def is_fresh(overload: Overload, type: Type) -> bool:
    """Return whether the result of an operation shares no part with its arguments."""
    if type in {TEXT, BYTES}:
        return overload.work is not Work.CONSTANT
    return isinstance(type, Primitive) and type is not DYNAMIC


def bound_cost(tree: Typed, profile: Profile) -> tuple[Typed, int] | Mistake:
    """Return an expression with its macros limited, and its steps in the worst case.

    Args:
        tree: the expression.
        profile: the overloads that it may use.

    Returns:
        The mistake instead, if macros would be limited to fewer than `FEWEST_ELEMENTS`.
    """

    def cost_of(most: int) -> Cost:
        return Estimator(profile, most_elements=most).estimate(tree)

    cost = cost_of(MOST_RESULT_ITEMS)
    if cost.is_allowed:
        return tree, cost.steps
    fewest = Estimator(profile, most_elements=FEWEST_ELEMENTS)
    fewest.estimate(tree)
    if fewest.dearest is not None:
        return cost_mistake(*fewest.dearest)
    # Bisection: the cost grows monotonically with the number of elements.
    low, high = FEWEST_ELEMENTS, MOST_RESULT_ITEMS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if cost_of(middle).is_allowed else (low, middle)
    return limit_comprehensions(tree, low), cost_of(low).steps


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


TOO_MANY_STEPS = Wording(
    "即使列表只有 {fewest} 项，最多也可能需要 {steps} 步，上限 {most} 步",
    "it may take {steps} steps even for lists of {fewest} items; at most {most} are allowed",
)
TOO_MANY_STEPS_WITHOUT_LISTS = Wording(
    "最多可能需要 {steps} 步，上限 {most} 步；请缩短表达式，或限制文本的长度",
    "it may take {steps} steps, and at most {most} are allowed; shorten it, or limit the length of"
    " the texts it reads",
)
TOO_MUCH_MEMORY = Wording(
    "即使列表只有 {fewest} 项，产生的文本和列表也可能占用 {size} MB，上限 {most} MB；"
    "请限制文本的长度",
    "the texts and lists it makes may take {size} MB even for lists of {fewest} items; at most"
    " {most} MB are allowed; limit the length of the texts it reads",
)
OCTETS_PER_MEGABYTE = 1_000_000


def cost_mistake(node: Typed, cost: Cost) -> Mistake:
    """Return the mistake of a part that costs too much even for short lists."""
    if cost.steps > COST_LIMIT:
        has_macros = any(isinstance(each, Comprehension) for each in walk(node))
        why = (TOO_MANY_STEPS if has_macros else TOO_MANY_STEPS_WITHOUT_LISTS).fill(
            steps=cost.steps, most=COST_LIMIT, fewest=FEWEST_ELEMENTS
        )
    else:
        why = TOO_MUCH_MEMORY.fill(
            size=cost.peak // OCTETS_PER_MEGABYTE + 1,
            most=MEMORY_LIMIT // OCTETS_PER_MEGABYTE,
            fewest=FEWEST_ELEMENTS,
        )
    return Mistake("TR202", node.start, node.end, {"why": why})
