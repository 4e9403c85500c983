"""Codes 1xx: structure."""

from telecom_rules.findings.codes.code import error, warning

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
    error(
        "TR129",
        "wildcards-too-wide",
        "直到流程 `{name}` 为止，通配符共展开成 {most} 个以上的转换",
        "up to the workflow `{name}`, wildcards become more than {most} transitions",
        help=(
            "把通配符写在上层状态，而不是写在其中每一个状态",
            "write the wildcard in the parent state and not in each state inside it",
        ),
    ),
    error(
        "TR130",
        "no-base",
        "无法继承 `{name}`：{why}",
        "the base `{name}` cannot be used: {why}",
        help=(
            "写 `pack: telecom_rules`、已安装规则包的名称，或相对路径 `path: ../group`",
            "write `pack: telecom_rules`, the name of an installed pack, or `path: ../group`",
        ),
    ),
    error(
        "TR131",
        "wrong-base-version",
        "`{pack}` 的版本是 {found}，而此处要求 {wanted}",
        "`{pack}` is of version {found}, and {wanted} is asked for",
        help=(
            "安装所要求的版本，或用 `telecom-rules upgrade` 查看新版本的影响后再改此处",
            "install such a version, or see with `telecom-rules upgrade` what another one means",
        ),
    ),
    error(
        "TR132",
        "base-circle",
        "规则包相互继承成环：{path}",
        "packs extend each other in a circle: {path}",
    ),
    error(
        "TR133",
        "base-edited",
        "基础规则包已被改动：此处固定的是 {pinned}，现为 {found}",
        "the base has been edited: {pinned} is pinned here, and it is {found} now",
        help=(
            "核对改动后，把 `digest` 改为新的摘要",
            "look at what has changed, then give the new `digest`",
        ),
    ),
    error(
        "TR134",
        "name-of-base",
        "基础规则包已有名为 `{name}` 的{kind}",
        "the base has a {kind} named `{name}` already",
        help=(
            "要改写它，请以 `override: {target}` 开头；否则请另取名称",
            "to change it, begin with `override: {target}`; else choose another name",
        ),
    ),
    error(
        "TR135",
        "nothing-to-override",
        "基础规则包没有 `{name}`",
        "the base has no `{name}`",
        help=("可改写：{known}", "an override names one of: {known}"),
    ),
    error(
        "TR136",
        "no-such-part",
        "基础规则包在此处没有 `{name}`",
        "the base has no `{name}` here",
        help=("可用名称：{known}", "known: {known}"),
    ),
    warning(
        "TR137",
        "idle-override",
        "此处对 `{path}` 的改写与基础规则包相同，没有改变任何内容",
        "this changes nothing of `{path}`: the base says the same",
        help=("删除此处，或写出不同的内容", "delete it, or say something else"),
    ),
    error(
        "TR138",
        "fixed-by-base",
        "`{path}` 不能改写：{why}",
        "`{path}` cannot be changed: {why}",
        help=(
            "删除此处；本企业自己的内容另建要素",
            "leave it out here; what is your own goes into an element of your own",
        ),
    ),
    error(
        "TR139",
        "override-without-base",
        "本规则包没有继承任何规则包，没有可改写的内容",
        "this pack extends no other, so there is nothing to change",
        help=(
            "在 pack.yaml 中写 `extends: telecom_rules`",
            "write `extends: telecom_rules` in `pack.yaml`",
        ),
    ),
    error(
        "TR140",
        "bases-disagree",
        "两个基础规则包对 `{path}` 的规定不同",
        "two bases disagree about `{path}`",
        help=(
            "在本规则包中改写它，写明以哪个为准",
            "say in this pack, by an override, which of them holds",
        ),
    ),
    error(
        "TR141",
        "bad-position",
        "位置应写作 `before: 名称` 或 `after: 名称` 之一",
        "a position is either `before: NAME` or `after: NAME`",
    ),
    error(
        "TR142",
        "which-item",
        "`{path}` 有几项，无法确定所指的是哪一项",
        "`{path}` has several items, and this may mean more than one of them",
        help=(
            "写出该项的 `id`；没有 `id` 的转换，写出它的 `target` 和 `guard`",
            "give its `id`; of a transition without one, its `target` and `guard`",
        ),
    ),
    error(
        "TR143",
        "added-fact-required",
        "补充到基础规则包数据中的 `{name}` 应为可选（`{type}?`）",
        "`{name}` is added to facts of the base, so it must be optional (`{type}?`)",
        help=(
            "基础规则包的记录没有这一项",
            "records made for the base do not have it",
        ),
    ),
    error(
        "TR144",
        "unexplained-loosening",
        "设置 `{name}` 由 {base}放宽为 {value}，未说明理由",
        "the setting `{name}` is loosened from {base} to {value} without a reason",
        help=(
            "写明 `reason: {{zh: ..., en: ...}}`，或该值的 `note`",
            "say why under `reason: {{zh: ..., en: ...}}`, or in the `note` of the value",
        ),
    ),
)
