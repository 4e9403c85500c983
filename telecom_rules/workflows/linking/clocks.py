"""Links the clocks of a workflow."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.documents import Word
from telecom_rules.expressions import Scope
from telecom_rules.findings.kinds import EVENT, PARAMETER
from telecom_rules.vocabulary import (
    DATE,
    INSTANT,
    INTEGER,
    LIMIT,
    Duration,
    Parameter,
    read_duration,
)
from telecom_rules.vocabulary.time.deadlines import MINUTES_PER_UNIT
from telecom_rules.vocabulary.time.durations import UNIT_WORDS
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import AgreedLimit, Clock, Figures, Reentry
from telecom_rules.workflows.linking.names import mark_known
from telecom_rules.workflows.linking.promises import RESERVED_NAME, SUFFIX, split_promise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import time

    from telecom_rules.documents import Scalar
    from telecom_rules.vocabulary import FactType
    from telecom_rules.workflows.definition import ClockDefinition
    from telecom_rules.workflows.linking.names import Names


STATE_OR_TAG = Wording("状态或标记", "state or tag")
PERCENT_PATTERN = re.compile(r"([1-9][0-9]?)%")
PARAMETER_PATTERN = re.compile(r"parameters\.(\S*)")
WORD_PATTERN = re.compile(r"[A-Za-z_]\w*")
COUNTED_PATTERN = re.compile(
    r"(.*?\S)\s+(calendar days?|working days?|days?|hours?|minutes?|months?)", re.DOTALL
)
"""An expression with a unit behind it: `agreed_days working days`."""
FIXED_ENDS = frozenset({DATE, INSTANT})
"""The types of the limits that end on a fixed day or at a fixed instant."""
ROOTS = frozenset({"parameters", "today", "now"})
"""The names that the limit of a clock may read besides facts."""

NOT_A_TIME_LIMIT = Wording(
    "参数 `{name}` 的单位是 {unit}，不能用作时限",
    "the parameter `{name}` is measured in {unit}, which is not a unit of time",
)
NOT_A_LIMIT = Wording(
    "`{text}` 的类型是 {type}；时限应为日期、时刻、期限参数，或带单位的整数，例如 `{text} days`",
    "`{text}` is of type {type}; a time limit is a date, an instant, a parameter that is a time"
    " limit, or an integer with its unit, as in `{text} days`",
)
NOT_A_PERCENTAGE = Wording(
    "`warn_at` 应为 1% 至 99%，而不是 `{text}`",
    "`warn_at` must be `1%` to `99%`, not `{text}`",
)
FIXED_END = Wording(
    "时限在约定的日期或时刻届满，不因 `{key}` 而推迟；请删除 `{key}`",
    "the time limit ends on a fixed day or instant, which `{key}` cannot move; remove `{key}`",
)
NO_CLOSE_OF_BUSINESS = Wording(
    "规则包的日历没有 `close_of_business`；请在日历中写明停止业务活动的时间",
    "the calendar of the pack has no `close_of_business`; write there when business closes",
)
ENDS_AT_ANY_INSTANT = Wording(
    "以小时、分钟或时刻计的时限届时即止，与停止业务活动的时间无关；请删除 `ends`",
    "a time limit in hours or minutes, or up to an instant, ends at that instant and not with a"
    " day; remove `ends`",
)
NO_FIGURES = Wording(
    "只有以参数为期限的时限才有 `figures`", "only a time limit that is a parameter has `figures`"
)


def link_clock(names: Names, word: Word, definition: ClockDefinition) -> Clock | None:
    """Return a clock, or `None` after reporting every mistake."""
    if word.endswith(SUFFIX):
        names.findings.misused(word.span, RESERVED_NAME)
    cites = names.vocabulary.cite(definition.cites, names.findings)
    starts = frozenset(names.link_causes(definition.starts))
    stops = frozenset(names.link_causes(definition.until))
    pauses = frozenset(iter_pause_states(names, definition.pause_in))
    limit = link_limit(names, definition.limit)
    warn_at = link_percent(names, definition.warn_at)
    if definition.on_expiry is not None:
        names.findings.find(definition.on_expiry, EVENT, names.events)
    if limit is None:
        return None
    check_fixed_end(names, definition, limit)
    check_figures(names, definition, limit)
    raises = None if definition.on_expiry is None else str(definition.on_expiry)
    clock = Clock(
        name=str(word),
        title=definition.title,
        starts=starts,
        stops=stops,
        limit=limit,
        warn_at=warn_at,
        on_expiry=raises,
        cites=cites,
        pauses=pauses,
        on_reentry=definition.on_reentry,
        calendar=names.vocabulary.calendar,
        close=link_close(names, definition, limit),
        figures=definition.figures,
        interpretation=definition.interpretation,
    )
    return split_promise(clock)


def iter_pause_states(names: Names, words: Sequence[Word]) -> Iterator[str]:
    """Yield the states that `words` name, by name or by tag."""
    by_word = {str(state): [str(state)] for state in names.states}
    for state, place in names.states.items():
        for tag in place.definition.tags:
            by_word.setdefault(str(tag), []).append(str(state))
    for word in words:
        yield from names.findings.find(word, STATE_OR_TAG, by_word) or ()


def link_limit(names: Names, limit: Scalar) -> Duration | Parameter | AgreedLimit | None:
    """Return the limit of a clock: a parameter, a literal duration, or one that facts give."""
    parameter = PARAMETER_PATTERN.fullmatch(limit.text)
    if parameter is not None:
        return link_parameter(names, Word(parameter[1], limit.span))
    facts = names.facts
    if facts is None:
        return None
    known = {*facts.fields, *facts.record_type.lost, *ROOTS}
    if limit.text[:1].isdigit() or known.isdisjoint(WORD_PATTERN.findall(limit.text)):
        return read_duration(limit, names.findings)
    return link_agreed(names, facts, limit)


def link_parameter(names: Names, word: Word) -> Parameter | None:
    """Return the parameter that is the limit of a clock."""
    if word in names.vocabulary.lost:
        return None
    parameter = names.findings.find(word, PARAMETER, names.vocabulary.parameters)
    if parameter is not None and parameter.unit is None:
        names.findings.misused(word.span, NOT_A_TIME_LIMIT, name=word, unit=parameter.measure)
        return None
    return parameter


def link_agreed(names: Names, facts: FactType, limit: Scalar) -> AgreedLimit | None:
    """Return a limit that the facts give; a fact that is not known leaves it undetermined."""
    context = {**names.roots, "today": DATE, "now": INSTANT}
    scope = Scope(
        mark_known(facts.fields, facts.fields),
        {name: kind for name, kind in context.items() if name in ROOTS},
        lost=facts.record_type.lost,
    )
    counted = COUNTED_PATTERN.fullmatch(limit.text)
    if counted is not None:
        unit = UNIT_WORDS[counted[2].removesuffix("s")]
        source = replace(limit, text=counted[1])
        value = names.check(source, scope, INTEGER, codes=False)
        return None if value is None else AgreedLimit(value, unit)
    value = names.check(limit, scope, None, codes=False)
    if value is None:
        return None
    if value.type not in {*FIXED_ENDS, LIMIT}:
        names.findings.misused(limit.span, NOT_A_LIMIT, text=limit.text[:40], type=value.type)
        return None
    return AgreedLimit(value)


def link_percent(names: Names, text: Word | None) -> int | None:
    """Return the percentage of its limit after which a clock warns."""
    if text is None:
        return None
    match = PERCENT_PATTERN.fullmatch(text)
    if match is None:
        names.findings.misused(text.span, NOT_A_PERCENTAGE, text=text[:20])
        return None
    return int(match[1])


def link_close(
    names: Names, definition: ClockDefinition, limit: Duration | Parameter | AgreedLimit
) -> time | None:
    """Return when business closes, if the last day of a clock ends then."""
    if definition.ends == "end_of_day":
        return None
    place = definition.span_of_key("ends")
    to_instant = isinstance(limit, AgreedLimit) and limit.value.type is INSTANT
    if limit.unit in MINUTES_PER_UNIT or to_instant:
        names.findings.misused(place, ENDS_AT_ANY_INSTANT)
        return None
    calendar = names.vocabulary.calendar
    if calendar is None or calendar.close_of_business is None:
        names.findings.misused(place, NO_CLOSE_OF_BUSINESS)
        return None
    return calendar.close_of_business


def check_fixed_end(
    names: Names, definition: ClockDefinition, limit: Duration | Parameter | AgreedLimit
) -> None:
    """Report keys that would move an end that is fixed."""
    if not isinstance(limit, AgreedLimit) or limit.value.type not in FIXED_ENDS:
        return
    if definition.pause_in:
        names.findings.misused(definition.span_of_key("pause_in"), FIXED_END, key="pause_in")
    if definition.on_reentry is Reentry.CONTINUE:
        names.findings.misused(definition.span_of_key("on_reentry"), FIXED_END, key="continue")


def check_figures(
    names: Names, definition: ClockDefinition, limit: Duration | Parameter | AgreedLimit
) -> None:
    """Report the choice of a figure by a clock whose limit is not a parameter."""
    if definition.figures is not Figures.OF_START and not isinstance(limit, Parameter):
        names.findings.misused(definition.span_of_key("figures"), NO_FIGURES)
