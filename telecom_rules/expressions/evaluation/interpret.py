"""The reference interpreter: evaluates an expression by walking its typed tree.

It defines the semantics for the other back ends, and takes over where they raise: CEL's `&&` and
`||` have a value as soon as one operand decides, even if others are errors.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from telecom_rules.errors import EvaluationError, MissingData, TelecomRulesError
from telecom_rules.expressions.evaluation.runtime import OPERATIONS, exactly_one, require_given
from telecom_rules.expressions.operations.collections import (
    build_map,
    has_key,
    limit_elements,
    limit_pairs,
    list_of,
    map_of,
    merge_maps,
    optional_flat_map,
    optional_map,
)
from telecom_rules.expressions.operations.lists import sort_pairs
from telecom_rules.expressions.syntax.tree import OPTIONAL_MACROS, Macro
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Comprehension,
    Constant,
    ContextValue,
    CreateList,
    CreateMap,
    Fact,
    FieldAccess,
    InState,
    IsPresent,
    Let,
    Local,
    Logic,
    Typed,
)
from telecom_rules.vocabulary.types import RecordType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from telecom_rules.expressions.scope import Context
    from telecom_rules.vocabulary import Record, Value


def interpret(tree: Typed, facts: Record, context: Context) -> Value:
    """Return the value of `tree`.

    Raises:
        MissingData: it needs an unknown fact.
        EvaluationError: it has no value for these facts.
    """
    value: Value = Interpreter(facts, context).evaluate(tree, {})
    return value


class Interpreter:
    """Evaluates trees for one record in one context."""

    def __init__(self, facts: Record, context: Context) -> None:
        self.facts = facts
        self.context = context

    def evaluate(  # noqa: C901, PLR0912 - one case for each kind of node
        self, node: Typed, variables: Mapping[str, Any]
    ) -> Any:
        """Return the value of `node`; `variables` are those of the macros around it."""
        match node:
            case Constant(value=value):
                return value
            case Fact(name=name):
                return read_field(self.facts, name, name)
            case ContextValue(name=name, type=type):
                value = getattr(self.context, name)
                return value if isinstance(type, RecordType) else require_given(value, name)
            case Local(name=name):
                return variables[name]
            case FieldAccess(record=record, name=name, path=path):
                return read_field(self.evaluate(record, variables), name, path)
            case IsPresent(subject=subject):
                return self.test_presence(subject, variables)
            case InState(state=state):
                return state in self.context.states
            case Logic(every=every, operands=operands):
                results = (partial(self.evaluate, operand, variables) for operand in operands)
                return evaluate_logic(results, every=every)
            case Choose(test=test, yes=yes, no=no):
                return self.evaluate(yes if self.evaluate(test, variables) else no, variables)
            case CreateList(items=items, optional=perhaps):
                values = [self.evaluate(item, variables) for item in items]
                return list_of(values, perhaps) if perhaps else tuple(values)
            case CreateMap(entries=entries, optional=perhaps):
                pairs = [tuple(self.evaluate(each, variables) for each in pair) for pair in entries]
                return map_of(pairs, perhaps) if perhaps else build_map(pairs)
            case Apply(overload=overload, arguments=arguments):
                values = [self.evaluate(argument, variables) for argument in arguments]
                return self.apply(overload, values)
            case Comprehension():
                return self.evaluate_comprehension(node, variables)
            case Let(variable=name, value=value, body=body):
                return self.evaluate(body, {**variables, name: self.evaluate(value, variables)})

    def apply(self, overload: str, values: Sequence[Any]) -> Any:
        """Return the value of an operation on values."""
        return OPERATIONS[overload](*values)

    def test_presence(
        self, subject: Fact | FieldAccess | Apply, variables: Mapping[str, Any]
    ) -> bool:
        """Return whether a fact, field or key is present."""
        match subject:
            case Fact(name=name):
                return name in self.facts
            case FieldAccess(record=record, name=name):
                return has_field(self.evaluate(record, variables), name)
            case Apply(arguments=(values, key)):
                record = self.evaluate(values, variables)
                return has_key(record, self.evaluate(key, variables))
        raise AssertionError(subject)

    def evaluate_comprehension(self, node: Comprehension, variables: Mapping[str, Any]) -> Any:
        """Return the value of a macro."""
        over = self.evaluate(node.over, variables)
        if node.kind in OPTIONAL_MACROS:
            return self.evaluate_optional(node, over, variables)
        inside: list[Mapping[str, Any]]
        if node.second is None:
            inside = [
                {**variables, node.variable: each} for each in limit_elements(over, node.most)
            ]
        else:
            inside = [
                {**variables, node.variable: first, node.second: second}
                for first, second in limit_pairs(over, node.most)
            ]
        test, step = node.test, node.step
        if test is not None and node.kind in {Macro.ALL, Macro.EXISTS}:
            results = (partial(self.evaluate, test, names) for names in inside)
            return evaluate_logic(results, every=node.kind is Macro.ALL)
        if test is not None and node.kind is Macro.EXISTS_ONE:
            return exactly_one([self.evaluate(test, names) for names in inside])
        kept = [names for names in inside if test is None or self.evaluate(test, names)]
        if step is None:
            return tuple(names[node.variable] for names in kept)
        if node.kind is Macro.SORT_BY:
            return sort_pairs((names[node.variable], self.evaluate(step, names)) for names in kept)
        values = (self.evaluate(step, names) for names in kept)
        if node.kind is Macro.TRANSFORM_MAP:
            return build_map([(names[node.variable], self.evaluate(step, names)) for names in kept])
        return merge_maps(values) if node.kind is Macro.TRANSFORM_MAP_ENTRY else tuple(values)

    def evaluate_optional(
        self, node: Comprehension, over: object, variables: Mapping[str, Any]
    ) -> Any:
        """Return the value of a macro over an optional value."""

        def step(value: Any) -> Any:
            inside = {**variables, node.variable: value}
            return None if node.step is None else self.evaluate(node.step, inside)

        return (optional_map if node.kind is Macro.OPTIONAL_MAP else optional_flat_map)(over, step)


def evaluate_logic(operands: Iterable[Callable[[], bool]], *, every: bool) -> bool:
    """Return the `&&` (when `every`) or `||` of operands, absorbing errors where one decides."""
    problem: EvaluationError | None = None
    for operand in operands:
        try:
            if operand() is not every:
                return not every
        except EvaluationError as error:
            problem = problem or error
    if problem is not None:
        raise problem
    return every


def read_field(record: Mapping[str, Any], name: str, path: str) -> Any:
    """Return a field of a record, whose full name in errors is `path`."""
    try:
        return record[name]
    except MissingData as problem:
        raise (MissingData(path) if problem.path == name else problem) from None
    except EvaluationError:
        raise
    except TelecomRulesError as problem:
        raise EvaluationError(problem.wording) from problem
    except KeyError:
        raise MissingData(path) from None


def has_field(record: Mapping[str, Any], name: str) -> bool:
    """Return whether a record has a field, which may have to be computed."""
    try:
        return name in record
    except EvaluationError:
        raise
    except TelecomRulesError as problem:
        raise EvaluationError(problem.wording) from problem
