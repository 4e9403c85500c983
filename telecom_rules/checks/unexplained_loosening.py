"""TR144: a setting that an overlay loosens without saying why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.vocabulary import ParameterDefinition
from telecom_rules.vocabulary.parameters import ParameterKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Reading


CODES = ("TR144",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each value of an overlay that is laxer than a setting, unexplained."""
    if reading.pack is None:
        return
    for definition in reading.drafts.of(ParameterDefinition):
        if definition.base is None or definition.base.kind is not ParameterKind.SETTING:
            continue
        parameter = reading.pack.parameters[definition.parameter]
        drafts = sorted(definition.values, key=lambda each: each.since)
        for value in parameter.values:
            base, since = value.base, value.since
            if base is None or since is None or value.note is not None:
                continue
            if parameter.is_laxer(value, base):
                draft = [each for each in drafts if each.since <= since][-1]
                values = {"name": parameter.name, "value": value.wording, "base": base.wording}
                yield Finding("TR144", draft.span_of_key("value"), values)
                break
