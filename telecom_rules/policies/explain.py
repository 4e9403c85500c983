"""Why a policy decided as it did, in lines for people."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from telecom_rules.policies.hits import IN_TURN
from telecom_rules.policies.phrases import called, joined, named, pair, values
from telecom_rules.policies.standing import fails, found_against, misses, stand
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from telecom_rules.expressions import Context, Expression
    from telecom_rules.policies.checklist import ChecklistEdition
    from telecom_rules.policies.decision import CheckResult, Decision, Status
    from telecom_rules.policies.edition import Edition
    from telecom_rules.policies.policy import Policy
    from telecom_rules.policies.row import Row, Severity
    from telecom_rules.policies.table import TableEdition
    from telecom_rules.vocabulary import Field, ParameterValue, Record, RecordType, Value

__all__ = ["checklist", "summary", "table"]

T = TypeVar("T")

HEAD = Wording("{title}（{name}），按 {on} 有效的规定", "{title} ({name}), as in force on {on}")
DECIDED = Wording("结论：", "Decision:")
UNDECIDED = Wording("结论：数据不全，尚不能确定", "Decision: none yet, facts are missing")
NEEDED = Wording("还需要的数据：", "Facts still needed:")
RULES_HOLD = Wording("理由：以下规则成立", "Reason: these rules hold")
NOTHING_HOLDS = Wording("理由：没有规则成立", "Reason: no rule holds")
ENTRY = Wording("{rule}：{outputs}", "{rule}: {outputs}")
RULE_HOLDS = Wording("理由：符合规则 {rule}", "Reason: the rule {rule} holds")
NO_CONDITION = Wording("该规则没有条件，总是成立", "it has no condition and always holds")
DEFAULT = Wording(
    "理由：没有规则成立，适用默认结论", "Reason: no rule holds, so the default applies"
)
PENDING = Wording("尚不能判断的规则：", "Rules that cannot be told yet:")
SAME = Wording(
    "数据不全但不影响结论的规则：", "Rules that cannot be told and would decide the same:"
)
FAILING = Wording("不成立的规则：", "Rules that do not hold:")
CLAUSES = Wording("依据：", "Clauses:")
FIGURES = Wording("使用的参数：", "Figures used:")
ASKED = Wording("引用的策略：", "Policies asked:")
RULE_LINE = Wording("{rule}：{why}", "{rule}: {why}")
HOLDS_TOO = Wording(
    "{rule}：成立，但尚不能确定由它决定",
    "{rule}: holds, but it is not yet sure that it decides",
)
NOTE = Wording("说明：{note}", "Note: {note}")
VERDICT = Wording("结论：{verdict}", "Verdict: {verdict}")
REMEDY = Wording("  处理：{remedy}", "  what to do: {remedy}")
CLAUSE = Wording("  依据：{clause}", "  clause: {clause}")

FIGURE = Wording(
    "{title}：{value}（自 {since} 起有效，{confidence}）",
    "{title}: {value} (since {since}, {confidence})",
)
VERDICTS: Mapping[object, Wording] = {
    "fail": Wording("不通过", "fail"),
    "unknown": Wording("数据不全，尚不能确定", "unknown, facts are missing"),
    "pass": Wording("通过", "pass"),
}
STATUSES: Mapping[Status, Wording] = {
    "fail": Wording("未通过的检查：", "Checks that fail:"),
    "unknown": Wording("数据不全的检查：", "Checks that cannot be told yet:"),
    "pass": Wording("通过的检查：", "Checks that pass:"),
    "not_applicable": Wording("不适用的检查：", "Checks that do not apply:"),
}
SEVERITIES: Mapping[Severity, Wording] = {
    "error": Wording("错误", "error"),
    "warning": Wording("警告", "warning"),
    "advice": Wording("建议", "advice"),
}


def table(edition: TableEdition, decision: Decision) -> Iterator[Wording]:
    """Yield the lines on a decision of a table."""
    yield edition.memory.recall(("head", decision.on), lambda: head(decision))
    if decision.known:
        yield from outcome(edition, decision)
        yield from reason(edition, decision)
    else:
        yield UNDECIDED
        yield from section(NEEDED, needed(edition.policy, decision.missing))
    yield from grounds(edition, decision)
    yield from others(edition, decision)


def outcome(edition: TableEdition, decision: Decision) -> Iterator[Wording]:
    """Yield the lines on what was decided."""
    recall = edition.memory.recall
    shape = edition.policy.outputs
    if decision.outputs:
        yield DECIDED
    for name, value in decision.outputs.items():
        field = shape.fields[name]
        yield recall(("output", name, str(value)), partial(line_of, name, field, value))


def line_of(name: str, field: Field, value: Value) -> Wording:
    """Return the line on one output."""
    said = pair(name, field, value)
    return Wording(f"  {said.zh}", f"  {said.en}")


def grounds(edition: TableEdition, decision: Decision) -> Iterable[Wording]:
    """Return the lines on clauses and figures, which depend on the rules and the day alone."""
    if edition.policy.peers or not decision.known:
        return sources(edition, decision)
    key = ("sources", decision.on, *(rule.id for rule in decision.rules))
    return edition.memory.recall(key, lambda: tuple(sources(edition, decision)))


def reason(edition: TableEdition, decision: Decision) -> Iterator[Wording]:
    """Yield which rules decided, their conditions with what they saw, and their notes."""
    rows = edition.deciding(decision)
    if not rows:
        yield NOTHING_HOLDS if edition.policy.default is None else DEFAULT
        return
    if decision.rule is not None and len(rows) == 1:
        yield edition.memory.recall(
            ("rule", rows[0].rule.id), lambda: RULE_HOLDS.fill(rule=named(rows[0].rule))
        )
        yield from holding(edition, rows[0], decision)
        return
    yield RULES_HOLD
    for row in rows:
        given = edition.result(row, decision.facts, edition.context(decision.facts, decision.on))
        outputs = joined(values(edition.policy.entry, given.outputs or {}))
        yield from indented([ENTRY.fill(rule=named(row.rule), outputs=outputs)])
        yield from indented(holding(edition, row, decision))


def holding(edition: TableEdition, row: Row, decision: Decision) -> Iterator[Wording]:
    """Yield the conditions of a row that holds with what they saw, and its note."""
    facts, context = decision.facts, edition.context(decision.facts, decision.on)
    if not row.tests:
        yield from indented([NO_CONDITION])
    for at, test in enumerate(row.tests):

        def why(test: Expression = test) -> tuple[Wording, ...]:
            return tuple(indented(each.wording for each in test.why(facts, context)))

        yield from recalled(edition, ("why", row.rule.id, at), test, facts, why)
    if row.rule.note is not None:
        yield NOTE.fill(note=row.rule.note)


def others(edition: TableEdition, decision: Decision) -> Iterator[Wording]:
    """Yield the rules that did not decide, each with the first test that speaks against it."""
    pending: list[Wording] = []
    failing: list[Wording] = []
    deciding = edition.deciding(decision)
    facts, said = decision.facts.get, edition.memory.known.get
    for row in edition.tested(decision):
        if row in deciding:
            continue
        names = edition.facts_of(row.rule.id, row.tests)
        key = None if names is None else ("told", row.rule.id, *map(facts, names))
        holds, line = said(key) or told(edition, row, decision, key)
        (failing if holds is False else pending).append(line)
        if holds and edition.policy.hit_policy in IN_TURN:
            break
    if pending:
        yield SAME if decision.known else PENDING
        yield from pending
    if failing:
        yield FAILING
        yield from failing


def told(
    edition: TableEdition, row: Row, decision: Decision, key: tuple[object, ...] | None
) -> tuple[bool | None, Wording]:
    """Return whether a row that did not decide holds, and the line that says so.

    It is kept under `key`, unless that is `None`.
    """
    facts, context = decision.facts, edition.context(decision.facts, decision.on)
    holds = stand(row.tests, facts, context, edition.policy.facts.fields).holds
    if holds:
        said = HOLDS_TOO.fill(rule=named(row.rule))
    else:
        why = unmet(edition, row, facts, context, holds=holds)
        said = RULE_LINE.fill(rule=named(row.rule), why=why)
    found = holds, Wording(f"  {said.zh}", f"  {said.en}")
    return found if key is None else edition.memory.recall(key, lambda: found)


def recalled(
    edition: TableEdition,
    place: tuple[str, str, int],
    test: Expression,
    facts: Record,
    make: Callable[[], T],
) -> T:
    """Return what was said of a test for facts that look the same to it, or say it now."""
    names = edition.facts_of(place, [test])
    return (
        make() if names is None else edition.memory.recall((*place, *map(facts.get, names)), make)
    )


def unmet(
    edition: TableEdition, row: Row, facts: Record, context: Context, *, holds: bool | None
) -> Wording:
    """Return the first test that keeps a row from holding, and how near it came."""
    if holds is None:
        seen = next(found_against(row.tests, facts, context, verdict=None), None)
        return Wording.same("") if seen is None else seen.wording
    failing = ((at, test) for at, test in enumerate(row.tests) if fails(test, facts, context))
    at, test = next(failing)
    place = ("miss", row.rule.id, at)
    return recalled(edition, place, test, facts, lambda: next(misses(test, facts, context)))


def checklist(edition: ChecklistEdition, decision: Decision) -> Iterator[Wording]:
    """Yield the lines on a decision of a checklist: what failed first, then what is open."""
    yield head(decision)
    yield VERDICT.fill(verdict=VERDICTS[decision.outputs["verdict"]])
    yield from section(NEEDED, needed(edition.policy, decision.missing))
    for status, title in STATUSES.items():
        results = [each for each in decision.results if each.status == status]
        yield from section(title, chain.from_iterable(map(result_lines, results)))
    yield from sources(edition, decision)


def result_lines(result: CheckResult) -> Iterator[Wording]:
    """Yield what came of one check and why; for a failure also what to do, and its clauses."""
    why = joined(result.told, "；", "; ")
    name = Wording("{title}（{id}）", "{title} ({id})").fill(title=result.title, id=result.id)
    line = Wording("{name}：{why}", "{name}: {why}").fill(name=name, why=why) if why.en else name
    if result.status != "fail":
        yield line
        return
    yield Wording("[{severity}] {line}", "[{severity}] {line}").fill(
        severity=SEVERITIES[result.severity], line=line
    )
    yield REMEDY.fill(remedy=result.remedy)
    yield from (CLAUSE.fill(clause=clause.wording) for clause in result.cites)


def sources(edition: Edition, decision: Decision) -> Iterator[Wording]:
    """Yield the clauses behind a decision, the figures it used and the policies it asked."""
    yield from section(CLAUSES, (clause.wording for clause in decision.cites))
    lines = (
        figure(edition.policy.parameters[name].title, value)
        for name, value in decision.parameters.items()
    )
    yield from section(FIGURES, lines)
    yield from section(ASKED, map(asked, edition.asked(decision)))


def figure(title: Wording, value: ParameterValue) -> Wording:
    """Return a figure with the day since which it is in force, and how sure it is."""
    said = value.assurance
    return FIGURE.fill(title=title, value=value.wording, since=value.since, confidence=said)


def asked(decision: Decision) -> Wording:
    """Return what another policy decided, on one line."""
    line = Wording("{title}（{name}）：{summary}", "{title} ({name}): {summary}")
    summary = Wording(decision.summary("zh"), decision.summary("en"))
    return line.fill(title=decision.title, name=decision.policy, summary=summary)


def needed(policy: Policy, missing: Iterable[str]) -> Iterator[Wording]:
    """Yield the facts that are missing by their titles."""
    for name in missing:
        title = called(name, policy.facts.fields.get(name))
        yield Wording("{title}（{name}）", "{title} ({name})").fill(title=title, name=name)


def summary(policy: Policy, decision: Decision) -> Wording:
    """Return a decision on one line: its outputs and rule, or what is still needed.

    Of several outputs those that are `false` are left out, and of those that are `true` only the
    title is said: what is imposed, not all that is not.
    """
    if not decision.known:
        names = (called(name, policy.facts.fields.get(name)) for name in decision.missing)
        return Wording("数据不全，还需要：{names}", "facts are missing: {names}").fill(
            names=joined(names)
        )
    line = joined(imposed(policy.outputs, decision.outputs), "；", "; ")
    behind = joined(each.title for each in decision.results if each.status == "fail")
    if decision.rules:
        ids = joined(Wording.same(each.id) for each in decision.rules)
        one = len(decision.rules) == 1
        behind = Wording("规则 {ids}", "rule {ids}" if one else "rules {ids}").fill(ids=ids)
    if not behind.en:
        return line
    return Wording("{line}（{behind}）", "{line} ({behind})").fill(line=line, behind=behind)


def imposed(shape: RecordType, outputs: Mapping[str, Value]) -> Iterable[Wording]:
    """Return the outputs for one line, without those that are `false` where any other is left."""
    kept = {name: value for name, value in outputs.items() if value is not False}
    if len(outputs) == 1 or not kept:
        return values(shape, outputs)
    return [
        called(name, shape.fields[name]) if value is True else pair(name, shape.fields[name], value)
        for name, value in kept.items()
    ]


def head(decision: Decision) -> Wording:
    """Return which policy decided, and as of which day."""
    return HEAD.fill(title=decision.title, name=decision.policy, on=decision.on.isoformat())


def section(title: Wording, lines: Iterable[Wording]) -> Iterator[Wording]:
    """Yield a title and the lines below it, or nothing where there are none."""
    shown = list(lines)
    if shown:
        yield title
        yield from indented(shown)


def indented(lines: Iterable[Wording]) -> Iterator[Wording]:
    """Yield lines a step further in."""
    return (Wording(f"  {line.zh}", f"  {line.en}") for line in lines)
