"""The machine of a workflow: the data that the engine runs on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, timezone

    from telecom_rules.vocabulary import Clause, FactType, Record, Value
    from telecom_rules.wording import Wording
    from telecom_rules.workflows.chart import Chart
    from telecom_rules.workflows.engine.configuration import Configurations


@dataclass(frozen=True, slots=True, repr=False)
class Machine:
    """A linked workflow as the engine runs it. Two are equal when name, version and pack are.

    Attributes:
        name: its name.
        version: the version its author gave it.
        digest: the digest of the pack it belongs to.
        title: its name for people.
        cites: the clauses it implements.
        facts: the record its cases keep.
        roles: the roles that may send events with their titles; empty where none are declared.
        zone: where its days begin and end.
        chart: its states, events and clocks.
        configurations: the configurations reached so far, computed once each.
        reads: the roots that its expressions read besides facts, such as `policies`.
        parameters_on: returns the parameters in force on a day.
        policy_outputs: returns the outputs of every policy for a record on a day.
        callees: the machines of the workflows that its states may call, by name.
    """

    name: str
    version: str
    digest: str
    title: Wording = field(compare=False)
    cites: tuple[Clause, ...] = field(compare=False)
    facts: FactType = field(compare=False)
    roles: Mapping[str, Wording] = field(compare=False)
    zone: timezone = field(compare=False)
    chart: Chart = field(compare=False)
    configurations: Configurations = field(compare=False)
    reads: frozenset[str] = field(compare=False)
    parameters_on: Callable[[date], Mapping[str, Value]] = field(compare=False)
    policy_outputs: Callable[[Record, date], Mapping[str, Mapping[str, Value]]] = field(
        compare=False
    )
    callees: Mapping[str, Machine] = field(compare=False)

    def __repr__(self) -> str:
        return f"<Machine {self.name} {self.version}>"
