"""Codes 4xx: tables."""

from telecom_rules.findings.codes.code import error, warning

TABLES = (
    error(
        "TR401",
        "table-gap",
        "表 `{policy}` 没有规则适用于：{facts}（规则日期：{day}）",
        "no rule of `{policy}` covers {facts} (rules of {day})",
        help=("补上规则，或写 `default`", "add a rule, or a `default`"),
    ),
    error(
        "TR402",
        "table-overlap",
        "规则 `{one}` 与 `{other}` 同时适用于：{facts}（规则日期：{day}）",
        "`{one}` and `{other}` both hold for {facts} (rules of {day})",
        help=(
            "收紧其中一条；先后有别时用 `hit_policy: first`",
            "narrow one of them; where their order matters, use `hit_policy: first`",
        ),
    ),
    error(
        "TR403",
        "dead-rule",
        "规则 `{rule}` 的条件相互矛盾，永不成立（规则日期：{day}）",
        "`{rule}` never holds: its conditions contradict each other (rules of {day})",
        help=("改正条件，或删除该规则", "mend the conditions, or delete the rule"),
    ),
    error(
        "TR404",
        "masked-rule",
        "规则 `{rule}` 永远轮不到：前面的规则已覆盖，如 {facts} 由 `{by}` 决定（规则日期：{day}）",
        "`{rule}` never decides: rules before it cover it, as `{by}` does {facts} (rules of {day})",
        help=("移到前面，或删除该规则", "move it up, or delete it"),
    ),
    warning(
        "TR405",
        "table-without-figure",
        "`{policy}` 在 {day} 有规则生效，其所用的数值 `{name}` 当日却未生效",
        "`{policy}` has rules in force on {day}, and the figure `{name}` that they read is not",
        help=(
            "补上该日的数值，或推迟规则的生效日期",
            "add a value for that day, or let the rules begin later",
        ),
    ),
    warning(
        "TR406",
        "table-hole",
        "`{policy}` 在 {first} 至 {last} 之间没有规则生效",
        "`{policy}` has no rule in force from {first} to {last}",
        help=("检查规则的生效日期", "check the dates of the rules"),
    ),
)
