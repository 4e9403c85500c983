"""A policy: a decision table or a checklist over one type of facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from telecom_rules.errors import TelecomRulesError
from telecom_rules.policies.completions.question import build_question
from telecom_rules.policies.digests import digest_policy
from telecom_rules.policies.editions.three_valued import UnaskedRecord
from telecom_rules.policies.engine import FALLBACK_ERRORS, Engine
from telecom_rules.policies.rule_set import RuleSet
from telecom_rules.values import registered
from telecom_rules.values.arguments import read_day, read_iterator
from telecom_rules.vocabulary.models import as_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from telecom_rules.policies.completions.question import Question
    from telecom_rules.policies.decision import Decision


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Policy(RuleSet):
    """A decision table or a checklist, linked and ready to decide.

    Immutable and safe to share between threads. The data are those of `RuleSet`; functions are
    compiled on first use, once for each set of rules in force together.
    """

    _policies: Mapping[str, Policy]
    _engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_engine", Engine(self, self._policies))

    def __reduce__(self) -> tuple[Callable[[str, str], Policy], tuple[str, str]]:
        return registered.find_policy, (self.name, self.digest)

    def __repr__(self) -> str:
        kind = f"{len(self.checks)} checks" if self.checks else f"{len(self.rows)} rules"
        return f"<Policy {self.name}: {kind} over {self.facts.name}>"

    @property
    def digest(self) -> str:
        """The digest of what it means: of its rules and all that they read, on all days.

        Layout, order of keys, titles, notes and clauses make no difference.
        """
        return digest_policy(self)

    def digest_on(self, day: date) -> str:
        """Return the digest of the rules and figures in force on a day, as decisions carry it.

        Raises:
            ArgumentError: `day` is not a day.
        """
        day = read_day("day", day)
        return digest_policy(self, "on", day)

    def decide(self, facts: object, *, on: date) -> Decision:
        """Decide on `facts` under the rules and figures in force on a day.

        Args:
            facts: names and values, or any object whose attributes are facts: an instance of
                `self.facts.model`, a dataclass, a pydantic model, a row of an ORM. Unknown facts
                may be left out; if one of them matters, the decision is unknown and lists it as
                `missing`.
            on: the day.

        Raises:
            ArgumentError: `on` is not a day.
            FactsError: the facts do not fit.
            NotInForce: no rule, or a figure that is read, is not in force that day.
            NoRuleMatches: no rule of a table without default covers the facts.
            SeveralRulesMatch: more than one rule of a `unique` table holds.
            RulesDisagree: rules of an `any` table hold, and their outputs differ.
            EvaluationError: an expression of a rule has no value for these facts.
        """
        if type(on) is not date:
            on = read_day("on", on)
        try:
            fast = self._engine.facts_functions[on][type(facts)]
        except Exception:  # the first of its day or type, or a metaclass of the host that fails
            fast = self._engine.facts_function_for(type(facts), on)
        try:
            return fast(facts, on)
        except FALLBACK_ERRORS:
            # Exact evaluation either decides or raises the error to be reported.
            return self._engine.decide(self.facts.read(facts), on=on)
        except (TelecomRulesError, MemoryError):
            raise
        except Exception:
            self.facts.read(facts)  # says so if an object of the host is at fault
            raise

    def decide_many(
        self, rows: Iterable[object], *, on: date
    ) -> Iterator[Decision | TelecomRulesError]:
        """Decide on many rows, one after another, each when it is asked for.

        A row that cannot be decided gives its error in its place, as a value, so that the others
        are not lost. The rows are not kept: they may come from a cursor of a database.

        Args:
            rows: the facts of each, as `decide` takes them.
            on: the day.

        Returns:
            An iterator with a decision, or the error that `decide` would raise, for each row.

        Raises:
            ArgumentError: `on` is not a day, or `rows` cannot be iterated.
        """
        day = read_day("on", on)
        return iter_decisions(self, read_iterator("rows", rows), day)

    def ask(self, facts: object, *, on: date) -> Question | None:
        """Return the next question needed to decide, or `None` once no fact is needed.

        Asking, adding the answer and asking again ends in the decision that the complete facts
        would give. No question is asked whose answer cannot change it.

        Args:
            facts: the known facts. One given as `None` has been asked for and is absent (if it is
                optional) or unknown; it is not asked for again. One that is not given may still be
                asked for, even if it is optional.
            on: the day whose rules and figures apply.

        Raises:
            TelecomRulesError: as `decide` does.
        """
        record = self.facts.read(facts)
        said = find_given(facts, self.facts.fields)
        fields = self.facts.fields
        unasked = frozenset(name for name, each in fields.items() if each.optional) - said
        known = UnaskedRecord(record, unasked)
        decision = self._engine.decide(known, on=on)
        wanted = [name for name in decision.missing if name in fields and name not in said]
        if not wanted:
            return None
        chosen = self._engine.choose_fact(wanted, known, on)
        return None if chosen is None else build_question(self.facts, chosen)


def iter_decisions(
    policy: Policy, rows: Iterator[object], on: date
) -> Iterator[Decision | TelecomRulesError]:
    """Yield the decision on each row, or the error why there is none."""
    for row in rows:
        outcome: Decision | TelecomRulesError
        try:
            outcome = policy.decide(row, on=on)
        except TelecomRulesError as problem:
            outcome = problem.with_traceback(None)  # which would keep the row and all around it
        yield outcome


def engine_of(policy: Policy) -> Engine:
    """Return the engine of a policy, for other rooms of the library."""
    return policy._engine  # noqa: SLF001 - hidden from hosts, not from the library


def peer_of(policy: Policy, name: str) -> Policy:
    """Return one of the policies that the expressions of a policy ask."""
    return policy._policies[name]  # noqa: SLF001 - as above


def find_given(facts: object, names: Iterable[str]) -> frozenset[str]:
    """Return those of `names` under which facts are given, known or not."""
    try:
        data = as_mapping(facts, names)
        given = {name for name in names if name in data} if isinstance(data, Mapping) else ()
    except MemoryError:
        raise
    except Exception:  # an object of the host that could be read a moment ago
        given = ()
    return frozenset(given)
