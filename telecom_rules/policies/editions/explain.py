"""Explanations of decisions, in lines for people."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions import Budget
from telecom_rules.policies.editions.three_valued import evaluate_all
from telecom_rules.policies.explanation.causes import is_false, iter_causes, iter_near_misses
from telecom_rules.policies.explanation.phrases import (
    describe_field_value,
    describe_field_values,
    field_title_of,
    full_name_of,
)
from telecom_rules.policies.hit_policies import STOPS_AT_FIRST
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from telecom_rules.expressions import Context, Expression
    from telecom_rules.policies.decision import CheckResult, Decision, Status
    from telecom_rules.policies.editions.edition import Edition
    from telecom_rules.policies.editions.table_rows import TableRows
    from telecom_rules.policies.rules import Row, Severity
    from telecom_rules.vocabulary import Field, ParameterValue, Record, Value


T = TypeVar("T")

HEADING = Wording("{title}（{name}），按 {on} 有效的规定", "{title} ({name}), as in force on {on}")
DECISION = Wording("结论：", "Decision:")
UNDECIDED = Wording("结论：数据不全，尚不能确定", "Decision: not yet possible, facts are missing")
FACTS_NEEDED = Wording("还需要的数据：", "Facts still needed:")
RULES_HOLD = Wording("理由：以下规则成立", "Reason: these rules hold")
NOTHING_HOLDS = Wording("理由：没有规则成立", "Reason: no rule holds")
RULES_AGREE = Wording(
    "理由：必有以下规则之一成立，结论都相同",
    "Reason: one of these rules holds, and each gives the same",
)
RULE_OUTPUTS = Wording("{rule}：{outputs}", "{rule}: {outputs}")
RULE_HOLDS = Wording("理由：符合规则 {rule}", "Reason: the rule {rule} holds")
NO_CONDITION = Wording("该规则没有条件，总是成立", "the rule has no condition and always holds")
DEFAULT_APPLIES = Wording(
    "理由：没有规则成立，适用默认结论", "Reason: no rule holds, so the default applies"
)
RULES_PENDING = Wording("尚不能判断的规则：", "Rules not yet determined:")
RULES_WITHOUT_EFFECT = Wording(
    "数据不全但不影响结论的规则：", "Rules not determined, without effect on the decision:"
)
RULES_FAILING = Wording("不成立的规则：", "Rules that do not hold:")
CLAUSES_HEADING = Wording("依据：", "Clauses:")
FIGURES_HEADING = Wording("使用的参数：", "Figures used:")
PEERS_HEADING = Wording("引用的策略：", "Policies asked:")
RULE_LINE = Wording("{rule}：{why}", "{rule}: {why}")
HOLDS_TOO = Wording(
    "{rule}：成立，但尚不能确定由它决定",
    "{rule}: holds, but whether it decides is not yet determined",
)
NOTE = Wording("说明：{note}", "Note: {note}")
UNMEASURED = Wording("测得的太少，不作判断（{why}）", "too little was measured to judge it ({why})")
INTERPRETED = Wording(
    "请注意：这是本规则包对条文的理解，不是条文原文",
    "Note: this is our reading of the clause, not its words",
)
VERDICT_LINE = Wording("结论：{verdict}", "Verdict: {verdict}")
REMEDY_LINE = Wording("  整改要求：{remedy}", "  remedy: {remedy}")
CLAUSE_LINE = Wording("  依据：{clause}", "  clause: {clause}")

PEER_FAILED = Wording("{name}：没有结论，{why}", "{name}: no decision, {why}")
FIGURE_LINE = Wording(
    "{title}：{value}（自 {since} 起有效，{confidence}）",
    "{title}: {value} (since {since}, {confidence})",
)
VERDICT_NAMES: Mapping[object, Wording] = {
    "fail": Wording("不通过", "fail"),
    "warn": Wording("有警告", "warnings"),
    "unknown": Wording("数据不全，尚不能确定", "unknown, facts are missing"),
    "pass": Wording("通过", "pass"),
}
STATUS_HEADINGS: Mapping[Status, Wording] = {
    "fail": Wording("未通过的检查：", "Checks that fail:"),
    "unknown": Wording("数据不全的检查：", "Checks not yet determined:"),
    "pass": Wording("通过的检查：", "Checks that pass:"),
    "not_applicable": Wording("不适用的检查：", "Checks that do not apply:"),
}
SEVERITY_NAMES: Mapping[Severity, Wording] = {
    "error": Wording("错误", "error"),
    "warning": Wording("警告", "warning"),
    "advice": Wording("建议", "advice"),
}


def explain_table(edition: TableRows, decision: Decision) -> Iterable[Wording]:
    """Return the lines on a decision of a table.

    They follow from the day and the facts that the table reads, and are kept as a whole. Where one
    of these is unknown they are not: what is known of it may follow from a fact that no rule reads.
    """
    budget = Budget()
    names = edition.key_facts()
    known = () if names is None else tuple(map(decision.facts.get, names))
    if names is None or None in known:
        return iter_lines(edition, decision, budget)
    return edition.cache.recall(
        ("table", decision.on, *known),
        lambda: tuple(iter_lines(edition, decision, budget)),
        budget,
    )


def iter_lines(edition: TableRows, decision: Decision, budget: Budget) -> Iterator[Wording]:
    """Yield the lines on a decision of a table."""
    yield edition.cache.recall(("head", decision.on), lambda: describe_policy_and_day(decision))
    if decision.known:
        yield from explain_outcome(edition, decision)
        yield from explain_reason(edition, decision, budget)
    else:
        yield UNDECIDED
        needed = iter_facts_needed(edition.policy.facts.fields, decision.missing)
        yield from build_section(FACTS_NEEDED, needed)
    yield from recall_sources(edition, decision)
    yield from explain_other_rules(edition, decision, budget)


def explain_outcome(edition: TableRows, decision: Decision) -> Iterator[Wording]:
    """Yield the lines on the outputs."""
    recall = edition.cache.recall
    shape = edition.policy.outputs
    if decision.outputs:
        yield DECISION
    for name, value in decision.outputs.items():
        field = shape.fields[name]
        yield recall(("output", name, str(value)), partial(describe_output, name, field, value))


def describe_output(name: str, field: Field, value: Value) -> Wording:
    """Return the line on one output."""
    return indent_line(describe_field_value(name, field, value))


def recall_sources(edition: TableRows, decision: Decision) -> Iterable[Wording]:
    """Return the lines on clauses and figures, which depend only on the rules and the day."""
    if edition.policy.peers or not decision.known:
        return explain_sources(edition, decision)
    key = ("sources", decision.on, *(rule.id for rule in decision.rules))
    return edition.cache.recall(key, lambda: tuple(explain_sources(edition, decision)))


def explain_reason(edition: TableRows, decision: Decision, budget: Budget) -> Iterator[Wording]:
    """Yield the deciding rules, their conditions with the values read, and their notes."""
    rows = edition.deciding_rows(decision)
    if not rows:
        yield NOTHING_HOLDS if edition.policy.default is None else DEFAULT_APPLIES
        return
    if decision.rule is not None and len(rows) == 1 and all_hold(edition, rows, decision):
        yield edition.cache.recall(
            ("rule", rows[0].rule.id), lambda: RULE_HOLDS.fill(rule=full_name_of(rows[0].rule))
        )
        yield from explain_row(edition, rows[0], decision, budget)
        return
    yield RULES_HOLD if all_hold(edition, rows, decision) else RULES_AGREE
    for row in rows:
        given = edition.evaluate_row(
            row, decision.facts, edition.build_context(decision.facts, decision.on)
        )
        outputs = join_wordings(describe_field_values(edition.policy.entry, given.outputs or {}))
        yield from indent([RULE_OUTPUTS.fill(rule=full_name_of(row.rule), outputs=outputs)])
        yield from indent(explain_row(edition, row, decision, budget))


def all_hold(edition: TableRows, rows: Sequence[Row], decision: Decision) -> bool:
    """Return whether rows hold on the facts that are known."""
    facts, fields = decision.facts, edition.policy.facts.fields

    def holds(row: Row) -> bool | None:
        context = edition.build_context(facts, decision.on)
        return evaluate_all(row.tests, facts, context, fields).holds

    for row in rows:
        names = edition.key_facts_of(row.rule.id, row.tests)
        key = None if names is None else ("holds", row.rule.id, *map(facts.get, names))
        if not (holds(row) if key is None else edition.cache.recall(key, partial(holds, row))):
            return False
    return True


def explain_row(
    edition: TableRows, row: Row, decision: Decision, budget: Budget
) -> Iterator[Wording]:
    """Yield the conditions of a row that holds with the values read, and its note."""
    facts, context = decision.facts, edition.build_context(decision.facts, decision.on)
    if not row.tests:
        yield from indent([NO_CONDITION])
    for at, test in enumerate(row.tests):

        def why(test: Expression = test) -> tuple[Wording, ...]:
            return tuple(indent(each.wording for each in test.why(facts, context, budget)))

        yield from recall_for_facts(edition, ("why", row.rule.id, at), test, facts, why, budget)
    if row.rule.interpretation:
        yield INTERPRETED
    if row.rule.note is not None:
        yield NOTE.fill(note=row.rule.note)


def explain_other_rules(
    edition: TableRows, decision: Decision, budget: Budget
) -> Iterator[Wording]:
    """Yield the rules that did not decide, each with its first test that is not true."""
    pending: list[Wording] = []
    failing: list[Wording] = []
    deciding = edition.deciding_rows(decision)
    # `recall` in line: this loop is most of the time of an explanation.
    facts, cached = decision.facts.get, edition.cache.entries.get
    for row in edition.tested_rows(decision):
        if row in deciding:  # by identity: `Row` has `eq=False`
            continue
        names = edition.key_facts_of(row.rule.id, row.tests)
        key = None if names is None else ("rule line", row.rule.id, *map(facts, names))
        holds, line = cached(key) or explain_other_rule(edition, row, decision, key, budget)
        (failing if holds is False else pending).append(line)
        if holds and edition.policy.hit_policy in STOPS_AT_FIRST:
            break
    if pending:
        yield RULES_WITHOUT_EFFECT if decision.known else RULES_PENDING
        yield from pending
    if failing:
        yield RULES_FAILING
        yield from failing


def explain_other_rule(
    edition: TableRows,
    row: Row,
    decision: Decision,
    key: tuple[object, ...] | None,
    budget: Budget,
) -> tuple[bool | None, Wording]:
    """Return whether a row that did not decide holds, and the line that says so.

    It is kept under `key`, unless that is `None`.
    """
    facts, context = decision.facts, edition.build_context(decision.facts, decision.on)
    holds = evaluate_all(row.tests, facts, context, edition.policy.facts.fields).holds
    if holds is False:
        said = describe_failed_row(edition, row, facts, context, budget)
    else:
        said = HOLDS_TOO.fill(rule=full_name_of(row.rule))
        if holds is None:
            seen = next(iter_causes(row.tests, facts, context, verdict=None, budget=budget), None)
            why = Wording.same("") if seen is None else seen.wording
            said = RULE_LINE.fill(rule=full_name_of(row.rule), why=why)
        said = indent_line(said)
    found = holds, said
    return found if key is None else edition.cache.recall(key, lambda: found, budget)


def recall_for_facts(
    edition: TableRows,
    place: tuple[str, str, int],
    test: Expression,
    facts: Record,
    make: Callable[[], T],
    budget: Budget,
) -> T:
    """Return the line on a test from the cache, by the facts that it reads, or make it."""
    names = edition.key_facts_of(place, [test])
    if names is None:
        return make()
    return edition.cache.recall((*place, *map(facts.get, names)), make, budget)


def describe_failed_row(
    edition: TableRows, row: Row, facts: Record, context: Context, budget: Budget
) -> Wording:
    """Return the line on a row that does not hold: its first test that is false says why.

    The line is kept by the facts of that test: the row may read others, which differ more often.
    """
    at = next(at for at, test in enumerate(row.tests) if is_false(test, facts, context))
    test = row.tests[at]

    def make() -> Wording:
        why = next(iter_near_misses(test, facts, context, budget))
        return indent_line(RULE_LINE.fill(rule=full_name_of(row.rule), why=why))

    return recall_for_facts(edition, ("miss", row.rule.id, at), test, facts, make, budget)


def explain_checklist(edition: Edition, decision: Decision) -> Iterator[Wording]:
    """Yield the lines on a decision of a checklist: failed checks first, then unknown ones."""
    yield describe_policy_and_day(decision)
    yield VERDICT_LINE.fill(verdict=VERDICT_NAMES[decision.outputs["verdict"]])
    needed = iter_facts_needed(edition.policy.facts.fields, decision.missing)
    yield from build_section(FACTS_NEEDED, needed)
    budget = Budget()
    for status, title in STATUS_HEADINGS.items():
        results = [each for each in decision.results if each.status == status]
        lines = chain.from_iterable(explain_result(each, budget) for each in results)
        yield from build_section(title, lines)
    yield from explain_sources(edition, decision)


def explain_result(result: CheckResult, budget: Budget) -> Iterator[Wording]:
    """Yield the result of one check and why; for a failure also its remedy and clauses."""
    why = join_wordings(result.tell(budget), ("；", "; "))
    name = Wording("{title}（{id}）", "{title} ({id})").fill(title=result.title, id=result.id)
    if result.is_unmeasured:
        why = UNMEASURED.fill(why=why)
    line = Wording("{name}：{why}", "{name}: {why}").fill(name=name, why=why) if why.en else name
    if result.status != "fail":
        yield line
        return
    yield Wording("[{severity}] {line}", "[{severity}] {line}").fill(
        severity=SEVERITY_NAMES[result.severity], line=line
    )
    yield REMEDY_LINE.fill(remedy=result.remedy)
    if result.interpretation:
        yield from indent([INTERPRETED])
    yield from (CLAUSE_LINE.fill(clause=clause.wording) for clause in result.cites)


def explain_sources(edition: Edition, decision: Decision) -> Iterator[Wording]:
    """Yield the clauses of a decision, the figures it read and the policies it read."""
    yield from build_section(CLAUSES_HEADING, (clause.wording for clause in decision.cites))
    lines = (
        describe_figure_used(edition.policy.parameters[name].title, value)
        for name, value in decision.parameters.items()
    )
    yield from build_section(FIGURES_HEADING, lines)
    yield from build_section(
        PEERS_HEADING, map(describe_peer_decision, edition.iter_peer_decisions(decision))
    )


def describe_figure_used(title: Wording, value: ParameterValue) -> Wording:
    """Return a figure with the day since which it is in force, and how sure it is."""
    said = value.assurance
    return FIGURE_LINE.fill(title=title, value=value.wording, since=value.since, confidence=said)


def describe_peer_decision(asked: tuple[str, Decision | TelecomRulesError]) -> Wording:
    """Return the decision of another policy, or why it has none, on one line."""
    name, decision = asked
    if isinstance(decision, TelecomRulesError):
        return PEER_FAILED.fill(name=name, why=decision.wording)
    line = Wording("{title}（{name}）：{summary}", "{title} ({name}): {summary}")
    summary = Wording(decision.summary("zh"), decision.summary("en"))
    return line.fill(title=decision.title, name=decision.policy, summary=summary)


def iter_facts_needed(fields: Mapping[str, Field], missing: Iterable[str]) -> Iterator[Wording]:
    """Yield the facts that are missing by their titles."""
    for name in missing:
        title = field_title_of(name, fields.get(name))
        yield Wording("{title}（{name}）", "{title} ({name})").fill(title=title, name=name)


def describe_policy_and_day(decision: Decision) -> Wording:
    """Return which policy decided, and as of which day."""
    return HEADING.fill(title=decision.title, name=decision.policy, on=decision.on.isoformat())


def build_section(title: Wording, lines: Iterable[Wording]) -> Iterator[Wording]:
    """Yield a title and the lines below it, or nothing where there are none."""
    shown = list(lines)
    if shown:
        yield title
        yield from indent(shown)


def indent(lines: Iterable[Wording]) -> Iterator[Wording]:
    """Yield lines indented by two spaces."""
    return map(indent_line, lines)


def indent_line(line: Wording) -> Wording:
    """Return a line indented by two spaces."""
    return Wording(f"  {line.zh}", f"  {line.en}")
