"""Findings as JSON values, to be read again where nothing of the pack has changed.

Whatever is read may have been damaged or made up: what has not the shape of a finding is refused as
a whole, and no value of it is ever called or imported.
"""

from __future__ import annotations

from typing import TypeAlias

from telecom_rules.findings import Finding, Related, Span
from telecom_rules.findings.codes import CODES
from telecom_rules.wording import Wording

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


class NotARecord(ValueError):
    """A JSON value is not what was asked for."""


def dump_finding(finding: Finding) -> list[object]:
    """Return a finding as JSON values: a list, as there may be thousands."""
    return [
        finding.id,
        list(finding.span),
        {name: dump_value(each) for name, each in finding.values.items()},
        finding.suggestion,
        [[list(each.span), list(each.wording)] for each in finding.related],
        [list(each) for each in finding.notes],
        {name: list(each) for name, each in finding.titles.items()},
    ]


def dump_value(value: object) -> object:
    """Return a value of a message: a wording as a list, anything else as it is put into a text."""
    return list(value) if isinstance(value, Wording) else format(value)


def read_finding(value: Json) -> Finding:
    """Return a finding that `dump_finding` has written.

    Raises:
        NotARecord: it is none, or its message lacks a value.
    """
    id, span, values, suggestion, related, notes, titles = read_list(value, 7)
    name = read_text(id)
    if name not in CODES:
        raise NotARecord
    finding = Finding(
        name,
        read_span(span),
        {key: read_value(each) for key, each in read_object(values).items()},
        None if suggestion is None else read_text(suggestion),
        tuple(read_related(each) for each in read_list(related)),
        tuple(read_wording(each) for each in read_list(notes)),
        {key: read_wording(each) for key, each in read_object(titles).items()},
    )
    try:
        _ = (finding.wording, finding.label, finding.help)
    except (KeyError, IndexError, ValueError, AttributeError) as problem:
        raise NotARecord from problem
    return finding


def read_value(value: Json) -> object:
    """Return a value of a message."""
    return read_text(value) if isinstance(value, str) else read_wording(value)


def read_related(value: Json) -> Related:
    """Return another place of a finding."""
    span, wording = read_list(value, 2)
    return Related(read_span(span), read_wording(wording))


def read_span(value: Json) -> Span:
    """Return a place."""
    file, *numbers = read_list(value, 5)
    line, column, end_line, end_column = (read_count(each) for each in numbers)
    return Span(read_text(file), line, column, end_line, end_column)


def read_wording(value: Json) -> Wording:
    """Return a text in both languages."""
    zh, en = read_list(value, 2)
    return Wording(read_text(zh), read_text(en))


def read_text(value: Json) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise NotARecord
    return value


def read_count(value: Json) -> int:
    """Return a whole number from 0 on."""
    if type(value) is not int or value < 0:
        raise NotARecord
    return value


def read_object(value: Json) -> dict[str, Json]:
    """Return an object."""
    if not isinstance(value, dict):
        raise NotARecord
    return value


def read_list(value: Json, length: int | None = None) -> list[Json]:
    """Return a list, of so many values if a length is given."""
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise NotARecord
    return value
