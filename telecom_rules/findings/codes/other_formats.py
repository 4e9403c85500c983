"""Codes 8xx: documents of other formats."""

from telecom_rules.findings.codes.code import error, warning

OTHER_FORMATS = (
    error("TR801", "not-xml", "不是格式正确的 XML：{why}", "not well-formed XML: {why}"),
    error(
        "TR802",
        "unsafe-xml",
        "不接受{what}",
        "{what} is not accepted",
        help=(
            "删除它，并把实体的内容直接写出",
            "remove it, and write out what its entities stand for",
        ),
    ),
    error(
        "TR803", "xml-too-large", "XML 文档过大：{what}", "the XML document is too large: {what}"
    ),
    error(
        "TR804",
        "not-carried-over",
        "`{part}` 不能转换：{why}",
        "`{part}` cannot be carried over: {why}",
    ),
    warning(
        "TR805",
        "title-from-name",
        "没有双语标题，暂用其名称：{names}",
        "no title in both languages, so their names stand in for it: {names}",
        help=("为每一项写上 zh 和 en", "write `zh` and `en` for each"),
    ),
    warning("TR806", "renamed", "名称有变：{names}", "names that are others here: {names}"),
    warning("TR807", "left-out", "`{part}` 被略去：{why}", "`{part}` is left out: {why}"),
    warning("TR808", "to-be-looked-at", "请核对 `{part}`：{why}", "look at `{part}`: {why}"),
)
