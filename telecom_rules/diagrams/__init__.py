"""Diagrams of workflows, as the text of drawing tools."""

from telecom_rules.diagrams.dot import to_dot
from telecom_rules.diagrams.mermaid import to_mermaid

__all__ = ["to_dot", "to_mermaid"]
