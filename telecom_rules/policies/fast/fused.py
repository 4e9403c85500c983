"""Generates one function from the facts of a host to a decision.

It reads the facts, finds the rule and computes the outputs in local variables; the record is made
only when it is read. In unusual cases (a fact that is missing or does not fit, two rules that hold,
a sum that overflows) it raises, and the caller evaluates exactly to report what is wrong. Whatever
it returns equals the exact result.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from telecom_rules.errors import MissingData
from telecom_rules.expressions import Detour
from telecom_rules.expressions.consistency import conditions_of
from telecom_rules.expressions.evaluation.python_ast import (
    assign_name,
    build_call,
    build_compare,
    build_tuple,
    load_attribute,
    load_item,
    load_name,
)
from telecom_rules.frozen import FrozenDict
from telecom_rules.policies.decision import Decision, record_of
from telecom_rules.policies.editions.table import TableEdition
from telecom_rules.policies.fast.compile import (
    HIT,
    build_outputs_functions,
    compile_function,
    constant_outputs_of,
    emit_conjunction,
    emit_detour,
    emit_first,
    emit_outputs,
    emit_unique,
    emit_unique_hit,
)
from telecom_rules.policies.fast.index import MOST_LINEAR_ROWS, RowFinder, build_index
from telecom_rules.policies.fast.read_facts import emit_read
from telecom_rules.policies.hit_policies import STOPS_AT_FIRST
from telecom_rules.vocabulary import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from telecom_rules.expressions import Expression
    from telecom_rules.policies.editions.edition import Edition
    from telecom_rules.policies.fast.compile import RecordFunction
    from telecom_rules.vocabulary import FactType, Field, Value


FactsFunction: TypeAlias = "Callable[[Any, date], Decision]"
"""Decides on facts of one Python type, or raises one of `FAILURES` or `Unfit`."""

DATA, ON, ABSENT = "data", "on", "absent"


def build_facts_function(
    edition: Edition, given: type, by_record: RecordFunction
) -> FactsFunction | None:
    """Return the function that decides on facts of a Python type, or `None`.

    Args:
        edition: the rules in force.
        given: the type: `dict`, or one whose instances have the facts as attributes. Other mappings
            have none, because their methods may do anything.
        by_record: decides on a record, where the rules need one: they ask other policies, or
            are a checklist.
    """
    if given is not dict and given is not Record and not has_own_attributes(given):
        return None
    constants: dict[str, object] = {"Decision": Decision, "edition": edition}
    policy = edition.policy
    fields = policy.facts.fields
    reading = list(
        emit_reads(fields, policy.reads, constants, attributes=given not in {dict, Record})
    )
    reading += emit_consistency(policy.facts, constants)
    values = build_tuple(load_name(fact_variable_of(name)) for name in fields)
    ending = (
        emit_decision(edition, constants, values) if isinstance(edition, TableEdition) else None
    )
    if ending is None:
        ending = emit_record_decision(edition, constants, values, by_record)
    function: FactsFunction = compile_function([*reading, *ending], constants, (DATA, ON))
    return function


def has_own_attributes(given: type) -> bool:
    """Return whether the facts may be attributes of the instances of a type."""
    try:
        return not issubclass(given, Mapping) and given.__module__ != "builtins"
    except MemoryError:
        raise
    except Exception:  # the metaclass of a host's class
        return False


def fact_variable_of(name: str) -> str:
    """Return the name of a fact's variable."""
    return f"fact_{name}"


# Reading


def emit_reads(
    fields: Mapping[str, Field],
    reads: frozenset[str],
    constants: dict[str, object],
    *,
    attributes: bool,
) -> Iterator[ast.stmt]:
    """Yield the statements that read every fact into its variable, in canonical form.

    A fact that the rules read must be present, unless it is optional. Absent facts are counted, so
    that a mapping with an unknown name is recognised by its length.
    """
    spare = {name for name, each in fields.items() if each.optional or name not in reads}
    # A property of a host's object may raise anything; exact evaluation reads it again.
    failure = "Exception" if attributes else "KeyError"
    fetched = [
        assign_name(
            fact_variable_of(name),
            (emit_optional if name in spare else emit_required)(name, attributes=attributes),
        )
        for name in fields
    ]
    handler = ast.ExceptHandler(load_name(failure), None, [emit_detour()])
    yield ast.Try(fetched, [handler], [], [])
    if spare and not attributes:
        yield assign_name(ABSENT, ast.Constant(0))
    for name, field in fields.items():
        variable = fact_variable_of(name)
        statements = emit_read(variable, field, constants)
        if name in spare:
            count = [] if attributes else [emit_count()]
            yield ast.If(emit_is_absent(variable), count or [ast.Pass()], statements)
        else:
            yield from statements
    if not attributes:
        yield ast.If(emit_has_unknown(len(fields), counted=bool(spare)), [emit_detour()], [])


