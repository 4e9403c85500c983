"""A short explanation as data, and as at most a dozen lines for whoever gets the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from telecom_rules.frozen import Portable
from telecom_rules.wording import Wording, join_lines, join_wordings, read_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from telecom_rules.policies.rules import Severity
    from telecom_rules.vocabulary import Clause, Value


MOST_LINES: Final = 12
"""Lines of a short explanation."""
MOST_VALUES: Final = 5
"""Facts or figures that stand on one line."""
MOST_CLAUSES: Final = 3
"""Clauses that stand on one line."""
MOST_FAILED: Final = 4
"""Failed checks that are told one by one."""

HEAD = Wording("{title}（按 {on} 有效的规定）", "{title}, by the law of {on}")
ANSWER = Wording("结论：{answer}", "Answer: {answer}")
NOT_KNOWN = Wording("数据不全，尚不能确定", "not yet known, facts are missing")
NEEDED = Wording("还需要：{names}", "Needed: {names}")
BECAUSE = Wording("理由：{reason}", "Because: {reason}")
LAW = Wording("依据：{clauses}", "Law: {clauses}")
FIGURES = Wording("数值：{figures}", "Figures: {figures}")
OTHERWISE = Wording("如有下列情形之一，结论不同：", "It would be otherwise if")
WOULD_BE = Wording("  {changes} → {answer}", "  {changes} -> {answer}")
FAILED = Wording("  {title}：{why}整改要求：{remedy}", "  {title}: {why}remedy: {remedy}")
MORE = Wording("等 {count} 项", "{count} in all")
MORE_FAILED = Wording("  另有 {count} 项未通过", "  checks that fail besides: {count}")
TITLED = Wording("{title}：{value}", "{title}: {value}")
REASON = Wording("{rule}（{values}）", "{rule} ({values})")
SEMICOLON = ("；", "; ")
AND = (" 且 ", " and ")


@dataclass(frozen=True, slots=True)
class Told(Portable):
    """A fact, an output or a figure with its value.

    Attributes:
        name: its name in the rules.
        title: its name for people.
        value: the value, `None` where there is none.
        said: the value for people.
    """

    name: str
    title: Wording
    value: Value | None
    said: Wording

    @property
    def wording(self) -> Wording:
        """Title and value on one line."""
        return TITLED.fill(title=self.title, value=self.said)


@dataclass(frozen=True, slots=True)
class FailedCheck(Portable):
    """A check that fails.

    Attributes:
        id: its name within the policy.
        title: its name for people.
        severity: how serious that is.
        because: the facts and figures that make it fail.
        remedy: what to do.
    """

    id: str
    title: Wording
    severity: Severity
    because: tuple[Told, ...]
    remedy: Wording


@dataclass(frozen=True, slots=True)
class Alternative(Portable):
    """What would have to be otherwise, and the decision that would come.

    Attributes:
        changes: the facts with their other values: one, or two where no single one suffices.
        outputs: the outputs of the decision.
        answer: the same for people, as far as it differs.
    """

    changes: tuple[Told, ...]
    outputs: tuple[Told, ...]
    answer: Wording


@dataclass(frozen=True, slots=True)
class Explanation(Portable):
    """Why a policy decided as it did, for the person who gets the decision.

    Attributes:
        policy: the name of the policy.
        title: its name for people.
        on: the day whose rules and figures apply.
        outputs: what was decided; empty while facts are missing.
        answer: the same for people.
        needed: the facts that are missing.
        reasons: the names of the rules that decided, for people.
        because: the facts by which they hold.
        failed: the checks that fail, those of errors first.
        law: the clauses, as numbered on the day.
        figures: the figures that were read.
        alternatives: what would be decided otherwise; every one was decided before it is told.
    """

    policy: str
    title: Wording
    on: date
    outputs: tuple[Told, ...]
    answer: Wording
    needed: tuple[Wording, ...]
    reasons: tuple[Wording, ...]
    because: tuple[Told, ...]
    failed: tuple[FailedCheck, ...]
    law: tuple[Clause, ...]
    figures: tuple[Told, ...]
    alternatives: tuple[Alternative, ...]

    def say(self, language: str = "en") -> str:
        """Return it as text of at most twelve lines.

        Raises:
            ArgumentError: `language` is neither Chinese nor English.
        """
        at = Wording._fields.index(read_language(language))
        return join_lines([each[at] for each in iter_lines(self)])


def iter_lines(said: Explanation) -> Iterator[Wording]:
    """Yield the lines of a short explanation."""
    lines = [*iter_answer(said), *iter_grounds(said)]
    yield from lines
    room = MOST_LINES - len(lines) - 1
    if said.alternatives and room > 0:
        yield OTHERWISE
        for each in said.alternatives[:room]:
            changes = join_wordings((one.wording for one in each.changes), AND)
            yield WOULD_BE.fill(changes=changes, answer=each.answer)


def iter_answer(said: Explanation) -> Iterator[Wording]:
    """Yield what was decided and why."""
    yield HEAD.fill(title=said.title, on=said.on.isoformat())
    yield ANSWER.fill(answer=said.answer)
    if said.needed:
        yield NEEDED.fill(names=join_some(said.needed, MOST_VALUES))
    rule = join_some(said.reasons, MOST_CLAUSES)
    values = join_some([each.wording for each in said.because], MOST_VALUES)
    if said.reasons:
        yield BECAUSE.fill(reason=REASON.fill(rule=rule, values=values) if values.en else rule)
    for each in said.failed[:MOST_FAILED]:
        why = join_some([one.wording for one in each.because], MOST_VALUES)
        why = Wording(f"{why.zh}；", f"{why.en}; ") if why.en else why
        yield FAILED.fill(title=each.title, why=why, remedy=each.remedy)
    if len(said.failed) > MOST_FAILED:
        yield MORE_FAILED.fill(count=len(said.failed) - MOST_FAILED)


def iter_grounds(said: Explanation) -> Iterator[Wording]:
    """Yield the law and the figures."""
    if said.law:
        places = [*dict.fromkeys(each.place for each in said.law)]
        yield LAW.fill(clauses=join_some(places, MOST_CLAUSES))
    if said.figures:
        yield FIGURES.fill(figures=join_some([one.wording for one in said.figures], MOST_VALUES))


def join_some(items: Sequence[Wording], most: int) -> Wording:
    """Return the first items on one line, and how many there are if not all are told."""
    shown: Iterable[Wording] = items[:most]
    if len(items) > most:
        shown = [*shown, MORE.fill(count=len(items))]
    return join_wordings(shown, SEMICOLON)
