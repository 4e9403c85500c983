"""State Chart XML (W3C SCXML 1.0): written from workflows, read into the YAML of one."""

from telecom_rules.interop.scxml.reading import from_scxml
from telecom_rules.interop.scxml.writing import to_scxml

__all__ = ["from_scxml", "to_scxml"]
