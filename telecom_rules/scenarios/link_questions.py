"""From what the file of a policy's scenarios says to the questions that are put to the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.scenarios.scenario import Answer, Question, Questions, Wanted
from telecom_rules.scenarios.values import loosely, unknown, value
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telecom_rules.documents import Word
    from telecom_rules.findings import Span
    from telecom_rules.pack import Pack
    from telecom_rules.policies import Status
    from telecom_rules.scenarios.definition import (
        ExampleDefinition,
        PolicyScenariosDefinition,
        QuestionDefinition,
        Written,
    )
    from telecom_rules.scenarios.scenario import Names
    from telecom_rules.vocabulary import Clause, Field, Value

__all__ = ["QuestionLinker", "cited", "merged", "names", "wanted"]

FACT = Wording("数据项", "fact")
OUTPUT = Wording("输出", "output")
RULE = Wording("规则", "rule")
CHECK = Wording("检查项", "check")
DEFAULT = "default"
"""The word for the outputs of a table where no rule holds."""

NO_DAY = Wording(
    "没有写明日期：请在场景或文件中写 `on`",
    "no day is given: write `on` in the scenario or at the top of the file",
)
NOTHING_EXPECTED = Wording(
    "没有写明预期：请写 `then`、`rule`、`checks`、`needs` 或 `error`",
    "nothing is expected: write `then`, `rule`, `checks`, `needs` or `error`",
)
NO_ANSWER = Wording(
    "`{key}` 表示没有结论，不能与 `then`、`rule` 同时使用",
    "`{key}` says that nothing is decided; it cannot stand beside `then` or `rule`",
)


class QuestionLinker:
    """Links one file of a policy's scenarios."""

    def __init__(
        self, definition: PolicyScenariosDefinition, pack: Pack, found: list[Finding]
    ) -> None:
        self.definition = definition
        self.pack = pack
        self.policy = pack.policies[definition.policy]
        self.found = found

    def scenarios(self) -> tuple[Questions, ...]:
        """Return the scenarios of the file without those that have a mistake."""
        every = (self.scenario(name, test) for name, test in self.definition.tests.items())
        return tuple(each for each in every if each is not None)

    def scenario(self, name: Word, test: QuestionDefinition) -> Questions | None:
        """Return one scenario, or `None` after appending what is wrong with it."""
        before = len(self.found)
        cites = cited(test.cites, self.pack, self.found)
        rows = [self.question(test, example) for example in test.examples or (None,)]
        if len(self.found) > before:
            return None
        return Questions(
            f"{self.definition.scenarios}/{name}",
            test.title,
            cites,
            name.span,
            self.policy,
            tuple(each for each in rows if each is not None),
        )

    def question(self, test: QuestionDefinition, row: ExampleDefinition | None) -> Question | None:
        """Return what one row asks, or the scenario itself where it has no rows."""
        levels: tuple[ExampleDefinition, ...] = (test,) if row is None else (test, row)
        day = next((each.on for each in reversed(levels) if each.on), None) or self.definition.on
        place = levels[-1].span
        if day is None:
            self.found.append(Finding("TR120", place, {"what": NO_DAY}))
        answer = self.answer(levels, place)
        error = answer.error.value if answer.error is not None else None
        facts = self.facts(levels, loose=error == "facts")
        return None if day is None else Question(place, day, facts, answer)

    def facts(self, levels: Sequence[ExampleDefinition], *, loose: bool) -> Mapping[str, object]:
        """Return the facts of a row: those given outside of it that it does not replace as well."""
        given = dict(self.definition.given)
        for level in levels:
            given |= level.given
            for name in level.without:
                if name not in self.policy.facts.fields:
                    unknown(name, FACT, self.policy.facts.fields, self.found)
                given.pop(name, None)
        fields, zone = self.policy.facts.fields, self.pack.zone
        if loose:
            return {
                str(name): loosely(fields.get(name), each, zone) for name, each in given.items()
            }
        return merged(wanted(given, fields, FACT, self.pack, self.found))

    def answer(self, levels: Sequence[ExampleDefinition], place: Span) -> Answer:
        """Return what a row expects; what it says goes before what is said outside of it."""
        policy, row = self.policy, levels[-1]
        closed = row.error is not None or bool(row.needs)
        said = [row] if closed else [each for each in levels if not each.needs and not each.error]
        then: dict[Word, Written] = {}
        checks: dict[Word, Status] = {}
        absent: list[Word] = []
        for level in said:
            then |= level.then
            checks |= level.checks
            absent = [name for name in absent if name not in level.then] + list(level.absent)
            then = {name: each for name, each in then.items() if name not in level.absent}
        outputs = wanted(then, policy.outputs.fields, OUTPUT, self.pack, self.found)
        answer = Answer(
            outputs,
            names(absent, OUTPUT, policy.outputs.fields, self.found),
            self.rules(said),
            {
                str(name): Wanted(status, name.span)
                for name, status in checks.items()
                if self.known(name, CHECK, [each.id for each in policy.checks])
            },
            Wanted(
                tuple(
                    each.value for each in names(row.needs, FACT, policy.facts.fields, self.found)
                ),
                row.at("needs"),
            )
            if row.needs
            else None,
            Wanted(row.error.replace("_", "-"), row.at("error")) if row.error else None,
        )
        if closed and (row.then or row.rule or row.absent):
            key = "error" if row.error else "needs"
            values = {"what": NO_ANSWER.fill(key=key)}
            self.found.append(Finding("TR120", row.at(key), values))
        if not (closed or then or checks or absent or answer.rules):
            self.found.append(Finding("TR120", place, {"what": NOTHING_EXPECTED}))
        return answer

    def rules(self, levels: Sequence[ExampleDefinition]) -> Names:
        """Return the rules that must decide."""
        words = next((each.rule for each in reversed(levels) if each.rule), ())
        if not words:
            return None
        known = [row.rule.id for row in self.policy.rows]
        if words == (DEFAULT,) and DEFAULT not in known:
            return Wanted((), words[0].span)
        named = names(words, RULE, known, self.found)
        return Wanted(tuple(each.value for each in named), words[0].span)

    def known(self, word: Word, kind: Wording, names: Iterable[str]) -> bool:
        """Tell whether a name is one of `names`, and report it where it is not."""
        every = tuple(names)
        if word in every:
            return True
        unknown(word, kind, every, self.found)
        return False


