"""The trace of a decision, for whoever writes the rules: each condition as it was evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError, TelecomRulesError
from telecom_rules.expressions.evaluation.explain import Explainer, iter_inputs
from telecom_rules.policies.explanation.causes import truth_of
from telecom_rules.policies.explanation.phrases import full_name_of
from telecom_rules.vocabulary import describe
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.expressions import Expression
    from telecom_rules.policies.decision import Decision
    from telecom_rules.policies.editions.edition import Edition
    from telecom_rules.policies.editions.table_rows import TableRows
    from telecom_rules.policies.rules import Check


VERDICTS: dict[bool | None, Wording] = {
    True: Wording("成立", "holds"),
    False: Wording("不成立", "does not hold"),
    None: Wording("无法判断", "cannot be decided"),
}
HEAD = Wording("策略 {name}，{on}", "policy {name}, {on}")
RULE = Wording("规则 {rule}：{truth}", "rule {rule}: {truth}")
CHECK = Wording("检查 {check}：{status}", "check {check}: {status}")
CONDITION = Wording("`{source}` {truth}", "`{source}` {truth}")
READ = Wording("{name} = {value}", "{name} = {value}")
FAILED = Wording("没有值：{why}", "no value: {why}")
OUTPUT = Wording("→ {name} = {value}", "-> {name} = {value}")
"""Names as the rules have them: this is read beside the file."""


def trace_table(edition: TableRows, decision: Decision) -> Iterator[Wording]:
    """Yield every rule that was tested, in order, with its conditions and what they read."""
    yield head_of(decision)
    facts, context = decision.facts, edition.build_context(decision.facts, decision.on)
    for row in edition.tested_rows(decision):
        truths = [truth_of(test, facts, context) for test in row.tests]
        truth = False if False in truths else None if None in truths else True
        yield indent(RULE.fill(rule=full_name_of(row.rule), truth=VERDICTS[truth]))
        for test in row.tests:
            yield from trace_condition(edition, decision, test)
    yield from trace_outputs(edition, decision)
    yield from trace_peers(edition, decision)


def trace_checklist(
    edition: Edition, checks: Sequence[Check], decision: Decision
) -> Iterator[Wording]:
    """Yield every check in order, with its conditions and what they read."""
    yield head_of(decision)
    for check, result in zip(checks, decision.results, strict=True):
        yield indent(CHECK.fill(check=full_name_of(check), status=result.status))
        for test in check.conditions:
            yield from trace_condition(edition, decision, test)
    yield from trace_outputs(edition, decision)
    yield from trace_peers(edition, decision)


def head_of(decision: Decision) -> Wording:
    """Return which policy decided, and for which day."""
    return HEAD.fill(name=decision.policy, on=decision.on.isoformat())


def trace_condition(edition: Edition, decision: Decision, test: Expression) -> Iterator[Wording]:
    """Yield one condition, whether it holds, and the values that it reads."""
    facts, context = decision.facts, edition.build_context(decision.facts, decision.on)
    source = " ".join(test.source.split())
    shown = source if test.fact is None else f"{test.fact}: {source}"
    truth = VERDICTS[truth_of(test, facts, context)]
    yield indent(CONDITION.fill(source=shown, truth=truth), 2)
    explainer = Explainer(test.source, test.fact, facts, context)
    leaves = {str(getattr(leaf, "path", leaf.name)): leaf for leaf in iter_inputs(test.tree)}
    for name, leaf in leaves.items():
        value = explainer.value_of(leaf)
        if isinstance(value, EvaluationError):
            yield indent(READ.fill(name=name, value=FAILED.fill(why=value.wording)), 3)
        else:
            yield indent(READ.fill(name=name, value=describe(value, leaf.type)), 3)


def trace_outputs(edition: Edition, decision: Decision) -> Iterator[Wording]:
    """Yield what was decided."""
    fields = edition.policy.outputs.fields
    for name, value in decision.outputs.items():
        yield indent(OUTPUT.fill(name=name, value=describe(value, fields[name].type)))


def trace_peers(edition: Edition, decision: Decision) -> Iterator[Wording]:
    """Yield the traces of the policies that were asked."""
    for name, asked in edition.iter_peer_decisions(decision):
        if isinstance(asked, TelecomRulesError):
            yield indent(READ.fill(name=name, value=FAILED.fill(why=asked.wording)))
        else:
            yield from map(indent, asked.trace())


def indent(line: Wording, steps: int = 1) -> Wording:
    """Return a line moved to the right."""
    space = "  " * steps
    return Wording(space + line.zh, space + line.en)
