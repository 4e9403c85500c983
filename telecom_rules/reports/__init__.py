"""Output formats of findings and of test results: one module a format.

A new format is a module with one function `write`, a line in `FORMATS`, and its name among the
formats in the layers of `pyproject.toml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.reports import concise, github, gitlab, json, junit, sarif, text
from telecom_rules.reports.report import Report, ScenarioRun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["FORMATS", "Report", "ScenarioRun"]

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": text.write,
    "concise": concise.write,
    "json": json.write,
    "sarif": sarif.write,
    "github": github.write,
    "gitlab": gitlab.write,
    "junit": junit.write,
}
"""The function that writes a report, by the name of its format; the first is the default."""
