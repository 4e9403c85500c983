"""How records, clauses and lists are said in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.vocabulary import describe
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from telecom_rules.policies.rules import Check, Rule
    from telecom_rules.vocabulary import Field, Record, RecordType, Value


NAME_EQUALS_VALUE = Wording.same("{name} = {value}")
NO_DATA = Wording("没有数据", "no data")


def join_on_line(parts: Iterable[Wording], zh: str = "、", en: str = ", ") -> Wording:
    """Return texts one after the other on one line."""
    words = tuple(parts)
    return Wording(zh.join(each.zh for each in words), en.join(each.en for each in words))


def field_title_of(name: str, field: Field | None) -> Wording:
    """Return what people call a field: its title, or its name where it has none."""
    return field.title if field is not None and field.title else Wording.same(name)


def describe_field_value(name: str, field: Field, value: Value) -> Wording:
    """Return a field and its value: `违法所得：80,000 元`, `Illegal gain: CNY 80,000`."""
    said = describe(value, field.type)
    return Wording("{name}：{value}", "{name}: {value}").fill(
        name=field_title_of(name, field), value=said
    )


def describe_field_values(shape: RecordType, record: Mapping[str, Value]) -> Iterable[Wording]:
    """Yield each field of `record` with its value, in the order of its type."""
    for name, field in shape.fields.items():
        if name in record:
            yield describe_field_value(name, field, record[name])


def full_name_of(each: Rule | Check) -> Wording:
    """Return the name of a rule or check, with its title where it has one."""
    if each.title is None:
        return Wording.same(each.id)
    return Wording("{id}（{title}）", "{id} ({title})").fill(title=each.title, id=each.id)


def describe_known(shape: RecordType, record: Record, names: Iterable[str]) -> Wording:
    """Return those facts among `names` that are known, on one line."""
    wanted = record.keys() & set(names)
    parts = [
        NAME_EQUALS_VALUE.fill(
            name=field_title_of(name, field), value=describe(record[name], field.type)
        )
        for name, field in shape.fields.items()
        if name in wanted
    ]
    return join_on_line(parts) if parts else NO_DATA
