"""Codes 9xx: style."""

from telecom_rules.findings.codes.code import error, warning

STYLE = (
    warning(
        "TR901",
        "unused-definition",
        "{kind} `{name}` 未被任何规则使用",
        "no rule uses the {kind} `{name}`",
        help=("在规则中使用，或删除", "use it in a rule, or remove it"),
    ),
    error(
        "TR902",
        "no-title",
        "{kind} `{name}` 缺少中英文名称",
        "the {kind} `{name}` has no title",
        help=(
            "加上 `title`，或在 pack.yaml 中关闭 `require_titles`",
            "add a `title`, or switch `require_titles` off in pack.yaml",
        ),
    ),
    error(
        "TR903",
        "format-unsure",
        "格式化会改变此文件的内容，因此未作改动",
        "formatting would change the content of the file, so it is left unchanged",
        help=(
            "常见原因是跨行的引号文本；请写在一行中，或写成 `>-` 文本块",
            "most likely a quoted text spans several lines: write it on one, or as a `>-` block",
        ),
    ),
    error(
        "TR904",
        "not-formatted",
        "此文件的排版不是统一格式",
        "the file is not in the one style",
        help=("运行 `telecom-rules fmt`", "run `telecom-rules fmt`"),
    ),
)
