"""The format `json`: one document with every finding and result, in both languages.

`docs/reference/command-line.md` lists its fields. A field may be added; any other change raises
`FORMAT`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from telecom_rules.findings.terminal import is_invisible

if TYPE_CHECKING:
    from telecom_rules.reports.report import Report
    from telecom_rules.scenarios import Coverage, ScenarioResult

FORMAT = 1
"""The version of the documents of all verbs."""
UNUSUAL = re.compile(r"[^\n -~\u3001-\u3015\u4e00-\u9fff\uff01-\uff5e]")
"""Every character that may be invisible: none that JSON needs, nor those of a Chinese text."""


def write(report: Report) -> str:
    """Return the report as a JSON document."""
    pack, run = report.pack, report.run
    document: dict[str, object] = {
        **begin(report.verb),
        "pack": None if pack is None else pack.name,
        "version": None if pack is None else pack.version,
        "digest": None if pack is None else pack.digest,
        "findings": [each.dump() for each in report.findings],
        "ignored": [each.dump() for each in report.ignored],
        "known": [each.dump() for each in report.known],
    }
    if run is not None:
        document["scenarios"] = [dump_result(each) for each in run.results]
        document["not_run"] = {"scenarios": run.faulty, "files": run.unread}
        if run.coverage is not None:
            document["coverage"] = dump_coverage(run.coverage)
    return encode({**document, **report.details})


def begin(verb: str) -> dict[str, object]:
    """Return the keys by which a program knows what it reads."""
    return {"report": verb, "format": FORMAT}


def encode(value: object, *, indent: int | None = 2) -> str:
    r"""Return `value` as JSON text; without `indent` on one line.

    A dataclass or a named tuple, such as a `Wording`, becomes an object with its fields. What is
    invisible, reorders a text or has no bytes in UTF-8 is written by number, as in `\u202e`.
    """
    text = json.dumps(to_plain(value), ensure_ascii=False, indent=indent)
    return UNUSUAL.sub(
        lambda found: escape_json(found[0]) if is_invisible(found[0]) else found[0], text
    )


def escape_json(character: str) -> str:
    r"""Return a character as JSON writes it by number, as in `\u202e`."""
    return json.dumps(character)[1:-1]


def to_plain(value: object) -> object:
    """Return `value` made of what `json` writes as it should: `json` has named tuples as lists."""
    if isinstance(value, Mapping):
        return {key: to_plain(each) for key, each in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return to_plain(value._asdict())
    if isinstance(value, list | tuple):
        return [to_plain(each) for each in value]
    if is_dataclass(value):
        return {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}
    return value


def dump_result(result: ScenarioResult) -> dict[str, object]:
    """Return the result of a scenario as an object for `encode`."""
    scenario = result.scenario
    return {
        "id": scenario.id,
        "title": scenario.title,
        "file": scenario.span.file,
        "line": scenario.span.line,
        "cites": [str(clause.value) for clause in scenario.cites],
        "passed": result.passed,
        "findings": [each.dump() for each in result.findings],
    }


def dump_coverage(coverage: Coverage) -> dict[str, object]:
    """Return the coverage of a pack as an object for `encode`."""
    return {
        "percent": coverage.percent,
        "findings": [each.dump() for each in coverage.findings],
        "kinds": {
            share.kind: {
                "covered": share.covered,
                "total": share.total,
                "missing": [
                    {
                        "name": each.name,
                        "what": each.what,
                        "file": each.span.file,
                        "line": each.span.line,
                    }
                    for each in share.missing
                ],
            }
            for share in coverage.shares
        },
    }
