"""Arguments that several verbs have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Add `--rules`, the pack of a verb that is about one of its parts."""
    parser.add_argument(
        "--rules", metavar="PATH", help="the pack to use (default: the shipped pack)"
    )


def add_path(parser: argparse.ArgumentParser, meaning: str) -> None:
    """Add the optional `path` of a verb that is about a whole pack."""
    parser.add_argument("path", nargs="?", help=f"{meaning} (default: the shipped pack)")
