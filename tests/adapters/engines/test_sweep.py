"""What the page about cron, Celery and RQ shows: a sweep makes up for all that nobody did."""

from __future__ import annotations

import pytest

from tests.adapters.engines.pages import Host

OPEN = """
import crm
crm.metadata.create_all(crm.engine)
crm.open_ticket("T-1", seconds=-60)
crm.open_ticket("T-2", seconds=-7200)
"""
SWEEP = """
import crm, runpy
print(crm.read_journal("T-1"), crm.read_journal("T-2"))
runpy.run_module("crm_worker", run_name="__main__")
"""
SPOIL = """
with crm.engine.begin() as connection:
    connection.exec_driver_sql("UPDATE rules_case SET snapshot = '{}' WHERE id = 'T-1'")
"""
OPENED = "['start'] ['start']"


@pytest.fixture
def host(tmp_path):
    """A host whose tickets have a warning and an end behind them that nobody has looked at."""
    return Host("run-the-worker.md", tmp_path, CRM_DATABASE=f"sqlite:///{tmp_path}/crm.db")


def test_a_sweep_that_is_killed_in_a_case_is_made_up_for_by_the_next_one(host):
    host.run(OPEN)
    host.run_until_it_dies(SWEEP, CRM_KILL="1")
    assert host.run(SWEEP) == [OPENED, "escalate T-2/2/0", "2 ticked, 1 done"]
    swept = "['start', 'clock solving'] ['start', 'clock solving', 'clock late']"
    assert host.run(SWEEP) == [swept, "0 ticked, 0 done"]


def test_a_sweep_fails_once_over_a_case_that_it_sets_aside_and_does_the_others(host):
    host.run(OPEN + SPOIL)
    script = SWEEP.replace("print", "#")
    assert host.fail(script) == ["escalate T-2/2/0"]
    assert "poisoned=('T-1',)" in host.log
    assert host.run(script) == ["0 ticked, 0 done"]
