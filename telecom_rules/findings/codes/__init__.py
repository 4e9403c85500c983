"""The one catalogue of codes.

A code is stable for ever and never reused. Hundreds group them, one module each: 0xx file and YAML,
1xx structure, 2xx expressions and types, 3xx reachability and liveness, 4xx tables, 5xx clauses and
references, 6xx in-force dates, 7xx scenarios, properties and strictness, 8xx documents of other
formats, 9xx style.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.findings.codes.clauses import CLAUSES
from telecom_rules.findings.codes.code import Code, Severity
from telecom_rules.findings.codes.expressions import EXPRESSIONS
from telecom_rules.findings.codes.files import FILE_AND_YAML
from telecom_rules.findings.codes.in_force import IN_FORCE
from telecom_rules.findings.codes.other_formats import OTHER_FORMATS
from telecom_rules.findings.codes.properties import PROPERTIES
from telecom_rules.findings.codes.reachability import REACHABILITY
from telecom_rules.findings.codes.scenarios import SCENARIOS
from telecom_rules.findings.codes.strictness import STRICTNESS
from telecom_rules.findings.codes.structure import STRUCTURE
from telecom_rules.findings.codes.style import STYLE
from telecom_rules.findings.codes.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CODES", "Code", "Severity"]

CODES: Mapping[str, Code] = MappingProxyType(
    {
        code.id: code
        for code in (
            *FILE_AND_YAML,
            *STRUCTURE,
            *EXPRESSIONS,
            *REACHABILITY,
            *TABLES,
            *CLAUSES,
            *IN_FORCE,
            *PROPERTIES,
            *SCENARIOS,
            *STRICTNESS,
            *OTHER_FORMATS,
            *STYLE,
        )
    }
)
"""Every code by its id."""
