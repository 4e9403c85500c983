"""Satisfiability of conditions.

A condition is converted to disjunctive normal form: conjunctions of literals about single names. A
conjunction is unsatisfiable if the literals about one name contradict each other, as in
`grade == 'a' && grade == 'b'`, or if a fact must be absent and is read. A part that does not
compare a name with a constant is opaque: only its own negation contradicts it.

The analysis is sound, not complete: a condition it calls unsatisfiable is never true. How `&&` and
`||` treat errors: the CEL specification, section Logical Operators.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from dataclasses import field as attribute
from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.samples import sample_values
from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import Context
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.evaluation.runtime import OPERATIONS
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Constant,
    CreateList,
    Fact,
    FieldAccess,
    IsPresent,
    Logic,
    Typed,
    strip_conversions,
    walk,
)
from telecom_rules.vocabulary import BOOLEAN, TEXT, Record
from telecom_rules.vocabulary.types import DOUBLE, DYNAMIC

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from telecom_rules.checks.analysis.samples import Sample
    from telecom_rules.expressions import Expression
    from telecom_rules.vocabulary import Field, Value


MOST_CONJUNCTIONS = 512
"""Bound on the conjunctions of a normal form; a larger part becomes one opaque literal."""
COMPARISON_OVERLOADS = frozenset(
    {"equal", "not_equal", "less", "less_or_equal", "greater", "greater_or_equal", "in_list"}
)
EQUALITY_OVERLOADS = frozenset({"equal", "not_equal", "in_list"})
NO_FACTS = Record()
FAILED_VALUE = "\0"
"""The value of a constant part that cannot be evaluated; no text of a pack contains it."""


@dataclass(frozen=True, slots=True)
class ConditionLiteral:
    """A literal of the normal form: one comparison of a name with a constant, or an opaque part.

    Attributes:
        subject: the name it is about, or the text of an opaque part.
        wanted: the truth value that it must have.
        field: the type and bounds of the name; `None` for an opaque part.
        comparison: the overload of the comparison, or `None` for a boolean name.
        value: the constant that the name is compared with.
        swapped: whether the constant is the left operand.
        cut: whether it stands for a part whose normal form is too large.
        key: the same text for every part with this meaning, whatever the names of rules and
            cells; the opposite of a part has its key too, and is wanted to be the opposite.
        affirmed: the truth value that a part with the key must have.
        node: the part.
    """

    subject: str
    wanted: bool
    field: Field | None = None
    comparison: str | None = None
    value: Value = None
    swapped: bool = False
    cut: bool = False
    key: str = ""
    affirmed: bool = True
    node: Typed | None = attribute(default=None, compare=False)

    def allows(self, value: Sample) -> bool:
        """Return whether a value of the name makes it true."""
        if self.comparison is None:
            return value is self.wanted
        pair = (self.value, value) if self.swapped else (value, self.value)
        return bool(OPERATIONS[self.comparison](*pair)) is self.wanted


Conjunction = frozenset[ConditionLiteral]
TRUE_DNF: tuple[Conjunction, ...] = (frozenset(),)


def find_contradiction(
    expression: Expression, known: Mapping[str, frozenset[Value]]
) -> tuple[str, ...] | None:
    """Return why a condition is unsatisfiable, or `None` if it may be true.

    Args:
        expression: a condition.
        known: the possible values of some names.

    Returns:
        The names without a possible value; no names if the condition is constantly false.
    """
    reasons = []
    for conjunction in expand(expression.tree, expression.source, wanted=True):
        reason = find_clash(conjunction, known)
        if reason is None:
            return None
        reasons.append(reason)
    return tuple(dict.fromkeys(reasons))


def is_too_large(expression: Expression, known: Mapping[str, frozenset[Value]]) -> bool:
    """Return whether a condition has too many cases to decide whether it may be true.

    One alternative that may be true decides it, however many there are.
    """
    tree = expression.tree
    parts = tree.operands if isinstance(tree, Logic) and not tree.every else (tree,)
    cut = False
    for part in parts:
        for conjunction in expand(part, expression.source, wanted=True):
            if not any(literal.cut for literal in conjunction):
                if find_clash(conjunction, known) is None:
                    return False
            else:
                cut = True
    return cut


def are_exclusive(
    one: Expression, other: Expression, known: Mapping[str, frozenset[Value]]
) -> bool:
    """Return whether two conditions are never true together; `known`: see `find_contradiction`."""
    both = [(each.tree, each.source) for each in (one, other)]
    return all(
        find_clash(conjunction, known) is not None for conjunction in conjoin_conditions(both)
    )


def conjoin_conditions(conditions: Iterable[tuple[Typed, str]]) -> tuple[Conjunction, ...]:
    """Return the normal form of a conjunction of conditions, each given with its source."""
    found = TRUE_DNF
    for node, source in conditions:
        found = distribute(
            found, expand(node, source, wanted=True), wrap_opaque(node, source, wanted=True)
        )
    return found


def expand(node: Typed, source: str, *, wanted: bool) -> tuple[Conjunction, ...]:
    """Return the normal form of `node`, or of its negation unless `wanted`.

    A part with too many conjunctions is one opaque literal.
    """
    if has_constant_value(node):
        return TRUE_DNF if evaluate_constant(node) is wanted else ()
    match node:
        case Logic(every=every, operands=operands):
            if every is wanted:
                return conjoin_parts([(operand, wanted) for operand in operands], source)
            found = disjoin(expand(operand, source, wanted=wanted) for operand in operands)
            return wrap_opaque(node, source, wanted=wanted) if found is None else found
        case Apply(overload="not", arguments=(operand,)):
            return expand(operand, source, wanted=not wanted)
        case Choose(test=test, yes=yes, no=no):
            found = disjoin(
                conjoin_parts([(test, holds), (branch, wanted)], source)
                for holds, branch in ((True, yes), (False, no))
            )
            return wrap_opaque(node, source, wanted=wanted) if found is None else found
    return (frozenset({build_literal(node, source, wanted=wanted)}),)


def wrap_opaque(node: Typed, source: str, *, wanted: bool) -> tuple[Conjunction, ...]:
    """Return a part whose normal form is too large as one opaque literal."""
    return (frozenset({build_opaque_literal(node, source, wanted=wanted)}),)


def disjoin(options: Iterable[tuple[Conjunction, ...]]) -> tuple[Conjunction, ...] | None:
    """Return the disjunction of normal forms, or `None` if it is too large."""
    found = tuple(dict.fromkeys(one for each in options for one in each))
    return found if len(found) <= MOST_CONJUNCTIONS else None


def conjoin_parts(parts: Iterable[tuple[Typed, bool]], source: str) -> tuple[Conjunction, ...]:
    """Return the normal form of the conjunction of `parts`, each with its wanted truth value."""
    found = TRUE_DNF
    for node, wanted in parts:
        each = expand(node, source, wanted=wanted)
        found = distribute(found, each, wrap_opaque(node, source, wanted=wanted))
    return found


def distribute(
    found: tuple[Conjunction, ...],
    further: tuple[Conjunction, ...],
    instead: tuple[Conjunction, ...],
) -> tuple[Conjunction, ...]:
    """Return the conjunction of two normal forms; if too large, with `instead` for `further`."""
    each = further if len(found) * len(further) <= MOST_CONJUNCTIONS else instead
    return tuple(dict.fromkeys(one | other for one in found for other in each))


def build_literal(node: Typed, source: str, *, wanted: bool) -> ConditionLiteral:
    """Return the literal of an atomic condition."""
    key, opposite = find_key(node)
    found = build_plain_literal(node, source, wanted=wanted)
    return replace(found, key=key, affirmed=wanted is not opposite, node=node)


def build_opaque_literal(node: Typed, source: str, *, wanted: bool) -> ConditionLiteral:
    """Return the literal of a part whose normal form is too large."""
    key, opposite = find_key(node)
    text = source[node.start : node.end]
    affirmed = wanted is not opposite
    return ConditionLiteral(text, wanted, cut=True, key=key, affirmed=affirmed, node=node)


def build_plain_literal(node: Typed, source: str, *, wanted: bool) -> ConditionLiteral:
    """Return the literal of an atomic condition, without its key."""
    match node:
        case Fact() | FieldAccess() if node.type is BOOLEAN:
            return ConditionLiteral(subject_name_of(node), wanted, node.field)
        case IsPresent(subject=Fact() | FieldAccess() as subject):
            return ConditionLiteral(presence_text_of(subject_name_of(subject)), wanted)
        case Apply(overload=overload, arguments=(left, right)) if overload in COMPARISON_OVERLOADS:
            constant, name = (
                (left, strip_conversions(right))
                if has_constant_value(left)
                else (right, strip_conversions(left))
            )
            value = evaluate_constant(constant) if has_constant_value(constant) else FAILED_VALUE
            if isinstance(name, Fact | FieldAccess) and value is not FAILED_VALUE:
                return ConditionLiteral(
                    subject=subject_name_of(name),
                    wanted=wanted,
                    field=name.field,
                    comparison=overload,
                    value=value,
                    swapped=constant is left,
                )
    return ConditionLiteral(source[node.start : node.end], wanted)


def find_key(node: Typed) -> tuple[str, bool]:
    """Return the key of a condition, and whether the condition is the opposite of the key.

    `i >= j` is the opposite of `i < j`, and `j > i` the same; of doubles that is not so, since NaN
    has no order.
    """
    match node:
        case Apply(overload="not", arguments=(operand,)):
            key, opposite = find_key(operand)
            return key, not opposite
        case Apply(overload=overload, arguments=(left, right)) if left.type not in UNORDERED:
            one, other = spell_tree(left), spell_tree(right)
            match overload:
                case "less":
                    return f"{one} < {other}", False
                case "greater":
                    return f"{other} < {one}", False
                case "greater_or_equal":
                    return f"{one} < {other}", True
                case "less_or_equal":
                    return f"{other} < {one}", True
                case "equal" | "not_equal":
                    return " == ".join(sorted((one, other))), overload == "not_equal"
    return spell_tree(node), False


UNORDERED = frozenset({DOUBLE, DYNAMIC})


def spell_tree(node: Typed) -> str:
    """Return a text that is the same for trees with the same meaning, wherever they are written."""
    match node:
        case Constant(value=value):
            return repr(value)
        case Fact(name=name):
            return name
        case Apply(overload=overload, arguments=arguments):
            return f"{overload}({', '.join(map(spell_tree, arguments))})"
    own = [
        f"{each.name}={spell_part(getattr(node, each.name))}"
        for each in fields(node)
        if each.name not in {"start", "end", "type", "field"}
    ]
    return f"{type(node).__name__}({', '.join(own)})"


def spell_part(part: object) -> str:
    """Return the text of a field of a node."""
    if isinstance(part, tuple):
        return f"[{', '.join(map(spell_part, part))}]"
    return spell_tree(part) if isinstance(part, Typed) else str(part)


def has_constant_value(node: Typed) -> bool:
    """Return whether `node` depends on no fact and is cheap to evaluate."""
    return all(
        isinstance(each, Constant | Apply | CreateList | Logic | Choose) for each in walk(node)
    )


def evaluate_constant(node: Typed) -> Value:
    """Return the value of a constant part, or `FAILED_VALUE`."""
    try:
        return interpret(node, NO_FACTS, Context())
    except EvaluationError:
        return FAILED_VALUE


def subject_name_of(name: Fact | FieldAccess) -> str:
    """Return the name of a fact or a field in expressions."""
    return name.name if isinstance(name, Fact) else name.path


def presence_text_of(name: str) -> str:
    """Return the subject of the literal about the presence of a name."""
    return f"has({name})"


def find_clash(conjunction: Conjunction, known: Mapping[str, frozenset[Value]]) -> str | None:
    """Return a name whose literals contradict each other in a conjunction, or `None`."""
    affirmed: dict[str, bool] = {}
    by_subject: dict[str, list[ConditionLiteral]] = {}
    for each in conjunction:
        by_subject.setdefault(each.subject if each.field else each.key, []).append(each)
        if affirmed.setdefault(each.key, each.affirmed) is not each.affirmed:
            return each.subject
    absent = {each.subject for each in conjunction if each.field is None and not each.wanted}
    for name, literals in sorted(by_subject.items()):
        if literals[0].field is None:
            continue
        values = known.get(name) or candidate_values_of(literals)
        if values and not any(all(each.allows(value) for each in literals) for value in values):
            return name
        if presence_text_of(name) in absent:
            return name
    return None


def candidate_values_of(literals: Collection[ConditionLiteral]) -> Collection[Sample]:
    """Return values of a name that suffice to decide whether its literals are satisfiable."""
    field = next(iter(literals)).field
    if field is None:
        return ()
    compared = [each for each in literals if each.comparison is not None]
    if field.type is TEXT and any(each.comparison not in EQUALITY_OVERLOADS for each in compared):
        return ()
    constants = (each.value for each in compared)
    return sample_values(field, [one for each in constants for one in items_of(each)])


def items_of(value: Value) -> tuple[Value, ...]:
    """Return the items of a list, or a single value as one."""
    return value if isinstance(value, tuple) else (value,)
