"""Codes 0xx: files and YAML."""

from telecom_rules.findings.codes.code import error, warning

FILE_AND_YAML = (
    error("TR001", "unreadable-file", "无法读取文件：{why}", "the file cannot be read: {why}"),
    error(
        "TR002",
        "file-too-large",
        "文件过大：{size} 字节，上限 {limit} 字节",
        "the file is too large: {size} bytes, the limit is {limit}",
        help=("拆分为多个文件", "split it into several files"),
    ),
    error(
        "TR003",
        "not-utf-8",
        "第 {offset} 字节起不是 UTF-8 文本{guess}",
        "not UTF-8 text from byte {offset}{guess}",
        help=("另存为 UTF-8 编码", "save the file as UTF-8"),
    ),
    error(
        "TR004",
        "forbidden-character",
        "含有不允许的字符 {character}",
        "{character} is not allowed here",
        help=(
            "删除该字符：它不可见，或会改变文本的显示方式",
            "remove it: it is invisible or changes how the text is displayed",
        ),
    ),
    error(
        "TR005",
        "yaml-syntax",
        "YAML 语法错误：{why}",
        "not valid YAML: {why}",
        help=("{advice}", "{advice}"),
    ),
    error(
        "TR006",
        "duplicate-key",
        "键 `{key}` 重复",
        "the key `{key}` is given twice",
        help=("删除其中一个", "delete one of the two"),
    ),
    error(
        "TR007",
        "anchor-or-alias",
        "不允许使用锚点、别名和合并键（`&`、`*`、`<<`）",
        "anchors, aliases and merge keys (`&`, `*`, `<<`) are not allowed",
        help=("请直接写出内容；如为表达式，请加引号", "write the content out; quote an expression"),
    ),
    error(
        "TR008",
        "tag",
        "不允许使用标签 `{tag}`",
        "the tag `{tag}` is not allowed",
        help=(
            "删除标签；以 `!` 开头的表达式请加引号",
            "remove the tag; quote an expression that starts with `!`",
        ),
    ),
    error(
        "TR009",
        "second-document",
        "一个文件只能有一个文档",
        "a file may hold only one document",
        help=("把 `---` 之后的内容移到另一个文件", "move what follows `---` to a file of its own"),
    ),
    error("TR010", "too-deep", "嵌套超过 {limit} 层", "nested deeper than {limit} levels"),
    error(
        "TR011",
        "too-many-nodes",
        "节点超过 {limit} 个",
        "more than {limit} nodes",
        help=("拆分为多个文件", "split it into several files"),
    ),
    error(
        "TR012",
        "scalar-too-long",
        "值的长度超过 {limit} 个字符",
        "a value is longer than {limit} characters",
    ),
    error(
        "TR013",
        "bad-key",
        "键 `{key}` 无效",
        "`{key}` is not a usable key",
        help=(
            "键只用英文字母、数字和 `_ - . # * ( )`",
            "a key is made of English letters, digits and `_ - . # * ( )`",
        ),
    ),
    error(
        "TR014",
        "ambiguous-scalar",
        "某些工具会把 `{text}` 读作{reading}",
        "some tools read `{text}` as {reading}",
        help=('加引号："{text}"', 'quote it: "{text}"'),
    ),
    error(
        "TR015",
        "cut-expression",
        "表达式在 ` #` 处中断，之后的内容被当作注释",
        "the expression ends at ` #`: the rest of the line is a comment",
        help=("给整个表达式加引号", "quote the whole expression"),
    ),
    error(
        "TR016",
        "empty-value",
        "`{key}` 没有值",
        "`{key}` has no value",
        help=(
            "填写值，或删除该键；空映射写作 `{{}}`",
            "give it a value or delete the key; an empty mapping is `{{}}`",
        ),
    ),
    error("TR017", "empty-file", "文件为空", "the file is empty"),
    error(
        "TR018",
        "not-a-mapping",
        "文件顶层应为映射（`键: 值`）",
        "a file must be a mapping (`key: value`) at the top",
    ),
    error(
        "TR019", "directive", "不允许使用 YAML 指令（`%`）", "YAML directives (`%`) are not allowed"
    ),
    error(
        "TR020",
        "unknown-file-kind",
        "无法识别文件类型：第一个键是 `{key}`",
        "cannot tell what this file is: its first key is `{key}`",
        help=("第一个键应为：{kinds}", "the first key must be one of: {kinds}"),
    ),
    error(
        "TR021",
        "no-pack",
        "找不到规则包：`{path}`",
        "there is no pack at `{path}`",
        help=("规则包是含有 pack.yaml 的目录", "a pack is a directory with a `pack.yaml`"),
    ),
    error(
        "TR022",
        "outside-pack",
        "`{path}` 指向规则包之外",
        "`{path}` is outside the pack",
        help=("把文件放进规则包目录", "put the file into the pack's directory"),
    ),
    error(
        "TR023",
        "too-many-files",
        "规则包中的文件超过 {limit} 个",
        "a pack holds at most {limit} files",
    ),
    error(
        "TR024",
        "pack-too-large",
        "规则包的文件合计超过 {limit} 字节，此文件及其后的文件未读取",
        "the files of a pack have at most {limit} bytes together; this one and those behind it are "
        "not read",
    ),
    error(
        "TR025",
        "folders-too-deep",
        "文件夹嵌套超过 {limit} 层，其中的内容未读取",
        "folders are nested deeper than {limit} levels; what is inside is not read",
    ),
    error(
        "TR026",
        "too-many-entries",
        "规则包目录中的文件和文件夹超过 {limit} 个，其余未查看",
        "there are more than {limit} files and folders in the pack's directory; the others are not "
        "looked at",
        help=("把规则包放进单独的目录", "give the pack a directory of its own"),
    ),
    error(
        "TR027",
        "file-name-not-utf-8",
        "文件名不是 UTF-8 文本，该文件未读取",
        "the name of the file is not UTF-8 text; the file is not read",
        help=("重命名该文件", "rename the file"),
    ),
    error(
        "TR028",
        "unusual-in-large-file",
        "超过 {limit} 个字符的文件中，此处不能这样使用 `{text}`：不同的工具对它的读法不同",
        "in a file of more than {limit} characters, `{text}` cannot be used like this: tools read "
        "it differently",
        help=(
            "拆分为多个文件，或改写此处：制表符换成空格，值加引号",
            "split the file, or write it otherwise: spaces for a tab, quotes around a value",
        ),
    ),
    warning(
        "TR029",
        "more-findings",
        "自此处起，另有 {count} 个问题未列出",
        "from here on findings are not listed: {count} more",
        help=("先改正已列出的问题", "mend those that are listed first"),
    ),
    error(
        "TR030",
        "pack-too-much-to-read",
        "规则包的内容过多，此文件未读取",
        "there is too much in the pack; this file is not read",
        help=("拆分为多个规则包", "split the pack"),
    ),
    warning(
        "TR031",
        "unclear-suppression",
        "此注释未能忽略任何问题：{why}",
        "this comment ignores nothing: {why}",
    ),
    warning(
        "TR032",
        "unused-suppression",
        "此处没有可忽略的问题：{codes}",
        "there is nothing to ignore here: {codes}",
        help=(
            "删去该注释，或将其移到问题所在的行",
            "remove the comment, or move it to the line of the finding",
        ),
    ),
    warning(
        "TR033",
        "not-to-be-ignored",
        "问题 {codes} 使规则包无法加载，不能忽略",
        "{codes} cannot be ignored: it keeps the pack from loading",
    ),
    warning(
        "TR034",
        "yaml-by-another-ending",
        "文件未读取：文件名应以 `.yaml` 结尾",
        "the file is not read: its name has to end in `.yaml`",
        help=("重命名为 {name}", "rename it to {name}"),
    ),
)
