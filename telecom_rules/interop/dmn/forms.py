"""What is read of each element of DMN: attributes, children and texts.

Source: the schema of DMN 1.5 (DMN15.xsd). The other versions that are read differ in elements
that do not occur here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.interop.document import Form

if TYPE_CHECKING:
    from collections.abc import Mapping


OF_EVERY_ELEMENT = frozenset({"description", "extensionElements"})
"""Children that every element has at most once."""


def state_form(attributes: str = "", single: str = "", several: str = "") -> Form:
    """Return the form of an element: its attributes and children, with those of every element."""
    once, often = frozenset(single.split()), frozenset(several.split())
    return Form(
        frozenset({"id", "label", *attributes.split()}),
        once | often | OF_EVERY_ELEMENT,
        once | OF_EVERY_ELEMENT,
    )


def state_open_form(attributes: str = "", single: str = "") -> Form:
    """Return the form of an element whose children are looked at where they are read."""
    once = frozenset(single.split()) | OF_EVERY_ELEMENT
    return Form(frozenset({"id", "label", *attributes.split()}), None, once)


TEXT_ONLY = Form(frozenset(), has_text=True)
UNARY_TESTS = state_form("expressionLanguage", "text")
LITERAL_EXPRESSION = state_form("expressionLanguage typeRef", "text")
REFERENCE = Form(frozenset({"href"}))
FORMS: Mapping[str, Form] = {
    "definitions": state_open_form(
        "name namespace expressionLanguage typeLanguage exporter exporterVersion"
    ),
    "itemDefinition": state_open_form(
        "name typeLanguage isCollection", "typeRef allowedValues typeConstraint"
    ),
    "typeRef": TEXT_ONLY,
    "allowedValues": UNARY_TESTS,
    "typeConstraint": UNARY_TESTS,
    "inputData": state_form("name", "variable"),
    "variable": state_form("name typeRef"),
    "itemComponent": state_open_form(
        "name typeLanguage isCollection", "typeRef allowedValues typeConstraint"
    ),
    "decision": state_open_form("name", "variable"),
    "businessKnowledgeModel": state_open_form("name", "variable encapsulatedLogic"),
    "encapsulatedLogic": state_open_form("kind typeRef"),
    "formalParameter": state_form("name typeRef"),
    "literalExpression": state_form("expressionLanguage typeRef", "text"),
    "context": state_form("typeRef", several="contextEntry"),
    "contextEntry": state_open_form("", "variable"),
    "invocation": state_form("typeRef", "literalExpression", "binding"),
    "binding": state_form("", "parameter literalExpression"),
    "parameter": state_form("name typeRef"),
    "informationRequirement": state_form(several="requiredDecision requiredInput"),
    "requiredDecision": REFERENCE,
    "requiredInput": REFERENCE,
    "decisionTable": state_form(
        "typeRef hitPolicy aggregation preferredOrientation outputLabel",
        several="input output annotation rule",
    ),
    "input": state_form("typeRef", "inputExpression inputValues"),
    "inputExpression": LITERAL_EXPRESSION,
    "inputValues": UNARY_TESTS,
    "output": state_form("name typeRef", "outputValues defaultOutputEntry"),
    "outputValues": UNARY_TESTS,
    "defaultOutputEntry": LITERAL_EXPRESSION,
    "annotation": state_form("name"),
    "rule": state_form(several="inputEntry outputEntry annotationEntry"),
    "inputEntry": UNARY_TESTS,
    "outputEntry": LITERAL_EXPRESSION,
    "annotationEntry": state_form(single="text"),
    "text": TEXT_ONLY,
    "description": TEXT_ONLY,
}
"""The form of each element by its name; what is not named here is refused or left out elsewhere."""
