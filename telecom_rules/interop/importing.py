"""From the text of a document to files of a pack that loads, or to every reason why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules import documents, pack
from telecom_rules.documents.formatting.layout import lay_out
from telecom_rules.findings import Findings, Severity
from telecom_rules.interop.annotations import OUR_NAMESPACE
from telecom_rules.interop.imported import Imported, NotImportable, accept_findings, refuse_findings
from telecom_rules.interop.made import Made, find_origin
from telecom_rules.interop.markup import StopReading, read_markup, stop_at_limit
from telecom_rules.pack.files import PACK_FILE
from telecom_rules.values.arguments import read_files, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from telecom_rules.documents import Node
    from telecom_rules.findings import Finding
    from telecom_rules.interop.document import ForeignDocument
    from telecom_rules.interop.markup import Markup

    Convert = Callable[[Markup, Findings], tuple[ForeignDocument, Mapping[str, Made]]]
    """Returns the document and the files it becomes, by name; `StopReading` ends it."""
    LeaveOut = Callable[[Markup, Sequence[Finding]], list[Finding]]
    """Takes the elements with mistakes out of a document; a finding for each, if there are any."""


MOST_MADE = 200_000
"""Characters of the files that one document becomes."""
MOST_ROUNDS = 12
"""Times that a document is read again after mistakes in it were left out."""
STAND_IN = b"""\
pack: imported
version: "1"
title: {zh: "-", en: "-"}
utc_offset: "+08:00"
require_cites: false
"""
"""The pack in which the files are linked if they join none."""
NAMES_BESIDE = frozenset({"TR113", "TR114", "TR203", "TR208", "TR501", "TR502", "TR506"})
"""Findings about names that may be those of the pack that a document of ours belongs to."""


def import_text(
    text: str,
    file: str,
    convert: Convert,
    beside: Mapping[str, bytes] | None,
    leave_out: LeaveOut | None = None,
) -> Imported:
    """Return the files that a document becomes, after linking them.

    Args:
        text: the document.
        file: its name, for the places of findings.
        convert: reads the elements of one format.
        beside: the files of the pack that the made files join.
        leave_out: takes what has a mistake out of the document, so that the rest is imported.

    Raises:
        ArgumentError: `text` is not a text, or `beside` not files.
        NotImportable: it is not XML, is beyond a limit, has no counterpart here or becomes files
            that do not load.
    """
    text = read_text("text", text)
    beside = None if beside is None else read_files("beside", beside)
    findings = Findings()
    root = read_markup(text, file, findings)
    if root is None:
        raise NotImportable(findings)
    files = convert_root(root, findings, convert, beside)
    first = findings
    left_out: list[Finding] = []
    for _ in range(MOST_ROUNDS if leave_out is not None else 0):
        problems = [each for each in findings if each.severity is Severity.ERROR]
        more = leave_out(root, problems) if leave_out is not None and problems else []
        if not more:
            break
        left_out += more
        findings = Findings()
        files = convert_root(root, findings, convert, beside)
    if findings.has_errors:
        raise refuse_findings(first)
    return Imported(files, accept_findings(sorted([*left_out, *findings], key=place_of)))


def convert_root(
    root: Markup, findings: Findings, convert: Convert, beside: Mapping[str, bytes] | None
) -> dict[str, str]:
    """Return the files that a document becomes; with a mistake among the findings there are none.

    Raises:
        NotImportable: it is not a document of the format.
    """
    try:
        document, made = convert(root, findings)
        document.note_changes()
        if findings.has_errors:
            return {}
        files = {name: lay_out(data) for name, data in made.items()}
        if sum(map(len, files.values())) > MOST_MADE:
            raise stop_at_limit(
                root.span,
                "转换后的文件超过 {limit} 个字符",
                "the files it becomes have more than {limit} characters",
                MOST_MADE,
            )
    except StopReading as stopped:
        findings.append(stopped.finding)
        return {}
    problems = list(find_problems(files, beside, belongs=belongs_to_pack(root)))
    nodes = {name: read_again(files[name], name) for name in {name for name, _ in problems}}
    for name, problem in problems:
        origin = find_origin(nodes[name], made[name], problem.span, made[name])
        document.tell("TR804", origin.span, origin.name, problem.wording)
    return files


def place_of(finding: Finding) -> tuple[int, int]:
    """Return the line and the column of a finding."""
    return finding.span.line, finding.span.column


def find_problems(
    files: Mapping[str, str], beside: Mapping[str, bytes] | None, *, belongs: bool
) -> Iterator[tuple[str, Finding]]:
    """Yield the mistakes for which the made files do not load, each with the made file.

    Args:
        files: the text of each.
        beside: the files of the pack that they join.
        belongs: whether the document names parts of a pack; without that pack they are not known.
    """
    written = {name: text.encode("utf-8", "surrogatepass") for name, text in files.items()}
    around = beside or {PACK_FILE: STAND_IN}
    for each in pack.link({**around, **written}).findings:
        unknown = each.id in NAMES_BESIDE and belongs and beside is None
        places = (each.span, *(related.span for related in each.related))
        name = next((place.file for place in places if place.file in files), None)
        if each.severity is Severity.ERROR and name is not None and not unknown:
            yield name, each


def belongs_to_pack(root: Markup) -> bool:
    """Return whether a document names parts of a pack, in our namespace."""
    return any(
        each.namespace == OUR_NAMESPACE
        or any(key.startswith(OUR_NAMESPACE) for key in each.attributes)
        for each in root.walk()
    )


def read_again(text: str, name: str) -> Node | None:
    """Return the nodes of a made file."""
    return documents.read(text.encode("utf-8", "surrogatepass"), name, Findings())
