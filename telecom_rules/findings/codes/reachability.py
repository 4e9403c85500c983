"""Codes 3xx: reachability and liveness."""

from telecom_rules.findings.codes.code import error, warning

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
    error(
        "TR313",
        "endless-calls",
        "流程一开始就循环调用，永不停止：{path}",
        "these workflows call one another for ever as soon as they begin: {path}",
        help=(
            "让其中一个先等待事件，再进入发起调用的状态",
            "let one of them wait for an event before it comes to the state that calls",
        ),
    ),
    warning(
        "TR314",
        "order-decides",
        "`{one}` 与 `{other}` 可能同时采用，结果取决于文件中的次序：{why}",
        "`{one}` and `{other}` may be taken together, and their order in the file decides: {why}",
        help=(
            "使两者的条件互斥，或把共同的部分移到外层状态",
            "give them guards that exclude each other, or move what they share to the state around",
        ),
    ),
)
