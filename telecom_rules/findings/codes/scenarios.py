"""Codes 7xx: scenarios and properties."""

from telecom_rules.findings.codes.code import error, warning

SCENARIOS = (
    error(
        "TR720",
        "scenarios-misplaced",
        "场景文件应放在名为 `scenarios` 的文件夹中",
        "a file of scenarios belongs in a folder named `scenarios`",
        help=(
            "移到规则包的 `scenarios` 文件夹：加载规则包时不读取它",
            "move it to the folder `scenarios` of the pack: loading a pack does not read it",
        ),
    ),
    error(
        "TR721",
        "no-scenarios",
        "`scenarios` 文件夹中的文件应以 `scenarios` 为第一个键，而不是 `{key}`",
        "a file in the folder `scenarios` begins with the key `scenarios`, not `{key}`",
        help=(
            "规则应放在其他文件夹：这里的文件不随规则包加载",
            "rules belong in another folder: what lies here is not loaded with the pack",
        ),
    ),
    error("TR722", "scenario-value", "此处的值不合适：{why}", "the value does not fit: {why}"),
    error(
        "TR723",
        "scenario-time",
        "`{text}` 不是时间",
        "`{text}` is no time",
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
    error("TR731", "refused", "`{event}` 未被接受", "`{event}` was refused"),
    error(
        "TR732",
        "not-refused",
        "`{event}` 被接受，预期为不接受：{expected}",
        "`{event}` was accepted, expected a refusal: {expected}",
    ),
    error("TR733", "cannot-run", "场景无法运行：{why}", "the scenario cannot run: {why}"),
    error(
        "TR734",
        "no-such-moment",
        "时限 `{clock}` 没有这一时刻：{why}",
        "the clock `{clock}` has no such moment: {why}",
    ),
    error(
        "TR735",
        "goes-on-from-a-failure",
        "所接续的场景 `{name}` 没有通过",
        "the scenario it goes on from, `{name}`, does not come true",
    ),
    error(
        "TR736",
        "case-violates-property",
        "场景中的个案违反了性质 `{name}`（{title}）",
        "the case of the scenario violates the property `{name}` ({title})",
        help=(
            "改正流程、性质或场景：流程的每件个案都须满足其性质",
            "mend the workflow, the property or the scenario: every case keeps the properties",
        ),
    ),
    error(
        "TR737",
        "nothing-called",
        "个案没有在等待状态 `{state}` 所调用的个案",
        "the case does not wait for a case that the state `{state}` has called",
        help=(
            "先让个案进入该状态",
            "lead the case into that state first",
        ),
    ),
    warning(
        "TR740",
        "cited-in-vain",
        "场景引用 `{clause}`，但其中没有任何部分依据该条款",
        "the scenario cites `{clause}`, and nothing in it rests on that clause",
        help=(
            "删除该引用，或让依据该条款的部分出现在场景中",
            "take it out, or let what rests on the clause happen in the scenario",
        ),
    ),
)
