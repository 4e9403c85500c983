"""The next question to ask: the missing fact that is most decisive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.frozen import FrozenDict, Portable
from telecom_rules.vocabulary import BOOLEAN, CodeType, describe
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from telecom_rules.vocabulary import FactType


@dataclass(frozen=True, slots=True)
class Question(Portable):
    """A fact that a policy needs, and its possible answers.

    Attributes:
        fact: its name, the key under which the answer goes into the facts.
        title: its name for people.
        type: its type as a pack writes it, such as `money` or `complaint_grade`.
        choices: the answers with their titles, where they are few and closed: the codes of a
            catalogue, or yes and no; else empty.
        optional: whether `None` is an answer, meaning that the fact is absent.
        least: the least number it may be, or `None`.
        most: the greatest number it may be, or `None`.
        effort: what it takes to find out, measured by a plain question, which is 1.
    """

    fact: str
    title: Wording
    type: str
    choices: Mapping[str | bool, Wording]
    optional: bool
    least: Decimal | None = None
    most: Decimal | None = None
    effort: int = 1


def build_question(facts: FactType, name: str) -> Question:
    """Return the question for one fact."""
    field = facts.fields[name]
    choices: dict[str | bool, Wording] = {}
    if isinstance(field.type, CodeType):
        choices.update(field.type.codes)
    elif field.type is BOOLEAN:
        choices.update({value: describe(value, BOOLEAN) for value in (True, False)})
    return Question(
        name,
        field.title or Wording.same(name),
        str(field.type),
        FrozenDict(choices),
        field.optional,
        field.least,
        field.most,
        field.effort,
    )
