"""The machine of a workflow: the data that the engine runs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, timezone

    from telecom_rules.vocabulary import Clause, FactType, Record, Value
    from telecom_rules.wording import Wording
    from telecom_rules.workflows.chart import Chart
    from telecom_rules.workflows.engine.configuration import Configurations
    from telecom_rules.workflows.pins.digests import WorkflowDigests


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Machine:
    """A linked workflow as the engine runs it. Two are equal when name and meaning are.

    Attributes:
        name: its name.
        version: the version its author gave it.
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
        digests: the digests of what it means.
    """

    name: str
    version: str
    title: Wording
    cites: tuple[Clause, ...]
    facts: FactType
    roles: Mapping[str, Wording]
    zone: timezone
    chart: Chart
    configurations: Configurations
    reads: frozenset[str]
    parameters_on: Callable[[date], Mapping[str, Value]]
    policy_outputs: Callable[[Record, date], Mapping[str, Mapping[str, Value]]]
    callees: Mapping[str, Machine]
    digests: WorkflowDigests

    @property
    def digest(self) -> str:
        """The digest of all that it means, with what it reads; see `WorkflowDigests`."""
        return self.digests.whole

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Machine) and (self.name, self.digest) == (other.name, other.digest)

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"<Machine {self.name} {self.version}>"