def emit_required(name: str, *, attributes: bool) -> ast.expr:
    """Return the expression that reads a required fact."""
    if attributes:
        return load_attribute(DATA, name)
    return load_item(load_name(DATA), name)


def emit_optional(name: str, *, attributes: bool) -> ast.expr:
    """Return the expression that reads a fact that may be absent."""
    if attributes:
        return build_call("getattr", load_name(DATA), ast.Constant(name), ast.Constant(None))
    return build_call(load_attribute(DATA, "get"), ast.Constant(name))


def emit_count() -> ast.stmt:
    """Return the statement that counts a fact that is absent."""
    return ast.AugAssign(ast.Name(ABSENT, ast.Store()), ast.Add(), ast.Constant(1))


def emit_has_unknown(size: int, *, counted: bool) -> ast.expr:
    """Return the condition that the mapping has more names than the facts read."""
    expected: ast.expr = ast.Constant(size)
    if counted:
        expected = ast.BinOp(expected, ast.Sub(), load_name(ABSENT))
    return build_compare(build_call("len", load_name(DATA)), ast.NotEq(), expected)


def emit_consistency(facts: FactType, constants: dict[str, object]) -> Iterator[ast.stmt]:
    """Yield the statements that hand over to exact evaluation if facts contradict one another."""
    local = Substitution(facts.fields, {})
    local.constants = constants
    for each in conditions_of(facts):
        yield ast.If(local.emit_test((each.contradiction,)), [emit_detour()], [])


# Deciding


def emit_record_decision(
    edition: Edition, constants: dict[str, object], values: ast.expr, by_record: RecordFunction
) -> list[ast.stmt]:
    """Return the statements that decide on a record made of the variables."""
    fields = tuple(edition.policy.facts.fields)

    def decide(given: tuple[Value, ...], on: date) -> Decision:
        return by_record(record_of(fields, given), on)

    constants["by_record"] = decide
    return [ast.Return(build_call("by_record", values, load_name(ON)))]


def emit_decision(
    edition: TableEdition, constants: dict[str, object], values: ast.expr
) -> list[ast.stmt] | None:
    """Return the statements that decide on the variables, or `None` if a record is needed."""
    policy = edition.policy
    local = Substitution.of(edition)
    if local is None or not (policy.hit_policy in STOPS_AT_FIRST or policy.hit_policy == "unique"):
        return None
    local.constants = constants
    if len(edition.ordered_rows) > MOST_LINEAR_ROWS:
        return emit_indexed_decision(edition, local, values)
    tests = [local.emit_test(row.tests) for row in edition.ordered_rows]
    endings = [
        local.emit_ending(row.outputs, (row.rule,), values, at)
        for at, row in enumerate(edition.ordered_rows)
    ]
    last = (
        [emit_detour()]
        if policy.default is None
        else [local.emit_ending(policy.default, (), values, len(endings))]
    )
    body: list[ast.stmt] = []
    if policy.hit_policy in STOPS_AT_FIRST:
        body += [ast.If(test, [ending], []) for test, ending in zip(tests, endings, strict=True)]
    else:
        body += emit_unique_hit(tests, range(len(tests)))
        body += [ast.If(emit_is_hit(at), [ending], []) for at, ending in enumerate(endings)]
    return None if local.failed else [*body, *last]


def emit_indexed_decision(
    edition: TableEdition, local: Substitution, values: ast.expr
) -> list[ast.stmt] | None:
    """Return the statements that decide by an index over the rows of a long table."""
    names = [fact_variable_of(name) for name in edition.policy.facts.fields]
    only = edition.policy.hit_policy == "unique"

    def linear(rows: Sequence[int]) -> RowFinder:
        own = Substitution(local.fields, local.figures)
        tests = [own.emit_test(edition.ordered_rows[at].tests) for at in rows]
        if own.failed:
            raise Detour
        body = (emit_unique if only else emit_first)(tests, rows)
        return compile_function(body, own.constants, (*names, ON))

    fields = list(edition.policy.facts.fields)
    find = build_index(edition.ordered_rows, range(len(edition.ordered_rows)), fields, linear)
    constant = [constant_outputs_of(row.outputs) for row in edition.ordered_rows]
    # As in `decide_by_row`: `NO_ROW_HOLDS` is the index of the last item.
    constant.append(None)
    rules = (*((row.rule,) for row in edition.ordered_rows), ())
    outputs_functions = build_outputs_functions(edition)

    def finish(at: int, on: date, given: tuple[Value, ...]) -> Decision:
        outputs = constant[at]
        if outputs is None:
            record = record_of(fields, given)
            outputs = outputs_functions[at](record, edition.build_context(record, on))
        return Decision(edition, on, given, outputs, rules[at])

    local.constants.update({"find": find, "finish": finish})
    at = build_call("find", *map(load_name, names), load_name(ON))
    return [ast.Return(build_call("finish", at, load_name(ON), values))]


