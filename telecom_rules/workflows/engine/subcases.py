"""Calls: the cases of other workflows that a case waits for (`invoke` of SCXML).

A called case has its own id, journal and clocks; the caller only records that it waits for it.
As in SCXML, calls begin and end after a macrostep: a state that was entered and is still active
makes its call; the call of a state that was left is cancelled.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from telecom_rules.errors import ArgumentError
from telecom_rules.vocabulary import Record
from telecom_rules.wording import Wording, quote_found
from telecom_rules.workflows.chart import STATE_FIELD
from telecom_rules.workflows.refusals import subcases

if TYPE_CHECKING:
    from datetime import datetime

    from telecom_rules.vocabulary import Value
    from telecom_rules.workflows.chart import Event, Invocation
    from telecom_rules.workflows.engine.case_state import CaseState, PendingCall, ReturnedCase
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.refusals.reason import Reason


LONGEST_ID = 200
"""Characters of the id of a case."""
ID_EXPECTED = Wording(
    f"应为 1 至 {LONGEST_ID} 个字符的文本，不含控制字符，而不是 {{found}}",
    f"expected a text of 1 to {LONGEST_ID} printable characters, found {{found}}",
)


def read_id(id: object) -> str:
    """Return the id of a case as a plain text.

    Raises:
        ArgumentError: it is not a printable text, or empty, or too long.
    """
    text = str.__str__(id) if issubclass(type(id), str) else ""
    if not (0 < len(text) <= LONGEST_ID and text.isprintable()):
        raise ArgumentError("id", ID_EXPECTED.fill(found=quote_found(id)))
    return text


def call_id_of(caller: str, pending: PendingCall) -> str:
    """Return the id of the case that `caller` waits for."""
    end = f"/{pending.state}/{pending.entry}"
    if len(caller) + len(end) <= LONGEST_ID:
        return caller + end
    # Calls nest to any depth, but ids are bounded: a long caller id becomes its hash.
    return hashlib.sha256(caller.encode()).hexdigest() + end


def invocation_of(machine: Machine, state: str) -> Invocation:
    """Return the call of a state.

    Raises:
        KeyError: the state has no call.
    """
    invocation = machine.chart.states[state].call
    if invocation is None:
        raise KeyError(state)
    return invocation


def find_call(caller: str, case_state: CaseState, id: object) -> PendingCall | None:
    """Return the pending call of `caller` with the case id `id`, if there is one."""
    return next((each for each in case_state.calls if call_id_of(caller, each) == id), None)


def find_return_hindrance(
    machine: Machine, pending: PendingCall, returned: ReturnedCase, at: datetime
) -> Reason | None:
    """Return why `returned` cannot end the call at `at`, or `None` if it can."""
    callee = machine.callees[invocation_of(machine, pending.state).workflow]
    if returned.machine != callee:
        return subcases.refuse_other_workflow(returned, callee)
    if not returned.case_state.configuration.final:
        return subcases.refuse_not_ended(returned)
    return subcases.refuse_too_early(returned, at) if at < returned.case_state.at else None


def build_result(event: Event, ended: CaseState) -> Record:
    """Return the payload of `event`: the final state of a called case and its outputs."""
    payload: dict[str, Value] = {STATE_FIELD: ended.configuration.name}
    for name in event.payload.fields:
        if name != STATE_FIELD and name in ended.record:
            payload[name] = ended.record[name]
    return Record(payload)
