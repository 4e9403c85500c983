"""Codes 6xx: days in force."""

from telecom_rules.findings.codes.code import error, warning

IN_FORCE = (
    error(
        "TR601",
        "dates-overlap",
        "`{name}` 的生效日期在 {day} 重叠",
        "two entries of `{name}` are in force on {day}",
    ),
    error(
        "TR602",
        "dates-reversed",
        "`{name}` 的失效日期早于生效日期",
        "`{name}` ends before it begins",
    ),
    warning(
        "TR603",
        "dates-gap",
        "`{name}` 在 {first} 至 {last} 之间没有生效的数值",
        "`{name}` has no value in force from {first} to {last}",
    ),
    warning(
        "TR604",
        "unverified",
        "`{name}` 的数值未经核实（confidence: low）",
        "the value of `{name}` is unverified (confidence: low)",
    ),
    error(
        "TR605",
        "repealed-clause",
        "`{clause}` 自 {day} 起失效，但{kind} `{name}` 此后仍引用该条款",
        "`{clause}` ceases to be in force on {day}, but the {kind} `{name}` still cites it",
        help=(
            "使其于该日失效（`until` 或 `in_force`），或改引{instead}",
            "end it that day (`until`, `in_force`), or cite {instead}",
        ),
    ),
    warning(
        "TR606",
        "cited-too-early",
        "{kind} `{name}` 自 {day} 起适用，所引条款当时均未生效",
        "the {kind} `{name}` starts on {day}, when none of its cited clauses is in force",
        help=(
            "改正日期，或引用当时有效的条款",
            "correct the date, or cite a clause that was in force then",
        ),
    ),
    error(
        "TR607",
        "too-severe",
        "检查项 `{check}` 的严重程度为 `{severity}`，但其依据是{ground}",
        "the check `{check}` is of severity `{severity}`, but rests on {ground}",
        help=(
            "将其 `severity` 降为 `{most}`，或先核实所依据的数值、条款",
            "set its `severity` to `{most}` at most, or verify first what it rests on",
        ),
    ),
    warning(
        "TR608",
        "calendar-ends",
        "从 {day} 看，日历 `{calendar}` 自 {first} 起没有安排，届满日在此之后的期限无法推算",
        "seen from {day}, the calendar `{calendar}` has no data from {first} on: limits that end"
        " then cannot be determined",
        help=(
            "待 {year} 年的安排公布后补入日历，再用 `migrate` 重新推算在办个案",
            "add the arrangement of {year} once it is published, then `migrate` the open cases",
        ),
    ),
)
