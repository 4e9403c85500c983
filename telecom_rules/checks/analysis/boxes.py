"""A decision table on one day as boxes: for each rule, the facts for which it matches.

Every fact that conditions compare with constants is an axis. Its values are partitioned into
intervals in which no comparison changes, each with a sample. A condition is then a union of boxes,
and a box is a set of samples per axis, as a bit mask. Parameters have their values of the day. A
part that cannot be partitioned (the sum of two facts, a pattern, a list) is opaque: an axis of its
own, on which it holds or does not. What is covered is then covered; whether a record lies at a
point of such an axis is another question.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypeAlias

from telecom_rules.checks.analysis.satisfiability import (
    ConditionLiteral,
    Conjunction,
    candidate_values_of,
    conjoin_conditions,
    items_of,
)
from telecom_rules.expressions.typed import Apply, Choose, Constant, CreateList, FieldAccess, Logic
from telecom_rules.policies.completions.budget import SearchBudget
from telecom_rules.vocabulary import BOOLEAN, Duration, Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telecom_rules.checks.analysis.samples import Sample
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.policies.rules import Row
    from telecom_rules.vocabulary import Value


OPAQUE_PREFIX: Final = "\0"
"""The first character of the names of axes that stand for opaque parts."""
MOST_STEPS: Final = 1_000_000
"""Steps of the analysis of one table without a budget of its own."""
STEPS_OF_LITERAL: Final = 8
"""Steps of finding one literal and its samples."""
ABSENT_SAMPLE: Final = "\0absent"
"""The sample of an absent optional fact; no text of a pack contains its first character."""
PRESENCE_FIELD = Field(BOOLEAN, optional=True)
"""The field of an axis of which only presence is tested."""
EQUALITY_OVERLOADS = frozenset({"equal", "not_equal", "in_list"})

Box: TypeAlias = tuple[int, ...]
"""For each axis, the samples inside, as bits."""
Figures: TypeAlias = "Mapping[str, Value | Duration]"
"""The figures in force on a day, by path, such as `parameters.repeats`."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A fact, or an output of another policy, with a sample of each interval of its values.

    Attributes:
        name: the fact, or the path such as `policies.p.out`.
        field: its type and bounds.
        samples: the samples; the last is `ABSENT_SAMPLE` if it may be absent.
        is_opaque: whether it stands for an opaque part of conditions, which holds (`True`) or not.
    """

    name: str
    field: Field
    samples: tuple[Sample, ...]
    is_opaque: bool = False

    @property
    def full_mask(self) -> int:
        """All its samples, as bits."""
        return (1 << len(self.samples)) - 1


@dataclass(frozen=True, slots=True)
class Region:
    """The boxes in which a rule may match.

    Attributes:
        row: the rule.
        boxes: the boxes; the rule matches inside them and never outside.
        opaque: the opaque parts of its conditions, which may contradict each other or those of
            other rules: not every point of the boxes is a record.
    """

    row: Row
    boxes: tuple[Box, ...]
    opaque: tuple[Typed, ...]

    @property
    def exact(self) -> bool:
        """Whether every point of its boxes is a record."""
        return not self.opaque


@dataclass(frozen=True, slots=True)
class TableSpace:
    """A table on one day.

    Attributes:
        axes: the axes.
        regions: the regions of its rules, in their order.
    """

    axes: tuple[Axis, ...]
    regions: tuple[Region, ...]


def build_space(
    rows: Sequence[Row],
    figures: Figures,
    outputs: Mapping[str, frozenset[Value]],
    budget: SearchBudget | None = None,
) -> TableSpace:
    """Return the space of some rules.

    Args:
        rows: the rules in force together.
        figures: the figures of the day.
        outputs: the possible values of some outputs of other policies.
        budget: the steps that may be taken.

    Raises:
        TooMuchWork: the rules take more steps.
    """
    budget = budget or SearchBudget(MOST_STEPS)
    conjunctions: list[tuple[Conjunction, ...]] = []
    for row in rows:
        tests = [(substitute_figures(test.tree, figures), test.source) for test in row.tests]
        conjunctions.append(conjoin_conditions(tests))
        budget.spend(STEPS_OF_LITERAL * sum(map(len, conjunctions[-1])))
    axes = axes_of([conjunction for each in conjunctions for conjunction in each], outputs)
    budget.spend(len(axes) * sum(map(len, conjunctions)))
    masks = {name: SampleMasks(axis) for name, axis in axes.items()}
    regions = (build_region(row, each, masks) for row, each in zip(rows, conjunctions, strict=True))
    return TableSpace(tuple(axes.values()), tuple(regions))


def substitute_figures(node: Typed, figures: Figures) -> Typed:
    """Return `node` with the figures of the day substituted for their names."""
    match node:
        case FieldAccess(path=path) if path in figures and not isinstance(figures[path], Duration):
            return Constant(node.start, node.end, node.type, figures[path])
        case Apply(overload="amount", arguments=(FieldAccess(path=path),)) if path in figures:
            figure = figures[path]
            if isinstance(figure, Duration):
                return Constant(node.start, node.end, node.type, figure.amount)
        case Apply(arguments=arguments):
            return replace(
                node, arguments=tuple(substitute_figures(each, figures) for each in arguments)
            )
        case Logic(operands=operands):
            return replace(
                node, operands=tuple(substitute_figures(each, figures) for each in operands)
            )
        case CreateList(items=items):
            return replace(node, items=tuple(substitute_figures(each, figures) for each in items))
        case Choose(test=test, yes=yes, no=no):
            return replace(
                node,
                test=substitute_figures(test, figures),
                yes=substitute_figures(yes, figures),
                no=substitute_figures(no, figures),
            )
    return node


def axis_name_of(each: ConditionLiteral) -> str:
    """Return the axis of a literal; that of an opaque part is named after its key."""
    if each.field is not None:
        return each.subject
    if each.subject.startswith("has(") and each.subject.endswith(")"):
        return each.subject[len("has(") : -1]
    return OPAQUE_PREFIX + each.key


def axes_of(
    conjunctions: Iterable[Conjunction], outputs: Mapping[str, frozenset[Value]]
) -> dict[str, Axis]:
    """Return the axes that the literals need, by name."""
    literals: dict[str, list[ConditionLiteral]] = {}
    for conjunction in conjunctions:
        for each in conjunction:
            literals.setdefault(axis_name_of(each), []).append(each)
    axes: dict[str, Axis] = {}
    for name, group in sorted(literals.items()):
        compared = [each for each in group if each.field is not None]
        field = compared[0].field if compared else None
        if field is None:
            opaque = name.startswith(OPAQUE_PREFIX)
            axes[name] = Axis(name, PRESENCE_FIELD, (True, ABSENT_SAMPLE), opaque)
            continue
        values = outputs[name] if name in outputs else candidate_values_of(compared)
        if values:
            absent = (ABSENT_SAMPLE,) if field.optional else ()
            axes[name] = Axis(name, field, (*sorted(values, key=sort_key_of), *absent))
        else:
            for each in compared:
                own = OPAQUE_PREFIX + each.key
                axes[own] = Axis(own, PRESENCE_FIELD, (True, ABSENT_SAMPLE), is_opaque=True)
    return axes


def sort_key_of(value: Sample) -> tuple[str, Sample]:
    """Return a key that sorts samples of several types."""
    return str(type(value)), value


def build_region(
    row: Row, conjunctions: tuple[Conjunction, ...], axes: Mapping[str, SampleMasks]
) -> Region:
    """Return the region of a rule: one box per satisfiable conjunction."""
    whole = tuple(each.axis.full_mask for each in axes.values())
    opaque: dict[str, Typed] = {}
    boxes: dict[Box, None] = {}
    for conjunction in conjunctions:
        masks = dict(zip(axes, whole, strict=True))
        for each in conjunction:
            name = axis_name_of(each)
            name = name if name in axes else OPAQUE_PREFIX + each.key
            masks[name] &= axes[name].find_mask(each)
            if axes[name].axis.is_opaque and each.node is not None:
                opaque[name] = each.node
        if all(masks.values()):
            boxes[tuple(masks.values())] = None
    return Region(row, tuple(boxes), tuple(opaque.values()))


class SampleMasks:
    """The samples of an axis for which literals are true, found by their order.

    Attributes:
        axis: the axis.
    """

    def __init__(self, axis: Axis) -> None:
        self.axis = axis
        self._values = [each for each in axis.samples if each is not ABSENT_SAMPLE]
        self._present = (1 << len(self._values)) - 1
        kinds = {type(each) for each in self._values}
        self._is_ordered = len(kinds) == 1 and kinds <= ORDERED_TYPES
        self._positions = (
            {each: at for at, each in enumerate(self._values)} if self._is_ordered else {}
        )

    def find_mask(self, each: ConditionLiteral) -> int:
        """Return the samples for which a literal is true, as bits."""
        if self.axis.is_opaque:
            return self._present if each.affirmed else self.axis.full_mask & ~self._present
        if each.field is None:
            return self._present if each.wanted else self.axis.full_mask & ~self._present
        found = self.find_order(each) if self._is_ordered else None
        if found is None:
            return sum(each.allows(sample) << at for at, sample in enumerate(self._values))
        return found if each.wanted else self._present & ~found

    def find_order(self, each: ConditionLiteral) -> int | None:
        """Return the samples for which a comparison holds, by bisection; `None` if not ordered."""
        items = [to_sample(one) for one in items_of(each.value)]
        if any(type(one) is not type(self._values[0]) for one in items):
            return None
        if each.comparison in EQUALITY_OVERLOADS:
            found = 0
            for one in items:
                if one in self._positions:
                    found |= 1 << self._positions[one]
            return self._present & ~found if each.comparison == "not_equal" else found
        (value,) = items
        below = (1 << bisect_left(self._values, value)) - 1  # type: ignore[type-var]  # of one ordered type
        upto = (1 << bisect_right(self._values, value)) - 1  # type: ignore[type-var]  # likewise
        comparison = SWAPPED.get(each.comparison or "") if each.swapped else each.comparison
        match comparison:
            case "less":
                return below
            case "less_or_equal":
                return upto
            case "greater":
                return self._present & ~upto
            case "greater_or_equal":
                return self._present & ~below
        return None


ORDERED_TYPES = frozenset({Fraction, str, date, datetime, timedelta})
SWAPPED = {
    "less": "greater",
    "less_or_equal": "greater_or_equal",
    "greater": "less",
    "greater_or_equal": "less_or_equal",
}
"""The comparison of `b` with `a` that is the same as that of `a` with `b`."""


def to_sample(value: Value) -> Sample:
    """Return a constant in the form of a sample: a number as a fraction."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value)
    return value
