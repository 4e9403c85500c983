"""A decision table on one day as boxes: for each rule, which values of which facts it holds for.

Every fact that the conditions compare with constants is an axis. Its values are cut into stretches
in which no comparison changes, each with a sample; a condition is then a set of boxes, and a box
has for each axis the set of its samples, as the bits of a number. Figures are those of the day.
What cannot be cut like this (the sum of two facts, a pattern, a list) is left open: a rule with
such a part holds for less than its boxes, and nothing is proved from its holding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from telecom_rules.checks.analysis.possibility import (
    ConditionLiteral,
    Conjunction,
    conjoin_conditions,
)
from telecom_rules.checks.analysis.samples import sample_values
from telecom_rules.expressions.typed import Apply, Choose, Constant, CreateList, FieldAccess, Logic
from telecom_rules.vocabulary import BOOLEAN, TEXT, Duration, Field

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from telecom_rules.checks.analysis.samples import Sample
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.policies.rules import Row
    from telecom_rules.vocabulary import Value


ABSENT_SAMPLE: Final = "\0absent"
"""Stands for an optional fact that is not there; no text of a pack contains its first character."""
PRESENCE_FIELD = Field(BOOLEAN, optional=True)
"""What an axis has whose values nobody compares."""
EQUALITY_OVERLOADS = frozenset({"equal", "not_equal", "in_list"})

Box: TypeAlias = tuple[int, ...]
"""For each axis, the samples that are inside, as bits."""
Figures: TypeAlias = "Mapping[str, Value | Duration]"
"""The figures in force on a day by their path, such as `parameters.repeats`."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A fact, or an output of another policy, with a sample of each stretch of its values.

    Attributes:
        name: the fact, or the path such as `policies.p.out`.
        field: its type and bounds.
        samples: the samples; the last is `ABSENT_SAMPLE` where it may be absent.
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
    """Where a rule holds.

    Attributes:
        row: the rule.
        boxes: the boxes; it holds nowhere else, and nowhere at all where there are none.
        exact: whether it holds everywhere in them.
    """

    row: Row
    boxes: tuple[Box, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class TableSpace:
    """A table on one day.

    Attributes:
        axes: the axes.
        regions: where each of its rules holds, in their order.
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
        outputs: the only values that some outputs of other policies can have.
    """
    ways = [
        conjoin_conditions(
            (substitute_figures(test.tree, figures), test.source) for test in row.tests
        )
        for row in rows
    ]
    axes = axes_of([way for each in ways for way in each], outputs)
    regions = (build_region(row, each, axes) for row, each in zip(rows, ways, strict=True))
    return TableSpace(tuple(axes.values()), tuple(regions))


def substitute_figures(node: Typed, figures: Figures) -> Typed:
    """Return `node` with the figures of the day in place of their names."""
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
    """Return what a claim is about if it can be an axis: a name, or whether it is there."""
    if each.field is not None:
        return each.subject
    if each.subject.startswith("has(") and each.subject.endswith(")"):
        return each.subject[len("has(") : -1]
    return None


def axes_of(
    every: Iterable[Conjunction], outputs: Mapping[str, frozenset[Value]]
) -> dict[str, Axis]:
    """Return the axes that the claims need, by name."""
    claims: dict[str, list[ConditionLiteral]] = {}
    for way in every:
        for each in way:
            name = axis_name_of(each)
            if name is not None:
                claims.setdefault(name, []).append(each)
    axes: dict[str, Axis] = {}
    for name, about in sorted(claims.items()):
        field = next((each.field for each in about if each.field is not None), None)
        values = None if field is None else samples_of(name, field, about, outputs)
        if field is not None and values:
            gone = (ABSENT_SAMPLE,) if field.optional else ()
            axes[name] = Axis(name, field, (*values, *gone))
        elif field is None:
            axes[name] = Axis(name, PRESENCE_FIELD, (True, ABSENT_SAMPLE))
    return axes


def samples_of(
    name: str,
    field: Field,
    about: Collection[ConditionLiteral],
    outputs: Mapping[str, frozenset[Value]],
) -> tuple[Sample, ...]:
    """Return a sample of each stretch of the values of a name; none where it cannot be cut."""
    if name in outputs:
        return tuple(sorted(outputs[name], key=str))
    compared = [each for each in about if each.comparison is not None]
    if field.type is TEXT and any(each.comparison not in EQUALITY_OVERLOADS for each in compared):
        return ()
    constants = (each.value for each in compared)
    flat = [one for each in constants for one in (each if isinstance(each, tuple) else (each,))]
    return tuple(sorted(sample_values(field, flat), key=lambda each: (str(type(each)), each)))


def build_region(row: Row, every: tuple[Conjunction, ...], axes: Mapping[str, Axis]) -> Region:
    """Return where a rule holds."""
    whole = tuple(axis.full_mask for axis in axes.values())
    exact = True
    boxes: dict[Box, None] = {}
    for way in every:
        masks = dict(zip(axes, whole, strict=True))
        for each in way:
            name = axis_name_of(each)
            if name is None or name not in axes:
                exact = False
            else:
                masks[name] &= mask_of(each, axes[name])
        if all(masks.values()):
            boxes[tuple(masks.values())] = None
    return Region(row, tuple(boxes), exact)


def mask_of(each: ConditionLiteral, axis: Axis) -> int:
    """Return the samples of an axis for which a claim is so, as bits."""
    found = 0
    for at, sample in enumerate(axis.samples):
        if each.field is None:
            fits = (sample is not ABSENT_SAMPLE) is each.wanted
        else:
            fits = sample is not ABSENT_SAMPLE and each.allows(sample)
        found |= fits << at
    return found
