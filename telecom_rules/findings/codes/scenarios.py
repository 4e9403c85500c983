"""Codes 7xx: scenarios and properties."""

from telecom_rules.findings.codes.code import error, warning

SCENARIOS = (
    error(
        "TR720",
        "scenarios-misplaced",
        "场景文件应放在名为 `scenarios` 的文件夹中",
        "scenario files belong in a folder named `scenarios`",
        help=(
            "移到规则包的 `scenarios` 文件夹；加载规则包时不读取该文件夹",
            "move it to the pack's folder `scenarios`, which is not loaded with the rules",
        ),
    ),
    error(
        "TR721",
        "no-scenarios",
        "`scenarios` 文件夹中的文件应以 `scenarios` 为第一个键，而不是 `{key}`",
        "the first key of a file in the folder `scenarios` must be `scenarios`, not `{key}`",
        help=(
            "规则应放在其他文件夹：这里的文件不随规则包加载",
            "put rules in another folder: files here are not loaded with the pack",
        ),
    ),
    error("TR722", "scenario-value", "此处的值无效：{why}", "the value is not valid here: {why}"),
    error(
        "TR723",
        "scenario-time",
        "`{text}` 不是有效的时间",
        "`{text}` is not a time",
        help=(
            "写作 `2026-03-02 09:00`、`15 days` 或 `clocks.reply.deadline` 的形式",
            "write `2026-03-02 09:00`, `15 days` or `clocks.reply.deadline`",
        ),
    ),
    error(
        "TR730",
        "not-as-expected",
        "`{what}` 为{got}，预期为{expected}",
        "`{what}` is {got}, expected {expected}",
    ),
    error("TR731", "refused", "`{event}` 被拒绝", "`{event}` was refused"),
    error(
        "TR732",
        "not-refused",
        "`{event}` 被接受，预期应被拒绝：{expected}",
        "`{event}` was accepted, expected a refusal: {expected}",
    ),
    error("TR733", "cannot-run", "场景无法运行：{why}", "the scenario cannot run: {why}"),
    error(
        "TR734",
        "no-such-moment",
        "时限 `{clock}` 没有这一时刻：{why}",
        "the clock `{clock}` does not have this moment: {why}",
    ),
    error(
        "TR735",
        "goes-on-from-a-failure",
        "所接续的场景 `{name}` 未通过",
        "the scenario that it continues, `{name}`, failed",
    ),
    error(
        "TR736",
        "case-violates-property",
        "场景中的个案违反了流程约束 `{name}`（{title}）",
        "the case of the scenario violates the property `{name}` ({title})",
        help=(
            "修正流程、流程约束或场景：流程的每个个案都须满足其流程约束",
            "fix the workflow, the property or the scenario: every case must satisfy them",
        ),
    ),
    error(
        "TR737",
        "nothing-called",
        "个案当前不在等待状态 `{state}` 所调用的个案",
        "the case is not waiting for a case called by the state `{state}`",
        help=(
            "先让个案进入该状态",
            "bring the case into that state first",
        ),
    ),
    warning(
        "TR740",
        "cited-in-vain",
        "场景引用了 `{clause}`，但所执行的内容均不以该条款为依据",
        "the scenario cites `{clause}`, but nothing it runs is based on that clause",
        help=(
            "删除该引用，或让场景执行以该条款为依据的内容",
            "remove the citation, or make the scenario run an element that cites the clause",
        ),
    ),
)
