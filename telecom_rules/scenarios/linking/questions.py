"""Links the scenarios of a policy: facts, a day and the expected decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings.kinds import CHECK, FACT, OUTPUT, RULE
from telecom_rules.scenarios.linking.values import link_value, read_loosely
from telecom_rules.scenarios.scenario import (
    DEFAULT_RULE,
    Example,
    Expected,
    ExpectedDecision,
    PolicyScenario,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telecom_rules.documents import Word
    from telecom_rules.findings import Findings, Span
    from telecom_rules.pack import Pack
    from telecom_rules.policies import Policy, Status
    from telecom_rules.scenarios.definition import (
        ExampleDefinition,
        PolicyScenarioDefinition,
        PolicyScenarioFileDefinition,
        Written,
    )
    from telecom_rules.scenarios.scenario import ExpectedNames
    from telecom_rules.vocabulary import Clause, Field, Value


NO_DAY_GIVEN = Wording(
    "没有写明日期：请在场景中或文件开头写 `on`",
    "the day is missing: write `on` in the scenario or at the top of the file",
)
NOTHING_EXPECTED = Wording(
    "没有写明预期：请写 `then`、`rule`、`checks`、`needs` 或 `error`",
    "nothing is expected: write `then`, `rule`, `checks`, `needs` or `error`",
)
NOTHING_DECIDED = Wording(
    "`{key}` 表示没有结论，不能与 `then`、`rule` 同时使用",
    "`{key}` says that nothing is decided, so `then` and `rule` are not allowed",
)


class PolicyScenarioLinker:
    """Links one file of a policy's scenarios."""

    def __init__(
        self, definition: PolicyScenarioFileDefinition, pack: Pack, findings: Findings
    ) -> None:
        self.definition = definition
        self.pack = pack
        self.policy: Policy = pack.policies[definition.policy]
        self.findings = findings

    def link_scenarios(self) -> tuple[PolicyScenario, ...]:
        """Return the scenarios of the file, without those that have mistakes."""
        linked = (self.link_scenario(name, test) for name, test in self.definition.tests.items())
        return tuple(each for each in linked if each is not None)

    def link_scenario(self, name: Word, test: PolicyScenarioDefinition) -> PolicyScenario | None:
        """Return one scenario, or `None` after reporting its mistakes."""
        before = len(self.findings)
        cites = link_cites(test.cites, self.pack, self.findings)
        rows = [self.link_example(test, example) for example in test.examples or (None,)]
        if len(self.findings) > before:
            return None
        return PolicyScenario(
            id=f"{self.definition.scenarios}/{name}",
            title=test.title,
            cites=cites,
            span=name.span,
            policy=self.policy,
            examples=tuple(each for each in rows if each is not None),
        )

    def link_example(
        self, test: PolicyScenarioDefinition, row: ExampleDefinition | None
    ) -> Example | None:
        """Return the example of one row, or of the scenario itself if it has no rows."""
        levels: tuple[ExampleDefinition, ...] = (test,) if row is None else (test, row)
        day = next((each.on for each in reversed(levels) if each.on), None) or self.definition.on
        place = levels[-1].span
        if day is None:
            self.findings.misused(place, NO_DAY_GIVEN)
        expected = self.link_decision(levels, place)
        error = expected.error.value if expected.error is not None else None
        facts = self.link_facts(levels, loose=error == "facts")
        return None if day is None else Example(place, day, facts, expected)

    def link_facts(
        self, levels: Sequence[ExampleDefinition], *, loose: bool
    ) -> Mapping[str, object]:
        """Return the facts of a row, with the inherited ones that it does not replace."""
        given = dict(self.definition.given)
        for level in levels:
            given |= level.given
            for name in level.without:
                if name not in self.policy.facts.fields:
                    self.findings.unknown(name, FACT, self.policy.facts.fields)
                given.pop(name, None)
        fields, zone = self.policy.facts.fields, self.pack.zone
        if loose:
            return {
                str(name): read_loosely(fields.get(name), each, zone)
                for name, each in given.items()
            }
        return strip_places(link_values(given, fields, FACT, self.pack, self.findings))

    def link_decision(self, levels: Sequence[ExampleDefinition], place: Span) -> ExpectedDecision:
        """Return the expected decision of a row; the row overrides the levels around it."""
        policy, row = self.policy, levels[-1]
        # A row that expects no decision inherits none, and is inherited by none.
        undecided = row.error is not None or bool(row.needs)
        decided = [each for each in levels if not each.needs and not each.error]
        inherited = [row] if undecided else decided
        then: dict[Word, Written] = {}
        checks: dict[Word, Status] = {}
        absent: list[Word] = []
        for level in inherited:
            then |= level.then
            checks |= level.checks
            absent = [name for name in absent if name not in level.then] + list(level.absent)
            then = {name: each for name, each in then.items() if name not in level.absent}
        outputs = link_values(then, policy.outputs.fields, OUTPUT, self.pack, self.findings)
        expected = ExpectedDecision(
            outputs=outputs,
            absent=link_names(absent, OUTPUT, policy.outputs.fields, self.findings),
            rules=self.link_rules(inherited),
            checks={
                str(name): Expected(status, name.span)
                for name, status in checks.items()
                if self.check_known(name, CHECK, [each.id for each in policy.checks])
            },
            needs=Expected(
                tuple(
                    each.value
                    for each in link_names(row.needs, FACT, policy.facts.fields, self.findings)
                ),
                row.span_of_key("needs"),
            )
            if row.needs
            else None,
            error=Expected(row.error.replace("_", "-"), row.span_of_key("error"))
            if row.error
            else None,
        )
        if undecided and (row.then or row.rule or row.absent):
            key = "error" if row.error else "needs"
            self.findings.misused(row.span_of_key(key), NOTHING_DECIDED, key=key)
        if not (undecided or then or checks or absent or expected.rules):
            self.findings.misused(place, NOTHING_EXPECTED)
        return expected

    def link_rules(self, levels: Sequence[ExampleDefinition]) -> ExpectedNames:
        """Return the rules that must decide."""
        words = next((each.rule for each in reversed(levels) if each.rule), ())
        if not words:
            return None
        known = [row.rule.id for row in self.policy.rows]
        if words == (DEFAULT_RULE,) and DEFAULT_RULE not in known:
            return Expected((), words[0].span)
        named = link_names(words, RULE, known, self.findings)
        return Expected(tuple(each.value for each in named), words[0].span)

    def check_known(self, word: Word, kind: Wording, names: Iterable[str]) -> bool:
        """Return whether a name is one of `names`, after reporting it if not."""
        known = tuple(names)
        if word in known:
            return True
        self.findings.unknown(word, kind, known)
        return False


