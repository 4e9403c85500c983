"""A DMN document as the YAML of facts, catalogues and policies."""

from __future__ import annotations

from decimal import Decimal
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from telecom_rules.documents.formatting.layout import lay_out
from telecom_rules.findings import Finding, Findings
from telecom_rules.interop.dmn.document import DmnDocument, ValueKind
from telecom_rules.interop.dmn.tables import DecisionTable, Input, result_of
from telecom_rules.interop.dmn.words import DMN_NAMESPACES
from telecom_rules.interop.document import FACT_WORDS
from telecom_rules.interop.imported import Imported, NotImportable, accept_findings
from telecom_rules.interop.markup import read_markup
from telecom_rules.interop.naming import identifier_of
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.interop.markup import Markup


NOT_DMN = Wording("这不是 DMN 文档", "this is not a DMN document")
NO_DECISION_TABLE = Wording("文档中没有决策表", "the document has no decision table")
ONLY_TABLES = Wording("此处的决策都是决策表", "a decision is a decision table here")
NOT_NEEDED = Wording("它不影响决策的结果", "it does not affect any decision")
REFUSED_ELEMENTS = {
    "businessKnowledgeModel": Wording("此处没有函数", "there are no functions here"),
    "decisionService": Wording("此处没有决策服务", "there are no decision services here"),
    "import": Wording("不读取其他文档", "no other document is read"),
}
KNOWN_ELEMENTS = frozenset(
    {"itemDefinition", "decision", "inputData", "description", *REFUSED_ELEMENTS}
)
DECISION_ELEMENTS = frozenset({
    "variable", "informationRequirement", "authorityRequirement", "description", "question",
    "allowedAnswers", "knowledgeRequirement", "decisionTable", "supportedObjective",
    "usingProcess", "usingTask", "impactedPerformanceIndicator", "decisionMaker", "decisionOwner",
})  # fmt: skip


def from_dmn(text: str, file: str = "document.dmn") -> Imported:
    """Return the YAML of the decision tables in a DMN document.

    Each decision becomes a policy, its inputs become facts, and lists of allowed texts become
    catalogues, unless the document names facts and catalogues that a pack has already.

    Args:
        text: the document.
        file: its name, for the places of findings.

    Raises:
        NotImportable: it is not XML, not DMN, or contains elements that a policy cannot express;
            all of them are listed.
    """
    findings = Findings()
    root = read_markup(text, file, findings)
    if root is None:
        raise NotImportable(findings)
    if root.name != "definitions" or root.namespace not in DMN_NAMESPACES:
        raise NotImportable([Finding("TR804", root.span, {"part": root.name, "why": NOT_DMN})])
    document = DmnDocument(root, findings)
    for each in document.children_of(root):
        if each.name in REFUSED_ELEMENTS:
            document.refuse(each, REFUSED_ELEMENTS[each.name])
        elif each.name not in KNOWN_ELEMENTS:
            document.omit(each, NOT_NEEDED)
    files = read_files(document, file)
    document.note_changes()
    return Imported(files, accept_findings(findings))


def read_files(document: DmnDocument, file: str) -> dict[str, str]:
    """Return the files that a document becomes."""
    called = document.root.attributes.get("name", "") or PurePosixPath(file).stem
    decisions = [each for each in document.root.iter_named("decision") if is_table(document, each)]
    if not decisions:
        document.refuse(document.root, NO_DECISION_TABLE)
    facts = next(
        (
            document.our_attribute(each, "facts")
            for each in decisions
            if document.our_attribute(each, "facts")
        ),
        "",
    )
    inputs = read_inputs(document, known=bool(facts))
    namer = document.add_namer("decision")
    tables = {
        each.attributes.get("name", ""): DecisionTable(
            document, each, namer.name_of(each.attributes.get("name", ""), each.span), inputs
        )
        for each in decisions
    }
    for name, table in tables.items():
        peer = result_of(table)
        if peer is not None:
            inputs.setdefault(name, peer)
    record = facts or identifier_of(called) or "facts"
    policies = {
        f"policies/{each.name}.yaml": lay_out(each.write_policy(record)) for each in tables.values()
    }
    if facts:
        return policies
    written = {f"facts/{record}.yaml": lay_out(write_facts(document, record, called, inputs))}
    for name, (title, codes) in document.catalogues.items():
        catalogue: dict[str, Data] = {
            "catalogue": name,
            "title": document.read_title(None, title),
            "codes": {
                code: {"title": document.read_title(None, text)} for text, code in codes.items()
            },
        }
        written[f"catalogues/{name}.yaml"] = lay_out(catalogue)
    return {**written, **policies}


def is_table(document: DmnDocument, decision: Markup) -> bool:
    """Return whether a decision is a table; any other logic is refused."""
    for each in document.children_of(decision):
        if each.name not in DECISION_ELEMENTS:
            document.refuse(each, ONLY_TABLES)
        elif each.name == "knowledgeRequirement":
            document.refuse(each, REFUSED_ELEMENTS["businessKnowledgeModel"])
    return any(decision.iter_named("decisionTable"))


def read_inputs(document: DmnDocument, *, known: bool) -> dict[str, Input]:
    """Return the inputs of a document by name; if the facts are `known`, they keep their names."""
    namer = document.add_namer("fact", frozenset() if known else FACT_WORDS)
    inputs: dict[str, Input] = {}
    for part in document.root.iter_named("inputData"):
        name = part.attributes.get("name", "")
        variable = next(part.iter_named("variable"), part)
        type_ref = variable.attributes.get("typeRef", "")
        kind = document.read_kind(type_ref, variable) if type_ref else None
        if not type_ref:
            kind = ValueKind("")
        if kind is not None:
            inputs[name] = Input(namer.name_of(name, part.span), kind, part)
    return inputs


def write_facts(
    document: DmnDocument, record: str, called: str, inputs: dict[str, Input]
) -> dict[str, Data]:
    """Return the file of the facts that a document reads."""
    fields: dict[str, Data] = {}
    for name, each in inputs.items():
        if each.part is None:
            continue
        one: dict[str, Data] = {
            "type": each.kind.type or "text",
            "title": document.read_title(each.part, name),
        }
        bounds = (("min", each.kind.least), ("max", each.kind.most))
        one |= {key: Decimal(bound) for key, bound in bounds if bound}
        fields[each.name] = one
    return {"facts": record, "title": document.read_title(document.root, called), "fields": fields}
