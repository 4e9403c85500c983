"""The one catalogue of codes.

A code is stable for ever and never reused. Hundreds group them: 0xx file and YAML, 1xx structure,
2xx expressions and types, 3xx reachability and liveness, 4xx tables, 5xx clauses and references,
6xx in-force dates, 7xx scenarios and properties, 9xx style.

Messages follow one style: no capital, no full stop, the user's words in backticks, one sentence;
what to do goes into the help.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CODES", "Code", "Severity"]


class Severity(StrEnum):
    """How bad a finding is: an error fails a validation, a warning does not.

    An error that is found while a pack is linked also stops it from loading.
    """

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of mistake.

    Attributes:
        id: the stable code, such as `TR102`.
        name: the same for people who search, in kebab-case.
        severity: error or warning.
        message: what is wrong; `{braces}` name values of the finding.
        label: what to say under the marked text, if more than the message.
        help: what to do about it, if there is one thing to do.
    """

    id: str
    name: str
    severity: Severity
    message: Wording
    label: Wording | None = None
    help: Wording | None = None


def error(id: str, name: str, zh: str, en: str, *, help: tuple[str, str] | None = None) -> Code:  # noqa: A002 - the words of the catalogue
    """Return the entry of a mistake that has to be mended."""
    return Code(id, name, Severity.ERROR, Wording(zh, en), help=Wording(*help) if help else None)


def warning(id: str, name: str, zh: str, en: str, *, help: tuple[str, str] | None = None) -> Code:  # noqa: A002 - the words of the catalogue
    """Return the entry of a mistake that is worth mending and stops nothing."""
    return Code(id, name, Severity.WARNING, Wording(zh, en), help=Wording(*help) if help else None)


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
        "第 {offset} 字节起不是 UTF-8 文本",
        "not UTF-8 text from byte {offset}",
        help=("另存为 UTF-8 编码", "save the file as UTF-8"),
    ),
    error(
        "TR004",
        "forbidden-character",
        "含有不允许的字符 {character}",
        "{character} is not allowed here",
        help=(
            "删除该字符；它不可见或会改变文本含义",
            "remove it: it is invisible or changes how the text reads",
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
        help=("直接写出内容；表达式请加引号", "write the content out; quote an expression"),
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
        "a file holds one document only",
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
        "单个值超过 {limit} 个字符",
        "a value is longer than {limit} characters",
    ),
    error(
        "TR013",
        "bad-key",
        "键 `{key}` 无效",
        "`{key}` is not a usable key",
        help=(
            "键只用英文字母、数字和 `_ - . # ( )`",
            "a key is made of English letters, digits and `_ - . # ( )`",
        ),
    ),
    error(
        "TR014",
        "ambiguous-scalar",
        "`{text}` 在有的工具中会被读成{reading}",
        "`{text}` is read as {reading} by some tools",
        help=('加引号："{text}"', 'quote it: "{text}"'),
    ),
    error(
        "TR015",
        "cut-expression",
        "表达式在 ` #` 处被截断，其后成为注释",
        "the expression is cut short at ` #`: the rest is a comment",
        help=("给整个表达式加引号", "quote the whole expression"),
    ),
    error(
        "TR016",
        "empty-value",
        "`{key}` 没有值",
        "`{key}` has no value",
        help=(
            "写出值，或删除该键；空映射写 `{{}}`",
            "give it a value or delete the key; an empty mapping is `{{}}`",
        ),
    ),
    error("TR017", "empty-file", "文件中没有内容", "the file holds nothing"),
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
        "该处没有规则包：`{path}`",
        "there is no pack at `{path}`",
        help=("规则包是含有 pack.yaml 的目录", "a pack is a directory with a `pack.yaml`"),
    ),
    error(
        "TR022",
        "outside-pack",
        "`{path}` 指向规则包之外",
        "`{path}` leads out of the pack",
        help=("把文件放进规则包目录", "put the file into the pack's directory"),
    ),
    error(
        "TR023",
        "too-many-files",
        "规则包中的文件超过 {limit} 个",
        "a pack holds at most {limit} files",
    ),
)

