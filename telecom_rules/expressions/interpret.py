"""The reference interpreter: what an expression is worth, by walking its typed tree.

It is the judge of every other back end, and what finds the value where something fails: CEL's `&&`
and `||` have a value as soon as one operand decides, whatever error the others are.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from telecom_rules.errors import EvaluationError, MissingData, TelecomRulesError
from telecom_rules.expressions.operations.collections import (
    has_key,
    list_of,
    map_of,
    mapping,
    merged,
    optional_flat_map,
    optional_map,
    pairs_within,
    within,
)
from telecom_rules.expressions.runtime import OPERATIONS, exactly_one, given
from telecom_rules.expressions.tree import OPENING, Looping
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Constant,
    Each,
    Entries,
    Fact,
    Given,
    InState,
    Items,
    Known,
    Let,
    Local,
    Logic,
    Part,
    Typed,
)
from telecom_rules.vocabulary.types import RecordType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from telecom_rules.expressions.scope import Context
    from telecom_rules.vocabulary import Record, Value

__all__ = ["interpret"]


def interpret(tree: Typed, facts: Record, context: Context) -> Value:
    """Return the value of `tree`.

    Raises:
        MissingData: it needs a fact that is not known.
        EvaluationError: it has no value for these facts.
    """
    value: Value = Interpreter(facts, context).value(tree, {})
    return value


class Interpreter:
    """Evaluates trees for one record in one context."""

    def __init__(self, facts: Record, context: Context) -> None:
        self.facts = facts
        self.context = context

    def value(  # noqa: C901, PLR0912 - one case for each kind of node
        self, node: Typed, variables: Mapping[str, Any]
    ) -> Any:
        """Return the value of `node`; `variables` are those of the macros around it."""
        match node:
            case Constant(value=value):
                return value
            case Fact(name=name):
                return read(self.facts, name, name)
            case Given(name=name, type=type):
                value = getattr(self.context, name)
                return value if isinstance(type, RecordType) else given(value, name)
            case Local(name=name):
                return variables[name]
            case Part(record=record, name=name, path=path):
                return read(self.value(record, variables), name, path)
            case Known(subject=subject):
                return self.known(subject, variables)
            case InState(state=state):
                return state in self.context.states
            case Logic(every=every, operands=operands):
                results = (partial(self.value, operand, variables) for operand in operands)
                return decided(results, every=every)
            case Choose(test=test, yes=yes, no=no):
                return self.value(yes if self.value(test, variables) else no, variables)
            case Items(items=items, optional=perhaps):
                values = [self.value(item, variables) for item in items]
                return list_of(values, perhaps) if perhaps else tuple(values)
            case Entries(entries=entries, optional=perhaps):
                pairs = [tuple(self.value(each, variables) for each in pair) for pair in entries]
                return map_of(pairs, perhaps) if perhaps else mapping(pairs)
            case Apply(overload=overload, arguments=arguments):
                values = [self.value(argument, variables) for argument in arguments]
                return OPERATIONS[overload](*values)
            case Each():
                return self.each(node, variables)
            case Let(variable=name, value=value, body=body):
                return self.value(body, {**variables, name: self.value(value, variables)})

    def known(self, subject: Fact | Part | Apply, variables: Mapping[str, Any]) -> bool:
        """Return whether a record or map has something."""
        match subject:
            case Fact(name=name):
                return name in self.facts
            case Part(record=record, name=name):
                return has(self.value(record, variables), name)
            case Apply(arguments=(values, key)):
                record = self.value(values, variables)
                return has_key(record, self.value(key, variables))
        raise AssertionError(subject)

    def each(self, node: Each, variables: Mapping[str, Any]) -> Any:
        """Return the value of a macro."""
        over = self.value(node.over, variables)
        if node.kind in OPENING:
            return self.opened(node, over, variables)
        inside: list[Mapping[str, Any]]
        if node.second is None:
            inside = [{**variables, node.variable: each} for each in within(over, node.most)]
        else:
            inside = [
                {**variables, node.variable: first, node.second: second}
                for first, second in pairs_within(over, node.most)
            ]
        test, step = node.test, node.step
        if test is not None and node.kind in {Looping.ALL, Looping.EXISTS}:
            results = (partial(self.value, test, names) for names in inside)
            return decided(results, every=node.kind is Looping.ALL)
        if test is not None and node.kind is Looping.EXISTS_ONE:
            return exactly_one([self.value(test, names) for names in inside])
        kept = [names for names in inside if test is None or self.value(test, names)]
        if step is None:
            return tuple(names[node.variable] for names in kept)
        values = (self.value(step, names) for names in kept)
        if node.kind is Looping.TRANSFORM_MAP:
            return mapping([(names[node.variable], self.value(step, names)) for names in kept])
        return merged(values) if node.kind is Looping.TRANSFORM_MAP_ENTRY else tuple(values)

    def opened(self, node: Each, over: object, variables: Mapping[str, Any]) -> Any:
        """Return what a macro makes of an optional value, if it is there."""

        def step(value: Any) -> Any:
            inside = {**variables, node.variable: value}
            return None if node.step is None else self.value(node.step, inside)

        return (optional_map if node.kind is Looping.OPTIONAL_MAP else optional_flat_map)(
            over, step
        )


def decided(operands: Iterable[Callable[[], bool]], *, every: bool) -> bool:
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


def read(record: Mapping[str, Any], name: str, path: str) -> Any:
    """Return a field of a record that is known to people as `path`."""
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


def has(record: Mapping[str, Any], name: str) -> bool:
    """Return whether a record has a field, whose value may have to be worked out for that."""
    try:
        return name in record
    except EvaluationError:
        raise
    except TelecomRulesError as problem:
        raise EvaluationError(problem.wording) from problem