def wanted(
    given: Mapping[Word, Written],
    fields: Mapping[str, Field],
    kind: Wording,
    pack: Pack,
    found: list[Finding],
) -> Mapping[str, Wanted[Value]]:
    """Return values by the names of the fields they are given for, after appending mistakes."""
    values: dict[str, Wanted[Value]] = {}
    for name, written in given.items():
        if name not in fields:
            unknown(name, kind, fields, found)
            continue
        span = name.span if isinstance(written, tuple) else written.span
        read = value(fields[name], written, span, pack.zone, found)
        values[str(name)] = Wanted(read, span)
    return values


def merged(values: Mapping[str, Wanted[Value]]) -> Mapping[str, object]:
    """Return the values without their places."""
    return {name: each.value for name, each in values.items()}


def names(
    words: Iterable[Word], kind: Wording, known: Iterable[str], found: list[Finding]
) -> tuple[Wanted[str], ...]:
    """Return names with their places, after appending TR113 for each that is not known."""
    every = tuple(known)
    for word in words:
        if word not in every:
            unknown(word, kind, every, found)
    return tuple(Wanted(str(word), word.span) for word in words)


def cited(words: Iterable[Word], pack: Pack, found: list[Finding]) -> tuple[Wanted[Clause], ...]:
    """Return the clauses that citations name, each with its place."""
    clauses = ((word, pack.vocabulary.clause(word, found)) for word in words)
    return tuple(Wanted(clause, word.span) for word, clause in clauses if clause is not None)
