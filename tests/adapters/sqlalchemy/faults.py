"""`python -m tests.adapters.sqlalchemy.faults URL FOLDER` prints what faults have done, as JSON.

A script of its own, because it forks: a process that is forked needs no time to load what its
parent has loaded, and one that runs tests has threads.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tests.adapters.sqlalchemy.points import run_points
from tests.adapters.sqlalchemy.race import run_race


def main() -> None:
    """Try fault points, race, and print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=0, help="every n-th fault point; 0 for none")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--cases", type=int, default=5)
    parser.add_argument("--events", type=int, default=0)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--pause", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = {"points": run_points(options) if options.every else {}}
    (options.folder / "effects").unlink(missing_ok=True)
    print(json.dumps({**found, "race": run_race(options)}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
