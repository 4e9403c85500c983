"""Decision Model and Notation (OMG DMN 1.3 to 1.5): decision tables, read and written."""

from telecom_rules.interop.dmn.reading import from_dmn
from telecom_rules.interop.dmn.writing import to_dmn

__all__ = ["from_dmn", "to_dmn"]
