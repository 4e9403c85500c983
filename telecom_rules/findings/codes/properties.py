"""Codes 70x and 71x: what must be so of every case, and cases of older versions."""

from telecom_rules.findings.codes.code import error, warning

PROPERTIES = (
    error(
        "TR701",
        "property-template",
        "一项性质应恰好写明一个模板，此处有 {count} 个",
        "a property states exactly one template, this one has {count}",
        help=("模板：{templates}", "templates: {templates}"),
    ),
    error(
        "TR702",
        "property-history",
        "`{name}` 是历史状态，个案从不进入它",
        "`{name}` is a history state, which no case ever enters",
        help=("写上它所通向的状态", "name the states it leads to"),
    ),
    error(
        "TR703",
        "property-both-sides",
        "`{name}` 同时写在性质的两侧",
        "`{name}` stands on both sides of the property",
        help=("从其中一侧删除它", "take it out of one of the two"),
    ),
    error(
        "TR704",
        "property-violated",
        "性质不成立（{title}）：{trace}",
        "the property does not hold ({title}): {trace}",
        help=(
            "改正流程，使个案不能这样进行；或改正性质",
            "mend the workflow so that no case can go this way, or mend the property",
        ),
    ),
    warning(
        "TR705",
        "property-undecided",
        "性质取决于条件（{title}）：{trace}；须满足 {conditions}",
        "the property depends on conditions ({title}): {trace}; that needs {conditions}",
        help=(
            "查明这些条件能否同时出现；性质可以在日志上检验",
            "see whether these can come together; journals can be checked for the property",
        ),
    ),
    warning(
        "TR706",
        "property-too-large",
        "性质无法判断（{title}）：要看的步骤超过 {limit} 个",
        "the property is not decided ({title}): there are more than {limit} moves to look at",
        help=("把流程拆分为几个", "split the workflow"),
    ),
    warning(
        "TR707",
        "property-never-tested",
        "性质从未用到（{title}）：没有个案会出现 {names}",
        "the property is never put to the test ({title}): no case comes to {names}",
        help=("改正名称，或删除该性质", "mend the name, or delete the property"),
    ),
    error(
        "TR711",
        "migration-twice",
        "从 {version} 版的迁移已经写过",
        "there is a migration from {version} already",
        help=(
            "合并两者；同一版本来自不同规则包时，以 `digest` 区分",
            "join the two; where one version was in different packs, tell them by `digest`",
        ),
    ),
    error(
        "TR712",
        "not-a-digest",
        "`{text}` 不是规则包的摘要",
        "`{text}` is not the digest of a pack",
        help=(
            "摘要写作 `sha256:` 加 64 位十六进制数，见快照或 `validate` 的输出",
            "a digest is `sha256:` and 64 hexadecimal digits, as snapshots carry it",
        ),
    ),
    error(
        "TR713",
        "migration-to-memory",
        "`{name}` 是历史状态，个案不能处于其中",
        "`{name}` is a history state, in which no case can be",
        help=("写上它所通向的状态", "name the states it leads to"),
    ),
    error(
        "TR714",
        "migration-both-ways",
        "`{name}` 既有去处，又写在 `gone` 中",
        "`{name}` has become something and is `gone` as well",
        help=("删除其中一处", "take out one of the two"),
    ),
    error(
        "TR715",
        "migration-joins-clocks",
        "`{one}` 与 `{other}` 都成为时限 `{name}`",
        "`{one}` and `{other}` both become the clock `{name}`",
        help=("一件个案的一个时限只有一次计时", "a case has one run of a clock"),
    ),
)
