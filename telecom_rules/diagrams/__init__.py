"""Diagrams of workflows and policies, as the text of drawing tools."""

from telecom_rules.diagrams.decisions import to_decision_graph
from telecom_rules.diagrams.dot import to_dot
from telecom_rules.diagrams.mermaid import to_mermaid
from telecom_rules.diagrams.svg import to_svg

__all__ = ["to_decision_graph", "to_dot", "to_mermaid", "to_svg"]
