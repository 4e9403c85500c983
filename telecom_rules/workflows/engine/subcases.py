"""Calls: the cases of other workflows that a case waits for.

A called case is a case of its own, with its own id, journal and clocks. The caller keeps no more of
it than that it waits. Calls begin and end when a macrostep is over, as SCXML does with `invoke`: a
state that is entered and still active then calls; one that was left waits no longer.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from telecom_rules.errors import FactProblem, FactsError
from telecom_rules.vocabulary import Record
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import STATE_FIELD
from telecom_rules.workflows.refusals import subcases

if TYPE_CHECKING:
    from datetime import datetime

    from telecom_rules.workflows.chart import Event, Invocation
    from telecom_rules.workflows.engine.case_state import CaseState, PendingCall, ReturnedCase
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.refusals.reason import Reason


LONGEST_ID = 200
"""Characters of the id of a case."""
ID_EXPECTED = Wording(
    f"应为 1 至 {LONGEST_ID} 个字符的文本，不含控制字符",
    f"expected a text of 1 to {LONGEST_ID} characters, all of them printable",
)


def check_id(workflow: str, id: object) -> None:
    """Raise `FactsError` unless `id` is a printable text, neither empty nor too long."""
    if not (isinstance(id, str) and 0 < len(id) <= LONGEST_ID and id.isprintable()):
        raise FactsError(workflow, [FactProblem("id", ID_EXPECTED)])


def call_id_of(caller: str, pending: PendingCall) -> str:
    """Return the id of the case that `caller` waits for."""
    end = f"/{pending.state}/{pending.entry}"
    if len(caller) + len(end) <= LONGEST_ID:
        return caller + end
    # Cases may call one another to any depth, the length of an id is bounded.
    return hashlib.sha256(caller.encode()).hexdigest() + end


def invocation_of(machine: Machine, state: str) -> Invocation:
    """Return what a state calls that does.

    Raises:
        KeyError: it calls nothing.
    """
    calling = machine.chart.states[state].call
    if calling is None:
        raise KeyError(state)
    return calling


def find_call(caller: str, case_state: CaseState, id: object) -> PendingCall | None:
    """Return the call of `caller` that the case `id` is, if it waits for it."""
    return next((each for each in case_state.calls if call_id_of(caller, each) == id), None)


def find_return_hindrance(
    machine: Machine, pending: PendingCall, returned: ReturnedCase, at: datetime
) -> Reason | None:
    """Return why `returned` is not the end of the call at `at`, or `None` if it is."""
    callee = machine.callees[invocation_of(machine, pending.state).workflow]
    if returned.machine != callee:
        return subcases.refuse_other_workflow(returned, callee)
    if not returned.case_state.configuration.final:
        return subcases.refuse_not_ended(returned)
    return subcases.refuse_too_early(returned, at) if at < returned.case_state.at else None


def build_result(event: Event, ended: CaseState) -> Record:
    """Return the payload of `event`, which says how a called case ended and with which outputs."""
    payload = Record({STATE_FIELD: ended.configuration.name})
    for name in event.payload.fields:
        if name != STATE_FIELD and name in ended.record:
            payload[name] = ended.record[name]
    return payload
