"""TR764: a limit that is written out although its clause has a figure of law."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows
from telecom_rules.vocabulary import Duration
from telecom_rules.vocabulary.parameters import ParameterKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.pack import Pack, Reading
    from telecom_rules.vocabulary import Clause, Parameter


CODES = ("TR764",)


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each clock with a written limit whose clause has a parameter."""
    if reading.pack is None:
        return
    figures = find_limits_of_law(reading.pack)
    for flow in iter_workflows(reading):
        written = {str(name): each for name, each in flow.definition.clocks.items()}
        for name, clock in flow.chart.clocks.items():
            known = next((each for each in clock.cites if key_of(each) in figures), None)
            if isinstance(clock.limit, Duration) and known is not None:
                values = {
                    "clock": name,
                    "limit": clock.limit.wording,
                    "clause": known,
                    "name": figures[key_of(known)].name,
                }
                yield Finding("TR764", written[name].limit.span, values)


def find_limits_of_law(pack: Pack) -> Mapping[tuple[str, str], Parameter]:
    """Return the time limits that clauses give, by the clause."""
    return {
        key_of(clause): parameter
        for parameter in pack.parameters.values()
        if parameter.kind is not ParameterKind.SETTING and parameter.unit is not None
        for value in parameter.values
        for clause in value.cites
    }


def key_of(clause: Clause) -> tuple[str, str]:
    """Return the source of a clause and its present number."""
    return clause.source.name, clause.present.id
