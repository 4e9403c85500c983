"""The exit statuses of `telecom-rules`. Without input the status is not 0."""

from __future__ import annotations

from enum import IntEnum

from telecom_rules.errors import TelecomRulesError


class ExitStatus(IntEnum):
    """The exit status of a verb."""

    CLEAN = 0
    """Everything asked for was done."""
    FINDINGS = 1
    """The pack has mistakes, or a record could not be read."""
    USAGE = 2
    """The command line is wrong."""
    NOT_CHECKED = 3
    """There was nothing to check, or it could not be opened."""
    INTERRUPTED = 130
    """Somebody stopped it from the keyboard; the number is that of every shell."""


CLEAN = ExitStatus.CLEAN
FINDINGS = ExitStatus.FINDINGS
USAGE = ExitStatus.USAGE
NOT_CHECKED = ExitStatus.NOT_CHECKED
INTERRUPTED = ExitStatus.INTERRUPTED


class UsageError(TelecomRulesError):
    """A wrong argument of the command line, with the reason in both languages."""

    code = "usage"
