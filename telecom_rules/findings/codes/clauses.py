"""Codes 5xx: clauses and references."""

from telecom_rules.findings.codes.code import error, warning

CLAUSES = (
    error(
        "TR501",
        "unknown-source",
        "没有名为 `{source}` 的依据文件",
        "no source is named `{source}`",
        help=("依据文件：{known}", "sources: {known}"),
    ),
    error(
        "TR502",
        "unknown-clause",
        "`{source}` 中没有 `{clause}` 这一条款",
        "`{source}` has no clause `{clause}`",
    ),
    error(
        "TR503",
        "bad-citation",
        "`{text}` 不是有效的条款引用",
        "`{text}` is not a citation",
        help=("条款引用写作 `spec:7.1.2(3)`", "citations are written `spec:7.1.2(3)`"),
    ),
    error(
        "TR504",
        "no-citation",
        "{kind} `{name}` 没有引用任何条款",
        "the {kind} `{name}` cites no clause",
        help=(
            "加上 `cites`，或在 pack.yaml 中关闭 `require_cites`",
            "add `cites`, or switch `require_cites` off in pack.yaml",
        ),
    ),
    error(
        "TR505",
        "renumbered-clause",
        "`{clause}` 是 `{source}` 旧文本（{version}）中的条号",
        "`{clause}` is a number in an earlier text of `{source}` ({version})",
        help=(
            "现为 `{current}`；如确需引用旧文本，写作 `{source}@{version}:{clause}`",
            "cite `{current}`; to cite the earlier text, write `{source}@{version}:{clause}`",
        ),
    ),
    error(
        "TR506",
        "unknown-version",
        "`{source}` 没有标为 `{version}` 的文本",
        "`{source}` has no text labelled `{version}`",
        help=("文本：{known}", "texts: {known}"),
    ),
    error(
        "TR507",
        "unanswered-clause",
        "条款 `{clause}`（{title}）未落实",
        "clause `{clause}` ({title}) is not implemented",
        help=(
            "在落实该条款之处引用它；不能由规则落实的，写 `guidance`；原文有缺漏的，写 `gap`",
            "cite it where it is implemented, or say why it cannot be: `guidance` or `gap`",
        ),
    ),
    error(
        "TR508",
        "too-little-worked-out",
        "`{source}` 已落实的条款中，由规则本身判断的占 {share}%，低于要求的 {least}%",
        "of the clauses of `{source}` that are answered, {share}% are answered by what the rules"
        " work out, which is below the {least}% asked for",
        help=(
            "以时限、计算、条件、步骤或凭证落实条款，而不是只由系统声明",
            "answer a clause by a clock, formula, guard, order or evidence, not by a declaration",
        ),
    ),
    warning(
        "TR509",
        "unanswered-kind",
        "没有事项处理 `{catalogue}.{code}`",
        "no matter of the desk is of the kind `{catalogue}.{code}`",
        help=(
            "在办理它的事项的 `kinds` 中列出，或为它另立事项",
            "list it under the `kinds` of the matter that it is, or write a matter for it",
        ),
    ),
)
