"""The decision of a policy, with everything needed to explain it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple, Protocol, TypeAlias

from telecom_rules.expressions import Budget, Context
from telecom_rules.frozen import FrozenDict, Portable
from telecom_rules.policies.digests import digest_policy
from telecom_rules.policies.explanation.causes import find_causes, is_false, iter_near_misses
from telecom_rules.policies.explanation.parts import iter_lines as iter_brief_lines
from telecom_rules.policies.explanation.phrases import describe_missing, describe_outcome
from telecom_rules.policies.hit_policies import MULTIPLE_HIT
from telecom_rules.policies.rules import VERDICT_BY_SEVERITY
from telecom_rules.values import registered
from telecom_rules.vocabulary import Record, clauses_on, dump_record, dump_value
from telecom_rules.wording import (
    ArgumentError,
    Wording,
    drop_contained,
    join_lines,
    keep_on_line,
    quote_found,
    read_language,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from telecom_rules.expressions import Seen
    from telecom_rules.policies.explanation.parts import Explanation, Told
    from telecom_rules.policies.rule_set import RuleSet
    from telecom_rules.policies.rules import Check, Rule, Severity
    from telecom_rules.vocabulary import Clause, Json, ParameterValue, Value


Detail: TypeAlias = Literal["short", "full", "trace"]
"""How much an explanation tells."""
Status: TypeAlias = Literal["pass", "fail", "not_applicable", "unknown"]
"""The status of a check; `unknown` means that facts are missing."""


NOT_A_DETAIL = Wording(
    "应为 short、full 或 trace，而不是{found}", "expected short, full or trace, found {found}"
)


class ToldCheck(NamedTuple):
    """A check whose result came out of a pickle: what is told of it.

    Attributes:
        title: its name for people.
        severity: how serious a failure is.
        remedy: what to do when it fails.
        cites: the clauses it comes from.
        seen: the parts of its condition that determined the status.
        told: the same for people.
        interpretation: whether it is our reading of words that leave it open.
        unmeasured: whether it is unknown because too little was measured.
    """

    title: Wording
    severity: Severity
    remedy: Wording
    cites: tuple[Clause, ...]
    seen: tuple[Seen, ...]
    told: tuple[Wording, ...]
    interpretation: bool
    unmeasured: bool


@dataclass(frozen=True, slots=True)
class CheckResult(Portable):
    """The result of one check of a checklist.

    Attributes:
        id: the check's name within the policy.
        status: `pass`, `fail`, `not_applicable`, or `unknown` where facts are missing.
        missing: the facts that would determine an `unknown` status.
    """

    id: str
    status: Status
    missing: tuple[str, ...]
    _check: Check | ToldCheck = field(repr=False, compare=False)
    _facts: Record = field(repr=False, compare=False)
    _context: Context = field(repr=False, compare=False)

    def __reduce__(self) -> tuple[type[CheckResult], tuple[object, ...]]:
        # The expressions of a check stay in their process; what they have told is a value.
        check = self._check
        told = ToldCheck(
            check.title,
            check.severity,
            check.remedy,
            check.cites,
            self.seen,
            self.told,
            check.interpretation,
            self.is_unmeasured,
        )
        return type(self), (self.id, self.status, self.missing, told, Record(), Context())

    @property
    def title(self) -> Wording:
        """Its name for people."""
        return self._check.title

    @property
    def severity(self) -> Severity:
        """How serious a failure is: an error fails its list, a warning warns, advice neither."""
        return self._check.severity

    @property
    def remedy(self) -> Wording:
        """What to do when it fails."""
        return self._check.remedy

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses it comes from."""
        return self._check.cites

    @property
    def interpretation(self) -> bool:
        """Whether it is our reading of words of the law that leave it open."""
        return self._check.interpretation

    @property
    def seen(self) -> tuple[Seen, ...]:
        """The parts of its condition that determined the status, with the values they read."""
        return self.find_seen(Budget())

    def find_seen(self, budget: Budget) -> tuple[Seen, ...]:
        """Return `seen`, within a budget of steps."""
        check, facts, context = self._check, self._facts, self._context
        if isinstance(check, ToldCheck):
            return check.seen
        if self.status == "pass":
            return check.require.why(facts, context, budget)
        if self.is_unmeasured:
            return find_causes(check.grounds, facts, context, verdict=False, budget=budget)
        tests, verdict = {
            "fail": ((check.require,), False),
            "unknown": (check.conditions, None),
            "not_applicable": (check.tests, False),
        }[self.status]
        return find_causes(tests, facts, context, verdict=verdict, budget=budget)

    def dump(self) -> dict[str, Json]:
        """Return it as JSON, as a decision on record has it: its texts are those of the rules."""
        return {
            "id": self.id,
            "status": self.status,
            "severity": self.severity,
            "interpretation": self.interpretation,
            "cites": dump_names(self.cites),
            "missing": dump_names(self.missing),
        }

    @property
    def is_unmeasured(self) -> bool:
        """Whether it is unknown because too little was measured, and not because facts are."""
        check = self._check
        if isinstance(check, ToldCheck):
            return check.unmeasured
        return self.status == "unknown" and any(
            is_false(each, self._facts, self._context) for each in check.grounds
        )

    @property
    def told(self) -> tuple[Wording, ...]:
        """The same for people; for a failure with the margin by which it missed."""
        return self.tell(Budget())

    def tell(self, budget: Budget) -> tuple[Wording, ...]:
        """Return `told`, within a budget of steps."""
        check, facts, context = self._check, self._facts, self._context
        if isinstance(check, ToldCheck):
            return check.told
        if self.status != "fail":
            return drop_contained(each.wording for each in self.find_seen(budget))
        require = check.require
        return drop_contained(iter_near_misses(require, facts, context, budget))