STRUCTURE = (
    error("TR101", "missing-key", "缺少键 `{key}`", "the key `{key}` is missing"),
    error(
        "TR102",
        "unknown-key",
        "未知的键 `{key}`",
        "unknown key `{key}`",
        help=("可用的键：{known}", "known keys: {known}"),
    ),
    error(
        "TR103",
        "wrong-shape",
        "此处应为{wanted}，而不是{found}",
        "expected {wanted}, found {found}",
    ),
    error(
        "TR104",
        "not-an-identifier",
        "`{text}` 不是有效名称",
        "`{text}` is not a usable name",
        help=(
            "名称用小写字母、数字和 `_`，以字母开头，最长 64 个字符",
            "names are at most 64 lower-case letters, digits and `_`, a letter first",
        ),
    ),
    error(
        "TR105",
        "not-an-integer",
        "`{text}` 不是整数",
        "`{text}` is not a whole number",
        help=("整数写作 `15` 或 `-3`", "whole numbers are written `15` or `-3`"),
    ),
    error(
        "TR106",
        "not-a-number",
        "`{text}` 不是数字",
        "`{text}` is not a number",
        help=("数字写作 `15`、`-3` 或 `0.95`", "numbers are written `15`, `-3` or `0.95`"),
    ),
    error(
        "TR107",
        "not-a-flag",
        "`{text}` 不是 true 或 false",
        "`{text}` is neither true nor false",
        help=("写 true 或 false", "write true or false"),
    ),
    error(
        "TR108",
        "not-a-date",
        "`{text}` 不是日期",
        "`{text}` is not a date",
        help=("日期写作 2016-07-30", "dates are written 2016-07-30"),
    ),
    error(
        "TR109",
        "not-a-choice",
        "`{text}` 不在可选值之内",
        "`{text}` is not one of the values allowed here",
        help=("可选值：{allowed}", "allowed: {allowed}"),
    ),
    error(
        "TR110",
        "not-a-duration",
        "`{text}` 不是时限",
        "`{text}` is not a duration",
        help=(
            "时限写作 `15 days`、`5 working days` 或 `48 hours`",
            "durations are written `15 days`, `5 working days` or `48 hours`",
        ),
    ),
    error("TR111", "out-of-range", "{text} 超出范围：{bounds}", "{text} is out of range: {bounds}"),
    error(
        "TR112",
        "duplicate-name",
        "{kind} `{name}` 已经定义",
        "the {kind} `{name}` is defined twice",
    ),
    error(
        "TR113",
        "unknown-name",
        "没有名为 `{name}` 的{kind}",
        "no {kind} is named `{name}`",
        help=("可用名称：{known}", "known: {known}"),
    ),
    error(
        "TR114",
        "unknown-type",
        "未知类型 `{name}`",
        "unknown type `{name}`",
        help=("基本类型：{known}；或目录名", "basic types: {known}; or the name of a catalogue"),
    ),
    error(
        "TR115",
        "ambiguous-state",
        "状态名 `{name}` 在本流程中不唯一",
        "more than one state is named `{name}`",
        help=("给状态起不同的名称", "give each state of a workflow a name of its own"),
    ),
    error(
        "TR116",
        "no-initial-state",
        "复合状态 `{name}` 没有 `initial`",
        "the compound state `{name}` has no `initial`",
    ),
    error(
        "TR117",
        "final-state-leaves",
        "终态 `{name}` 不能再有转换或子状态",
        "the final state `{name}` cannot have transitions or states of its own",
    ),
    error("TR118", "empty-choice", "此处至少要有一项", "at least one is needed here"),
    error(
        "TR119",
        "policy-cycle",
        "策略相互引用成环：{path}",
        "policies refer to each other in a circle: {path}",
    ),
    error("TR120", "wrong-value", "{what}", "{what}"),
    error(
        "TR121",
        "parallel-shape",
        "并行状态 `{name}` 至少要有一个子状态，且不能有 `initial`：其子状态同时进入",
        "the parallel state `{name}` needs states of its own and no `initial`: all are entered",
    ),
    error(
        "TR122",
        "history-shape",
        "历史状态 `{name}` 不能有 `{key}`：个案从不处于其中",
        "the history state `{name}` cannot have `{key}`: no case is ever in it",
    ),
    error(
        "TR123",
        "history-default",
        "历史状态 `{name}` 的 `target` 应为 `{parent}` 内的状态",
        "the `target` of the history state `{name}` must be states inside `{parent}`",
        help=(
            "在尚无可记忆的状态时进入它",
            "it is entered while there is nothing to remember",
        ),
    ),
    error(
        "TR124",
        "conflicting-targets",
        "`{one}` 与 `{other}` 不能同时处于活动状态，不能作为同一转换的目标",
        "`{one}` and `{other}` cannot be active together, so no transition leads to both",
        help=(
            "多个目标须位于同一并行状态的不同区域",
            "several targets must lie in different regions of one parallel state",
        ),
    ),
)

