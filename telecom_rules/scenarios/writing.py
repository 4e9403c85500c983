"""Writes values and files of scenarios as YAML that `telecom-rules test` reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from telecom_rules.vocabulary import dump_value
from telecom_rules.workflows.engine.configuration import BETWEEN_STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from telecom_rules.vocabulary import Value
    from telecom_rules.wording import Wording


def iter_head(name: str, title: Wording, kind: str, of: str) -> Iterator[str]:
    """Yield the first lines of a file of scenarios.

    Args:
        name: the name of the group.
        title: its name for people.
        kind: `policy` or `workflow`.
        of: the name of that.
    """
    yield f"scenarios: {name}"
    yield f"title: {spell_title(title)}"
    yield f"{kind}: {of}"


def spell_title(title: Wording) -> str:
    """Return a title in both languages as a flow mapping."""
    return f"{{zh: {quote(title.zh)}, en: {quote(title.en)}}}"


def spell_states(state: str) -> str:
    """Return the innermost active states as a scenario names them."""
    names = state.split(BETWEEN_STATES)
    return names[0] if len(names) == 1 else f"{{state: [{', '.join(names)}]}}"


def spell_instant(at: datetime) -> str:
    """Return an instant as a scenario writes it, in local time."""
    return at.replace(tzinfo=None).isoformat(sep=" ")


def spell_values(values: Mapping[str, Value]) -> str:
    """Return values by name as a flow mapping."""
    return f"{{{', '.join(f'{name}: {spell(value)}' for name, value in values.items())}}}"


def spell_names(names: Iterable[str]) -> str:
    """Return one name as it is, several as a flow sequence."""
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"[{', '.join(listed)}]"


def spell(value: Value) -> str:
    """Return a value as YAML: as JSON, but for texts that need no quotes."""
    dumped = dump_value(value)
    if isinstance(dumped, str) and dumped.replace("-", "").replace(".", "").isalnum():
        return quote(dumped) if isinstance(value, str) and not value.isidentifier() else dumped
    return quote(dumped)


def quote(value: object) -> str:
    """Return a value of JSON as YAML reads it."""
    return json.dumps(value, ensure_ascii=False)
