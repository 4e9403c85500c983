"""Output formats of findings and of test results: one module a format.

A new format is a module with one function `write`, and its name in `FORMATS` and among the
formats in the layers of `pyproject.toml`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from telecom_rules.reports.report import Report, ScenarioRun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["FORMATS", "Report", "ScenarioRun"]


def load_when_used(name: str) -> Callable[[Report], str]:
    """Return what writes a format. Its module is loaded for the first report, not for `--help`."""

    def write(report: Report) -> str:
        return cast("str", import_module(f"{__name__}.{name}").write(report))

    return write


FORMATS: Mapping[str, Callable[[Report], str]] = {
    name: load_when_used(name)
    for name in ("text", "concise", "json", "sarif", "github", "gitlab", "junit")
}
"""The function that writes a report, by the name of its format; the first is the default."""
