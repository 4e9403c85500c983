"""A DMN document as the YAML of facts, catalogues and policies."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from telecom_rules.findings import Finding, Findings
from telecom_rules.interop.dmn.document import UNKNOWN_KIND, DmnDocument
from telecom_rules.interop.dmn.feel import Names
from telecom_rules.interop.dmn.forms import FORMS
from telecom_rules.interop.dmn.tables import (
    SAME_NAME,
    DecisionTable,
    Input,
    result_of,
    results_of,
)
from telecom_rules.interop.dmn.words import DMN_NAMESPACES, OF_ANOTHER_VERSION
from telecom_rules.interop.document import FACT_WORDS, NO_COUNTERPART, OTHER_DOCUMENT
from telecom_rules.interop.imported import Imported, NotImportable
from telecom_rules.interop.importing import import_text
from telecom_rules.interop.made import Made
from telecom_rules.interop.naming import Namer, identifier_of
from telecom_rules.values.arguments import read_text
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.interop.markup import Markup


NOT_DMN = Wording("这不是 DMN 文档", "this is not a DMN document")
NEWER_DMN = Wording(
    "它是 {date} 的 DMN；可读取的是 DMN 1.1 至 1.6",
    "it is DMN of {date}; what is read is DMN 1.1 to 1.6",
)
NO_DECISION_TABLE = Wording("文档中没有决策表", "the document has no decision table")
NO_INPUT = Wording(
    "文档没有输入，而决策须依据数据", "the document has no input, and a policy decides on facts"
)
ONLY_TABLES = Wording("此处的决策都是决策表", "a decision is a decision table here")
NOT_NEEDED = Wording("它不影响决策的结果", "it does not affect any decision")
NO_FUNCTIONS = Wording("此处没有函数", "there are no functions here")
NO_SUCH_ELEMENT = Wording(
    "文档中没有 id 为 `{id}` 的此类元素", "the document has no such element with the id `{id}`"
)
SAME_ID = Wording("另一个决策也有此 id", "another decision has this id as well")
TAKEN_AS_FACT = Wording(
    "文档没有声明它，视为一项数据", "the document does not declare it, so it becomes a fact"
)
REFUSED_ELEMENTS = {"businessKnowledgeModel": NO_FUNCTIONS, "import": OTHER_DOCUMENT}
KNOWN_ELEMENTS = frozenset({"itemDefinition", "decision", "inputData", "description"})
NEEDLESS_ELEMENTS = frozenset({
    "knowledgeSource", "decisionService", "textAnnotation", "association", "group",
    "elementCollection", "performanceIndicator", "organizationUnit",
})  # fmt: skip
"""The other elements of a document that DMN has. Source: the schema of DMN 1.5 (DMN15.xsd)."""
REQUIRED_ELEMENTS = {"requiredDecision": "decision", "requiredInput": "inputData"}
"""What each kind of reference leads to."""
REMARKS = frozenset({
    "description", "question", "allowedAnswers", "authorityRequirement", "supportedObjective",
    "usingProcess", "usingTask", "impactedPerformanceIndicator", "decisionMaker", "decisionOwner",
})  # fmt: skip
"""Elements about those around them; only the description of a rule is read, as its note."""
NAME_PATTERN = re.compile(r"[^\W\d]\w*(?: \w+)*")
"""What can be the name of an input that is not declared."""
DECISION_ELEMENTS = REMARKS | {
    "variable", "informationRequirement", "knowledgeRequirement", "decisionTable"
}  # fmt: skip


def from_dmn(
    text: str, file: str = "document.dmn", *, beside: Mapping[str, bytes] | None = None
) -> Imported:
    """Return the YAML of the decision tables in a DMN document.

    Each decision becomes a policy, its inputs become facts, and lists of allowed texts become
    catalogues, unless the document names facts and catalogues that a pack has already.

    Args:
        text: the document.
        file: its name, for the places of findings.
        beside: the bytes of each file of the pack that the files join, by name; without it they
            are linked by themselves, and names of a pack that the document belongs to are taken
            on trust.

    Raises:
        ArgumentError: `text` or `file` is not a text, or `beside` not files.
        NotImportable: it is not XML, not DMN, contains elements that a policy cannot express, or
            becomes files that do not load; all of them are listed.
    """
    file = read_text("file", file)
    return import_text(text, file, partial(convert_decisions, file=file), beside)


def convert_decisions(
    root: Markup, findings: Findings, file: str
) -> tuple[DmnDocument, Mapping[str, Made]]:
    """Return the document and the files that it becomes.

    Raises:
        NotImportable: it is not DMN, or not of a version that is read.
    """
    if root.name != "definitions" or root.namespace not in DMN_NAMESPACES:
        version = OF_ANOTHER_VERSION.fullmatch(root.namespace)
        why = NOT_DMN if version is None else NEWER_DMN.fill(date="-".join(version.groups()))
        part = shorten(root.name)
        raise NotImportable([Finding("TR804", root.span, {"part": part, "why": why})])
    document = DmnDocument(root, findings)
    document.require_feel(root)
    document.refuse_unread(root, FORMS)
    omit_the_rest(document)
    for each in document.children_of(root):
        if each.name in REFUSED_ELEMENTS:
            document.refuse(each, REFUSED_ELEMENTS[each.name])
        elif each.name in NEEDLESS_ELEMENTS:
            document.omit(each, NOT_NEEDED)
        elif each.name not in KNOWN_ELEMENTS:
            document.refuse(each, NO_COUNTERPART)
    refuse_repeated_types(document)
    return document, read_files(document, file)


def refuse_repeated_types(document: DmnDocument) -> None:
    """Refuse a type whose name another has as well: either might be meant."""
    seen: set[str] = set()
    for each in document.root.iter_named("itemDefinition"):
        name = each.attributes.get("name", "")
        if name in seen:
            document.refuse(each, SAME_NAME.fill(name=shorten(name)))
        seen.add(name)


def omit_the_rest(document: DmnDocument) -> None:
    """Report what is left out inside the elements that are read: it changes no decision."""
    for part in document.root.walk():
        if part.namespace == document.root.namespace and part.name in FORMS:
            for each in document.children_of(part):
                if each.name in REMARKS and part.name != "rule":
                    document.omit(each, NOT_NEEDED)


def read_files(document: DmnDocument, file: str) -> dict[str, Made]:
    """Return the files that a document becomes."""
    root = document.root
    called = root.attributes.get("name", "") or PurePosixPath(file).stem
    decisions = [each for each in root.iter_named("decision") if is_table(document, each)]
    if not decisions:
        document.refuse(root, NO_DECISION_TABLE)
        return {}
    named = (document.our_attribute(each, "facts") for each in decisions)
    facts = next(filter(None, named), "")
    tables = read_tables(document, decisions)
    inputs = read_inputs(document, [*tables.values()], known=bool(facts))
    share_results(document, tables, inputs)
    record = facts or identifier_of(called) or "facts"
    policies = {f"policies/{each.name}.yaml": each.write_policy(record) for each in tables.values()}
    if facts:
        return policies
    # The facts come last: a table tells the kind of an input of which nothing else is said.
    written = {f"facts/{record}.yaml": write_facts(document, record, called, inputs)}
    for name, (title, codes, span) in document.catalogues.items():
        catalogue: dict[str, Data] = {
            "catalogue": name,
            "title": document.read_title(None, title, span),
            "codes": {
                code: {"title": document.read_title(None, text, span)}
                for text, code in codes.items()
            },
        }
        written[f"catalogues/{name}.yaml"] = Made(title, span, catalogue)
    return {**written, **policies}


def read_tables(document: DmnDocument, decisions: Sequence[Markup]) -> dict[Markup, DecisionTable]:
    """Return the tables of a document, each by its decision."""
    namer = document.add_namer("decision")
    tables: dict[Markup, DecisionTable] = {}
    seen: set[str] = set()
    for each in decisions:
        called = each.attributes.get("name", "")
        if called in seen:
            document.refuse(each, SAME_NAME.fill(name=shorten(called)))
        seen.add(called)
        tables[each] = DecisionTable(document, each, namer.name_of(called, each.span))
    return tables


def share_results(
    document: DmnDocument, tables: Mapping[Markup, DecisionTable], inputs: dict[str, Input]
) -> None:
    """Let each table name the inputs, the decisions of one output, and what it requires."""
    for decision, table in tables.items():
        peer = result_of(table)
        if peer is not None:
            inputs.setdefault(decision.attributes.get("name", ""), peer)
    by_id = index_by_id(document, tables)
    names = Names({name: each.name for name, each in inputs.items()}, document.spend)
    for table in tables.values():
        results: dict[str, Input] = {}
        for needed in (by_id[each] for each in table.required if each in by_id):
            results |= results_of(needed)
        table.know(inputs, results, names)


def index_by_id(
    document: DmnDocument, tables: Mapping[Markup, DecisionTable]
) -> dict[str, DecisionTable]:
    """Return the tables by the id of their decision, after looking at what refers to an id."""
    by_id: dict[str, DecisionTable] = {}
    for decision, table in tables.items():
        id = decision.attributes.get("id", "")
        if id and id in by_id:
            document.refuse(decision, SAME_ID)
        by_id[id] = table
    refuse_lost_references(document, tables)
    return by_id


def refuse_lost_references(document: DmnDocument, decisions: Iterable[Markup]) -> None:
    """Refuse each reference of a decision that leads to no element of the document."""
    ids = {
        reference: {each.attributes.get("id") for each in document.root.iter_named(kind)}
        for reference, kind in REQUIRED_ELEMENTS.items()
    }
    for decision in decisions:
        for needed in decision.iter_named("informationRequirement"):
            for each in needed.iter_named(*ids):
                id = each.attributes.get("href", "").removeprefix("#")
                if id not in ids[each.name]:
                    document.refuse(each, NO_SUCH_ELEMENT.fill(id=shorten(id)))


def is_table(document: DmnDocument, decision: Markup) -> bool:
    """Return whether a decision is a table; any other logic is refused."""
    for each in document.children_of(decision):
        if each.name not in DECISION_ELEMENTS:
            document.refuse(each, ONLY_TABLES)
        elif each.name == "knowledgeRequirement":
            document.refuse(each, NO_FUNCTIONS)
    return any(decision.iter_named("decisionTable"))


def read_inputs(
    document: DmnDocument, tables: Sequence[DecisionTable], *, known: bool
) -> dict[str, Input]:
    """Return the inputs of a document by name; if the facts are `known`, they keep their names."""
    namer = document.add_namer("fact", frozenset() if known else FACT_WORDS)
    inputs: dict[str, Input] = {}
    for part in document.root.iter_named("inputData"):
        name = part.attributes.get("name", "")
        if name in inputs:
            document.refuse(part, SAME_NAME.fill(name=shorten(name)))
        variable = next(part.iter_named("variable"), part)
        type_ref = variable.attributes.get("typeRef", "")
        kind = document.read_kind(type_ref, variable) if type_ref else UNKNOWN_KIND
        inputs[name] = Input(namer.name_of(name, part.span), kind or UNKNOWN_KIND, part)
    return inputs or find_undeclared(document, tables, namer)


def find_undeclared(
    document: DmnDocument, tables: Sequence[DecisionTable], namer: Namer
) -> dict[str, Input]:
    """Return the names that tables test, in a document that declares no input."""
    results = {name for table in tables for name in (*table.results, table.called)}
    inputs: dict[str, Input] = {}
    for table in tables:
        for each in table.columns:
            name = each.source
            if name not in inputs and name not in results and NAME_PATTERN.fullmatch(name):
                part = each.expression
                document.tell("TR808", part.span, name, TAKEN_AS_FACT)
                inputs[name] = Input(namer.name_of(name, part.span), UNKNOWN_KIND, part)
    return inputs


def write_facts(document: DmnDocument, record: str, called: str, inputs: dict[str, Input]) -> Made:
    """Return the file of the facts that a document reads."""
    root = document.root
    fields: dict[str, Data] = {}
    for name, each in inputs.items():
        if each.part is None:
            continue
        one: dict[str, Data] = {
            "type": (each.kind.type or "text") + "?" * each.kind.optional,
            "title": document.read_title(each.part, name),
        }
        bounds = (("min", each.kind.least), ("max", each.kind.most))
        one |= {key: Decimal(bound) for key, bound in bounds if bound}
        fields[each.name] = Made(name, each.part.span, one)
    if not fields:
        document.refuse(root, NO_INPUT)
    data: dict[str, Data] = {
        "facts": record,
        "title": document.read_title(root, called),
        "fields": fields,
    }
    return Made(root.name, root.span, data)
