"""Codes 4xx: tables, and the records that they decide on."""

from telecom_rules.findings.codes.code import error, warning

TABLES = (
    error(
        "TR401",
        "table-gap",
        "策略 `{policy}` 没有规则适用于：{facts}（规则日期：{day}）",
        "no rule of `{policy}` covers {facts} (rules of {day})",
        help=("补充规则，或写 `default`", "add a rule, or a `default`"),
    ),
    error(
        "TR402",
        "table-overlap",
        "规则 `{one}` 与 `{other}` 同时适用于：{facts}（规则日期：{day}）",
        "`{one}` and `{other}` both apply to {facts} (rules of {day})",
        help=(
            "收窄其中一条的条件；如以先后为准，用 `hit_policy: first`",
            "narrow one of them, or use `hit_policy: first` if their order decides",
        ),
    ),
    error(
        "TR403",
        "dead-rule",
        "规则 `{rule}` 的条件相互矛盾，不可能成立（规则日期：{day}）",
        "`{rule}` can never apply: its conditions contradict each other (rules of {day})",
        help=("修正条件，或删除该规则", "fix the conditions or remove the rule"),
    ),
    error(
        "TR404",
        "masked-rule",
        "规则 `{rule}` 不会被采用：已被 {rules} 覆盖，如 {facts} 由 `{by}` 决定（规则日期：{day}）",
        "`{rule}` never decides: covered wholly by {rules}, and `{by}` decides {facts} (rules of"
        " {day})",
        help=("移到前面，或删除该规则", "move it up, or remove it"),
    ),
    warning(
        "TR405",
        "table-without-figure",
        "策略 `{policy}` 在 {day} 有规则生效，但其引用的参数 `{name}` 当日没有生效的数值",
        "`{policy}` has rules in force on {day}, but the parameter `{name}` has no value that day",
        help=(
            "补充该日的数值，或推迟规则的生效日期",
            "add a value for that day, or start the rules later",
        ),
    ),
    warning(
        "TR406",
        "table-hole",
        "`{policy}` 在 {first} 至 {last} 之间没有规则生效",
        "`{policy}` has no rule in force from {first} to {last}",
        help=("核对规则的生效日期", "check the dates of the rules"),
    ),
    warning(
        "TR407",
        "table-undecided",
        "策略 `{policy}`：未能判断{question}，涉及 {rules}；原因：{why}（规则日期：{day}）",
        "`{policy}`: not decided {question}; rules: {rules}; reason: {why} (rules of {day})",
        help=(
            "运行 `telecom-rules verify`，或把条件改写为单项数据与常量的比较",
            "run `telecom-rules verify`, or compare single facts with constants",
        ),
    ),
    error(
        "TR408",
        "more-table-overlaps",
        "策略 `{policy}` 另有 {count} 对重叠的规则未逐一列出（规则日期：{day}）",
        "`{policy}`: pairs of rules that overlap and are not listed: {count} (rules of {day})",
        help=("先改正已列出的，再检查一次", "mend those that are listed and validate again"),
    ),
    error(
        "TR409",
        "never-consistent",
        "`{facts}` 的一致性条件 `{name}` 恒不成立：数据齐全时一律被拒绝",
        "the condition `{name}` of `{facts}` is never met: all records with its facts are refused",
        help=("改正条件", "correct the condition"),
    ),
    error(
        "TR410",
        "always-consistent",
        "`{facts}` 的一致性条件 `{name}` 恒成立：它拒绝不了任何数据",
        "the condition `{name}` of `{facts}` is always met: it refuses no record",
        help=("改正或删除该条件", "correct the condition, or remove it"),
    ),
)