EXPRESSIONS = (
    error("TR201", "expression-syntax", "表达式有误：{why}", "not a valid expression: {why}"),
    error(
        "TR202", "expression-too-large", "表达式过大：{why}", "the expression is too large: {why}"
    ),
    error(
        "TR203",
        "unknown-identifier",
        "表达式中没有 `{name}` 这个名称",
        "`{name}` is not a name this expression may use",
        help=("可用名称：{known}", "names in scope: {known}"),
    ),
    error("TR204", "type-mismatch", "{why}", "{why}"),
    error(
        "TR205",
        "unsafe-optional",
        "`{name}` 可能没有值",
        "`{name}` may be absent here",
        help=(
            "先用 `has({name})` 判断，例如 `has({name}) && ...`",
            "ask `has({name})` first, as in `has({name}) && ...`",
        ),
    ),
    error(
        "TR206",
        "unknown-function",
        "没有函数 `{name}`",
        "there is no function `{name}`",
        help=("可用函数：{known}", "functions: {known}"),
    ),
    error(
        "TR207",
        "wrong-result-type",
        "此处需要 {wanted}，表达式的结果是 {found}",
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
        "单元格 `{text}` 无法理解：{why}",
        "the cell `{text}` cannot be read: {why}",
        help=(
            "写作 `-`、`a, b`、`>= 50000`、`[1..5)` 或 `not(a)`",
            "write `-`, `a, b`, `>= 50000`, `[1..5)` or `not(a)`",
        ),
    ),
)

