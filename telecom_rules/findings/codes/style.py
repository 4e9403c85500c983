"""Codes 9xx: style."""

from telecom_rules.findings.codes.code import error, warning

STYLE = (
    warning(
        "TR901",
        "unused-definition",
        "{kind} `{name}` 没有规则用到",
        "no rule uses the {kind} `{name}`",
        help=("在规则中用上它，或删除它", "use it in a rule, or delete it"),
    ),
    error(
        "TR902",
        "no-title",
        "{kind} `{name}` 没有中英文名称",
        "the {kind} `{name}` has no title",
        help=(
            "加上 `title`，或在 pack.yaml 中关闭 `require_titles`",
            "add a `title`, or switch `require_titles` off in pack.yaml",
        ),
    ),
    error(
        "TR903",
        "format-unsure",
        "排版会改变此文件的内容，故未改动",
        "formatting would change what the file says, so it is left as it is",
        help=(
            "多半是跨行的引号文本所致；请写在一行中，或写成 `>-` 文本块",
            "most likely for a quoted text of several lines: write it on one, or as a `>-` block",
        ),
    ),
)
