"""What the page about DBOS shows: a wake-up outlives its process, and a lost one costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.adapters.engines.pages import Host
from tests.adapters.postgres import make_database

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "wake-cases-with-dbos.md"
BEGIN = """
import signal, crm, wake_dbos
crm.metadata.create_all(crm.engine)
wake_dbos.launch()
crm.open_ticket("T-1", seconds=6)
with crm.Sessions() as session:
    case = crm.store.get(session, "T-1")
wake_dbos.wake("T-1", case.sequence, case.next_due)
wake_dbos.wake("T-1", case.sequence, case.next_due)  # a click that is repeated
print(crm.read_journal("T-1"), flush=True)
signal.pause()
"""
GO_ON = """
import crm, time, wake_dbos
from dbos import DBOS
print(crm.read_journal("T-1"))
wake_dbos.launch()
DBOS.retrieve_workflow("T-1/1").get_result()
print(crm.read_journal("T-1"))
print(*sorted((each.workflow_id, each.status) for each in DBOS.list_workflows()))
print(crm.worker.run_once().ticked, crm.find_delay("T-1"))
DBOS.destroy()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Host:
    """A host whose cases and wake-ups lie in databases of each kind."""
    if request.param == "sqlite":
        cases, wake_ups = f"sqlite:///{tmp_path}/crm.db", f"sqlite:///{tmp_path}/dbos.db"
    else:
        cases = wake_ups = make_database(request.getfixturevalue("postgres_url"))
    names = {"CRM_DATABASE": cases, "DBOS_DATABASE": wake_ups, "DBOS_EXECUTOR": "worker-1"}
    return Host(PAGE, tmp_path, **names)


def test_a_worker_killed_while_it_waits_and_in_the_step_wakes_the_case_once(host):
    host.kill_while_it_waits(BEGIN)
    host.run_until_it_dies(GO_ON, CRM_KILL="1")
    before, after, workflows, swept = host.run(GO_ON)
    assert before == "['start']"
    assert after == "['start', 'clock solving']"
    assert workflows == "('T-1/1', 'SUCCESS') ('T-1/2', 'DELAYED')"
    assert swept == "0 0:00:00"