def link_values(
    given: Mapping[Word, Written],
    fields: Mapping[str, Field],
    kind: Wording,
    pack: Pack,
    findings: Findings,
) -> Mapping[str, Expected[Value]]:
    """Return values by field name, after reporting mistakes."""
    values: dict[str, Expected[Value]] = {}
    for name, written in given.items():
        if name not in fields:
            findings.unknown(name, kind, fields)
            continue
        span = name.span if isinstance(written, tuple) else written.span
        read = link_value(fields[name], written, span, pack.zone, findings)
        values[str(name)] = Expected(read, span)
    return values


def strip_places(values: Mapping[str, Expected[Value]]) -> Mapping[str, object]:
    """Return values without their spans."""
    return {name: each.value for name, each in values.items()}


def link_names(
    words: Iterable[Word], kind: Wording, known: Iterable[str], findings: Findings
) -> tuple[Expected[str], ...]:
    """Return names with their spans, after reporting those that are unknown (TR113)."""
    names = tuple(known)
    for word in words:
        if word not in names:
            findings.unknown(word, kind, names)
    return tuple(Expected(str(word), word.span) for word in words)


def link_cites(
    words: Iterable[Word], pack: Pack, findings: Findings
) -> tuple[Expected[Clause], ...]:
    """Return the cited clauses, each with its span."""
    clauses = ((word, pack.vocabulary.resolve_clause(word, findings)) for word in words)
    return tuple(Expected(clause, word.span) for word, clause in clauses if clause is not None)
