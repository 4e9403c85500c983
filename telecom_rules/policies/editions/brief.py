"""The short explanation of a decision: answer, reasons, law, and what would change it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions import Budget
from telecom_rules.expressions.evaluation.explain import ABSENT
from telecom_rules.policies.decision import origin_of
from telecom_rules.policies.editions.counterfactuals import find_counterfactuals
from telecom_rules.policies.explanation.causes import find_causes
from telecom_rules.policies.explanation.parts import (
    TITLED,
    Alternative,
    Explanation,
    FailedCheck,
    Told,
)
from telecom_rules.policies.explanation.phrases import (
    describe_field_value,
    describe_imposed,
    field_title_of,
)
from telecom_rules.policies.peers import PeerDecisions
from telecom_rules.vocabulary import describe
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.expressions import Seen
    from telecom_rules.policies.decision import CheckResult, Decision
    from telecom_rules.policies.editions.counterfactuals import Counterfactual
    from telecom_rules.policies.editions.edition import Edition
    from telecom_rules.policies.editions.table_rows import TableRows
    from telecom_rules.policies.explanation.boundaries import Change
    from telecom_rules.policies.rules import Severity
    from telecom_rules.vocabulary import Field, Value


NOTHING_EARLIER = Wording("前面的规则都不成立", "no earlier rule holds")
DEFAULT = Wording("没有规则成立，适用默认结论", "no rule holds, so the default applies")
NOTHING = Wording("没有规则成立", "no rule holds")
NONE = Wording("无", "none")
PASSES = Wording("“{title}”通过", "“{title}” passes")
FAILS = Wording("“{title}”不通过", "“{title}” fails")
SEMICOLON = ("；", "; ")
VERDICTS: dict[Value, Wording] = {
    "fail": Wording("不通过", "fail"),
    "warn": Wording("有警告", "warnings"),
    "pass": Wording("通过", "pass"),
    "unknown": Wording("数据不全，尚不能确定", "not yet known, facts are missing"),
}
UNKNOWN = VERDICTS["unknown"]


def explain_table_briefly(edition: TableRows, decision: Decision) -> Explanation:
    """Return the short explanation of a decision of a table.

    It is kept where it follows from the day and the facts that the table reads; see `explain`.
    """
    names = edition.facts_behind()
    known = () if names is None else tuple(map(decision.facts.get, names))
    if names is None or not decision.known:
        return build_for_table(edition, decision)
    key = ("short", decision.on, *known)
    return edition.cache.recall(key, lambda: build_for_table(edition, decision))


def build_for_table(edition: TableRows, decision: Decision) -> Explanation:
    """Make the short explanation of a decision of a table."""
    rows = edition.deciding_rows(decision)
    reasons = tuple(each.rule.title or Wording.same(each.rule.id) for each in rows)
    if not rows and decision.known:
        reasons = (NOTHING if edition.policy.default is None else DEFAULT,)
    elif decision.known and not any(each.tests for each in rows):
        reasons = (*reasons, NOTHING_EARLIER)
    because = edition.tell_grounds(decision)
    return build(edition, decision, reasons=reasons, because=because)


def tell_grounds_of_table(edition: TableRows, decision: Decision) -> tuple[Told, ...]:
    """Return the facts by which the deciding rows hold, or by which no earlier row does."""
    return select_facts(edition, decision, iter_table_causes(edition, decision))


def explain_checklist_briefly(edition: Edition, decision: Decision) -> Explanation:
    """Return the short explanation of a decision of a checklist."""
    rank: Mapping[Severity, int] = {"error": 0, "warning": 1, "advice": 2}
    failures = sorted(
        (each for each in decision.results if each.status == "fail"),
        key=lambda each: rank[each.severity],
    )
    names = {name for each in failures for seen in each.seen for name, _ in seen.values}
    failed = tuple(explain_failure(edition, decision, each) for each in failures)
    read = {name.removeprefix("parameters.") for name in names if name.startswith("parameters.")}
    return build(edition, decision, failed=failed, read=frozenset(read) if failures else None)


def build(
    edition: Edition,
    decision: Decision,
    *,
    reasons: tuple[Wording, ...] = (),
    because: tuple[Told, ...] = (),
    failed: tuple[FailedCheck, ...] = (),
    read: frozenset[str] | None = None,
) -> Explanation:
    """Return a short explanation with what is the same for tables and checklists.

    Args:
        edition: the rules that decided.
        decision: their decision.
        reasons: the names of the rules that decided.
        because: the facts by which they hold.
        failed: the checks that fail.
        read: the figures to tell of those that were read; all where that is `None`.
    """
    policy = edition.policy
    titles = {name: each.title for name, each in policy.parameters.items()}
    return Explanation(
        policy=policy.name,
        title=policy.title,
        on=decision.on,
        outputs=tell_outputs(decision, edition),
        answer=describe_answer(edition, decision) if decision.known else UNKNOWN,
        needed=tuple(
            field_title_of(name, policy.facts.fields.get(name)) for name in decision.missing
        ),
        reasons=reasons,
        because=because,
        failed=failed,
        law=decision.cites if decision.known else (),
        figures=tuple(
            Told(name, titles[name], value.value, value.wording)
            for name, value in decision.parameters.items()
            if read is None or name in read
        )
        if decision.known
        else (),
        alternatives=tuple(
            build_alternative(edition, decision, each)
            for each in find_counterfactuals(edition, decision)
        ),
    )


def tell_outputs(decision: Decision, edition: Edition) -> tuple[Told, ...]:
    """Return the outputs of a decision."""
    fields = edition.policy.outputs.fields
    return tuple(
        Told(name, field_title_of(name, fields[name]), value, describe(value, fields[name].type))
        for name, value in decision.outputs.items()
    )


def describe_answer(edition: Edition, decision: Decision) -> Wording:
    """Return the outputs of a known decision on one line."""
    if edition.policy.hit_policy is None:
        return VERDICTS[decision.outputs["verdict"]]
    return join_wordings(describe_imposed(edition.policy.outputs, decision.outputs), SEMICOLON)


def iter_table_causes(edition: TableRows, decision: Decision) -> Iterator[Seen]:
    """Yield the parts by which the deciding rows hold, or by which no earlier row does."""
    budget = Budget()
    facts, context = decision.facts, edition.build_context(decision.facts, decision.on)
    rows = edition.deciding_rows(decision)
    held = any(each.tests for each in rows)
    if held:
        for test in chain.from_iterable(each.tests for each in rows):
            yield from test.why(facts, context, budget)
        return
    for row in edition.tested_rows(decision):
        if row not in rows:
            yield from find_causes(row.tests, facts, context, verdict=False, budget=budget)[:1]


def select_facts(edition: Edition, decision: Decision, causes: Iterable[Seen]) -> tuple[Told, ...]:
    """Return the facts behind some parts, each once; for a policy that was asked, its facts."""
    fields = edition.policy.facts.fields
    found: dict[str, Told] = {}
    for name, value in chain.from_iterable(each.values for each in causes):
        if name in fields:
            found.setdefault(name, tell_fact(name, fields[name], value))
        elif name.startswith("policies."):
            for each in tell_peer(edition, decision, name.split(".")[1]):
                found.setdefault(each.name, each)
    return tuple(found.values())


def tell_fact(name: str, field: Field, value: object) -> Told:
    """Return a fact with its value; one that is absent has none."""
    title = field_title_of(name, field)
    if value is None or value is ABSENT:
        return Told(name, title, None, NONE)
    return Told(name, title, value, describe(value, field.type))  # type: ignore[arg-type]  # not absent


def tell_peer(edition: Edition, decision: Decision, name: str) -> tuple[Told, ...]:
    """Return the facts by which a policy that was asked decided."""
    try:
        asked = PeerDecisions(edition.peers, decision.facts, decision.on).decision_of(name)
    except TelecomRulesError:
        return ()
    return origin_of(asked).tell_grounds(asked)


def explain_failure(edition: Edition, decision: Decision, result: CheckResult) -> FailedCheck:
    """Return why one check fails."""
    because = select_facts(edition, decision, result.seen)
    return FailedCheck(result.id, result.title, result.severity, because, result.remedy)


def build_alternative(edition: Edition, decision: Decision, found: Counterfactual) -> Alternative:
    """Return a counterfactual for people."""
    fields = edition.policy.facts.fields
    changes = tuple(tell_change(each, fields) for each in found.changes)
    outputs = tell_outputs(found.decision, edition)
    return Alternative(changes, outputs, describe_difference(edition, decision, found.decision))


def tell_change(change: Change, fields: Mapping[str, Field]) -> Told:
    """Return a fact with its other value."""
    return tell_fact(change.fact, fields[change.fact], change.after)


def describe_difference(edition: Edition, before: Decision, after: Decision) -> Wording:
    """Return the other answer: the verdict, or which checks then pass where that stays."""
    if edition.policy.hit_policy is None and before.outputs != after.outputs:
        return describe_answer(edition, after)
    if edition.policy.hit_policy is not None:
        return join_wordings(iter_differences(edition, before, after), SEMICOLON)
    was, now = (
        {each.id: each.title for each in one.results if each.status == "fail"}
        for one in (before, after)
    )
    parts = [PASSES.fill(title=title) for id_, title in was.items() if id_ not in now]
    parts += [FAILS.fill(title=title) for id_, title in now.items() if id_ not in was]
    return join_wordings(parts, SEMICOLON)


def iter_differences(edition: Edition, before: Decision, after: Decision) -> Iterator[Wording]:
    """Yield the outputs that are others; of a yes that becomes a no, the title with its no."""
    fields = edition.policy.outputs.fields
    for name, value in after.outputs.items():
        if before.outputs.get(name, ABSENT) != value:
            yield describe_field_value(name, fields[name], value)
    for name in before.outputs.keys() - after.outputs.keys():
        yield TITLED.fill(title=field_title_of(name, fields[name]), value=NONE)
