"""The pack that a host holds, and the view of it on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from telecom_rules.digests import DIGEST_LENGTH, calculate_digest, to_canonical_json
from telecom_rules.errors import ArgumentError, SnapshotError, SnapshotMismatch
from telecom_rules.findings.kinds import CALENDAR, CATALOGUE, FACTS, PARAMETER, POLICY, SOURCE
from telecom_rules.frozen import Immutable
from telecom_rules.pack.digests import ElementDigests, digest_elements
from telecom_rules.policies.trials import Shadow, ShadowedPolicy
from telecom_rules.values import registered
from telecom_rules.values.arguments import copy_object, find_text, read_day, read_object
from telecom_rules.values.named import NamedMapping
from telecom_rules.wording import Wording, quote_found, shorten
from telecom_rules.workflows.journal.json_values import read_stored
from telecom_rules.workflows.journal.retrace import read_own_journal
from telecom_rules.workflows.journal.snapshot import read_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime, timezone

    from telecom_rules.pack.matters import Matter
    from telecom_rules.policies import Decision, Policy
    from telecom_rules.policies.trials import DecisionChange
    from telecom_rules.values.registered import RegisteredPack
    from telecom_rules.vocabulary import (
        Calendar,
        Catalogue,
        FactType,
        Parameter,
        ParameterValue,
        Source,
        Vocabulary,
    )
    from telecom_rules.workflows import Case, Entry, Moved, Workflow


OTHER_PACK = Wording(
    "快照属于流程 `{name}`（{found}），本规则包没有这一流程；请用保存它的规则包恢复",
    "the snapshot is of the workflow `{name}` ({found}), which this pack does not have; restore it"
    " with its own",
)
OTHER_RULES = Wording(
    "该决定由另一套规则（{found}）作出，现行规则在当日是 {expected}；请用原规则包重新决定，"
    "或以 `other_rules=True` 按现行规则决定",
    "the decision was made by the rules {found}, on that day these are {expected}; decide again"
    " with its own pack, or by these rules with `other_rules=True`",
)
NO_DECISION = Wording(
    "不是 `Decision.dump` 的结果，或已损坏", "not what `Decision.dump` returned, or damaged"
)
NO_SUCH_POLICY = Wording(
    "规则包 {pack} 没有策略 `{name}`；请用作出该决定的规则包重新决定",
    "the pack {pack} has no policy `{name}`; decide again with the pack that decided",
)
OTHER_ANSWER = Wording(
    "重新决定的结论与记录不同；记录已被改动",
    "deciding again gives another answer than the dump; the dump has been altered",
)
NOT_A_PACK = Wording("应为规则包 `Pack`，而不是 {found}", "expected a `Pack`, found {found}")
NOT_CALLABLE = Wording("应为可调用的函数，而不是 {found}", "expected a function, found {found}")
NO_SNAPSHOT = Wording("快照不属于本规则包的任何流程", "the snapshot is of no workflow of this pack")


@dataclass(frozen=True, slots=True)
class PolicyInForce(Immutable):
    """A policy as it holds on one day."""

    policy: Policy
    day: date

    def decide(self, facts: object) -> Decision:
        """Decide on `facts` under the rules and figures in force that day; see `Policy.decide`."""
        return self.policy.decide(facts, on=self.day)


@dataclass(frozen=True, slots=True)
class InForce(Immutable):
    """A pack on one day: the rules and figures that held then.

    Attributes:
        day: the day.
        policies: each policy by name, deciding as of that day.
        parameters: each parameter in force that day by name, with its value, clause and confidence.
    """

    day: date
    policies: Mapping[str, PolicyInForce]
    parameters: Mapping[str, ParameterValue]


@dataclass(frozen=True, eq=False, repr=False)
class Pack(Immutable):
    """A pack of rules: loaded whole, linked, immutable, safe to share between threads.

    Attributes:
        name: the pack's name.
        version: the version its author gave it.
        title: its name for people.
        zone: the fixed offset from UTC in which its days begin and end.
        policies: every policy by name.
        workflows: every workflow by name.
        vocabulary: sources, catalogues, facts, parameters and calendars.
        matters: what people bring to a complaint desk by name, with what answers it.
    """

    name: str
    version: str
    title: Wording
    zone: timezone
    vocabulary: Vocabulary
    policies: NamedMapping[Policy]
    workflows: NamedMapping[Workflow]
    matters: NamedMapping[Matter]

    @property
    def digest(self) -> str:
        """`sha256:` and the digest of what it means; equal digests mean equal rules.

        Layout, comments, names of files, order of keys, titles, notes, clauses and versions make
        no difference: the last four are in `wording_digest`.
        """
        return self._whole.meaning

    @property
    def wording_digest(self) -> str:
        """The digest of what is only read: titles, notes, clauses and their texts, versions."""
        return self._whole.wording

    @cached_property
    def digests(self) -> Mapping[str, ElementDigests]:
        """The digests of every element by its name in the pack, such as `parameters.reply`."""
        return digest_elements(self.vocabulary, self.policies, self.workflows, self.matters)

    @cached_property
    def _whole(self) -> ElementDigests:
        calendar = None if self.calendar is None else self.calendar.name
        parts = {name: each.meaning for name, each in self.digests.items()}
        words = {name: each.wording for name, each in self.digests.items()}
        versions = {name: each.version for name, each in self.workflows.items()}
        return ElementDigests(
            calculate_digest([str(self.zone), calendar, parts]),
            calculate_digest([self.name, self.version, self.title, versions, words]),
        )

    @property
    def sources(self) -> Mapping[str, Source]:
        """The documents the rules come from, by name."""
        return NamedMapping(SOURCE, self.vocabulary.sources)

    @property
    def catalogues(self) -> Mapping[str, Catalogue]:
        """The closed lists of values, by name."""
        return NamedMapping(CATALOGUE, self.vocabulary.catalogues)

    @property
    def facts(self) -> Mapping[str, FactType]:
        """The records that policies and workflows read, by name."""
        return NamedMapping(FACTS, self.vocabulary.facts)

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The dated figures, by name."""
        return NamedMapping(PARAMETER, self.vocabulary.parameters)

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """The calendars of working days, by name."""
        return NamedMapping(CALENDAR, self.vocabulary.calendars)

    @property
    def calendar(self) -> Calendar | None:
        """The calendar that limits are counted by, or `None` where the pack uses none."""
        return self.vocabulary.calendar

    def on(self, day: date) -> InForce:
        """Return the pack as it holds on `day`.

        Raises:
            ArgumentError: `day` is not a day.
        """
        day = read_day("day", day)
        policies = {name: PolicyInForce(policy, day) for name, policy in self.policies.items()}
        values = {
            name: parameter.on(day)
            for name, parameter in self.parameters.items()
            if parameter.is_in_force(day)
        }
        return InForce(day, NamedMapping(POLICY, policies), NamedMapping(PARAMETER, values))

    def restore(self, snapshot: object, journal: Iterable[Entry] | None = None) -> Case:
        """Return the case that `Case.dump` stored, by this pack or another; see `Workflow.restore`.

        Args:
            snapshot: what `dump` returned, read back from JSON.
            journal: the journal of the case, where there is one: then only changes that would
                have led to another journal keep it from being restored.

        Raises:
            SnapshotError: the snapshot is damaged, or not one of a case.
            SnapshotMismatch: these rules would have led the case elsewhere, or do not have its
                workflow; both digests are named.
            ArgumentError: `snapshot` is not an object, or `journal` cannot be iterated.
            JournalError: `journal` is not that of the case, whole and unchanged. This is checked
                first, and also where the journal is not needed.
        """
        snapshot = read_snapshot(snapshot)
        name, made_by = find_text(snapshot.get("workflow")), find_text(snapshot.get("digest"))
        if name is not None and name in self.workflows:
            return self.workflows[name].restore(snapshot, journal)
        if name is not None and made_by is not None:
            if journal is not None:
                read_own_journal(snapshot, journal)
            wording = OTHER_PACK.fill(name=shorten(name), found=shorten(made_by, DIGEST_LENGTH))
            raise SnapshotMismatch(wording, self.digest, made_by)
        raise SnapshotError(NO_SNAPSHOT)

    def migrate(self, snapshot: object, *, at: datetime, actor: str | None = None) -> Moved:
        """Return the case of older rules as a case of these; see `Workflow.migrate`.

        Args:
            snapshot: what `Case.dump` returned, read back from JSON.
            at: when it is moved, with an offset from UTC.
            actor: who moves it, as the host calls them: a printable text of up to 200 characters.

        Raises:
            SnapshotError: the snapshot is damaged, of no workflow of this pack, or can be
                restored as it is.
            ArgumentError: `snapshot` is not an object, `at` not an instant, or `actor` not such a
                text.
        """
        snapshot = read_snapshot(snapshot)
        name = find_text(snapshot.get("workflow"))
        if name is None or name not in self.workflows:
            raise SnapshotError(NO_SNAPSHOT)
        return self.workflows[name].migrate(snapshot, at=at, actor=actor)

    def shadow(self, other: Pack, report: Callable[[DecisionChange], object]) -> Shadow:
        """Return the policies of this pack, with those of another pack deciding in their shadow.

        Each decision is made by both packs and that of this one is returned, so that a host can
        try newer rules on real cases before it adopts them.

        Args:
            other: the other pack, such as a newer version of this one.
            report: called with each `DecisionChange`: `before` is the answer of this pack, `after`
                that of the other one, either of which may be an error. What it raises reaches the
                host.

        Raises:
            ArgumentError: `other` is not a pack, or `report` cannot be called.
        """
        if not issubclass(type(other), Pack):
            raise ArgumentError("other", NOT_A_PACK.fill(found=quote_found(other)))
        if not callable(report):
            raise ArgumentError("report", NOT_CALLABLE.fill(found=quote_found(report)))
        policies = {
            name: ShadowedPolicy(policy, other.policies, report)
            for name, policy in self.policies.items()
        }
        return Shadow(NamedMapping(POLICY, policies))

    def decide_again(self, dump: object, *, other_rules: bool = False) -> Decision:
        """Return the decision that `Decision.dump` wrote down, made anew from its facts and day.

        Args:
            dump: what `dump` returned, read back from JSON.
            other_rules: whether it may have been made by other rules than these. Then the answer
                of these rules is returned, which may be another, and the one in the dump cannot be
                checked. Facts that these rules do not have are refused.

        Raises:
            SnapshotMismatch: the rules or figures in force on its day were others than these; both
                digests are named.
            SnapshotError: it is damaged, or the answer in it is not the one these rules give.
            ArgumentError: `dump` is not an object.
            TelecomRulesError: other rules cannot decide on the facts, as `Policy.decide` says.
        """
        parts = read_stored(read_object("dump", dump)) or {}
        name, made_by = find_text(parts.get("policy")), find_text(parts.get("digest"))
        facts, day = copy_object(parts.get("facts")), parse_day(find_text(parts.get("on")))
        if name is None or day is None or made_by is None or facts is None:
            raise SnapshotError(NO_DECISION)
        if name not in self.policies and other_rules is not True:
            wording = NO_SUCH_POLICY.fill(pack=self.name, name=shorten(name))
            raise SnapshotMismatch(wording, self.digest, made_by)
        policy = self.policies[name]
        own = policy.digest_on(day)
        if made_by != own and other_rules is True:  # nothing else is taken for a request
            return policy.decide(facts, on=day)
        if made_by != own:
            wording = OTHER_RULES.fill(found=shorten(made_by, DIGEST_LENGTH), expected=own)
            raise SnapshotMismatch(wording, own, made_by)
        again = policy.decide(facts, on=day)
        answer = describe_answer(parts)
        if answer is None or answer != describe_answer(again.dump()):
            raise SnapshotError(OTHER_ANSWER)
        return again

    def __reduce__(self) -> tuple[Callable[[str], RegisteredPack], tuple[str]]:
        return registered.find_pack, (self.digest,)

    def __repr__(self) -> str:
        return f"<Pack {self.name} {self.version} {self.digest[:19]}>"


def describe_answer(parts: Mapping[str, object]) -> str | None:
    """Return the answer in a dump of a decision as canonical JSON, or `None` if it is none.

    The titles of its rules may change.
    """
    try:
        rules = parts.get("rules")
        listed = rules if isinstance(rules, list) else [rules]
        ids = [each.get("id") if isinstance(each, dict) else each for each in listed]
        return to_canonical_json([parts.get("outputs"), ids, parts.get("missing")])
    except MemoryError:
        raise
    except Exception:  # not JSON, or an object of the host
        return None


def parse_day(text: str | None) -> date | None:
    """Return the day that a text writes, or `None`."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None
