"""The arguments that the commands share; a wrong one is told before anything is done."""

from __future__ import annotations

from argparse import ArgumentTypeError
from math import isfinite
from typing import TYPE_CHECKING

from django.db import connections

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


def add_database(parser: CommandParser) -> None:
    """Add the argument that names the database, one of the settings."""
    parser.add_argument("--database", default="default", choices=tuple(connections))


def read_seconds(given: str) -> float:
    """Return a time to wait, in seconds.

    Raises:
        ArgumentTypeError: it is not one.
    """
    try:
        seconds = float(given)
    except ValueError:
        seconds = -1
    if not isfinite(seconds) or seconds < 0:
        raise ArgumentTypeError(f"{given!r} is not a number of seconds from 0 on")
    return seconds
