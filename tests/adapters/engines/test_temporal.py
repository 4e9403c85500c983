"""What the page about Temporal shows: days pass in no time, and a dead worker costs nothing."""

from __future__ import annotations

import subprocess
import sys

from tests.adapters.engines.pages import ROOT, SECONDS


def test_a_worker_killed_while_it_waits_and_in_the_activity_wakes_the_case_once(tmp_path):
    command = [sys.executable, "-m", "tests.adapters.engines.alarm", str(tmp_path)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=4 * SECONDS
    )
    assert done.stdout.splitlines() == [
        "['start']",
        "['start', 'clock solving', 'clock late']",
        "1:00:00.000001",  # after the warning, although the worker was dead when it was due
    ], done.stderr
