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
            "请删除，并直接写出实体的内容",
            "remove it, and write out the content of its entities",
        ),
    ),
    error(
        "TR803", "xml-too-large", "XML 文档过大：{what}", "the XML document is too large: {what}"
    ),
    error(
        "TR804",
        "not-carried-over",
        "`{part}` 不能转换：{why}",
        "`{part}` cannot be converted: {why}",
    ),
    warning(
        "TR805",
        "title-from-name",
        "没有中英文名称，暂以标识代替：{names}",
        "no title in both languages; the names are used instead: {names}",
        help=("请为每一项填写 zh 和 en", "write `zh` and `en` for each"),
    ),
    warning("TR806", "renamed", "名称已更改：{names}", "renamed: {names}"),
    warning("TR807", "left-out", "已略去 `{part}`：{why}", "`{part}` is omitted: {why}"),
    warning("TR808", "to-be-looked-at", "请核对 `{part}`：{why}", "look at `{part}`: {why}"),
)
