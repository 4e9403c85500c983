"""What the page shows for Celery and RQ: their schedulers ask for a sweep, their workers do it.

Celery has its broker in memory, RQ a Redis of the process; so beat, cron and worker share a process
here, and the minute that lies between two sweeps is behind them.
"""

from __future__ import annotations

import pytest

from tests.adapters.engines.pages import Host

OPEN = """
import crm
crm.metadata.create_all(crm.engine)
crm.open_ticket("T-1", seconds=-7200)
"""
SPOIL = """
with crm.engine.begin() as connection:
    connection.exec_driver_sql("UPDATE rules_case SET snapshot = '{}' WHERE id = 'T-1'")
"""
JOURNAL = "import crm; print(crm.read_journal('T-1'))\n"
OPEN_BAD = "crm.open_ticket('T-1b', seconds=-1)" + SPOIL.replace("T-1", "T-1b")
CELERY = """
import os, time
from datetime import timedelta
from celery.beat import Scheduler
from celery.contrib.testing.worker import start_worker
from celery.signals import task_postrun
from crm_celery import app

app.conf.update(broker_url="memory://", broker_transport_options={"polling_interval": 0.05})
done = []
task_postrun.connect(lambda state, **_: done.append(state), weak=False)
beat = Scheduler(app)
beat.schedule["rules"].last_run_at -= timedelta(minutes=1)
with start_worker(app, pool="solo", perform_ping_check=False):
    beat.tick()
    while not done:
        time.sleep(0.01)
    print(*done, flush=True)
    os._exit(0)  # a worker takes seconds to stop
"""
RQ = """
from fakeredis import FakeStrictRedis
from rq import Queue, SimpleWorker
from rq.cron import CronScheduler

redis = FakeStrictRedis()
cron = CronScheduler(redis, logging_level="WARNING")
cron.load_config_from_file("crm_rq")
asked = cron.enqueue_jobs()
queue = Queue("rules", connection=redis)
SimpleWorker([queue], connection=redis).work(burst=True, logging_level="WARNING")
print(len(asked), queue.failed_job_registry.count)
"""


@pytest.fixture
def host(tmp_path):
    """A host with a ticket whose warning and end are behind it."""
    return Host("run-the-worker.md", tmp_path, CRM_DATABASE=f"sqlite:///{tmp_path}/crm.db")


@pytest.mark.parametrize(
    ("queue", "good", "bad"),
    [(CELERY, "SUCCESS", "FAILURE"), (RQ, "1 0", "1 1")],
    ids=["celery", "rq"],
)
def test_a_queue_sweeps_what_is_due_and_reports_what_a_person_has_to_look_at(
    host, queue, good, bad
):
    host.run(OPEN)
    assert host.run(queue) == ["escalate T-1/2/0", "1 ticked, 1 done", good]
    assert host.run(JOURNAL + OPEN_BAD) == ["['start', 'clock solving', 'clock late']"]
    assert host.run(queue) == [bad]
    assert "poisoned=('T-1b',)" in host.log
