"""Codes 9xx: style."""

from telecom_rules.findings.codes.code import warning

__all__ = ["STYLE"]

STYLE = (
    warning(
        "TR901",
        "unused-definition",
        "{kind} `{name}` 没有规则用到",
        "no rule uses the {kind} `{name}`",
        help=("在规则中用上它，或删除它", "use it in a rule, or delete it"),
    ),
)
