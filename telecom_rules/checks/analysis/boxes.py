"""A decision table on one day as boxes: for each rule, the facts for which it matches.

Every fact that conditions compare with constants is an axis. Its values are partitioned into
intervals in which no comparison changes, each with a sample. A condition is then a union of boxes,
and a box is a set of samples per axis, as a bit mask. Parameters have their values of the day. A
part that cannot be partitioned (the sum of two facts, a pattern, a list) restricts no axis: the
boxes of its rule are then too large, and nothing is proved from the rule matching.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from telecom_rules.checks.analysis.satisfiability import (
    ConditionLiteral,
    Conjunction,
    candidate_values_of,
    conjoin_conditions,
)
from telecom_rules.expressions.typed import Apply, Choose, Constant, CreateList, FieldAccess, Logic
from telecom_rules.vocabulary import BOOLEAN, Duration, Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telecom_rules.checks.analysis.samples import Sample
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.policies.rules import Row
    from telecom_rules.vocabulary import Value


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
    """

    name: str
    field: Field
    samples: tuple[Sample, ...]

    @property
    def full_mask(self) -> int:
        """All its samples, as bits."""
        return (1 << len(self.samples)) - 1


@dataclass(frozen=True, slots=True)
class Region:
    """The boxes in which a rule may match.

    Attributes:
        row: the rule.
        boxes: the boxes; the rule never matches outside them.
        exact: whether it always matches inside them.
    """

    row: Row
    boxes: tuple[Box, ...]
    exact: bool


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
    rows: Sequence[Row], figures: Figures, outputs: Mapping[str, frozenset[Value]]
) -> TableSpace:
    """Return the space of some rules.

    Args:
        rows: the rules in force together.
        figures: the figures of the day.
        outputs: the possible values of some outputs of other policies.
    """
    conjunctions = [
        conjoin_conditions(
            (substitute_figures(test.tree, figures), test.source) for test in row.tests
        )
        for row in rows
    ]
    axes = axes_of([conjunction for each in conjunctions for conjunction in each], outputs)
    regions = (build_region(row, each, axes) for row, each in zip(rows, conjunctions, strict=True))
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


def axis_name_of(each: ConditionLiteral) -> str | None:
    """Return the axis of a literal, or `None` if it has none."""
    if each.field is not None:
        return each.subject
    if each.subject.startswith("has(") and each.subject.endswith(")"):
        return each.subject[len("has(") : -1]
    return None


def axes_of(
    conjunctions: Iterable[Conjunction], outputs: Mapping[str, frozenset[Value]]
) -> dict[str, Axis]:
    """Return the axes that the literals need, by name."""
    literals: dict[str, list[ConditionLiteral]] = {}
    for conjunction in conjunctions:
        for each in conjunction:
            name = axis_name_of(each)
            if name is not None:
                literals.setdefault(name, []).append(each)
    axes: dict[str, Axis] = {}
    for name, group in sorted(literals.items()):
        compared = [each for each in group if each.field is not None]
        field = compared[0].field if compared else None
        if field is None:
            axes[name] = Axis(name, PRESENCE_FIELD, (True, ABSENT_SAMPLE))
            continue
        values = outputs[name] if name in outputs else candidate_values_of(compared)
        if values:
            absent = (ABSENT_SAMPLE,) if field.optional else ()
            axes[name] = Axis(name, field, (*sorted(values, key=sort_key_of), *absent))
    return axes


def sort_key_of(value: Sample) -> tuple[str, Sample]:
    """Return a key that sorts samples of several types."""
    return str(type(value)), value


def build_region(
    row: Row, conjunctions: tuple[Conjunction, ...], axes: Mapping[str, Axis]
) -> Region:
    """Return the region of a rule: one box per satisfiable conjunction."""
    whole = tuple(axis.full_mask for axis in axes.values())
    exact = True
    boxes: dict[Box, None] = {}
    for conjunction in conjunctions:
        masks = dict(zip(axes, whole, strict=True))
        for each in conjunction:
            name = axis_name_of(each)
            if name is None or name not in axes:
                exact = False
            else:
                masks[name] &= mask_of(each, axes[name])
        if all(masks.values()):
            boxes[tuple(masks.values())] = None
    return Region(row, tuple(boxes), exact)


def mask_of(each: ConditionLiteral, axis: Axis) -> int:
    """Return the samples of an axis for which a literal is true, as bits."""
    found = 0
    for at, sample in enumerate(axis.samples):
        if each.field is None:
            allowed = (sample is not ABSENT_SAMPLE) is each.wanted
        else:
            allowed = sample is not ABSENT_SAMPLE and each.allows(sample)
        found |= allowed << at
    return found
