"""Links the rules and checks of a definition: their conditions, outputs and clauses."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from telecom_rules.expressions import Context, Scope, check, check_cell
from telecom_rules.findings import Findings
from telecom_rules.findings.kinds import CHECK, FACT, OUTPUT, RULE
from telecom_rules.frozen import FrozenDict
from telecom_rules.policies.rules import Check, Row, Rule
from telecom_rules.suggestions import find_nearest
from telecom_rules.vocabulary import BOOLEAN, Period, Record, RecordType, dump_value
from telecom_rules.vocabulary.time.periods import read_period
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.documents import Scalar, Word
    from telecom_rules.expressions import Expression
    from telecom_rules.findings import Span
    from telecom_rules.policies.definition import (
        CheckDefinition,
        OutputDefinition,
        RuleDefinition,
    )
    from telecom_rules.vocabulary import Field, Value, Vocabulary


OUTPUT_VALUE = Wording("取值", "value")
NOT_LISTED = Wording(
    "输出 `{name}` 应直接写为其 `values` 之一（{known}），而不是 `{text}`",
    "the output `{name}` must be one of its `values` ({known}), as a literal; found `{text}`",
)
ANY_CELL = "-"
ALWAYS_TRUE = "true"
MAY_BE_ABSENT = "TR205"


@dataclass(frozen=True, slots=True)
class Linker:
    """Links the rules and checks of one policy.

    Attributes:
        vocabulary: the clauses they may cite.
        scope: the names their conditions may use.
        entry: the outputs of each rule, or `None` if their definition has a mistake.
        in_force: the days on which the policy is in force.
        findings: collects the mistakes.
        priorities: the permitted values of some outputs, highest priority first.
    """

    vocabulary: Vocabulary
    scope: Scope
    entry: RecordType | None
    in_force: Period
    findings: Findings
    priorities: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)

    def link_rows(self, definitions: Sequence[RuleDefinition]) -> tuple[Row, ...] | None:
        """Return the rules of a table as rows, or `None` where any of them has a mistake."""
        self.findings.drop_duplicates(definitions, lambda each: each.id, RULE)
        rows = [self.link_row(each) for each in definitions]
        linked = tuple(row for row in rows if row is not None)
        return linked if len(linked) == len(rows) else None

    def link_checks(self, definitions: Sequence[CheckDefinition]) -> tuple[Check, ...] | None:
        """Return the checks of a checklist, or `None` where any of them has a mistake."""
        self.findings.drop_duplicates(definitions, lambda each: each.id, CHECK)
        checks = [self.link_check(each) for each in definitions]
        linked = tuple(each for each in checks if each is not None)
        return linked if len(linked) == len(checks) else None

    def link_row(self, definition: RuleDefinition) -> Row | None:
        """Return one rule as a row, or `None` after reporting every mistake in it."""
        cites = self.vocabulary.cite(definition.cites, self.findings)
        tests = self.link_tests(definition)
        scope = narrow_scope(self.scope, tests or ())
        known = replace(self, scope=scope, findings=Findings())
        outputs = known.link_results(definition.then, definition.span_of_key("then"))
        self.report_behind(known.findings, sound=tests is not None)
        days = self.link_period(definition, definition.id)
        if tests is None or outputs is None:
            return None
        rule = Rule(
            str(definition.id),
            definition.title,
            definition.note,
            cites,
            definition.interpretation,
        )
        return Row(rule, tests, outputs, days, definition.id.span)

    def link_check(self, definition: CheckDefinition) -> Check | None:
        """Return one check, or `None` after reporting every mistake in it."""
        cites = self.vocabulary.cite(definition.cites, self.findings)
        when = self.link_conditions([] if definition.when is None else [definition.when])
        scope = narrow_scope(self.scope, when or ())
        written = [] if definition.measured is None else [definition.measured]
        behind = replace(self, scope=scope, findings=Findings())
        measured = behind.link_conditions(written)
        self.report_behind(behind.findings, sound=when is not None)
        scope, found = narrow_scope(scope, measured or ()), Findings()
        require = check(definition.require, scope, BOOLEAN, found)
        self.report_behind(found, sound=when is not None and measured is not None)
        days = self.link_period(definition, definition.id)
        if when is None or measured is None or require is None:
            return None
        return Check(
            id=str(definition.id),
            title=definition.title,
            when=when[0] if when else None,
            require=require,
            severity=definition.severity,
            remedy=definition.remedy,
            cites=cites,
            in_force=days,
            span=definition.id.span,
            interpretation=definition.interpretation,
            measured=measured[0] if measured else None,
            note=definition.note,
        )

    def link_period(self, definition: RuleDefinition | CheckDefinition, name: str) -> Period:
        """Return the days of a rule within those of its policy."""
        return read_period(definition.in_force, name, self.findings) & self.in_force

    def link_tests(self, definition: RuleDefinition) -> tuple[Expression, ...] | None:
        """Return the tests of a rule: its condition or its cells, and `where`."""
        when = definition.when
        where = [] if definition.where is None else [definition.where]
        if not isinstance(when, dict):
            return self.link_conditions([*([] if when is None else [when]), *where])
        cells = [
            self.link_cell(fact, cell)
            for fact, cell in when.items()
            if cell.text.strip() != ANY_CELL
        ]
        tests = tuple(each for each in cells if each is not None)
        beside = replace(self, scope=narrow_scope(self.scope, tests)).link_conditions(where)
        if beside is None or len(tests) < len(cells):
            return None
        return (*tests, *beside)

    def link_cell(self, fact: Word, cell: Scalar) -> Expression | None:
        """Return the test of one fact."""
        if fact not in self.scope.facts:
            if fact not in self.scope.lost:
                self.findings.unknown(fact, FACT, self.scope.facts)
            return None
        return check_cell(cell, str(fact), self.scope, self.findings)

    def link_conditions(self, sources: Sequence[Scalar]) -> tuple[Expression, ...] | None:
        """Return a conjunction; each condition is typed with the facts that earlier ones ensure."""
        tests: list[Expression] = []
        failed = False
        for source in sources:
            if source.text.strip() == ALWAYS_TRUE:
                continue
            found = Findings()
            test = check(source, narrow_scope(self.scope, tests), BOOLEAN, found)
            self.report_behind(found, sound=not failed)
            if test is None:
                failed = True
            else:
                tests.append(test)
        return None if failed else tuple(tests)

    def report_behind(self, found: Findings, *, sound: bool) -> None:
        """Report the mistakes in what stands behind conditions.

        Where one of these has a mistake itself, nobody knows which facts it ensures: that a fact
        may be absent behind it is not reported.
        """
        self.findings.extend(each for each in found if sound or each.id != MAY_BE_ABSENT)

    def link_priorities(
        self, definitions: Mapping[Word, OutputDefinition]
    ) -> Mapping[str, tuple[Value, ...]]:
        """Return the permitted values of outputs, after reporting the mistakes in them."""
        fields = {} if self.entry is None else self.entry.fields
        return FrozenDict(
            {
                str(name): tuple(self.iter_values(definition.values, fields[name]))
                for name, definition in definitions.items()
                if definition.values and name in fields
            }
        )

    def iter_values(self, sources: Sequence[Scalar], kind: Field) -> Iterator[Value]:
        """Yield the values of a list, after reporting duplicates (TR112)."""
        seen: list[Value] = []
        for source in sources:
            value = check(source, Scope(), kind.type, self.findings, bare_codes=True)
            if value is None:
                continue
            seen.append(value.evaluate(Record(), Context()))
            if seen[-1] in seen[:-1]:
                self.findings.add("TR112", source.span, kind=OUTPUT_VALUE, name=source.text)
            yield seen[-1]

    def link_results(
        self, given: Mapping[Word, Scalar], span: Span
    ) -> Mapping[str, Expression] | None:
        """Return the expression of each output that is given, after reporting the mistakes."""
        if self.entry is None:
            return None
        fields = self.entry.fields
        results = {str(name): self.link_result(name, source) for name, source in given.items()}
        absent = [name for name, kind in fields.items() if name not in given and not kind.optional]
        misspelt = {find_nearest(name, fields) for name in given if name not in fields}
        for name in absent:
            if name not in misspelt:
                self.findings.missing(span, name)
        linked = {name: each for name, each in results.items() if each is not None}
        if absent or len(linked) < len(results):
            return None
        return FrozenDict({name: linked[name] for name in fields if name in linked})

    def link_result(self, name: Word, source: Scalar) -> Expression | None:
        """Return the expression of one output."""
        kind: Field | None = self.entry.fields.get(name) if self.entry is not None else None
        if kind is None:
            if self.entry is not None:
                self.findings.unknown(name, OUTPUT, self.entry.fields)
            return None
        result = check(source, self.scope, kind.type, self.findings, bare_codes=True)
        if result is not None and name in self.priorities:
            self.check_allowed(name, result)
        return result

    def check_allowed(self, name: Word, result: Expression) -> None:
        """Report an output that is not one of its permitted values (TR120)."""
        values = self.priorities[name]
        if not result.reads and result.evaluate(Record(), Context()) in values:
            return
        known = [str(dump_value(value)) for value in values]
        what = NOT_LISTED.fill(name=name, known=", ".join(known), text=result.source)
        meant = find_nearest(result.source, known)
        self.findings.misused(result.span, what, suggestion=meant)


def narrow_scope(scope: Scope, tests: Iterable[Expression]) -> Scope:
    """Return the scope of an expression that is evaluated only if all of `tests` hold.

    Facts that a test ensures to be present are no longer optional.
    """
    there = frozenset(path for test in tests for path in test.ensures)
    if not there:
        return scope
    roots = {path.partition(".")[0] for path in there}
    context = {
        name: narrow_record(kind, name, there)
        if name in roots and isinstance(kind, RecordType)
        else kind
        for name, kind in scope.context.items()
    }
    return replace(scope, facts=narrow_fields(scope.facts, "", there), context=context)


def narrow_record(record: RecordType, path: str, there: frozenset[str]) -> RecordType:
    """Return a record type in which the fields at the paths `there` are not optional."""
    return replace(record, fields=narrow_fields(record.fields, f"{path}.", there))


def narrow_fields(
    fields: Mapping[str, Field], prefix: str, there: frozenset[str]
) -> Mapping[str, Field]:
    """Return fields of which those at the paths `there` are not optional."""
    inside = (path.removeprefix(prefix) for path in there if path.startswith(prefix))
    names = {path.partition(".")[0] for path in inside} & fields.keys()
    return {**fields, **{name: narrow_field(fields[name], prefix + name, there) for name in names}}


def narrow_field(kind: Field, path: str, there: frozenset[str]) -> Field:
    """Return a field that is not optional if it is at one of the paths `there`."""
    inner = (
        narrow_record(kind.type, path, there) if isinstance(kind.type, RecordType) else kind.type
    )
    return replace(kind, optional=kind.optional and path not in there, type=inner)
