"""Work done in forked processes, a few at a time, each ended when it takes too long."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

FORK = multiprocessing.get_context("fork")

K = TypeVar("K")
R = TypeVar("R")


class WorkFailed(Exception):
    """The work of a process raised an error; its traceback is the text."""


@dataclass(frozen=True)
class Task(Generic[K, R]):
    """Work for one process, in at most so many seconds of wall-clock time.

    The work is given a function that ends the process with a result from anywhere, as from the
    handler of a signal; else what it returns is the result.
    """

    key: K
    work: Callable[[Callable[[R], None]], R]
    seconds: float


@dataclass(frozen=True)
class Ended(Generic[K, R]):
    """The end of a process.

    Attributes:
        key: the key of its task.
        result: the result of its work, none where it was ended or crashed.
        seconds: the wall-clock time it took.
    """

    key: K
    result: R | None
    seconds: float


@dataclass(frozen=True)
class Running(Generic[K, R]):
    task: Task[K, R]
    process: ForkProcess
    since: float

    @property
    def left(self) -> float:
        return self.since + self.task.seconds - time.monotonic()


def run_tasks(tasks: Iterator[Task[K, R]], jobs: int) -> Iterator[Ended[K, R]]:
    """Yield the end of each task, as they end. Tasks are taken only when a process is free.

    Raises:
        WorkFailed: some work raised an error.
    """
    running: dict[Connection, Running[K, R]] = {}
    try:
        while True:
            while len(running) < jobs and (task := next(tasks, None)) is not None:
                start(task, running)
            if not running:
                return
            yield from ended(running)
    finally:
        for each in running.values():
            kill(each.process)


def start(task: Task[K, R], running: dict[Connection, Running[K, R]]) -> None:
    reader, writer = FORK.Pipe(duplex=False)
    process = FORK.Process(target=work_in_child, args=(task, writer))
    process.start()
    writer.close()
    running[reader] = Running(task, process, time.monotonic())


def work_in_child(task: Task[K, R], writer: Connection) -> None:
    os.setsid()

    def reply(result: R) -> None:
        writer.send((result, ""))
        os._exit(0)

    try:
        reply(task.work(reply))
    except Exception:  # it is raised again in the parent
        writer.send((None, traceback.format_exc()))


def ended(running: dict[Connection, Running[K, R]]) -> Iterator[Ended[K, R]]:
    """Yield those that have ended or have to be, after waiting for the first."""
    patience = max(0.0, min(each.left for each in running.values()))
    ready = wait(list(running), timeout=patience)
    for reader, each in list(running.items()):
        if reader not in ready and each.left > 0:
            continue
        result, error = received(reader) if reader in ready else (None, "")
        kill(each.process)
        del running[reader]
        reader.close()
        if error:
            raise WorkFailed(error)
        yield Ended(each.task.key, result, time.monotonic() - each.since)


def received(reader: Connection) -> tuple[R | None, str]:
    """Return what a process has sent: nothing where it crashed."""
    try:
        result, error = reader.recv()
    except EOFError:
        return None, ""
    return result, error


def kill(process: ForkProcess) -> None:
    """End a process and all that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid or 0, signal.SIGKILL)
    process.kill()
    process.join()