def emit_is_hit(at: int) -> ast.expr:
    """Return the condition that a row is the one that holds."""
    return build_compare(load_name(HIT), ast.Eq(), ast.Constant(at))


class Substitution(ast.NodeTransformer):
    """Replaces reads of facts and figures by variables and constants.

    Attributes:
        fields: every fact.
        figures: the figures in force, by name.
        constants: collects the constants.
        failed: whether a read of the record or the context is left.
    """

    def __init__(self, fields: Mapping[str, Field], figures: Mapping[str, Value]) -> None:
        self.fields = fields
        self.figures = figures
        self.constants: dict[str, object] = {}
        self.failed: bool = False

    @staticmethod
    def of(edition: TableEdition) -> Substitution | None:
        """Return the substitution of an edition.

        `None` where rules ask other policies, or a figure is not in force.
        """
        policy, day = edition.policy, edition.day
        values = {name: each.find_on(day) for name, each in policy.parameters.items()}
        figures = {name: each.value for name, each in values.items() if each is not None}
        if policy.peers or len(figures) < len(values):
            return None
        return Substitution(policy.facts.fields, figures)

    def emit_test(self, tests: Sequence[Expression]) -> ast.expr:
        """Return the test that all of `tests` hold."""
        return self.substitute(emit_conjunction(tests, self.constants))

    def emit_ending(
        self, outputs: Mapping[str, Expression], rules: object, values: ast.expr, at: int
    ) -> ast.stmt:
        """Return the statement that returns a decision."""
        done = constant_outputs_of(outputs)
        self.constants[f"rules_{at}"] = rules
        if done is None:
            self.constants["sealed"] = FrozenDict
            given = self.substitute(emit_outputs(outputs, self.constants))
        else:
            self.constants[f"done_{at}"] = done
            given = load_name(f"done_{at}")
        return ast.Return(
            build_call(
                "Decision",
                load_name("edition"),
                load_name(ON),
                values,
                given,
                load_name(f"rules_{at}"),
            )
        )

    def substitute(self, tree: ast.expr) -> ast.expr:
        """Return an expression over variables; `failed` is set where that is not possible."""
        put: ast.expr = self.visit(tree)
        names = {node.id for node in ast.walk(put) if isinstance(node, ast.Name)}
        self.failed = self.failed or not names.isdisjoint({"facts", "context"})
        return put

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Replace a fact by its variable, a figure by a constant."""
        match node:
            case ast.Subscript(value=ast.Name(id="facts"), slice=ast.Constant(value=str(name))):
                if not self.fields[name].optional:
                    return load_name(fact_variable_of(name))
                self.constants["missing"] = raise_missing
                return ast.IfExp(
                    emit_is_absent(fact_variable_of(name)),
                    build_call("missing", ast.Constant(name)),
                    load_name(fact_variable_of(name)),
                )
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id="context"), attr="parameters"),
                slice=ast.Constant(value=str(name)),
            ):
                self.constants[f"figure_{name}"] = self.figures[name]
                return load_name(f"figure_{name}")
        return self.generic_visit(node)  # type: ignore[return-value]  # an expression stays one

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """Replace the presence test of a fact by a comparison of its variable with `None`."""
        match node:
            case ast.Compare(
                left=ast.Constant(value=str(name)),
                ops=[ast.In()],
                comparators=[ast.Name(id="facts")],
            ):
                return ast.Compare(
                    load_name(fact_variable_of(name)), [ast.IsNot()], [ast.Constant(None)]
                )
        return self.generic_visit(node)  # type: ignore[return-value]  # an expression stays one

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Replace `today` by the day of the decision."""
        match node:
            case ast.Attribute(value=ast.Name(id="context"), attr="today"):
                return load_name(ON)
        return self.generic_visit(node)  # type: ignore[return-value]  # an expression stays one


def raise_missing(name: str) -> Value:
    """Raise `MissingData` for a fact."""
    raise MissingData(name)


def emit_is_absent(variable: str) -> ast.expr:
    """Return the condition that a variable is `None`."""
    return build_compare(load_name(variable), ast.Is(), ast.Constant(None))
