"""Links a parameter: reads its values as typed figures and checks their days."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from telecom_rules.documents import Definition, Flag, Integer, Number, Text, read_as
from telecom_rules.findings import Finding, Findings, Related
from telecom_rules.frozen import FrozenDict
from telecom_rules.vocabulary.describe import NOT_SET, describe
from telecom_rules.vocabulary.parameters import (
    Measure,
    Parameter,
    ParameterKind,
    ParameterType,
    ParameterValue,
)
from telecom_rules.vocabulary.time.durations import Duration, build_duration
from telecom_rules.vocabulary.time.periods import ALWAYS, ONE_DAY, Period
from telecom_rules.vocabulary.types import BOOLEAN, DECIMAL, INTEGER, LIMIT, MONEY, TEXT, Field
from telecom_rules.vocabulary.values import Unfit, read_value
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from telecom_rules.documents import Scalar
    from telecom_rules.vocabulary.parameters import ParameterDefinition, ValueDefinition
    from telecom_rules.vocabulary.types import Primitive, Type
    from telecom_rules.vocabulary.vocabulary import Vocabulary


TYPE_OF_PARAMETER: Mapping[ParameterType, Primitive] = FrozenDict(
    {
        ParameterType.INTEGER: INTEGER,
        ParameterType.DECIMAL: DECIMAL,
        ParameterType.MONEY: MONEY,
        ParameterType.BOOLEAN: BOOLEAN,
        ParameterType.TEXT: TEXT,
    }
)
WHOLE_TYPES = (ParameterType.INTEGER,)
NUMBER_TYPES = (ParameterType.DECIMAL, ParameterType.INTEGER)
TYPES_OF_MEASURE: Mapping[Measure, tuple[ParameterType, ...]] = FrozenDict(
    {
        Measure.PERCENT: NUMBER_TYPES,
        Measure.YUAN: (ParameterType.MONEY, *NUMBER_TYPES),
        Measure.TIMES: (ParameterType.INTEGER, ParameterType.DECIMAL),
        Measure.MULTIPLE: (ParameterType.INTEGER, ParameterType.DECIMAL),
        Measure.PERSONS: (ParameterType.INTEGER, ParameterType.DECIMAL),
        Measure.SECONDS: NUMBER_TYPES,
        Measure.NONE: (
            *NUMBER_TYPES,
            ParameterType.MONEY,
            ParameterType.BOOLEAN,
            ParameterType.TEXT,
        ),
    }
)
"""The types permitted for a measure, the usual one first; a time limit is always whole."""


class Figure(Definition):
    """One value, read as the type of its parameter."""

    shorthand: ClassVar[str | None] = "value"

    value: object


class WholeFigure(Figure):
    """A whole number."""

    value: Integer


class ExactFigure(Figure):
    """An exact number."""

    value: Number


class FlagFigure(Figure):
    """A boolean."""

    value: Flag


class TextFigure(Figure):
    """A text."""

    value: Text


FIGURE_MODELS: Mapping[ParameterType, type[WholeFigure | ExactFigure | FlagFigure | TextFigure]] = (
    FrozenDict(
        {
            ParameterType.INTEGER: WholeFigure,
            ParameterType.DECIMAL: ExactFigure,
            ParameterType.MONEY: ExactFigure,
            ParameterType.BOOLEAN: FlagFigure,
            ParameterType.TEXT: TextFigure,
        }
    )
)
"""How a value is read, by the type of its parameter."""
COUNT_NOUNS: Mapping[Measure, tuple[str, str, str]] = FrozenDict(
    {
        Measure.TIMES: ("次", "time", "times"),
        Measure.MULTIPLE: ("倍", "time as much", "times as much"),
        Measure.PERSONS: ("人", "person", "persons"),
        Measure.SECONDS: ("秒", "second", "seconds"),
    }
)
"""Count nouns: Chinese, English singular, English plural."""
OWN_READS_NO_LAW = Wording(
    "`kind: {kind}` 的参数由本规则包自行设定，不应填写 `{key}`",
    "a parameter of `kind: {kind}` is set by the pack itself and cannot have `{key}`",
)
LAW_IS_NEVER_OFF = Wording(
    "只有 `kind: setting` 的参数可以停用", "only a parameter of `kind: setting` can be switched off"
)
PERCENTAGE_POINTS = Wording("{amount} 个百分点", "{amount} percentage points")
OVERLAPS = Wording("与此处的数值重叠", "it overlaps with this value")


def link_parameter(
    definition: ParameterDefinition, vocabulary: Vocabulary, findings: Findings
) -> Parameter | None:
    """Return the parameter a file sets, or `None` when one of its figures cannot be read."""
    kind = parameter_type_of(definition, findings)
    drafts = sorted(definition.values, key=lambda each: each.since)
    check_dates(definition.parameter, drafts, findings)
    check_confidence(definition, findings)
    cites = [vocabulary.cite(draft.cites, findings) for draft in drafts]
    if kind is None:
        return None
    figures = [read_figure(draft.value, kind, definition.unit, findings) for draft in drafts]
    off = read_off(definition.base or definition, kind, findings)
    values = tuple(
        ParameterValue(
            value=figure,
            wording=NOT_SET
            if figure == off
            else describe_figure(figure, TYPE_OF_PARAMETER[kind], definition.unit),
            in_force=period,
            cites=clauses,
            confidence=draft.confidence,
            note=draft.note,
            interpretation=draft.interpretation,
            kind=definition.kind,
        )
        for draft, period, clauses, figure in zip(
            drafts, iter_periods(drafts), cites, figures, strict=True
        )
        if figure is not None
    )
    if len(values) < len(drafts):
        return None
    origin = definition.kind
    if definition.base is not None:
        base = link_parameter(definition.base, vocabulary, findings)
        if base is None:
            return None
        report_idle_values(definition, drafts, values, base.values, findings)
        values, origin = lay_over(base.values, values), base.kind
    return Parameter(
        name=str(definition.parameter),
        title=definition.title,
        type=LIMIT if definition.unit.unit else TYPE_OF_PARAMETER[kind],
        measure=definition.unit,
        stricter=definition.stricter,
        kind=origin,
        values=values,
        off=off,
    )


def lay_over(
    base: Sequence[ParameterValue], own: Sequence[ParameterValue]
) -> tuple[ParameterValue, ...]:
    """Return the values of an overlay, and those of its base on the days for which it has none.

    A value of the overlay is cut where that of the base changes, so that each has one beside it.
    """
    limits = {day for each in (*base, *own) for day in (each.since, each.until)}
    days = sorted(day for day in limits if day is not None)
    laid: list[ParameterValue] = []
    for since, until in zip(days, [*days[1:], None], strict=True):
        under, over = (
            next((each for each in values if since in each.in_force), None)
            for values in (base, own)
        )
        value = under if over is None else replace(over, base=under)
        if value is None:
            continue
        last = laid[-1] if laid else None
        if last is not None and last.until == since and same_but_days(last, value):
            laid[-1] = replace(last, in_force=Period(last.since, until))
        else:
            laid.append(replace(value, in_force=Period(since, until)))
    return tuple(laid)


def same_but_days(one: ParameterValue, other: ParameterValue) -> bool:
    """Return whether two values differ in nothing but their days."""
    return replace(one, in_force=ALWAYS) == replace(other, in_force=ALWAYS)


def report_idle_values(
    definition: ParameterDefinition,
    drafts: Sequence[ValueDefinition],
    values: Sequence[ParameterValue],
    base: Sequence[ParameterValue],
    findings: Findings,
) -> None:
    """Report each value of an overlay that the base has on every one of its days (TR137)."""
    for draft, value in zip(drafts, values, strict=True):
        laid = lay_over(base, [value])
        own = [each for each in laid if each.since and each.since in value.in_force]
        if own and all(each.base and each.base.value == value.value for each in own):
            path = f"parameters.{definition.parameter}"
            findings.add("TR137", draft.span_of_key("value"), path=path)


def read_off(
    definition: ParameterDefinition, kind: ParameterType, findings: Findings
) -> Duration | Decimal | int | str | None:
    """Return the value at which a setting is switched off, or `None`; law cannot be."""
    if definition.off is None:
        return None
    if definition.kind is not ParameterKind.SETTING:
        findings.misused(definition.span_of_key("off"), LAW_IS_NEVER_OFF)
        return None
    return read_figure(definition.off, kind, definition.unit, findings)


def check_confidence(definition: ParameterDefinition, findings: Findings) -> None:
    """Report a statutory value without a confidence, and any other that says how law is read."""
    for each in definition.values:
        if definition.kind is ParameterKind.LAW and each.confidence is None:
            findings.missing(each.span, "confidence")
        if definition.kind is not ParameterKind.LAW:
            for key in ("confidence", "interpretation"):
                if getattr(each, key):
                    what = OWN_READS_NO_LAW.fill(kind=definition.kind, key=key)
                    findings.misused(each.span_of_key(key), what)


def parameter_type_of(definition: ParameterDefinition, findings: Findings) -> ParameterType | None:
    """Return the type of the values: as given, or the usual one of the measure."""
    allowed = TYPES_OF_MEASURE.get(definition.unit, WHOLE_TYPES)
    if definition.type is None:
        return allowed[0]
    if definition.type not in allowed:
        what = Wording(
            "单位为 `{unit}` 的参数，类型不能是 `{type}`，应为 {allowed}",
            "a value in `{unit}` cannot be `{type}`; it is {allowed}",
        ).fill(unit=definition.unit, type=definition.type, allowed=" / ".join(allowed))
        findings.misused(definition.span_of_key("type"), what)
        return None
    return definition.type


def iter_periods(drafts: Sequence[ValueDefinition]) -> Iterator[Period]:
    """Yield the days of each value: to its own end, or to the beginning of the next."""
    following: list[date | None] = [*(each.since for each in drafts[1:]), None]
    for draft, after in zip(drafts, following, strict=True):
        yield Period(draft.since, draft.until or after)


def check_dates(name: str, drafts: Sequence[ValueDefinition], findings: Findings) -> None:
    """Report overlaps, gaps and reversed days of the values, which are sorted by day."""
    findings.extend(
        Finding("TR602", each.span_of_key("until"), {"name": name})
        for each in drafts
        if each.until is not None and each.until <= each.since
    )
    for one, other in pairwise(drafts):
        end = one.until or other.since
        if one.since == other.since or end > other.since:
            related = (Related(one.span_of_key("from"), OVERLAPS),)
            findings.add(
                "TR601", other.span_of_key("from"), name=name, day=other.since, related=related
            )
        elif one.since < end < other.since:
            findings.add(
                "TR603",
                other.span_of_key("from"),
                name=name,
                first=end,
                last=other.since - ONE_DAY,
            )


def read_figure(
    scalar: Scalar, kind: ParameterType, measure: Measure, findings: Findings
) -> Duration | Decimal | int | str | None:
    """Return one value as its type, or `None` after reporting its mistakes."""
    draft = read_as(FIGURE_MODELS[kind], scalar, findings)
    if draft is None:
        return None
    value = draft.value
    if isinstance(value, Decimal):
        return read_exact_figure(value, TYPE_OF_PARAMETER[kind], scalar, findings)
    if measure.unit is not None and isinstance(value, int):
        return build_duration(value, measure.unit, scalar, findings)
    return str(value) if isinstance(value, str) else value


def read_exact_figure(
    number: Decimal, kind: Primitive, scalar: Scalar, findings: Findings
) -> Decimal | None:
    """Return a decimal or an amount of money in the canonical form of facts."""
    try:
        value = read_value(Field(kind), number)
    except Unfit as problem:
        findings.misused(scalar.span, problem.wording)
        return None
    return value if isinstance(value, Decimal) else None


def describe_figure(
    figure: Duration | Decimal | int | str, kind: Type, measure: Measure
) -> Wording:
    """Return a figure with its unit, for people."""
    text = describe(figure, MONEY if measure is Measure.YUAN else kind)
    if measure is Measure.PERCENT:
        return Wording(f"{text.zh}%", f"{text.en}%")
    if measure in COUNT_NOUNS:
        zh, one, many = COUNT_NOUNS[measure]
        if isinstance(figure, int):
            text = Wording.same(f"{figure:,}")
        return Wording(f"{text.zh} {zh}", f"{text.en} {one if figure == 1 else many}")
    return text


def describe_margin(parameter: Parameter, amount: Decimal) -> Wording:
    """Return by how much two figures of a parameter differ, with its unit, for people."""
    if parameter.unit is not None:
        return Duration(int(amount), parameter.unit).wording
    if parameter.measure is Measure.PERCENT:
        return PERCENTAGE_POINTS.fill(amount=f"{amount.normalize():f}")
    whole = parameter.type is INTEGER
    return describe_figure(int(amount) if whole else amount, parameter.type, parameter.measure)
