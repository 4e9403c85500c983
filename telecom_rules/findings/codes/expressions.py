"""Codes 2xx: expressions and types."""

from telecom_rules.findings.codes.code import error

EXPRESSIONS = (
    error("TR201", "expression-syntax", "表达式有误：{why}", "not a valid expression: {why}"),
    error(
        "TR202", "expression-too-large", "表达式过大：{why}", "the expression is too large: {why}"
    ),
    error(
        "TR203",
        "unknown-identifier",
        "表达式使用了未知的名称 `{name}`",
        "`{name}` is not a name this expression may use",
        help=("可用名称：{known}", "names in scope: {known}"),
    ),
    error("TR204", "type-mismatch", "{why}", "{why}"),
    error(
        "TR205",
        "unsafe-optional",
        "`{name}` 可能缺失",
        "`{name}` may be absent here",
        help=(
            "请先判断 `has({name})`，例如 `has({name}) && ...`",
            "ask `has({name})` first, as in `has({name}) && ...`",
        ),
    ),
    error(
        "TR206",
        "unknown-function",
        "未知的函数 `{name}`",
        "there is no function `{name}`",
        help=("可用函数：{known}", "functions: {known}"),
    ),
    error(
        "TR207",
        "wrong-result-type",
        "此处应为 {wanted}，而表达式的类型是 {found}",
        "expected {wanted} here, the expression gives {found}",
    ),
    error(
        "TR208",
        "unknown-code",
        "`{text}` 不是目录 `{catalogue}` 的值",
        "`{text}` is not a value of the catalogue `{catalogue}`",
        help=("可选值：{allowed}", "allowed: {allowed}"),
    ),
    error(
        "TR209",
        "bad-unary-test",
        "单元格 `{text}` 有误：{why}",
        "`{text}` is not a valid cell: {why}",
        help=(
            "写作 `-`、`a, b`、`>= 50000`、`[1..5)` 或 `not(a)`",
            "write `-`, `a, b`, `>= 50000`, `[1..5)` or `not(a)`",
        ),
    ),
    error(
        "TR210",
        "not-of-every-event",
        "此处不能读取 `{name}`：{why}",
        "`{name}` cannot be read here: {why}",
        help=(
            "通配符下的转换只能读取所有匹配事件共有的字段；请逐个写明事件",
            "under a wildcard only fields of all its events can be read; list the events",
        ),
    ),
)
