"""The abstract interpreter: what an expression may evaluate to while facts are missing.

It walks the typed tree as `interpret` does, over sets of values instead of values. The result
contains the value of the expression for every way to complete the facts. Facts are taken one by
one: of two that are missing, every value of the one is combined with every value of the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.evaluation.value_sets import (
    ANYTHING,
    EITHER,
    FAILURE,
    NO_VALUE,
    OneOf,
    Possible,
    ValueSet,
    apply,
    enumerate_values,
    is_single,
    join,
)
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Constant,
    ContextValue,
    CreateList,
    Fact,
    FieldAccess,
    InState,
    IsPresent,
    Logic,
    Typed,
    walk,
)
from telecom_rules.vocabulary.types import BOOLEAN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from telecom_rules.expressions.scope import Context
    from telecom_rules.vocabulary import Record, Value


class Reading(NamedTuple):
    """What reading a name may give while facts are missing.

    Attributes:
        values: its values where it is present.
        present: what `has()` of it may be.
        fails: whether reading it may give no value.
    """

    values: ValueSet
    present: ValueSet
    fails: bool


PRESENT = OneOf((True,))
"""What `has()` of a name is that is certainly present."""
ABSENT_READING = Reading(NO_VALUE, OneOf((False,)), fails=True)


def known_reading(value: Value) -> Reading:
    """Return the reading of a name whose value is known."""
    return Reading(OneOf((value,)), PRESENT, fails=False)


class AbstractInterpreter:
    """Evaluates trees for every way to complete one record.

    Attributes:
        facts: the known facts.
        context: the rest of the activation.
        missing: what reading each missing fact may give.
        read_policy: what reading the output of a policy, given its name and that of the output,
            may give.
    """

    def __init__(
        self,
        facts: Record,
        context: Context,
        missing: Mapping[str, Reading],
        read_policy: Callable[[str, str], Reading],
    ) -> None:
        self.facts = facts
        self.context = context
        self.missing = missing
        self.read_policy = read_policy

    def evaluate(self, node: Typed) -> Possible:
        """Return what `node` may evaluate to."""
        match node:
            case Constant(value=value):
                return Possible(OneOf((value,)))
            case Fact(name=name):
                reading = self.read_fact(name)
                return Possible(reading.values, reading.fails)
            case FieldAccess():
                return self.evaluate_field(node)
            case IsPresent(subject=subject):
                return self.test_presence(node, subject)
            case Logic(every=every, operands=operands):
                return combine(self.evaluate, operands, every=every)
            case Choose():
                return self.choose(node)
            case Apply(overload=overload, arguments=arguments, type=type):
                return apply(overload, type, [self.evaluate(each) for each in arguments])
            case CreateList(items=items, optional=perhaps) if not perhaps:
                return self.create_list(items)
            case ContextValue() | InState():
                return self.evaluate_known(node)
        return self.evaluate_whole(node)

    def read_fact(self, name: str) -> Reading:
        """Return what reading a fact may give."""
        if name in self.missing:
            return self.missing[name]
        value = self.facts.get(name)
        return ABSENT_READING if value is None else known_reading(value)

    def read_field(self, node: FieldAccess) -> Reading | None:
        """Return what reading an output of a policy may give; `None` for any other field."""
        match node.record:
            case FieldAccess(record=ContextValue(name="policies"), name=policy):
                return self.read_policy(policy, node.name)
        return None

    def evaluate_field(self, node: FieldAccess) -> Possible:
        """Return what a field may evaluate to."""
        reading = self.read_field(node)
        if reading is None:
            return self.evaluate_whole(node)
        return Possible(reading.values, reading.fails)

    def test_presence(self, node: IsPresent, subject: Fact | FieldAccess | Apply) -> Possible:
        """Return what a presence test may evaluate to."""
        if isinstance(subject, Fact):
            return Possible(self.read_fact(subject.name).present)
        reading = self.read_field(subject) if isinstance(subject, FieldAccess) else None
        return self.evaluate_whole(node) if reading is None else Possible(reading.present)

    def choose(self, node: Choose) -> Possible:
        """Return what a conditional may evaluate to."""
        test = self.evaluate(node.test)
        branches = ((test.may_hold, node.yes), (test.may_fail, node.no))
        found = [self.evaluate(branch) for possible, branch in branches if possible]
        fails = test.fails or any(each.fails for each in found)
        return Possible(join(each.values for each in found), fails)

    def create_list(self, items: Sequence[Typed]) -> Possible:
        """Return what a list may evaluate to."""
        found = [self.evaluate(item) for item in items]
        fails = any(each.fails for each in found)
        values = [each.values.values[0] for each in found if is_single(each.values)]
        if len(values) < len(found):
            return Possible(ANYTHING, fails)
        return Possible(OneOf((tuple(values),)), fails)

    def evaluate_whole(self, node: Typed) -> Possible:
        """Return what a part may evaluate to whose inner parts are not followed."""
        if any(map(self.is_missing, walk(node))):
            return Possible(EITHER if node.type is BOOLEAN else ANYTHING, fails=True)
        return self.evaluate_known(node)

    def is_missing(self, node: Typed) -> bool:
        """Return whether a node reads a missing fact, or another policy, which may miss one."""
        return (isinstance(node, Fact) and node.name in self.missing) or (
            isinstance(node, ContextValue) and node.name == "policies"
        )

    def evaluate_known(self, node: Typed) -> Possible:
        """Return the value of a part that depends on no missing fact."""
        try:
            return Possible(enumerate_values([interpret(node, self.facts, self.context)]))
        except EvaluationError:
            return FAILURE


def combine(
    evaluate: Callable[[Typed], Possible], operands: Sequence[Typed], *, every: bool
) -> Possible:
    """Return what `&&` (when `every`) or `||` may evaluate to.

    An operand that decides absorbs the failures of the others.
    """
    may_decide = fails = False
    may_all = True
    for each in operands:
        found = evaluate(each)
        passes, decides = found.may_hold, found.may_fail
        if not every:
            passes, decides = decides, passes
        if decides and not passes and not found.fails:
            return Possible(OneOf((not every,)))
        may_decide = may_decide or decides
        may_all = may_all and passes
        fails = fails or found.fails
    values = ((every,) if may_all else ()) + ((not every,) if may_decide else ())
    return Possible(OneOf(values), fails)