class Origin(Protocol):
    """The rules that made a decision and can explain it: an edition of a policy."""

    @property
    def policy(self) -> RuleSet:
        """The policy."""

    def iter_figures(self, decision: Decision) -> Iterator[tuple[str, ParameterValue]]:
        """Yield the figures read for `decision`, with their values in force."""

    def explain(self, decision: Decision) -> Iterable[Wording]:
        """Yield the lines that explain the decision."""

    def explain_briefly(self, decision: Decision) -> Explanation:
        """Return the short explanation of the decision."""

    def tell_grounds(self, decision: Decision) -> tuple[Told, ...]:
        """Return the facts by which it was decided so."""

    def trace(self, decision: Decision) -> Iterable[Wording]:
        """Return the lines that tell each condition as it was evaluated for the decision."""


class Decision(Portable):
    """The decision of a policy on one record and day. Immutable.

    Most properties are computed on access, because decisions are created more often than any other
    object of the library.
    """

    __slots__ = ("_edition", "_facts", "_missing", "_on", "_outputs", "_results", "_rules")
    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # a record is not hashable

    def __init__(
        self,
        edition: Origin,
        on: date,
        facts: Record | tuple[Value, ...],
        outputs: Mapping[str, Value],
        rules: tuple[Rule, ...],
        results: tuple[CheckResult, ...] = (),
        missing: tuple[str, ...] = (),
    ) -> None:
        """Make the decision of an edition on a record, or on the values of all its fields."""
        self._edition = edition
        self._on = on
        self._facts = facts
        self._outputs = outputs
        self._rules = rules
        self._results = results
        self._missing = missing

    @property
    def policy(self) -> str:
        """The policy's name."""
        return self._edition.policy.name

    @property
    def on(self) -> date:
        """The day whose rules and figures apply."""
        return self._on

    @property
    def digest(self) -> str:
        """The digest of the rules and figures in force on the day; see `Policy.digest_on`."""
        return digest_policy(self._edition.policy, "on", self._on)

    @property
    def outputs(self) -> Mapping[str, Value]:
        """The value of each output; empty while the decision is unknown.

        A checklist has one output, `verdict`: `pass`, `warn`, `fail` or `unknown`.
        """
        return self._outputs

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that give the outputs, in the order of evaluation.

        Empty for a checklist, for the default of a table, and while the decision is
        unknown. Where facts are missing and several rules may decide, all with the same outputs,
        these are the rules that may.
        """
        return self._rules

    @property
    def results(self) -> tuple[CheckResult, ...]:
        """The result of each check of a checklist."""
        return self._results

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts without which nothing can be decided, the most decisive first."""
        return self._missing

    @property
    def facts(self) -> Record:
        """The record that was decided on."""
        facts = self._facts
        if not isinstance(facts, Record):
            fields = self._edition.policy.facts.fields
            facts = record_of(fields, facts)
            self._facts = facts
        return facts

    def __eq__(self, other: object) -> bool:
        """Return whether two decisions have the same `identity`."""
        if not isinstance(other, Decision):
            return NotImplemented
        return self.identity == other.identity

    @property
    def identity(self) -> tuple[object, ...]:
        """The values by which decisions are compared."""
        return (
            self.policy, self.on, self.digest, self.outputs, self.rules, self.results,
            self.missing, self.facts,
        )  # fmt: skip

    def __reduce__(self) -> tuple[Callable[[dict[str, Json]], Decision], tuple[dict[str, Json]]]:
        return registered.decide_again, (self.dump(),)

    def __repr__(self) -> str:
        said = f"outputs={dict(self.outputs)}" if self.known else f"missing={self.missing}"
        rules = "".join(f", rule={rule.id}" for rule in self.rules)
        return f"<Decision {self.policy} on {self.on.isoformat()}: {said}{rules}>"

    @property
    def rule(self) -> Rule | None:
        """The rule that decided; `None` for the default, and where several rules may decide."""
        rules, hit_policy = self._rules, self._edition.policy.hit_policy
        if not rules or hit_policy in MULTIPLE_HIT or (len(rules) > 1 and hit_policy != "any"):
            return None
        return rules[0]

    @property
    def known(self) -> bool:
        """Whether the facts were enough to decide."""
        return not self.missing

    @property
    def title(self) -> Wording:
        """The policy's name for people."""
        return self._edition.policy.title

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses behind the decision: of its rules, or of the checks that made the verdict.

        Where these have none they are the clauses of the policy itself. Each has the number of the
        text that held on the day.
        """
        whole = clauses_on(self._edition.policy.cites, self.on)
        decisive: list[Rule | CheckResult] = [
            *self.rules,
            *find_decisive(self.results, self.outputs.get("verdict")),
        ]
        clauses = (clause for each in decisive for clause in each.cites)
        return tuple({str(clause): clause for clause in clauses}.values()) or whole

    @property
    def parameters(self) -> Mapping[str, ParameterValue]:
        """The figures that the evaluated rules read, as in force that day."""
        return FrozenDict(dict(self._edition.iter_figures(self)))

    @property
    def tally(self) -> Mapping[Status, int]:
        """The number of checks of a checklist by status."""
        statuses: tuple[Status, ...] = ("pass", "fail", "not_applicable", "unknown")
        found = [each.status for each in self.results]
        return FrozenDict({status: found.count(status) for status in statuses})

    def summary(self, language: str = "en") -> str:
        """Return the decision on one line: its outputs and its rule, or what is still needed."""
        policy = self._edition.policy
        if not self.known:
            return keep_on_line(describe_missing(policy.facts.fields, self.missing).say(language))
        failed = [each.title for each in self.results if each.status == "fail"]
        outcome = describe_outcome(policy.outputs, self.outputs, self.rules, failed)
        return keep_on_line(outcome.say(language))

    @property
    def explanation(self) -> Explanation:
        """Why it was decided so, and what would change it: typed, for a screen."""
        return self._edition.explain_briefly(self)

    def explain(self, language: str = "en", *, detail: Detail = "full") -> str:
        """Return an explanation of the decision as plain text of several lines.

        Args:
            language: `"zh"`, `"en"` or a tag that begins so.
            detail: how much is told. `"short"`: in at most twelve lines the answer, its reasons,
                the law, and what would have to be otherwise for another answer, each of which was
                decided before it is told. `"full"`: the rule, the conditions with the values they
                read, the clauses, the figures used with the day since which they are in force, and
                why each earlier rule does not apply. `"trace"`: each condition as the rules have
                it, as it was evaluated.

        Raises:
            ArgumentError: `language` or `detail` is another.
        """
        at = Wording._fields.index(read_language(language))
        return join_lines([each[at] for each in iter_lines(self, detail)])

    def trace(self) -> Iterable[Wording]:
        """Return each condition as it was evaluated, a line each."""
        return self._edition.trace(self)

    def dump(self) -> dict[str, Json]:
        """Return the decision as JSON; equal decisions give equal JSON."""
        rule = self.rule
        return {
            "policy": self.policy,
            "on": self.on.isoformat(),
            "digest": self.digest,
            "known": self.known,
            "outputs": dump_record(self.outputs),
            "rule": None if rule is None else dump_rule(rule),
            "rules": [dump_rule(each) for each in self.rules],
            "cites": dump_names(self.cites),
            "missing": dump_names(self.missing),
            "results": [each.dump() for each in self.results],
            "parameters": {
                name: {
                    "value": dump_value(each.value),
                    "since": None if each.since is None else each.since.isoformat(),
                    "confidence": each.confidence and str(each.confidence),
                    "interpretation": each.interpretation,
                }
                for name, each in self.parameters.items()
            },
            "facts": dump_record(self.facts),
        }


def origin_of(decision: Decision) -> Origin:
    """Return the rules that made a decision, for other rooms of the library."""
    return decision._edition  # noqa: SLF001 - hidden from hosts only


def iter_lines(decision: Decision, detail: object) -> Iterable[Wording]:
    """Return the lines of an explanation."""
    if detail == "short":
        return iter_brief_lines(decision.explanation)
    if detail == "full":
        return origin_of(decision).explain(decision)
    if detail == "trace":
        return decision.trace()
    raise ArgumentError("detail", NOT_A_DETAIL.fill(found=quote_found(detail)))


def find_decisive(results: Iterable[CheckResult], verdict: Value | None) -> list[CheckResult]:
    """Return the results that made a verdict: its failures, or all results of its name."""
    counted = [each for each in results if each.severity in VERDICT_BY_SEVERITY]
    failed = [
        each
        for each in counted
        if each.status == "fail" and VERDICT_BY_SEVERITY[each.severity] == verdict
    ]
    return failed or [each for each in counted if each.status == verdict]


def record_of(fields: Iterable[str], values: Iterable[Value]) -> Record:
    """Return a record of the values of its fields, `None` where one is not known."""
    return Record(
        {name: value for name, value in zip(fields, values, strict=True) if value is not None}
    )


def dump_rule(rule: Rule) -> Json:
    """Return a rule as JSON."""
    return {
        "id": rule.id,
        "title": None if rule.title is None else rule.title.dump(),
        "interpretation": rule.interpretation,
    }


def dump_names(names: Iterable[object]) -> list[Json]:
    """Return names or clauses as a list of texts."""
    return [str(name) for name in names]
