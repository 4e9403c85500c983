"""Writes what is said of each bad file today: `python -m tests.data.bad`. Read it then."""

from __future__ import annotations

from tests.data.bad import FOLDER, NAMES, tell

if __name__ == "__main__":
    for name in NAMES:
        (FOLDER / f"{name}.out").write_text(tell(name), encoding="utf-8")
