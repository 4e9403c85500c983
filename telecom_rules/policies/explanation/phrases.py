"""Fields, rules and outcomes of policies described on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.vocabulary import describe
from telecom_rules.vocabulary.describe import describe_fact
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telecom_rules.policies.rules import Check, Rule
    from telecom_rules.vocabulary import Field, Record, RecordType, Value


NO_DATA = Wording("没有数据", "no data")


def field_title_of(name: str, field: Field | None) -> Wording:
    """Return the title of a field, or its name where it has none."""
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
        describe_fact(field_title_of(name, field), record[name], field.type)
        for name, field in shape.fields.items()
        if name in wanted
    ]
    return join_wordings(parts) if parts else NO_DATA


def describe_missing(fields: Mapping[str, Field], missing: Iterable[str]) -> Wording:
    """Return on one line which facts are still needed."""
    names = (field_title_of(name, fields.get(name)) for name in missing)
    return Wording("数据不全，还需要：{names}", "facts are missing: {names}").fill(
        names=join_wordings(names)
    )


def describe_outcome(
    shape: RecordType,
    outputs: Mapping[str, Value],
    rules: Sequence[Rule],
    failed: Iterable[Wording],
) -> Wording:
    """Return outputs on one line, with the rules or the failed checks behind them.

    Of several outputs those that are `false` are left out, and of those that are `true` only the
    title is given: a penalty decision lists the penalties imposed.
    """
    line = join_wordings(describe_imposed(shape, outputs), ("；", "; "))
    behind = join_wordings(failed)
    if rules:
        ids = join_wordings(Wording.same(each.id) for each in rules)
        english = "rule {ids}" if len(rules) == 1 else "rules {ids}"
        behind = Wording("规则 {ids}", english).fill(ids=ids)
    if not behind.en:
        return line
    return Wording("{line}（{behind}）", "{line} ({behind})").fill(line=line, behind=behind)


def describe_imposed(shape: RecordType, outputs: Mapping[str, Value]) -> Iterable[Wording]:
    """Return the outputs for one line, without those that are `false` where any other is left."""
    kept = {name: value for name, value in outputs.items() if value is not False}
    if len(outputs) == 1 or not kept:
        return describe_field_values(shape, outputs)
    return [
        field_title_of(name, shape.fields[name])
        if value is True
        else describe_field_value(name, shape.fields[name], value)
        for name, value in kept.items()
    ]
