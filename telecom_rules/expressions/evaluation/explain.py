"""Explanation of a result: the smallest parts that decided it, with the values they read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from telecom_rules.errors import EvaluationError, MissingData
from telecom_rules.expressions.evaluation.budget import Budget, BudgetSpent, MeteredInterpreter
from telecom_rules.expressions.evaluation.interpret import Interpreter
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Constant,
    ContextValue,
    Fact,
    FieldAccess,
    Local,
    Logic,
    Typed,
    walk,
)
from telecom_rules.frozen import Portable, dump_value
from telecom_rules.vocabulary.describe import describe_fact
from telecom_rules.vocabulary.types import BOOLEAN, RecordType
from telecom_rules.vocabulary.vocabulary import ParametersOn
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.expressions.scope import Context
    from telecom_rules.frozen import Json
    from telecom_rules.vocabulary import ParameterValue, Record, Value


class Absent(Enum):
    """The type of `ABSENT`."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT
"""The value of a name that is unknown."""


@dataclass(frozen=True, slots=True)
class Seen(Portable):
    """A part of an expression that decided its result, with the values it read.

    Attributes:
        text: the part as written.
        holds: whether it holds; `None` where that is unknown.
        values: the names it read with their values, `ABSENT` for an unknown one.
        wording: the same for people.
    """

    text: str
    holds: bool | None
    values: tuple[tuple[str, Value | Absent], ...]
    wording: Wording

    def dump(self) -> dict[str, Json]:
        """Return it as JSON; `values` is an object, with `null` for what is not known."""
        values: dict[str, Json] = {
            name: None if value is ABSENT else dump_value(value) for name, value in self.values
        }
        return {
            "text": self.text,
            "holds": self.holds,
            "values": values,
            "wording": self.wording.dump(),
        }


VERDICTS: dict[bool | None, Wording] = {
    True: Wording("`{text}` 成立", "`{text}` holds"),
    False: Wording("`{text}` 不成立", "`{text}` does not hold"),
    None: Wording("`{text}` 无法判断", "`{text}` cannot be decided"),
}
NOT_EXPLAINED: Final = Seen(
    "", None, (), Wording("因计算量过大，不再说明", "not explained further: it would take too long")
)
"""Stands in place of the parts for which the budget did not suffice."""
CONTEXT_TITLES = {
    "today": Wording("今天", "today"),
    "now": Wording("现在", "now"),
    "event_name": Wording("事件", "the event"),
}
WITH_ORIGIN = Wording("{said}（{origin}）", "{said} ({origin})")

InputNode = Fact | FieldAccess | ContextValue


