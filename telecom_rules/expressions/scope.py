"""The names that an expression may use, and their values when it is evaluated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from telecom_rules.expressions.functions.profile import PACK_PROFILE, Profile
from telecom_rules.vocabulary.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from telecom_rules.vocabulary.types import Field, Type


EMPTY_RECORD: Mapping[str, Any] = Record()


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an expression may use, with their types.

    Attributes:
        facts: the fields of the record; each is a name of its own, and hides one of `context`.
        context: the other names: `event`, `parameters`, `policies` and `clocks` with record types,
            `today` with `DATE`, `now` with `INSTANT`, `event_name` with its codes. A name that is
            left out is not in scope.
        states: the states that `in_state("...")` may name; without any there is no `in_state`.
        lost: facts whose definition failed; uses of them are not reported again.
        profile: the language it is written in; that of our rules unless said otherwise.
        container: the namespace in which names are looked up first; standard CEL only.
    """

    facts: Mapping[str, Field] = field(default_factory=dict)
    context: Mapping[str, Type] = field(default_factory=dict)
    states: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    profile: Profile = PACK_PROFILE
    container: str = ""


class Context(NamedTuple):
    """The values of the names of `Scope.context` in one evaluation: CEL's activation.

    Each mapping is a `Record`, which raises `MissingData` for a name that is not known, or one that
    computes its values when they are read; any error of this library that it then raises counts as
    an error of the expression.

    Attributes:
        event: the payload of the event.
        parameters: the parameters in force.
        policies: for each policy its outputs.
        clocks: for each clock its `elapsed` and `expired`.
        today: the day, or `None` where there is none.
        now: the instant, aware and with a fixed offset, or `None` where there is none.
        states: the states that are active.
        event_name: the name of the event, or `None` where there is none.
    """

    event: Mapping[str, Any] = EMPTY_RECORD
    parameters: Mapping[str, Any] = EMPTY_RECORD
    policies: Mapping[str, Mapping[str, Any]] = EMPTY_RECORD
    clocks: Mapping[str, Any] = EMPTY_RECORD
    today: date | None = None
    now: datetime | None = None
    states: frozenset[str] = frozenset()
    event_name: str | None = None
