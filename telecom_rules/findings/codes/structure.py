"""Codes 1xx: structure."""

from telecom_rules.findings.codes.code import error

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
            "名称用小写字母、数字和 `_`，以字母开头，最长 64 个字符；事件名还可用 `.` 分段",
            "names: at most 64 lower-case letters, digits, `_`, a letter first; events may use `.`",
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
        "`{text}` 不是可选值",
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
        "{kind} `{name}` 重复定义",
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
        help=(
            "同一流程中的状态名称不能相同，请改名",
            "state names must be unique in a workflow; rename one of them",
        ),
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
        "终态 `{name}` 不能有转换或子状态",
        "the final state `{name}` cannot have transitions or child states",
    ),
    error("TR118", "empty-choice", "此处至少要有一项", "at least one item is needed here"),
    error(
        "TR119",
        "policy-cycle",
        "策略相互引用成环：{path}",
        "policies refer to each other in a cycle: {path}",
    ),
    error("TR120", "wrong-value", "{what}", "{what}"),
    error(
        "TR121",
        "parallel-shape",
        "并行状态 `{name}` 须有子状态，且不能有 `initial`：所有子状态同时进入",
        "the parallel state `{name}` needs child states and no `initial`: all are entered at once",
    ),
    error(
        "TR122",
        "history-shape",
        "历史状态 `{name}` 不能有 `{key}`：个案不会停留在历史状态",
        "the history state `{name}` cannot have `{key}`: a case is never in a history state",
    ),
    error(
        "TR123",
        "history-default",
        "历史状态 `{name}` 的 `target` 应为 `{parent}` 内的状态",
        "the `target` of the history state `{name}` must be a state inside `{parent}`",
        help=(
            "尚无记忆时，个案进入 `target`",
            "a case enters the `target` while nothing is remembered yet",
        ),
    ),
    error(
        "TR124",
        "conflicting-targets",
        "`{one}` 与 `{other}` 不能同时激活，不能作为同一转换的目标",
        "`{one}` and `{other}` cannot be active together, nor be targets of one transition",
        help=(
            "多个目标须位于同一并行状态的不同区域",
            "several targets must lie in different regions of one parallel state",
        ),
    ),
    error(
        "TR125",
        "several-lines",
        "此处应为一行文本",
        "the text here must be one line",
        help=(
            "较长的文本用 `>-` 折行，各段之间不空行",
            "fold a long text with `>-`, without a blank line in it",
        ),
    ),
    error(
        "TR126",
        "policies-asked-too-often",
        "策略 `{name}` 的一次决策可能须询问其他策略 {most} 次以上",
        "one decision of the policy `{name}` may ask other policies more than {most} times",
        help=(
            "减少层层引用的策略，或合并其中一些",
            "let fewer policies ask one another in a row, or join some of them",
        ),
    ),
    error(
        "TR127",
        "decision-too-dear",
        "策略 `{name}` 的一次决策最多可能需要 {steps} 步，上限 {most} 步；步数最多的是 {dearest}",
        "one decision of the policy `{name}` may take {steps} steps, at most {most} are allowed;"
        " most go to {dearest}",
        help=(
            "用 `max_length` 限制所读文本的长度，简化正则表达式，或拆分该策略",
            "limit the length of the texts it reads (`max_length`), simplify patterns, or split it",
        ),
    ),
    error(
        "TR128",
        "macrostep-too-dear",
        "流程 `{name}` 处理一个事件最多可能需要 {steps} 步，上限 {most} 步；步数最多的是 {dearest}",
        "one event of the workflow `{name}` may take {steps} steps, at most {most} are allowed;"
        " most go to {dearest}",
        help=(
            "限制所读文本的长度，简化条件，或避免自动转换循环往复",
            "limit the length of texts, simplify guards, or break circles of automatic transitions",
        ),
    ),
)
