"""The format `sarif`: SARIF 2.1.0, which code scanning on GitHub, GitLab and in editors reads.

A result is a finding; a scenario that failed has one for each of its findings. The rules are the
codes that occur. Places are relative to the working directory, which is what a CI checks out.
Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from telecom_rules import __version__
from telecom_rules.findings.codes import CODES
from telecom_rules.findings.fingerprints import fingerprint
from telecom_rules.findings.frame import split_files
from telecom_rules.reports.json import encode
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.findings import Finding, Fix, Span
    from telecom_rules.findings.codes import Code
    from telecom_rules.reports.report import Report
    from telecom_rules.wording import Language

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
INFORMATION = "urn:telecom-rules:docs:reference:codes"
"""Where the codes are explained, by name: a place on the web would not know the version in use."""
LONGEST_SNIPPET = 1_000
"""Characters of a place and the lines around it that are quoted; more would not be read."""
GUESS = Wording("可能的改法：{fix}", "a guess: {fix}")
BASE = "SRCROOT"
"""What the reader of the document resolves places against: the root of its sources."""


def write(report: Report) -> str:
    """Return the report as a SARIF log of one run."""
    aside = [(each, "inSource") for each in report.ignored]
    aside += [(each, "external") for each in report.known]
    kinds = [None] * len(report.all_findings) + [kind for _, kind in aside]
    found = [*report.all_findings, *(each for each, _ in aside)]
    ids = sorted({each.id for each in found})
    marks = fingerprint(found, report.texts)
    files = {
        span.file for each in found for span in (each.span, *(other.span for other in each.related))
    }
    lines = split_files(files, report.texts)
    driver = {
        "name": "telecom-rules",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": INFORMATION,
        "language": {"zh": "zh-CN", "en": "en-US"}[report.language],
        "rules": [dump_rule(CODES[id], report.language) for id in ids],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {BASE: {"description": {"text": "The working directory."}}},
        "results": [
            dump_result(each, ids.index(each.id), mark, kind, lines, report.language)
            for each, mark, kind in zip(found, marks, kinds, strict=True)
        ],
    }
    return encode({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def dump_rule(code: Code, language: Language) -> dict[str, object]:
    """Return a code as a `reportingDescriptor`."""
    words = code.name.replace("-", " ")
    return {
        "id": code.id,
        "name": "".join(each.capitalize() for each in code.name.split("-")),
        "shortDescription": {"text": f"{words.capitalize()}."},
        "fullDescription": {"text": end_sentence(code.message.say(language))},
        "help": {"text": f"telecom-rules explain {code.id}"},
        "defaultConfiguration": {"level": code.severity},
    }


def dump_result(
    finding: Finding,
    index: int,
    mark: str,
    aside: str | None,
    lines: Mapping[str, Sequence[str]],
    language: Language,
) -> dict[str, object]:
    """Return a finding as a `result`."""
    told = [finding.wording, *finding.notes, *([finding.help] if finding.help else [])]
    result: dict[str, object] = {
        "ruleId": finding.id,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": " ".join(end_sentence(each.say(language)) for each in told)},
        "locations": [dump_location(finding.span, lines.get(finding.span.file, ()))],
        "partialFingerprints": {"telecomRules/v1": mark},
    }
    if aside is not None:
        result["suppressions"] = [{"kind": aside}]
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                **dump_location(each.span, lines.get(each.span.file, ())),
                "message": {"text": end_sentence(each.wording.say(language))},
            }
            for number, each in enumerate(finding.related, 1)
        ]
    if finding.fix is not None:
        result["fixes"] = [dump_fix(finding.fix, language)]
    return result


def dump_fix(fix: Fix, language: Language) -> dict[str, object]:
    """Return a fix as a `fix`. SARIF has no word for one that is a guess, so its text says it."""
    told = (fix.wording if fix.is_safe else GUESS.fill(fix=fix.wording)).say(language)
    files = dict.fromkeys(each.span.file for each in fix.edits)
    return {
        "description": {"text": end_sentence(told)},
        "artifactChanges": [
            {
                "artifactLocation": dump_file(file),
                "replacements": [
                    {
                        "deletedRegion": dump_region(each.span),
                        "insertedContent": {"text": each.text},
                    }
                    for each in fix.edits
                    if each.span.file == file
                ],
            }
            for file in files
        ],
    }


def end_sentence(text: str) -> str:
    """Return a text with a full stop: messages of findings have none."""
    return text if text.endswith(("。", ".", "？", "?", "！", "!")) else f"{text}."


def dump_file(name: str) -> dict[str, str]:
    """Return a file as an `artifactLocation`; one outside the working directory has a whole URI."""
    path = quote(name, errors="replace")
    return {"uri": f"file://{path}"} if name.startswith("/") else {"uri": path, "uriBaseId": BASE}


def dump_region(span: Span) -> dict[str, object]:
    """Return a stretch of a file as a `region`."""
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def dump_location(span: Span, lines: Sequence[str]) -> dict[str, object]:
    """Return a place as a `location`: with what is marked and the lines around it, if known."""
    region = dump_region(span)
    place: dict[str, object] = {
        "artifactLocation": dump_file(span.file),
        "region": region,
    }
    first = max(span.line - 1, 1)
    around = lines[first - 1 : span.end_line + 1]
    marked = lines[span.line - 1 : span.end_line]
    if marked and sum(map(len, around)) <= LONGEST_SNIPPET:
        behind = len(marked[-1]) - (span.end_column - 1)
        text = "\n".join(marked)
        region["snippet"] = {"text": text[span.column - 1 : len(text) - max(behind, 0)]}
        place["contextRegion"] = {
            "startLine": first,
            "endLine": first + len(around) - 1,
            "snippet": {"text": "\n".join(around)},
        }
    return {"physicalLocation": place}
