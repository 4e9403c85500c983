"""Findings: mistakes in files, with their places and their remedies."""

from telecom_rules.findings.codes import CODES, Code, Severity
from telecom_rules.findings.collector import Findings, cap_findings
from telecom_rules.findings.finding import Finding, Related, Span
from telecom_rules.findings.frame import render, summarize

__all__ = [
    "CODES",
    "Code",
    "Finding",
    "Findings",
    "Related",
    "Severity",
    "Span",
    "cap_findings",
    "render",
    "summarize",
]
