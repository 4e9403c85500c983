"""Records by chance for the shipped policies, around the constants their rules compare with."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from telecom_rules.expressions.typed import Constant, walk
from telecom_rules.policies.policy import engine_of
from telecom_rules.policies.rule_set import iter_expressions
from telecom_rules.vocabulary.types import CodeType, ListType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from telecom_rules.policies import Policy
    from telecom_rules.vocabulary.types import Field

ON = date(2026, 3, 1)
AT = datetime.fromisoformat("2026-03-01T09:00:00+08:00")


def constants_of(policy: Policy) -> list[object]:
    """Return the literals and figures of a policy."""
    rules = engine_of(policy).policy
    found = [
        node.value
        for expression in iter_expressions(rules)
        for node in walk(expression.tree)
        if isinstance(node, Constant)
    ]
    figures = (figure.find_on(ON) for figure in rules.parameters.values())
    return [*found, *(figure.value for figure in figures if figure is not None)]


def value_of(chance: Random, field: Field, constants: list[object]) -> object:
    """Return a value of a field."""
    kind = str(field.type)
    if isinstance(field.type, CodeType):
        return chance.choice(list(field.type.codes))
    if isinstance(field.type, ListType):
        some = [value_of(chance, item_of(field), constants) for _ in range(chance.randrange(3))]
        return tuple(dict.fromkeys(some))
    if kind in {"integer", "decimal", "money"}:
        near = [each for each in constants if isinstance(each, int | Decimal)]
        number = Decimal(chance.choice([*near, 0, 1, 10**6])) + chance.choice([-1, 0, 1])
        number += Decimal(chance.choice(["0", "0.01", "-0.01"]) if kind != "integer" else 0)
        number = max(number, field.least) if field.least is not None else number
        number = min(number, field.most) if field.most is not None else number
        return int(number) if kind == "integer" else number
    if kind == "date":
        return ON - timedelta(days=chance.choice([-1, 0, 1, 15, 40, 400]))
    if kind == "instant":
        return AT - timedelta(hours=chance.choice([-1, 0, 1, 30, 900]))
    if kind == "span":
        return timedelta(hours=chance.choice([0, 1, 48]))
    return chance.random() < 0.5 if kind == "boolean" else chance.choice(["", "text"])


def item_of(field: Field) -> Field:
    """Return the field of an item of a list."""
    return type(field)(field.type.item)


def records(policy: Policy, chance: Random) -> Iterator[dict[str, object]]:
    """Yield records of a policy: most of them complete."""
    constants = constants_of(policy)
    while True:
        yield {
            name: value_of(chance, field, constants)
            for name, field in policy.facts.fields.items()
            if chance.random() < (0.7 if field.optional else 0.97)
        }