@dataclass(slots=True)
class Explainer:
    """Explains the results of one expression for one record in one context.

    Attributes:
        source: the text of the expression.
        fact: for a table cell the fact it tests; a cell is always explained as a whole.
        facts: the record.
        context: the context.
        budget: the steps it may take, `None` for as many as the expression may.
        results: the value of each node that was evaluated, or its error, by the node's identity:
            no part is evaluated twice.
        interpreter: evaluates parts, within the budget.
    """

    source: str
    fact: str | None
    facts: Record
    context: Context
    budget: Budget | None = None
    results: dict[int, Value | EvaluationError] = field(default_factory=dict, init=False)
    interpreter: Interpreter = field(init=False)

    def __post_init__(self) -> None:
        self.interpreter = (
            Interpreter(self.facts, self.context)
            if self.budget is None
            else MeteredInterpreter(self.facts, self.context, self.budget)
        )

    def for_facts(self, facts: Record) -> Explainer:
        """Return the explainer of the same expression for another record, with the same budget."""
        return Explainer(self.source, self.fact, facts, self.context, self.budget)

    def iter_reasons(self, node: Typed) -> Iterator[Typed]:
        """Yield the parts that make `node` true; none if it is not true."""
        if self.evaluate(node) is True:
            yield from self.iter_causes(node, result=True)

    def iter_causes(self, node: Typed, result: bool) -> Iterator[Typed]:  # noqa: FBT001 - the result
        """Yield the parts that determine the value of `node`, which is `result`."""
        match self.expand(node):
            case Logic(operands=operands):
                for operand in operands:
                    if self.evaluate(operand) is result:
                        yield from self.iter_causes(operand, result)
            case Choose(test=test, yes=yes, no=no):
                chosen = bool(self.evaluate(test))
                yield from self.iter_causes(test, chosen)
                yield from self.iter_causes(yes if chosen else no, result)
            case Apply(overload="not", arguments=(negated,)):
                yield from self.iter_causes(negated, not result)
            case _:
                yield node

    def iter_obstacles(self, node: Typed, wanted: bool) -> Iterator[Typed]:  # noqa: FBT001 - the result
        """Yield the parts because of which `node` is not `wanted`."""
        if self.evaluate(node) is wanted:
            return
        match self.expand(node):
            case Logic(operands=operands):
                for operand in operands:
                    yield from self.iter_obstacles(operand, wanted)
            case Choose(test=test, yes=yes, no=no):
                chosen = self.evaluate(test)
                if chosen is None:
                    yield from self.iter_obstacles(test, wanted=True)
                else:
                    yield from self.iter_causes(test, chosen)
                    yield from self.iter_obstacles(yes if chosen else no, wanted)
            case Apply(overload="not", arguments=(negated,)):
                yield from self.iter_obstacles(negated, not wanted)
            case _:
                yield node

    def expand(self, node: Typed) -> Typed | None:
        """Return `node` if it is explained by its parts, or `None` if as a whole."""
        if self.fact is not None or node.type is not BOOLEAN:
            return None
        match node:
            case Apply(overload="not", arguments=(negated,)):
                return node if self.expand(negated) else None
            case Logic() | Choose():
                return node
        return None

    def evaluate(self, node: Typed) -> bool | None:
        """Return whether `node` holds (or has a value, if not boolean), `None` if it fails.

        What is explained by its parts is worked out from them: see `interpret.evaluate_logic`.
        """
        known = self.results.get(id(node))
        if isinstance(known, bool):
            return known
        match self.expand(node):
            case None:
                pass
            case Logic(every=every, operands=operands):
                values = [self.evaluate(operand) for operand in operands]
                if (not every) in values:
                    return not every
                return None if None in values else every
            case Choose(test=test, yes=yes, no=no):
                chosen = self.evaluate(test)
                return None if chosen is None else self.evaluate(yes if chosen else no)
            case Apply(arguments=(negated,)):
                holds = self.evaluate(negated)
                return None if holds is None else not holds
        value = self.value_of(node)
        if isinstance(value, EvaluationError):
            return None
        return value if isinstance(value, bool) else True

    def value_of(self, node: Typed) -> Value | EvaluationError:
        """Return the value of a node, or why it has none.

        Raises:
            BudgetSpent: the budget does not suffice.
        """
        known = self.results.get(id(node), ABSENT)
        if known is not ABSENT:
            return known
        value: Value | EvaluationError
        try:
            value = self.interpreter.evaluate(node, {})
        except EvaluationError as problem:
            value = problem
        self.results[id(node)] = value
        return value

    def describe_parts(self, parts: Iterable[Typed]) -> tuple[Seen, ...]:
        """Return an explanation of each of `parts`; those with the same text once.

        The parts are worked out one by one. Where the budget is spent, `NOT_EXPLAINED` stands for
        the others.
        """
        every: dict[str, Seen] = {}
        try:
            for node in parts:
                seen = self.describe_part(node)
                every[seen.text] = seen
        except BudgetSpent:
            every[NOT_EXPLAINED.text] = NOT_EXPLAINED
        return tuple(every.values())

    def describe_part(self, node: Typed) -> Seen:
        """Return the explanation of one part."""
        text = " ".join(self.source[node.start : node.end].split())
        if self.fact is not None:
            text = f"{self.fact}: {text}"
        leaves = {input_name_of(leaf): leaf for leaf in iter_inputs(node)}
        values = tuple((name, self.read_value(leaf)) for name, leaf in leaves.items())
        verdict = self.evaluate(node)
        details = [
            describe_input(leaf, value, self.find_figure(leaf))
            for leaf, (_, value) in zip(leaves.values(), values, strict=True)
        ]
        if verdict is None:
            details += self.describe_problem(node)
        if is_yes_or_no(node) and len(details) == 1:
            return Seen(text, verdict, values, details[0])
        wording = append_details(VERDICTS[verdict].fill(text=text), details)
        return Seen(text, verdict, values, wording)

    def find_figure(self, leaf: InputNode) -> ParameterValue | None:
        """Return the figure that a leaf reads, where the context knows where it comes from."""
        root, _, name = input_name_of(leaf).partition(".")
        figures = self.context.parameters
        if root != "parameters" or not isinstance(figures, ParametersOn):
            return None
        return figures.find_figure(name)

    def describe_problem(self, node: Typed) -> list[Wording]:
        """Return why a part has no value, unless an unknown name shown with it is the reason."""
        problem = self.value_of(node)
        if not isinstance(problem, EvaluationError):
            return []
        shown = {input_name_of(leaf) for leaf in iter_inputs(node)}
        told = isinstance(problem, MissingData) and problem.path in shown
        return [] if told else [problem.wording]

    def read_value(self, leaf: InputNode) -> Value | Absent:
        """Return the value of a name."""
        value = self.value_of(leaf)
        return ABSENT if isinstance(value, EvaluationError) else value


