"""Codes 76x: house rules and the rules they lie on."""

from telecom_rules.findings.codes.code import error, warning

STRICTNESS = (
    error(
        "TR760",
        "laxer-than-base",
        "宽于基础规则包：{what}",
        "laxer than the base: {what}",
        help=(
            "本企业的规则可以更严，不能更宽；请改回或收紧",
            "house rules may be stricter than their base and not laxer: take it back or tighten it",
        ),
    ),
    error(
        "TR761",
        "other-than-base",
        "与基础规则包不同，且没有规定何者更严：{what}",
        "other than the base, and nothing says which is stricter: {what}",
        help=(
            "请改回；如能分出宽严，由基础规则包以 `stricter` 写明",
            "take it back; where one is stricter, the base has to say so by `stricter`",
        ),
    ),
    warning(
        "TR762",
        "strictness-undecided",
        "未能判断是否宽于基础规则包：{what}",
        "not decided whether it is laxer than the base: {what}",
        help=(
            "运行 `telecom-rules verify`，或改写得更简单；发布前须消除",
            "run `telecom-rules verify`, or write it more simply; it stops a release",
        ),
    ),
    error(
        "TR763",
        "released-undecided",
        "发布前仍未判断是否宽于基础规则包：{what}",
        "still not decided whether it is laxer than the base: {what}",
        help=(
            "如 `--prove`（由求解器判断）仍未能判断，请改写得更简单",
            "write it more simply, unless `--prove`, which asks a solver, settles it",
        ),
    ),
    warning(
        "TR764",
        "literal-limit",
        "时限 `{clock}` 直接写为 {limit}，而 `{clause}` 已有参数 `{name}`",
        "the limit of `{clock}` is written out as {limit}, though `{clause}` has the parameter"
        " `{name}`",
        help=(
            "写 `limit: parameters.{name}`，数值随法律更新",
            "write `limit: parameters.{name}`, so that it follows the law",
        ),
    ),
    warning(
        "TR765",
        "dropped-citation",
        "{kind} `{name}` 不再引用基础规则包引用的 {clauses}",
        "the {kind} `{name}` no longer cites {clauses}, as the base does",
        help=(
            "保留基础规则包的条款，把本企业的条款写在其后",
            "keep the clauses of the base, and put your own behind them",
        ),
    ),
    error(
        "TR766",
        "law-of-the-house",
        "参数 `{name}` 写作法定数值（`kind: law`），所引条款 {clauses} 却是本企业自己的规定",
        "`{name}` is called a figure of the law (`kind: law`), but what it cites is the house's"
        " own: {clauses}",
        help=(
            "本企业的承诺写 `kind: promise`；法律确已变更的，登记并引用该法律文件",
            "write `kind: promise` for a promise of the house; where the law has changed, cite it",
        ),
    ),
)
