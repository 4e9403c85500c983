"""An SCXML document as the YAML of a workflow."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from telecom_rules.documents.formatting.layout import lay_out
from telecom_rules.findings import Finding, Findings
from telecom_rules.interop.imported import Imported, NotImportable, accept_findings
from telecom_rules.interop.markup import read_markup
from telecom_rules.interop.naming import identifier_of
from telecom_rules.interop.scxml.data import read_data, read_properties, write_declarations
from telecom_rules.interop.scxml.document import ScxmlDocument
from telecom_rules.interop.scxml.fragment import find_deviations
from telecom_rules.interop.scxml.states import initial_of, read_states
from telecom_rules.interop.scxml.words import SCXML_NAMESPACE, STATE_ELEMENTS
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.interop.markup import Markup


NOT_SCXML = Wording("这不是 SCXML 文档", "this is not an SCXML document")
DOCUMENT_HAS_NO_STATES = Wording("文档中没有状态", "the document has no states")
ID_GIVEN = Wording("它没有 id，现称 `{id}`", "it has no id; it is now called `{id}`")
SAME_ID = Wording("另一个状态也有此 id", "another state has this id as well")
OTHER_DATA_MODEL = Wording(
    "可转换的数据模型为 cel、ecmascript 和 null",
    "only the data models cel, ecmascript and null can be read",
)
LATE = Wording("所有数据从开始时就存在", "all data exists from the start")


def from_scxml(text: str, file: str = "document.scxml") -> Imported:
    """Return the YAML of the workflow that an SCXML document describes.

    Missing parts are filled in so that the file can be read, and reported as findings: a missing
    title becomes the name, and data declared by the document becomes a file of facts.
    Nothing is dropped silently.

    Args:
        text: the document.
        file: its name, for the places of findings.

    Raises:
        NotImportable: it is not XML, not SCXML, or contains elements that a workflow cannot
            express or would run differently; all of them are listed.
    """
    findings = Findings()
    root = read_markup(text, file, findings)
    if root is None:
        raise NotImportable(findings)
    if root.name != "scxml" or root.namespace not in {SCXML_NAMESPACE, ""}:
        raise NotImportable([Finding("TR804", root.span, {"part": root.name, "why": NOT_SCXML})])
    name_states(root, findings)
    document = ScxmlDocument(root, findings)
    findings += (
        Finding("TR804", part.span, {"part": part.name, "why": why})
        for part, why in find_deviations(root)
    )
    document.omit_foreign(root)
    if not document.states:
        document.refuse(root, DOCUMENT_HAS_NO_STATES)
    document.own_name = root.attributes.get("name", "") or PurePosixPath(file).stem
    name = identifier_of(document.own_name) or "workflow"
    files = read_files(document, name)
    document.note_changes()
    return Imported(files, accept_findings(findings))


def name_states(root: Markup, findings: Findings) -> None:
    """Add missing ids of states, and report duplicates."""
    states = [each for each in root.walk() if each.name in STATE_ELEMENTS]
    ids = {each.attributes["id"]: each for each in states if "id" in each.attributes}
    for number, each in enumerate(states, start=1):
        id = each.attributes.get("id")
        if id is None:
            id = each.attributes["id"] = f"{each.name}_{number}"
            findings.add("TR808", each.span, part=each.name, why=ID_GIVEN.fill(id=id))
        if ids.setdefault(id, each) is not each:
            findings.add("TR804", each.span, part=f"{each.name}@id", why=SAME_ID)


def read_files(document: ScxmlDocument, name: str) -> dict[str, str]:
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
    states, initial = read_states(document, root), initial_of(document, root)
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
    files = {f"workflows/{name}.yaml": lay_out(data)}
    return {**kept, **files}
