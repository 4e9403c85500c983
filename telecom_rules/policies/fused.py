"""From facts as they come to a decision in one generated function.

Reading the facts, finding the rule and working out its outputs is one function of local variables:
no record is made unless somebody asks for it. It serves what is usual. Whatever is not (a fact that
is missing or does not fit, two rules that hold, a sum that overflows) makes it raise, and whoever
called it then goes the long way, which says what is wrong. Where it returns, it returns what the
long way does.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from telecom_rules.errors import MissingData
from telecom_rules.expressions import FAILURES, Detour
from telecom_rules.policies.compile import conjunction, function, sealed, settled
from telecom_rules.policies.decision import Decision, record_of
from telecom_rules.policies.hits import IN_TURN
from telecom_rules.policies.index import LINEAR, Finder, indexed
from telecom_rules.policies.table import TableEdition
from telecom_rules.vocabulary import Record
from telecom_rules.vocabulary.usual import usual
from telecom_rules.vocabulary.values import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from telecom_rules.expressions import Expression
    from telecom_rules.policies.edition import Edition
    from telecom_rules.vocabulary import Field, Value

__all__ = ["UNUSUAL", "Fused", "fused"]

Fused: TypeAlias = "Callable[[Any, date], Decision]"
"""Decides on facts of one Python type."""

UNUSUAL: Final = (*FAILURES, Unfit)
"""What a fused function raises where the long way has to be gone."""

DATA, ON, ABSENT, HIT = "data", "on", "absent", "hit"
NONE_HOLDS: Final = -1


def fused(edition: Edition, given: type) -> Fused | None:
    """Return the function that decides on facts of a Python type, or `None` where there is none.

    Args:
        edition: the rules in force.
        given: the type: `dict`, or one whose instances have the facts as attributes. Other mappings
            have none, because what they do when they are asked is their own affair.
    """
    if given not in {dict, Record} and (
        issubclass(given, Mapping) or given.__module__ == "builtins"
    ):
        return None
    constants: dict[str, object] = {"Decision": Decision, "edition": edition}
    policy = edition.policy
    fields = policy.facts.fields
    reading = list(read(fields, policy.reads, constants, attributes=given not in {dict, Record}))
    values = ast.Tuple([load(fact(name)) for name in fields], ast.Load())
    ending = in_place(edition, constants, values) if isinstance(edition, TableEdition) else None
    if ending is None:
        ending = by_record(edition, constants, values)
    made: Fused = function([*reading, *ending], constants, (DATA, ON))
    return made


def fact(name: str) -> str:
    """Return what the variable of a fact is called."""
    return f"fact_{name}"


# Reading


def read(
    fields: Mapping[str, Field],
    reads: frozenset[str],
    constants: dict[str, object],
    *,
    attributes: bool,
) -> Iterator[ast.stmt]:
    """Yield the statements that read every fact into its variable, in canonical form.

    One that the rules read must be there, unless it is optional. Facts that are absent are counted,
    so that a name which is not a fact is noticed by the number of those that are given.
    """
    spare = {name for name, each in fields.items() if each.optional or name not in reads}
    # A property of a host's object may raise anything; the exact way reads it again.
    failure = "Exception" if attributes else "KeyError"
    fetched = [
        assign(fact(name), (spared if name in spare else found)(name, attributes=attributes))
        for name in fields
    ]
    handler = ast.ExceptHandler(load(failure), None, [detour()])
    yield ast.Try(fetched, [handler], [], [])
    if spare and not attributes:
        yield assign(ABSENT, ast.Constant(0))
    for name, field in fields.items():
        variable = fact(name)
        statements = usual(variable, field, constants)
        if name in spare:
            count = [] if attributes else [counted()]
            yield ast.If(is_absent(variable), count or [ast.Pass()], statements)
        else:
            yield from statements
    if not attributes:
        yield ast.If(strange(len(fields), counted=bool(spare)), [detour()], [])


def found(name: str, *, attributes: bool) -> ast.expr:
    """Return a fact that must be there."""
    if attributes:
        return ast.Attribute(load(DATA), name, ast.Load())
    return ast.Subscript(load(DATA), ast.Constant(name), ast.Load())


def spared(name: str, *, attributes: bool) -> ast.expr:
    """Return a fact that may be absent."""
    if attributes:
        return call(load("getattr"), load(DATA), ast.Constant(name), ast.Constant(None))
    return call(ast.Attribute(load(DATA), "get", ast.Load()), ast.Constant(name))


def counted() -> ast.stmt:
    """Return the statement that counts a fact that is absent."""
    return ast.AugAssign(ast.Name(ABSENT, ast.Store()), ast.Add(), ast.Constant(1))


def strange(size: int, *, counted: bool) -> ast.expr:
    """Return whether more is given than the facts that were read."""
    expected: ast.expr = ast.Constant(size)
    if counted:
        expected = ast.BinOp(expected, ast.Sub(), load(ABSENT))
    return ast.Compare(call(load("len"), load(DATA)), [ast.NotEq()], [expected])


# Deciding


def by_record(edition: Edition, constants: dict[str, object], values: ast.expr) -> list[ast.stmt]:
    """Return the statements that decide on a record made of the variables."""
    fields = tuple(edition.policy.facts.fields)

    def by_record(given: tuple[Value, ...], on: date) -> Decision:
        return edition.decide(record_of(fields, given), on)

    constants["by_record"] = by_record
    return [ast.Return(call(load("by_record"), values, load(ON)))]


def in_place(
    edition: TableEdition, constants: dict[str, object], values: ast.expr
) -> list[ast.stmt] | None:
    """Return the statements that decide on the variables, or `None` where that cannot be done."""
    policy = edition.policy
    local = Local.of(edition)
    if local is None or not (policy.hit_policy in IN_TURN or policy.hit_policy == "unique"):
        return None
    local.constants = constants
    if len(edition.tried) > LINEAR:
        return by_index(edition, local, values)
    tests = [local.test(row.tests) for row in edition.tried]
    endings = [
        local.ending(row.outputs, edition.rules[at], values, at)
        for at, row in enumerate(edition.tried)
    ]
    last = (
        [detour()]
        if policy.default is None
        else [local.ending(policy.default, (), values, len(endings))]
    )
    body: list[ast.stmt] = []
    if policy.hit_policy in IN_TURN:
        body += [ast.If(test, [ending], []) for test, ending in zip(tests, endings, strict=True)]
    else:
        body += only_of(tests)
        body += [ast.If(is_hit(at), [ending], []) for at, ending in enumerate(endings)]
    return None if local.failed else [*body, *last]


def by_index(edition: TableEdition, local: Local, values: ast.expr) -> list[ast.stmt] | None:
    """Return the statements that decide by an index over the rows of a long table."""
    names = [fact(name) for name in edition.policy.facts.fields]
    only = edition.policy.hit_policy == "unique"

    def linear(rows: Sequence[int]) -> Finder:
        own = Local(local.fields, local.figures)
        tests = [own.test(edition.tried[at].tests) for at in rows]
        if own.failed:
            raise Detour
        if only:
            places = [ast.If(is_hit(at), [ast.Return(ast.Constant(row))], [])
                      for at, row in enumerate(rows)]  # fmt: skip
            body = [*only_of(tests), *places]
        else:
            body = [
                ast.If(test, [ast.Return(ast.Constant(row))], [])
                for row, test in zip(rows, tests, strict=True)
            ]
        last = ast.Return(ast.Constant(NONE_HOLDS))
        return function([*body, last], own.constants, (*names, ON))

    fields = list(edition.policy.facts.fields)
    find = indexed(edition.tried, range(len(edition.tried)), fields, linear)
    done = [settled(row.outputs) for row in edition.tried]

    def finish(at: int, on: date, given: tuple[Value, ...]) -> Decision:
        outputs = done[at] if at >= 0 else None
        if outputs is None:
            record = record_of(fields, given)
            outputs = edition.works[at](record, edition.context(record, on))
        return Decision(edition, on, given, outputs, edition.rules[at])

    local.constants.update({"find": find, "finish": finish})
    at = call(load("find"), *map(load, names), load(ON))
    return [ast.Return(call(load("finish"), at, load(ON), values))]


def only_of(tests: Sequence[ast.expr]) -> list[ast.stmt]:
    """Return the statements that note the one row that holds, and give up where two do."""
    body: list[ast.stmt] = [assign(HIT, ast.Constant(NONE_HOLDS))]
    for at, test in enumerate(tests):
        taken = ast.Compare(load(HIT), [ast.GtE()], [ast.Constant(0)])
        clash = ast.If(taken, [detour()], [])
        body.append(ast.If(test, [clash, assign(HIT, ast.Constant(at))], []))
    return body


def is_hit(at: int) -> ast.expr:
    """Return whether a row is the one that holds."""
    return ast.Compare(load(HIT), [ast.Eq()], [ast.Constant(at)])


class Local(ast.NodeTransformer):
    """Puts variables and constants in the place of what expressions read.

    Attributes:
        fields: every fact.
        figures: the figures in force, by name.
        constants: where constants go.
        failed: whether something was left that only a record or a context has.
    """

    def __init__(self, fields: Mapping[str, Field], figures: Mapping[str, Value]) -> None:
        self.fields = fields
        self.figures = figures
        self.constants: dict[str, object] = {}
        self.failed = False

    @staticmethod
    def of(edition: TableEdition) -> Local | None:
        """Return what stands for the facts and figures of an edition.

        There is nothing where rules ask other policies, or a figure is not in force.
        """
        policy, day = edition.policy, edition.day
        values = {name: each.at(day) for name, each in policy.parameters.items()}
        figures = {name: each.value for name, each in values.items() if each is not None}
        if policy.peers or len(figures) < len(values):
            return None
        return Local(policy.facts.fields, figures)

    def test(self, tests: Sequence[Expression]) -> ast.expr:
        """Return the test that all of `tests` hold."""
        return self.put(conjunction(tests, self.constants))

    def ending(
        self, outputs: Mapping[str, Expression], rules: object, values: ast.expr, at: int
    ) -> ast.stmt:
        """Return the statement that returns a decision."""
        done = settled(outputs)
        self.constants[f"rules_{at}"] = rules
        if done is None:
            self.constants["sealed"] = MappingProxyType
            given = self.put(sealed(outputs, self.constants))
        else:
            self.constants[f"done_{at}"] = done
            given = load(f"done_{at}")
        return ast.Return(
            call(load("Decision"), load("edition"), load(ON), values, given, load(f"rules_{at}"))
        )

    def put(self, tree: ast.expr) -> ast.expr:
        """Return an expression over variables; `failed` is set where that is not possible."""
        put: ast.expr = self.visit(tree)
        names = {node.id for node in ast.walk(put) if isinstance(node, ast.Name)}
        self.failed = self.failed or not names.isdisjoint({"facts", "context"})
        return put

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Put a variable in the place of a fact, a constant in that of a figure."""
        match node:
            case ast.Subscript(value=ast.Name(id="facts"), slice=ast.Constant(value=str(name))):
                if not self.fields[name].optional:
                    return load(fact(name))
                self.constants["missing"] = missing
                return ast.IfExp(
                    is_absent(fact(name)),
                    call(load("missing"), ast.Constant(name)),
                    load(fact(name)),
                )
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id="context"), attr="parameters"),
                slice=ast.Constant(value=str(name)),
            ):
                self.constants[f"figure_{name}"] = self.figures[name]
                return load(f"figure_{name}")
        return self.generic_visit(node)  # type: ignore[return-value]  # an expression stays one

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """Put the question whether a variable is `None` in the place of whether a fact is there."""
        match node:
            case ast.Compare(
                left=ast.Constant(value=str(name)),
                ops=[ast.In()],
                comparators=[ast.Name(id="facts")],
            ):
                return ast.Compare(load(fact(name)), [ast.IsNot()], [ast.Constant(None)])
        return self.generic_visit(node)  # type: ignore[return-value]  # an expression stays one

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Put the day in the place of today."""
        match node:
            case ast.Attribute(value=ast.Name(id="context"), attr="today"):
                return load(ON)
        return self.generic_visit(node)  # type: ignore[return-value]  # an expression stays one


def missing(name: str) -> Value:
    """Raise that a fact is not known."""
    raise MissingData(name)


def load(name: str) -> ast.Name:
    """Return the value of a name."""
    return ast.Name(name, ast.Load())


def call(called: ast.expr, *arguments: ast.expr) -> ast.expr:
    """Return a call."""
    return ast.Call(called, list(arguments), [])


def assign(name: str, value: ast.expr) -> ast.stmt:
    """Return an assignment."""
    return ast.Assign([ast.Name(name, ast.Store())], value)


def detour() -> ast.stmt:
    """Return the statement that leaves the answer to the exact way."""
    return ast.Raise(load("Detour"))


def is_absent(variable: str) -> ast.expr:
    """Return whether a variable is `None`."""
    return ast.Compare(load(variable), [ast.Is()], [ast.Constant(None)])