def is_yes_or_no(node: Typed) -> bool:
    """Return whether a part asks for one yes or no only, so that its label says everything."""
    match node:
        case Apply(overload="not", arguments=(negated,)):
            return is_yes_or_no(negated)
        case Apply(overload="equal" | "not_equal", arguments=(one, other)):
            constant, fact = (one, other) if isinstance(one, Constant) else (other, one)
            return isinstance(constant, Constant) and is_yes_or_no(fact)
        case _:
            return isinstance(node, InputNode) and node.type is BOOLEAN


def iter_inputs(node: Typed) -> Iterator[InputNode]:
    """Yield the facts and fields that `node` reads, without the records that contain them."""
    for each in walk(node):
        if not isinstance(each, InputNode) or isinstance(each.type, RecordType):
            continue
        if isinstance(each, Fact) or not any(isinstance(part, Local) for part in walk(each)):
            yield each


def input_name_of(leaf: InputNode) -> str:
    """Return the name of an input as the expression writes it."""
    return leaf.path if isinstance(leaf, FieldAccess) else leaf.name


def describe_input(
    leaf: InputNode, value: Value | Absent, figure: ParameterValue | None = None
) -> Wording:
    """Return a name with its value, for people; a figure of an overlay with that of its base."""
    plain = Wording.same(f"`{input_name_of(leaf)}`")
    title = (
        CONTEXT_TITLES.get(leaf.name, plain)
        if isinstance(leaf, ContextValue)
        else leaf.field.title or plain
    )
    off = None if isinstance(leaf, ContextValue) else leaf.field.off
    said = describe_fact(title, None if value is ABSENT else value, leaf.type, off)
    if value is ABSENT or figure is None or figure.base is None:
        return said
    return WITH_ORIGIN.fill(said=said, origin=figure.assurance)


def append_details(verdict: Wording, details: list[Wording]) -> Wording:
    """Return a verdict with its details behind it."""
    if not details:
        return verdict
    chinese, english = zip(*details, strict=True)
    return Wording(f"{verdict.zh}：{'，'.join(chinese)}", f"{verdict.en}: {', '.join(english)}")
