"""Codes 70x and 71x: what must be so of every case, and cases of older versions."""

from telecom_rules.findings.codes.code import error, warning

PROPERTIES = (
    error(
        "TR701",
        "property-template",
        "一项流程约束只能写一个模板，此处有 {count} 个",
        "a property needs exactly one template; this one has {count}",
        help=("模板：{templates}", "templates: {templates}"),
    ),
    error(
        "TR702",
        "property-history",
        "`{name}` 是历史状态，个案不会停留其中",
        "`{name}` is a history state; a case is never in one",
        help=("请写它所通向的状态", "name the states that it leads to"),
    ),
    error(
        "TR703",
        "property-both-sides",
        "`{name}` 同时写在流程约束的两侧",
        "`{name}` is on both sides of the property",
        help=("从其中一侧删除它", "remove it from one side"),
    ),
    error(
        "TR704",
        "property-violated",
        "流程约束不成立（{title}）：{trace}",
        "the property does not hold ({title}): {trace}",
        help=(
            "修正流程，使个案不能这样进行；或修正流程约束",
            "change the workflow so that no case can take this path, or correct the property",
        ),
    ),
    warning(
        "TR705",
        "property-undecided",
        "流程约束是否成立取决于条件（{title}）：{trace}；前提是 {conditions}",
        "the property depends on conditions ({title}): {trace}, if {conditions}",
        help=(
            "运行 `telecom-rules verify`，判断这些条件能否同时出现",
            "run `telecom-rules verify`: it finds out whether these can be true together",
        ),
    ),
    warning(
        "TR706",
        "property-too-large",
        "无法判断流程约束是否成立（{title}）：状态空间的步骤超过 {limit} 个",
        "the property cannot be decided ({title}): the state space has more than {limit} steps",
        help=("拆分该流程", "split the workflow"),
    ),
    warning(
        "TR707",
        "property-never-tested",
        "流程约束从未得到检验（{title}）：个案不会出现 {names}",
        "the property holds vacuously ({title}): no case can reach {names}",
        help=("改正名称，或删除该流程约束", "correct the name, or remove the property"),
    ),
    warning(
        "TR708",
        "vacuity-undecided",
        "流程约束成立（{title}），但无法判断它是否得到检验：状态空间的步骤超过 {limit} 个",
        "the property holds ({title}), but whether a case ever tests it is not decided: the state"
        " space has more than {limit} steps",
        help=("拆分该流程", "split the workflow"),
    ),
    error(
        "TR711",
        "migration-twice",
        "从 {version} 版迁移的规则重复",
        "a second migration from version {version}",
        help=(
            "合并两者；同一版本前后规则不同时，以 `digest` 区分",
            "merge the two, or tell rules of the same version apart by `digest`",
        ),
    ),
    error(
        "TR712",
        "not-a-digest",
        "`{text}` 不是流程的摘要",
        "`{text}` is not the digest of a workflow",
        help=(
            "摘要写作 `sha256:` 加 64 位十六进制数，见快照",
            "a digest is `sha256:` and 64 hexadecimal digits, as snapshots carry it",
        ),
    ),
    error(
        "TR713",
        "migration-to-memory",
        "`{name}` 是历史状态，个案不会停留其中",
        "`{name}` is a history state; a case is never in one",
        help=("请写它所通向的状态", "name the states that it leads to"),
    ),
    error(
        "TR714",
        "migration-both-ways",
        "`{name}` 既写明了对应的状态，又写在 `gone` 中",
        "`{name}` is both mapped and `gone`",
        help=("删除其中一处", "remove one of the two"),
    ),
    error(
        "TR715",
        "migration-joins-clocks",
        "`{one}` 与 `{other}` 都迁移为时限 `{name}`",
        "`{one}` and `{other}` both become the clock `{name}`",
        help=("同一个案的一个时限只能有一次计时", "a case has only one run of each clock"),
    ),
)