REACHABILITY = (
    error(
        "TR301",
        "unreachable-state",
        "没有个案会到达状态 `{name}`",
        "no case ever comes to the state `{name}`",
        help=("加上通向它的转换，或删除它", "lead a transition to it, or delete it"),
    ),
    error(
        "TR302",
        "no-way-to-an-end",
        "从状态 `{name}` 到不了任何终态",
        "from the state `{name}` no way leads to a final state",
        help=(
            "加上通向终态的转换；个案到此结束的，写 `type: final`",
            "lead it on to a final state, or write `type: final` if the case ends here",
        ),
    ),
    warning(
        "TR303",
        "unused-event",
        "事件 `{name}` 没有用到",
        "the event `{name}` is not used",
        help=("让某个状态处理它，或删除它", "answer it in a state, or delete it"),
    ),
    error(
        "TR304",
        "expiry-never-comes",
        "状态 `{state}` 中不会出现 `{event}`：时限 `{clocks}` 不会在那里到期",
        "`{event}` never comes in the state `{state}`: the clock `{clocks}` does not expire there",
        help=(
            "移到时限进行中的状态，或删除它",
            "move it to a state in which the clock runs, or delete it",
        ),
    ),
    error(
        "TR305",
        "shadowed-transition",
        "`{name}` 的这一转换永远不会采用：总有在它之前的转换先被采用",
        "this transition of `{name}` is never taken: one before it always comes first",
        help=(
            "移到前面，或给前面的转换加上条件",
            "move it up, or give the one before it a guard",
        ),
    ),
    error(
        "TR306",
        "impossible-guard",
        "条件永远不成立：{why}",
        "the guard can never hold: {why}",
        help=("改正条件，或删除这一转换", "mend the guard, or delete the transition"),
    ),
    error(
        "TR307",
        "clock-never-stops",
        "时限 `{name}` 开始后无法停止：`{until}` 不会再出现",
        "the clock `{name}` can never be stopped: `{until}` never comes once it runs",
        help=(
            "在 `until` 中写时限开始之后会出现的状态或事件",
            "name in `until` what can come after its start",
        ),
    ),
    error(
        "TR308",
        "clock-never-starts",
        "时限 `{name}` 永远不会开始：没有状态处理 `{events}`",
        "the clock `{name}` can never start: no state answers `{events}`",
        help=(
            "让某个状态处理它，或改写 `from`",
            "answer it in a state, or start the clock from something else",
        ),
    ),
    warning(
        "TR309",
        "unused-effect",
        "效果 `{name}` 没有用到",
        "the effect `{name}` is not used",
        help=("在某个转换的 `emit` 中写上它，或删除它", "`emit` it in a transition, or delete it"),
    ),
    warning(
        "TR310",
        "until-never-comes",
        "时限 `{clock}` 开始后不会再出现 `{name}`",
        "`{name}` never comes once the clock `{clock}` runs",
        help=("从 `until` 中删除它，或改正名称", "take it out of `until`, or mend the name"),
    ),
    error(
        "TR311",
        "endless-always",
        "`always` 永不停止：{path}",
        "`always` never comes to rest: {path}",
        help=("为其中一个转换加上 `guard`", "give one of these transitions a `guard`"),
    ),
    error(
        "TR312",
        "never-done",
        "`{name}` 的 `onDone` 永不发生：{why}",
        "the `onDone` of `{name}` never comes: {why}",
    ),
)

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
        "`{source}` 中没有条款 `{clause}`",
        "`{source}` has no clause `{clause}`",
    ),
    error(
        "TR503",
        "bad-citation",
        "`{text}` 不是条款引用",
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
)

IN_FORCE = (
    error(
        "TR601",
        "dates-overlap",
        "`{name}` 的生效日期在 {day} 重叠",
        "`{name}` has two entries in force on {day}",
    ),
    error(
        "TR602",
        "dates-reversed",
        "`{name}` 的失效日期早于生效日期",
        "`{name}` ends before it begins",
    ),
    warning(
        "TR603",
        "dates-gap",
        "`{name}` 在 {first} 至 {last} 之间没有生效的数值",
        "`{name}` has nothing in force from {first} to {last}",
    ),
    warning(
        "TR604",
        "unverified",
        "`{name}` 的数值未经核实（confidence: low）",
        "the figure of `{name}` is unverified (confidence: low)",
    ),
)

STYLE = (
    warning(
        "TR901",
        "unused-definition",
        "{kind} `{name}` 没有规则用到",
        "no rule uses the {kind} `{name}`",
        help=("在规则中用上它，或删除它", "use it in a rule, or delete it"),
    ),
)

CODES: Mapping[str, Code] = MappingProxyType(
    {
        code.id: code
        for code in (
            *FILE_AND_YAML,
            *STRUCTURE,
            *EXPRESSIONS,
            *REACHABILITY,
            *CLAUSES,
            *IN_FORCE,
            *STYLE,
        )
    }
)
"""Every code by its id."""
