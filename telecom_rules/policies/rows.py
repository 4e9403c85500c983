"""From the rules and checks of a definition to rows and checks: conditions, outputs, clauses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.expressions import Scope, check, check_cell
from telecom_rules.expressions.typed import Fact, Known, Logic, Part
from telecom_rules.findings import Finding, Related
from telecom_rules.policies.row import Check, Row, Rule
from telecom_rules.spelling import nearest
from telecom_rules.vocabulary import BOOLEAN, Period, RecordType
from telecom_rules.vocabulary.periods import read_period
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telecom_rules.documents import Scalar, Word
    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.findings import Span
    from telecom_rules.policies.definition import CheckDefinition, RuleDefinition
    from telecom_rules.vocabulary import Field, Vocabulary

__all__ = ["Linker"]

RULE = Wording("规则", "rule")
CHECK = Wording("检查项", "check")
FACT = Wording("数据项", "fact")
OUTPUT = Wording("输出", "output")
ANY = "-"
ALWAYS_TRUE = "true"


@dataclass(frozen=True, slots=True)
class Linker:
    """Links the rules and checks of one policy.

    Attributes:
        vocabulary: what they may cite.
        scope: what their conditions may name.
        outputs: what the policy decides, or `None` where a mistake hides it.
        in_force: the days on which the policy is in force.
        found: where mistakes go.
    """

    vocabulary: Vocabulary
    scope: Scope
    outputs: RecordType | None
    in_force: Period
    found: list[Finding]

    def rows(self, definitions: Sequence[RuleDefinition]) -> tuple[Row, ...] | None:
        """Return the rules of a table as rows, or `None` where any of them has a mistake."""
        self.distinct([each.id for each in definitions], RULE)
        rows = [self.row(each) for each in definitions]
        linked = tuple(row for row in rows if row is not None)
        return linked if len(linked) == len(rows) else None

    def checks(self, definitions: Sequence[CheckDefinition]) -> tuple[Check, ...] | None:
        """Return the checks of a checklist, or `None` where any of them has a mistake."""
        self.distinct([each.id for each in definitions], CHECK)
        checks = [self.check(each) for each in definitions]
        linked = tuple(each for each in checks if each is not None)
        return linked if len(linked) == len(checks) else None

    def distinct(self, ids: Iterable[Word], kind: Wording) -> None:
        """Append TR112 for each id that is there already."""
        first: dict[str, Word] = {}
        for word in ids:
            if word in first:
                related = Related(first[word].span, Wording("首次定义于此", "first defined here"))
                values = {"kind": kind, "name": word}
                self.found.append(Finding("TR112", word.span, values, related=(related,)))
            first.setdefault(word, word)

    def row(self, definition: RuleDefinition) -> Row | None:
        """Return one rule as a row, or `None` after appending every mistake in it."""
        cites = self.vocabulary.cite(definition.cites, self.found)
        tests = self.tests(definition)
        known = replace(self, scope=narrowed(self.scope, tests or ()))
        outputs = known.results(definition.then, definition.at("then"))
        days = self.period(definition, definition.id)
        if tests is None or outputs is None:
            return None
        rule = Rule(str(definition.id), definition.title, definition.note, cites)
        return Row(rule, tests, outputs, days, definition.id.span)

    def check(self, definition: CheckDefinition) -> Check | None:
        """Return one check, or `None` after appending every mistake in it."""
        cites = self.vocabulary.cite(definition.cites, self.found)
        when = self.conditions([] if definition.when is None else [definition.when])
        scope = narrowed(self.scope, when or ())
        require = check(definition.require, scope, BOOLEAN, self.found)
        days = self.period(definition, definition.id)
        if when is None or require is None:
            return None
        return Check(
            str(definition.id),
            definition.title,
            when[0] if when else None,
            require,
            definition.severity,
            definition.remedy,
            cites,
            days,
            definition.id.span,
        )

    def period(self, definition: RuleDefinition | CheckDefinition, name: str) -> Period:
        """Return the days of a rule, which are none on which the policy is not in force."""
        return read_period(definition.in_force, name, self.found) & self.in_force

    def tests(self, definition: RuleDefinition) -> tuple[Expression, ...] | None:
        """Return what must hold for a rule: its condition or its cells, and `where`."""
        when = definition.when
        where = [] if definition.where is None else [definition.where]
        if not isinstance(when, dict):
            return self.conditions([*([] if when is None else [when]), *where])
        cells = [self.cell(fact, cell) for fact, cell in when.items() if cell.text.strip() != ANY]
        tests = tuple(each for each in cells if each is not None)
        beside = replace(self, scope=narrowed(self.scope, tests)).conditions(where)
        if beside is None or len(tests) < len(cells):
            return None
        return (*tests, *beside)

    def cell(self, fact: Word, cell: Scalar) -> Expression | None:
        """Return the test of one fact."""
        if fact not in self.scope.facts:
            if fact not in self.scope.lost:
                self.unknown(fact, FACT, self.scope.facts)
            return None
        return check_cell(cell, str(fact), self.scope, self.found)

    def conditions(self, sources: Sequence[Scalar]) -> tuple[Expression, ...] | None:
        """Return conditions that must all hold, each read knowing that those before it do."""
        tests: list[Expression] = []
        failed = False
        for source in sources:
            if source.text.strip() == ALWAYS_TRUE:
                continue
            test = check(source, narrowed(self.scope, tests), BOOLEAN, self.found)
            if test is None:
                failed = True
            else:
                tests.append(test)
        return None if failed else tuple(tests)

    def results(self, given: Mapping[Word, Scalar], span: Span) -> Mapping[str, Expression] | None:
        """Return the expression of each output that is given, after appending what is wrong."""
        if self.outputs is None:
            return None
        fields = self.outputs.fields
        results = {str(name): self.result(name, source) for name, source in given.items()}
        absent = [
            name for name, field in fields.items() if name not in given and not field.optional
        ]
        self.found.extend(Finding("TR101", span, {"key": name}) for name in absent)
        linked = {name: each for name, each in results.items() if each is not None}
        if absent or len(linked) < len(results):
            return None
        return MappingProxyType({name: linked[name] for name in fields if name in linked})

    def result(self, name: Word, source: Scalar) -> Expression | None:
        """Return the expression of one output."""
        field: Field | None = self.outputs.fields.get(name) if self.outputs is not None else None
        if field is not None:
            return check(source, self.scope, field.type, self.found, bare_codes=True)
        if self.outputs is not None:
            self.unknown(name, OUTPUT, self.outputs.fields)
        return None

    def unknown(self, word: Word, kind: Wording, known: Iterable[str]) -> None:
        """Append TR113 for a name that nothing of its kind has."""
        names = list(known)
        values = {"name": word, "kind": kind, "known": ", ".join(names)}
        self.found.append(Finding("TR113", word.span, values, nearest(word, names)))


def narrowed(scope: Scope, tests: Iterable[Expression]) -> Scope:
    """Return what an expression may name once all of `tests` hold.

    What one of them has found to be there is optional no longer.
    """
    there = frozenset(path for test in tests for path in present(test.tree))
    if not there:
        return scope
    context = {
        name: shown(kind, name, there) if isinstance(kind, RecordType) else kind
        for name, kind in scope.context.items()
    }
    return replace(scope, facts=certain(scope.facts, "", there), context=context)


def shown(record: RecordType, path: str, there: frozenset[str]) -> RecordType:
    """Return a record type in which the fields at the paths `there` are not optional."""
    return replace(record, fields=certain(record.fields, f"{path}.", there))


def certain(fields: Mapping[str, Field], prefix: str, there: frozenset[str]) -> Mapping[str, Field]:
    """Return fields of which those at the paths `there` are not optional."""
    return {
        name: replace(
            field,
            optional=field.optional and f"{prefix}{name}" not in there,
            type=shown(field.type, f"{prefix}{name}", there)
            if isinstance(field.type, RecordType)
            else field.type,
        )
        for name, field in fields.items()
    }


def present(tree: Typed) -> frozenset[str]:
    """Return the paths of what is there whenever `tree` is true."""
    match tree:
        case Known(subject=Fact(name=path)) | Known(subject=Part(path=path)):
            return frozenset({path})
        case Logic(every=True, operands=operands):
            return frozenset().union(*map(present, operands))
    return frozenset()
