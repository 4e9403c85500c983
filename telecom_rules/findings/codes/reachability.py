"""Codes 3xx: reachability and liveness."""

from telecom_rules.findings.codes.code import error, warning

REACHABILITY = (
    error(
        "TR301",
        "unreachable-state",
        "状态 `{name}` 不可达：个案无法进入",
        "state `{name}` is unreachable: no case can enter it",
        help=("增加通向该状态的转换，或删除该状态", "add a transition to it, or remove it"),
    ),
    error(
        "TR302",
        "no-way-to-an-end",
        "从状态 `{name}` 无法到达终态",
        "state `{name}` cannot reach a final state",
        help=(
            "增加通向终态的转换；如个案在此办结，写 `type: final`",
            "add a transition towards a final state, or write `type: final` if the case ends here",
        ),
    ),
    warning(
        "TR303",
        "unused-event",
        "事件 `{name}` 未使用",
        "event `{name}` is unused",
        help=(
            "在某个状态的 `on` 中处理该事件，或删除该事件",
            "handle it in the `on` of a state, or remove it",
        ),
    ),
    error(
        "TR304",
        "expiry-never-comes",
        "状态 `{state}` 中不会发生 `{event}`：时限 `{clocks}` 不会在该状态到期",
        "`{event}` cannot occur in state `{state}`: the clock `{clocks}` does not expire there",
        help=(
            "移到该时限计时中的状态，或删除",
            "move it to a state in which the clock runs, or remove it",
        ),
    ),
    error(
        "TR305",
        "shadowed-transition",
        "状态 `{name}` 的这一转换永远不会执行：排在前面的转换总是先执行",
        "this transition of `{name}` is never taken: an earlier one is always taken first",
        help=(
            "移到前面，或给前面的转换加上 `guard`",
            "move it up, or add a guard to the earlier one",
        ),
    ),
    error(
        "TR306",
        "impossible-guard",
        "条件不可能成立：{why}",
        "the condition can never hold: {why}",
        help=(
            "修正条件，或删除它所约束的转换或动作",
            "fix the condition, or remove the transition or action",
        ),
    ),
    error(
        "TR307",
        "clock-never-stops",
        "时限 `{name}` 一旦开始便无法停止：此后不会再发生 `{until}`",
        "clock `{name}` cannot be stopped: `{until}` cannot occur once it runs",
        help=(
            "在 `until` 中写明时限开始之后可能发生的状态或事件",
            "in `until`, name a state or event that can occur after the clock starts",
        ),
    ),
    error(
        "TR308",
        "clock-never-starts",
        "时限 `{name}` 不会开始：没有状态处理 `{events}`",
        "clock `{name}` cannot start: no state handles `{events}`",
        help=(
            "在某个状态中处理该事件，或修改 `from`",
            "handle the event in a state, or change `from`",
        ),
    ),
    warning(
        "TR309",
        "unused-effect",
        "待办事项 `{name}` 未使用",
        "effect `{name}` is unused",
        help=("在某个转换的 `emit` 中使用，或删除", "`emit` it in a transition, or remove it"),
    ),
    warning(
        "TR310",
        "until-never-comes",
        "时限 `{clock}` 开始后不会再发生 `{name}`",
        "`{name}` cannot occur once the clock `{clock}` runs",
        help=("从 `until` 中删除，或改正名称", "remove it from `until`, or correct the name"),
    ),
    error(
        "TR311",
        "endless-always",
        "`always` 转换构成死循环：{path}",
        "`always` transitions loop forever: {path}",
        help=("为其中一个转换加上 `guard`", "give one of these transitions a `guard`"),
    ),
    error(
        "TR312",
        "never-done",
        "`{name}` 的 `onDone` 不会发生：{why}",
        "the `onDone` of `{name}` cannot occur: {why}",
    ),
    error(
        "TR313",
        "endless-calls",
        "流程一开始就相互调用，构成死循环：{path}",
        "these workflows call one another forever as soon as they start: {path}",
        help=(
            "让其中一个流程先等待事件，再进入发起调用的状态",
            "let one of them wait for an event before it enters the calling state",
        ),
    ),
    warning(
        "TR314",
        "order-decides",
        "`{one}` 与 `{other}` 可能同时执行，结果取决于书写次序：{why}",
        "`{one}` and `{other}` may be taken together, and the result depends on their order: {why}",
        help=(
            "使两者的条件互斥，或把共同的部分移到上层状态",
            "make their guards exclusive, or move the shared actions to the parent state",
        ),
    ),
    warning(
        "TR315",
        "order-undecided",
        "无法判断流程 `{name}` 并行区域的结果是否取决于书写次序：状态空间的步骤超过 {limit} 个",
        "whether the order of transitions matters in the parallel regions of `{name}` is not"
        " decided: the state space has more than {limit} steps",
        help=("拆分该流程", "split the workflow"),
    ),
    warning(
        "TR316",
        "shadowing-undecided",
        "无法判断转换 `{name}` 是否永远轮不到：只与前面的 {limit} 个转换作了比较",
        "whether `{name}` is ever reached is not decided: it is compared with the first {limit}"
        " transitions before it only",
        help=("减少该事件的转换", "write fewer transitions for the event"),
    ),
    warning(
        "TR317",
        "guard-undecided",
        "无法判断这一条件能否成立：其中并列的情形超过 {limit} 种",
        "whether this condition can hold is not decided: it has more than {limit} alternatives",
        help=("把条件拆成几个转换或动作", "split it over several transitions or actions"),
    ),
)
