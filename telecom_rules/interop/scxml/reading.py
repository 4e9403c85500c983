"""An SCXML document as the YAML of a workflow."""

from __future__ import annotations

from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from telecom_rules.findings import Finding, Findings
from telecom_rules.interop.imported import Imported, NotImportable
from telecom_rules.interop.importing import import_text
from telecom_rules.interop.made import Made
from telecom_rules.interop.naming import identifier_of
from telecom_rules.interop.scxml.data import read_data, read_properties, write_declarations
from telecom_rules.interop.scxml.document import ScxmlDocument
from telecom_rules.interop.scxml.forms import FORMS
from telecom_rules.interop.scxml.fragment import find_deviations
from telecom_rules.interop.scxml.states import read_inside
from telecom_rules.interop.scxml.words import SCXML_NAMESPACE
from telecom_rules.values.arguments import read_text
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.interop.markup import Markup


NOT_SCXML = Wording("这不是 SCXML 文档", "this is not an SCXML document")
DOCUMENT_HAS_NO_STATES = Wording("文档中没有状态", "the document has no states")
OTHER_DATA_MODEL = Wording(
    "可转换的数据模型为 cel、ecmascript 和 null",
    "only the data models cel, ecmascript and null can be read",
)
LATE = Wording("所有数据从开始时就存在", "all data exists from the start")


def from_scxml(
    text: str, file: str = "document.scxml", *, beside: Mapping[str, bytes] | None = None
) -> Imported:
    """Return the YAML of the workflow that an SCXML document describes.

    Missing parts are filled in so that the file can be read, and reported as findings: a missing
    title becomes the name, and data declared by the document becomes a file of facts.
    Nothing is dropped silently.

    Args:
        text: the document.
        file: its name, for the places of findings.
        beside: the bytes of each file of the pack that the files join, by name; without it they
            are linked by themselves, and names of a pack that the document belongs to are taken
            on trust.

    Raises:
        ArgumentError: `text` or `file` is not a text, or `beside` not files.
        NotImportable: it is not XML, not SCXML, contains elements that a workflow cannot express
            or would run differently, or becomes files that do not load; all of them are listed.
    """
    file = read_text("file", file)
    return import_text(text, file, partial(convert_chart, file=file), beside)


def convert_chart(
    root: Markup, findings: Findings, file: str
) -> tuple[ScxmlDocument, Mapping[str, Made]]:
    """Return the document and the files that it becomes.

    Raises:
        NotImportable: it is not SCXML.
    """
    if root.name != "scxml" or root.namespace not in {SCXML_NAMESPACE, ""}:
        part = shorten(root.name)
        raise NotImportable([Finding("TR804", root.span, {"part": part, "why": NOT_SCXML})])
    document = ScxmlDocument(root, findings)
    for element, why in find_deviations(root):
        document.refuse(element, why)
    document.refuse_unread(root, FORMS)
    document.omit_foreign(root)
    if not document.states:
        document.refuse(root, DOCUMENT_HAS_NO_STATES)
    document.own_name = root.attributes.get("name", "") or PurePosixPath(file).stem
    name = identifier_of(document.own_name) or "workflow"
    return document, read_files(document, name)


def read_files(document: ScxmlDocument, name: str) -> dict[str, Made]:
    """Return the files that the document becomes."""
    root = document.root
    attributes = document.read_attributes(
        root, "version", "name", "datamodel", "initial", "binding"
    )
    if attributes.get("datamodel", "null") not in {"cel", "ecmascript", "null"}:
        document.refuse(root, OTHER_DATA_MODEL, "datamodel")
    if attributes.get("binding", "early") != "early":
        document.refuse(root, LATE, "binding")
    facts = document.our_attribute(root, "facts") or name
    kept = read_data(document, facts)
    initial, states = read_inside(document, root)
    declared = write_declarations(document)
    data: dict[str, Data] = {
        "workflow": name,
        "version": document.our_attribute(root, "version") or "1.0.0",
        "title": document.read_title(root, document.own_name),
        **document.read_cites(root),
        "facts": facts,
    }
    roles = document.our_attribute(root, "roles")
    if roles:
        data["roles"] = roles
    outputs = document.our_attribute(root, "outputs").split()
    if outputs:
        data["outputs"] = outputs
    data |= {**declared, "initial": initial, "states": states, **read_properties(document)}
    return {**kept, f"workflows/{name}.yaml": Made(root.name, root.span, data)}
