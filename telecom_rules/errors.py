"""All exceptions of the library. Refusals and decisions are values; exceptions mean bad input.

::

    TelecomRulesError
    ├── PackError               the YAML of a pack has mistakes; carries every finding
    │   └── PackNotFound        there is no pack at that place
    ├── ArgumentError           an argument is not of the kind that a function takes
    ├── UnknownName             nothing in the pack has this name
    ├── UnknownPack             no pack with this digest is at hand
    ├── MissingExtra            a library that an extra installs is not there
    ├── NotInForce              no value or rule is in force on that day
    ├── NotPublished            a calendar has no arrangement for that year
    ├── FactsError              a record is not valid for its kind of facts
    │   └── InconsistentFacts   ... because its facts contradict one another
    ├── EvaluationError         an expression cannot be evaluated
    │   └── MissingData         ... because a fact is not known
    ├── DecisionError           a policy cannot decide
    │   ├── NoRuleMatches       no rule of a table matches these facts
    │   ├── SeveralRulesMatch   several rules of a `unique` table match
    │   └── RulesDisagree       matching rules of an `any` table have different outputs
    ├── SnapshotError           a stored case cannot be restored
    │   └── SnapshotMismatch    ... because its rules would have led it elsewhere
    └── JournalError            a journal cannot be replayed
        └── JournalMismatch     ... because it was written under other rules
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.frozen import Portable
from telecom_rules.wording import ArgumentError, TelecomRulesError, Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from telecom_rules.findings import Finding

__all__ = [
    "ArgumentError",
    "DecisionError",
    "EvaluationError",
    "FactProblem",
    "FactsError",
    "InconsistentFacts",
    "JournalError",
    "JournalMismatch",
    "MissingData",
    "MissingExtra",
    "NoRuleMatches",
    "NotInForce",
    "NotPublished",
    "PackError",
    "PackNotFound",
    "RulesDisagree",
    "SeveralRulesMatch",
    "SnapshotError",
    "SnapshotMismatch",
    "TelecomRulesError",
    "UnknownName",
    "UnknownPack",
]


class PackError(TelecomRulesError):
    """The YAML of a pack has mistakes.

    Attributes:
        findings: every mistake of every file, each with its place.
    """

    code = "pack"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(self._tell(findings))
        self.findings: tuple[Finding, ...] = tuple(findings)

    @staticmethod
    def _tell(findings: Sequence[Finding]) -> Wording:
        """Return the message: how many mistakes there are, and the first of them."""
        shown = list(findings[:5])
        rest = len(findings) - len(shown)
        return Wording(
            "\n".join(
                [f"规则包有 {len(findings)} 处错误", *(f"  {f.concise('zh')}" for f in shown)]
            )
            + (f"\n  另有 {rest} 处；`telecom-rules validate` 可列出全部" if rest else ""),
            "\n".join(
                [
                    f"the pack has {len(findings)} mistake{'' if len(findings) == 1 else 's'}",
                    *(f"  {f.concise('en')}" for f in shown),
                ]
            )
            + (f"\n  and {rest} more; `telecom-rules validate` shows them all" if rest else ""),
        )


class PackNotFound(PackError):
    """There is no pack at the path given; its one finding names the path."""

    code = "pack-not-found"

    @staticmethod
    def _tell(findings: Sequence[Finding]) -> Wording:
        """Return the message: which path, and what would be a pack."""
        (finding,) = findings
        advice = finding.notes[0] if finding.notes else finding.help
        return Wording("{what}；{help}", "{what}; {help}").fill(what=finding.wording, help=advice)


class UnknownName(TelecomRulesError, KeyError):
    """Nothing of this kind has this name.

    Attributes:
        kind: the kind of thing looked up, such as `policy`.
        name: the name as given.
        suggestion: the nearest known name, or `None`.
    """

    code = "unknown-name"

    def __init__(self, kind: Wording, name: str, suggestion: str | None = None) -> None:
        wording = Wording("没有名为 `{name}` 的{kind}", "there is no {kind} named `{name}`")
        super().__init__(wording.fill(kind=kind, name=shorten(name)).suggest(suggestion))
        self.kind = kind
        self.name = name
        self.suggestion = suggestion

    def __str__(self) -> str:  # `KeyError` would quote the message
        return self.wording.en


LONGEST_DIGEST = 80
"""Characters of a digest in a message; ours have 71."""
NO_PACK_AT_HAND = Wording("本进程尚未注册任何规则包", "no pack is registered in this process")


class UnknownPack(TelecomRulesError):
    """No pack with this digest is at hand: not among some `Packs`, or not registered.

    Attributes:
        digest: the digest that a snapshot or a pickle names: of a pack, a workflow or a policy.
        known: the digests of the packs at hand.
    """

    code = "unknown-pack"

    def __init__(self, digest: str, known: Sequence[str]) -> None:
        names = ", ".join(known)
        at_hand = Wording("现有规则包：{names}", "at hand are the packs {names}").fill(names=names)
        super().__init__(
            Wording(
                "没有含有 {digest}（规则包、流程或策略的摘要）的规则包；{at_hand}；"
                "请加载该规则包，交给 `Packs`，读取 pickle 之前还须调用 `Packs(...).register()`",
                "no pack at hand has {digest}, the digest of a pack, a workflow or a policy;"
                " {at_hand}; load the pack that has it and give it to `Packs`, and before a pickle"
                " is read call `Packs(...).register()`",
            ).fill(
                digest=shorten(digest, LONGEST_DIGEST),
                at_hand=at_hand if names else NO_PACK_AT_HAND,
            )
        )
        self.digest = digest
        self.known: tuple[str, ...] = tuple(known)


class MissingExtra(TelecomRulesError, ImportError):
    """A function or a room needs a library that an extra of this package installs.

    Attributes:
        extra: the extra to install.
    """

    code = "missing-extra"

    def __init__(self, extra: str) -> None:
        super().__init__(
            Wording(
                "缺少可选组件 `{extra}`；请运行 pip install 'telecom-rules[{extra}]'",
                "the extra `{extra}` is missing: run pip install 'telecom-rules[{extra}]'",
            ).fill(extra=extra)
        )
        self.extra = extra


class NotInForce(TelecomRulesError):
    """No value of a parameter, or no rule of a policy, is in force on the day.

    Attributes:
        name: the parameter or policy.
        on: the day.
    """

    code = "not-in-force"

    def __init__(self, name: str, on: date) -> None:
        super().__init__(
            Wording(
                "`{name}` 在 {on} 没有生效的规定；请核对日期，或补充该日适用的规定",
                "`{name}` has nothing in force on {on}; check the day, or add what applied then",
            ).fill(name=name, on=on.isoformat())
        )
        self.name = name
        self.on = on


class NotPublished(TelecomRulesError):
    """A calendar has no data for a year: it is not published yet, or was not entered.

    Attributes:
        name: the calendar.
        year: the year.
    """

    code = "not-published"

    def __init__(self, name: str, title: Wording, year: int) -> None:
        super().__init__(
            Wording(
                "日历“{title}”（`{name}`）没有 {year} 年的安排：尚未公布或未收录；"
                "公布后请补入日历文件",
                "the calendar “{title}” (`{name}`) has no data for {year}: not published yet, or"
                " not entered; add the year to its file once it is published",
            ).fill(name=name, title=title, year=year)
        )
        self.name = name
        self.year = year


@dataclass(frozen=True, slots=True)
class FactProblem(Portable):
    """One problem of one field of a record.

    Attributes:
        field: the field's name, as given.
        wording: the problem and what would be valid.
        allowed: the allowed values, if they form a short closed list.
    """

    field: str
    wording: Wording
    allowed: tuple[str, ...] = ()


class FactsError(TelecomRulesError):
    """A record is not valid for its kind of facts.

    Attributes:
        facts: the name of the kind of facts.
        problems: every problem, field by field.
    """

    code = "facts"

    def __init__(
        self, facts: str, problems: Sequence[FactProblem], wording: Wording | None = None
    ) -> None:
        super().__init__(
            wording
            or Wording(
                f"`{facts}` 的数据有误："
                + "；".join(f"{p.field}：{p.wording.zh}" for p in problems),
                f"the data is not valid for `{facts}`: "
                + "; ".join(f"{p.field}: {p.wording.en}" for p in problems),
            )
        )
        self.facts = facts
        self.problems: tuple[FactProblem, ...] = tuple(problems)


class InconsistentFacts(FactsError):
    """Facts of a record contradict one another.

    Attributes:
        conditions: the names of the conditions that they break.
        names: for each condition the facts that it reads.
    """

    code = "inconsistent-facts"

    def __init__(
        self,
        facts: str,
        problems: Sequence[FactProblem],
        conditions: Sequence[str],
        names: Sequence[tuple[str, ...]],
    ) -> None:
        said = Wording(
            f"`{facts}` 的数据自相矛盾：" + "；".join(p.wording.zh for p in problems),
            f"the data of `{facts}` contradict one another: "
            + "; ".join(p.wording.en for p in problems),
        )
        super().__init__(facts, problems, said)
        self.conditions: tuple[str, ...] = tuple(conditions)
        self.names: tuple[tuple[str, ...], ...] = tuple(names)


class EvaluationError(TelecomRulesError):
    """An expression cannot be evaluated: an overflow, a division by zero, a bad index."""

    code = "evaluation"


class MissingData(EvaluationError):
    """An expression reads a fact that is not known.

    Attributes:
        path: the fact, such as `illegal_gain` or `event.grade`.
    """

    code = "missing-data"

    def __init__(self, path: str) -> None:
        super().__init__(Wording("缺少数据 `{path}`", "`{path}` is not known").fill(path=path))
        self.path = path


class DecisionError(TelecomRulesError):
    """A policy cannot decide.

    Attributes:
        policy: the policy's name.
        cites: the clauses of the rules concerned, such as `telecom_regulations:69`.
    """

    code = "decision"

    def __init__(self, policy: str, wording: Wording, cites: Sequence[str] = ()) -> None:
        super().__init__(wording)
        self.policy = policy
        self.cites: tuple[str, ...] = tuple(cites)


class NoRuleMatches(DecisionError):
    """No rule of the table matches these facts, and it has no default."""

    code = "no-rule-matches"


class SeveralRulesMatch(DecisionError):
    """Several rules of a `unique` table match these facts.

    Attributes:
        rules: the ids of the matching rules.
    """

    code = "several-rules-match"

    def __init__(
        self, policy: str, wording: Wording, rules: Sequence[str], cites: Sequence[str] = ()
    ) -> None:
        super().__init__(policy, wording, cites)
        self.rules: tuple[str, ...] = tuple(rules)


class RulesDisagree(DecisionError):
    """Matching rules of an `any` table have different outputs.

    Attributes:
        rules: the ids of the matching rules.
    """

    code = "rules-disagree"

    def __init__(
        self, policy: str, wording: Wording, rules: Sequence[str], cites: Sequence[str] = ()
    ) -> None:
        super().__init__(policy, wording, cites)
        self.rules: tuple[str, ...] = tuple(rules)


class SnapshotError(TelecomRulesError):
    """A stored case cannot be restored: it is damaged, or was not written by this library."""

    code = "snapshot"


class SnapshotMismatch(SnapshotError):
    """A stored case or decision was made by rules that differ in what it has gone through.

    Attributes:
        expected: the digest or name of the workflow, or the digest of the policy, that was asked.
        found: the one in what was stored.
    """

    code = "snapshot-mismatch"

    def __init__(self, wording: Wording, expected: str, found: str) -> None:
        super().__init__(wording)
        self.expected = expected
        self.found = found


class JournalError(TelecomRulesError):
    """A journal cannot be replayed.

    Attributes:
        sequence: the number of the first bad entry, from 0.
    """

    code = "journal"

    def __init__(self, wording: Wording, sequence: int) -> None:
        super().__init__(wording)
        self.sequence = sequence


class JournalMismatch(JournalError):
    """A journal was written under other rules than those it is replayed under.

    Attributes:
        expected: the digest of the workflow that replays it.
        found: the digest in the entry.
    """

    code = "journal-mismatch"

    def __init__(self, wording: Wording, sequence: int, expected: str, found: str) -> None:
        super().__init__(wording, sequence)
        self.expected = expected
        self.found = found
