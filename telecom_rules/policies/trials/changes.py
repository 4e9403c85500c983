"""What two sets of rules decide otherwise about one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from telecom_rules.errors import TelecomRulesError
from telecom_rules.frozen import Portable, dump_value
from telecom_rules.policies.decision import Decision
from telecom_rules.policies.explanation.phrases import field_title_of
from telecom_rules.vocabulary import describe
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from telecom_rules.frozen import Json
    from telecom_rules.policies.decision import Status
    from telecom_rules.vocabulary import Clause, FactType, Value


Answer: TypeAlias = Decision | Exception
"""A decision, or why there is none."""

ARROW = Wording("{before} → {after}", "{before} → {after}")
TITLED = Wording("{title}：{told}", "{title}: {told}")
NOTHING_GIVEN = Wording("无", "none")
STATUS_WORDINGS: Mapping[Status, Wording] = {
    "pass": Wording("通过", "passes"),
    "fail": Wording("不通过", "fails"),
    "not_applicable": Wording("不适用", "does not apply"),
    "unknown": Wording("待定", "unknown"),
}
FAILED = Wording("无法判定：{why}", "no decision: {why}")
DEFECT = Wording("内部错误（{kind}）", "an internal error ({kind})")


@dataclass(frozen=True, slots=True)
class OutputChange(Portable):
    """One output, or one check of a checklist, that comes out otherwise.

    Attributes:
        name: the name of the output; of a check `checks.` and its name.
        before: its value, or the status of the check; `None` where there is none.
        after: the same by the other rules.
        wording: from what to what, for people.
    """

    name: str
    before: Value
    after: Value
    wording: Wording


@dataclass(frozen=True, slots=True)
class DecisionChange(Portable):
    """A record about which other rules decide otherwise, or for another reason.

    Attributes:
        policy: the name of the policy.
        on: the day.
        before: the decision, or the error why there is none.
        after: that of the other rules.
        outputs: the outputs and checks that differ; none where only the rules that decide do, or
            where one of the two is not a decision.
    """

    policy: str
    on: date
    before: Answer
    after: Answer
    outputs: tuple[OutputChange, ...] = ()

    @property
    def changes_answer(self) -> bool:
        """Whether the answer differs, and not only the rules or checks that give it."""
        return read_answer(self.before) != read_answer(self.after)

    @property
    def rules(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids of the rules that decided, before and after."""
        return rules_of(self.before), rules_of(self.after)

    @property
    def cites(self) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
        """The clauses behind each, before and after."""
        return cites_of(self.before), cites_of(self.after)

    @property
    def wording(self) -> Wording:
        """From what to what, for people: the outputs that differ, or the whole of both answers."""
        if self.outputs:
            return join_wordings((each.wording for each in self.outputs), ("；", "; "))
        return ARROW.fill(before=describe_answer(self.before), after=describe_answer(self.after))

    def dump(self) -> dict[str, Json]:
        """Return it as JSON; of an error its code and its text."""
        return {
            "policy": self.policy,
            "on": self.on.isoformat(),
            "changes_answer": self.changes_answer,
            "before": dump_answer(self.before),
            "after": dump_answer(self.after),
            "outputs": [each.dump() for each in self.outputs],
            "wording": self.wording.dump(),
        }


def find_change(policy: str, on: date, before: Answer, after: Answer) -> DecisionChange | None:
    """Return what differs between two answers about one record, or `None`.

    Two answers are the same if they have the same outputs by rules with the same ids, or lack the
    same facts, or fail for the same reason.

    Args:
        policy: the name of the policy.
        on: the day.
        before: the decision, or the error why there is none.
        after: that of the other rules.
    """
    if read_answer(before) == read_answer(after) and read_reason(before) == read_reason(after):
        return None
    return DecisionChange(policy, on, before, after, find_outputs(before, after))


def find_outputs(before: Answer, after: Answer) -> tuple[OutputChange, ...]:
    """Return the outputs and checks that differ between two decisions."""
    if not isinstance(before, Decision) or not isinstance(after, Decision):
        return ()
    if not (before.known and after.known):
        return ()
    one, other = ({each.name: each for each in iter_parts(side)} for side in (before, after))
    return tuple(
        build_output_change(one.get(name), other.get(name))
        for name in {**one, **other}
        if name not in one or name not in other or one[name].value != other[name].value
    )


class Part(NamedTuple):
    """An output of a decision, or a check: its name, its title, its value and that for people."""

    name: str
    title: Wording
    value: Value
    wording: Wording


def iter_parts(decision: Decision) -> Iterator[Part]:
    """Yield the outputs of a decision, and its checks with their status."""
    fields = decision._edition.policy.outputs.fields  # noqa: SLF001 - of the same room
    for name, value in decision.outputs.items():
        said = NOTHING_GIVEN if value is None else describe(value, fields[name].type)
        yield Part(name, field_title_of(name, fields[name]), value, said)
    for each in decision.results:
        yield Part(f"checks.{each.id}", each.title, each.status, STATUS_WORDINGS[each.status])


def build_output_change(before: Part | None, after: Part | None) -> OutputChange:
    """Return the change of one output or check, which one of the two decisions may not have."""
    part = after or before
    if part is None:
        raise AssertionError
    told = ARROW.fill(
        before=NOTHING_GIVEN if before is None else before.wording,
        after=NOTHING_GIVEN if after is None else after.wording,
    )
    return OutputChange(
        part.name,
        None if before is None else before.value,
        None if after is None else after.value,
        TITLED.fill(title=part.title, told=told),
    )


def read_answer(answer: Answer) -> object:
    """Return what equal answers have in common: outputs, facts that are missing, or an error."""
    if isinstance(answer, Decision):
        return dict(answer.outputs), frozenset(answer.missing)
    return type(answer), describe_answer(answer)


def read_reason(answer: Answer) -> object:
    """Return the rules and checks by which an answer came about."""
    if isinstance(answer, Decision):
        return rules_of(answer), [(each.id, each.status) for each in answer.results]
    return None


def rules_of(answer: Answer) -> tuple[str, ...]:
    """Return the ids of the rules of a decision; of an error there are none."""
    return tuple(each.id for each in answer.rules) if isinstance(answer, Decision) else ()


def cites_of(answer: Answer) -> tuple[Clause, ...]:
    """Return the clauses behind a decision; of an error there are none."""
    return answer.cites if isinstance(answer, Decision) else ()


def describe_answer(answer: Answer) -> Wording:
    """Return an answer on one line, for people."""
    if isinstance(answer, Decision):
        return Wording(answer.summary("zh"), answer.summary("en"))
    if isinstance(answer, TelecomRulesError):
        return FAILED.fill(why=answer.wording)
    return FAILED.fill(why=DEFECT.fill(kind=type(answer).__name__))


def dump_answer(answer: Answer) -> dict[str, Json]:
    """Return an answer as JSON."""
    if isinstance(answer, Decision):
        return answer.dump()
    code = answer.code if isinstance(answer, TelecomRulesError) else type(answer).__name__
    return {"error": code, "wording": dump_value(describe_answer(answer))}


def keep_common_facts(facts: object, own: FactType, other: FactType) -> object:
    """Return facts that were made for rules with other facts, without those only they know.

    A name that neither knows stays, so that it is refused as a mistake. Objects with attributes
    are read by name, and have nothing to be left out.

    Args:
        facts: the facts as a host gives them.
        own: the facts that are wanted.
        other: the facts for which they were made.
    """
    if not isinstance(facts, Mapping):
        return facts
    dropped = other.fields.keys() - own.fields.keys()
    return {name: value for name, value in facts.items() if name not in dropped}
