"""Codes 6xx: days in force."""

from telecom_rules.findings.codes.code import error, warning

__all__ = ["IN_FORCE"]

IN_FORCE = (
    error(
        "TR601",
        "dates-overlap",
        "`{name}` 的生效日期在 {day} 重叠",
        "`{name}` has two entries in force on {day}",
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
        "`{name}` has nothing in force from {first} to {last}",
    ),
    warning(
        "TR604",
        "unverified",
        "`{name}` 的数值未经核实（confidence: low）",
        "the figure of `{name}` is unverified (confidence: low)",
    ),
)
