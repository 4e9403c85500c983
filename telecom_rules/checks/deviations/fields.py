"""Kinds of facts of two packs, compared: whether the house reads every record that the base reads.

Policies and workflows are compared on the records that both read. So what a house does not read any
more, because a bound is narrower or a new condition refuses it, is compared here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from telecom_rules.checks.deviations.deviation import Deviation, Direction, Part
from telecom_rules.digests import describe_meaning
from telecom_rules.findings.kinds import CODE, FACT, FACTS
from telecom_rules.vocabulary.types import INTEGER, CodeType, ListType
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Pack
    from telecom_rules.vocabulary import FactType, Field
    from telecom_rules.vocabulary.facts import Condition
    from telecom_rules.vocabulary.types import Type

GONE = Wording("数据 `{name}` 被取消", "`{name}` is gone")
OTHER_TYPE = Wording(
    "`{name}` 的类型为 {house}；基础规则包：{base}",
    "`{name}` is of the type {house}; by the base of {base}",
)
NARROWER = Wording(
    "`{name}` 不再接受基础规则包接受的值", "`{name}` refuses what it may be by the base"
)
FURTHER = Wording(
    "`{facts}` 的条件“{title}”拒绝基础规则包受理的数据",
    "the condition “{title}” of `{facts}` refuses records that the base reads",
)
DROPPED = Wording(
    "`{facts}` 不再要求“{title}”", "`{facts}` no longer has to meet the condition “{title}”"
)
A_VALUE = Wording("例如 `{name}={value}`", "for example `{name}={value}`")
A_LENGTH = Wording("例如 {length} 个字符的 `{name}`", "for example `{name}` of {length} characters")
STEP: Final = Decimal("0.01")
"""The least distance of two amounts of money."""


def compare_facts(base: Pack, house: Pack) -> Iterator[Deviation]:
    """Yield the deviations of the kinds of facts that policies and workflows of the base read."""
    used = {each.facts.name for group in (base.policies, base.workflows) for each in group.values()}
    told: set[tuple[Part, ...]] = set()
    for name in sorted(used):
        law, own = base.vocabulary.facts[name], house.vocabulary.facts.get(name)
        if own is None:
            part = Part(f"facts.{name}", FACTS, name)
            yield Deviation((part,), Direction.LAXER, GONE.fill(name=name), cites=law.cites)
        elif own is not law:
            for field, kind in law.fields.items():
                for each in compare_field(law, field, kind, own.fields.get(field)):
                    if each.parts not in told:  # a code that is gone, of several facts
                        told.add(each.parts)
                        yield each
            yield from compare_conditions(law, own)


def compare_field(facts: FactType, name: str, law: Field, own: Field | None) -> Iterator[Deviation]:
    """Yield the deviations of one fact."""
    parts = (Part(f"facts.{facts.name}", FACT, f"{facts.name}.{name}"),)
    cites = facts.field_cites.get(name) or facts.cites
    if own is None:
        return  # nothing reads it any more; what did is compared where it stood
    gone = find_gone_code(law, own)
    if gone is not None:
        value = A_VALUE.fill(name=name, value=gone.name.partition(".")[2])
        yield Deviation((gone,), Direction.LAXER, NARROWER.fill(name=name), value, cites)
        return
    refused = find_refused_value(name, law, own)
    if refused is not None:
        yield Deviation(parts, Direction.LAXER, NARROWER.fill(name=name), refused, cites)
    elif law.optional is not own.optional or not is_at_least_as_wide(own.type, law.type):
        wording = OTHER_TYPE.fill(name=name, house=own, base=law)
        yield Deviation(parts, Direction.INCOMPARABLE, wording, cites=cites)


def is_at_least_as_wide(house: Type, base: Type) -> bool:
    """Return whether each value of a type of the base is one of a type of the house."""
    match house, base:
        case CodeType(), CodeType():
            return house.catalogue == base.catalogue and set(base.codes) <= set(house.codes)
        case ListType(), ListType():
            return is_at_least_as_wide(house.item, base.item)
    return bool(describe_meaning(house) == describe_meaning(base))


def find_gone_code(law: Field, own: Field) -> Part | None:
    """Return a code that the base has and the house has not, as a part of its catalogue."""
    match law.type, own.type:
        case CodeType(codes=base, catalogue=one), CodeType(codes=kept, catalogue=other):
            gone = next((each for each in base if each not in kept), None)
            if gone is not None and one == other:
                return Part(f"catalogues.{one}", CODE, f"{one}.{gone}")
    return None


def find_refused_value(name: str, law: Field, own: Field) -> Wording | None:
    """Return a value that the base accepts and the house does not, for people."""
    step = 1 if law.type is INTEGER else STEP
    if own.least is not None and (law.least is None or own.least > law.least):
        value = own.least - step if law.least is None else law.least
        return A_VALUE.fill(name=name, value=value)
    if own.most is not None and (law.most is None or own.most < law.most):
        return A_VALUE.fill(name=name, value=own.most + step if law.most is None else law.most)
    if own.longest is not None and (law.longest is None or own.longest < law.longest):
        return A_LENGTH.fill(name=name, length=own.longest + 1)
    return None


def compare_conditions(law: FactType, own: FactType) -> Iterator[Deviation]:
    """Yield the deviations of the conditions that the facts of one record meet together.

    A condition of the house that also reads a fact of its own says nothing of a record of the base.
    """
    parts = (Part(f"facts.{law.name}", FACTS, law.name),)
    base, house = ({spell(each): each for each in kind.conditions} for kind in (law, own))
    for each in (base[key] for key in base.keys() - house.keys()):
        wording = DROPPED.fill(facts=law.name, title=each.title)
        yield Deviation(parts, Direction.LAXER, wording, cites=each.cites)
    for each in (house[key] for key in house.keys() - base.keys()):
        if each.reads <= law.fields.keys():
            wording = FURTHER.fill(facts=law.name, title=each.title)
            yield Deviation(parts, Direction.INCOMPARABLE, wording, cites=law.cites)


def spell(condition: Condition) -> str:
    """Return a condition as text, by its meaning."""
    return str(describe_meaning(condition))
