"""Findings: mistakes in files, with their places and their remedies."""

from telecom_rules.findings.codes import CODES, Code, Severity
from telecom_rules.findings.collector import Findings, cap_findings
from telecom_rules.findings.finding import Edit, Finding, Fix, Related, Span
from telecom_rules.findings.frame import render, summarize

__all__ = [
    "CODES",
    "Code",
    "Edit",
    "Finding",
    "Findings",
    "Fix",
    "Related",
    "Severity",
    "Span",
    "cap_findings",
    "render",
    "summarize",
]
