"""`python -m tests.adapters.engines.alarm FOLDER` prints the journals of a ticket with an alarm.

A script of its own, because the threads of Temporal may abort a process that ends while they live.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from tests.adapters.engines.pages import SECONDS, Host

PAGE = "wake-cases-with-temporal.md"
SERVER = Path(sys.executable).with_name("temporal-test-server")
HOUR = timedelta(hours=1)
OPEN = """
import crm
crm.metadata.create_all(crm.engine)
crm.open_ticket("T-1", seconds=3600)
"""
WAKE = """
import asyncio, os, wake_temporal
from temporalio.client import Client
async def main():
    client = await Client.connect(os.environ["TEMPORAL"])
    await wake_temporal.wake(client, "T-1")
asyncio.run(main())
"""
WORK = WAKE.replace('wake(client, "T-1")', "work(client)")
READ = """
import crm
print(crm.read_journal("T-1"))
"""
DELAY = """
print(crm.find_delay("T-1"))
"""


async def wait_for(env: WorkflowEnvironment, kind: int) -> None:
    """Wait until the alarm of the ticket has come to an event of this kind."""
    handle = env.client.get_workflow_handle("case/T-1")
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if any(each.event_type == kind for each in (await handle.fetch_history()).events):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(kind)


async def play(env: WorkflowEnvironment, host: Host) -> list[str]:
    """Open a ticket, kill its workers, let hours pass; return its journals."""
    host.run(OPEN)
    host.run(WAKE + WAKE + "os._exit(0)")  # a click that is repeated
    waiting = host.start(WORK)
    await wait_for(env, EventType.EVENT_TYPE_TIMER_STARTED)
    host.kill(waiting)
    dying = host.start(WORK, CRM_KILL="1")
    passing = asyncio.create_task(env.sleep(HOUR + timedelta(minutes=1)))
    await asyncio.to_thread(host.wait_until_it_dies, dying)
    killed = host.run(READ)
    working = host.start(WORK)
    await passing
    await env.sleep(HOUR)
    await wait_for(env, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED)
    done = host.run(READ + DELAY)
    host.kill(working)
    return [*killed, *done]


async def run(folder: Path) -> list[str]:
    """Play on a server that skips the time in which nothing happens."""
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(SERVER)
    ) as env:
        address = env.client.service_client.config.target_host
        database = f"sqlite:///{folder}/crm.db"
        return await play(env, Host(PAGE, folder, CRM_DATABASE=database, TEMPORAL=address))


if __name__ == "__main__":
    print(*asyncio.run(run(Path(sys.argv[1]))), sep="\n", flush=True)  # noqa: T201 - its answer
    os._exit(0)
