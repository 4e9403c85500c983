"""The progress of a long run: one line on the error stream, if that is a terminal.

It appears once a run takes longer than a second and is gone when the run has ended, so a report is
never mixed with it. In a CI, in a pipe and on a terminal that cannot go back on a line is none.
"""

from __future__ import annotations

import os
import sys
from time import monotonic
from typing import TYPE_CHECKING, Self

from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from telecom_rules.wording import Language

FIRST_AFTER = 1.0
"""Seconds until the line appears."""
NEXT_AFTER = 0.1
"""Seconds between two states of it."""
CHECKING = Wording("正在检查", "checking")
RUNNING = Wording("正在运行场景", "running scenarios")
PROVING = Wording("正在证明", "proving")
STATE = Wording("{label} {done}/{total}", "{label} {done}/{total}")
ERASE = "\r\x1b[2K"


class ProgressLine:
    """A line that says how far a run has come; as a context it is erased at the end.

    Args:
        label: what is being done.
        language: the language.
        stream: the error stream, or `None` if it is closed.
        clock: returns seconds.
    """

    def __init__(
        self,
        label: Wording,
        language: Language,
        *,
        stream: TextIO | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._label = label
        self._language: Language = language
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._due = clock() + FIRST_AFTER
        self._is_shown = False
        self._is_on = can_show(self._stream)

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` steps are done."""
        if not self._is_on or self._clock() < self._due:
            return
        self._due = self._clock() + NEXT_AFTER
        self._is_shown = True
        state = STATE.fill(label=self._label, done=done, total=total).say(self._language)
        self._stream.write(ERASE + state)
        self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_shown:
            self._stream.write(ERASE)
            self._stream.flush()


def can_show(stream: TextIO | None) -> bool:
    """Tell whether a line can come and go on a stream."""
    is_terminal = stream is not None and stream.isatty()
    return is_terminal and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"
