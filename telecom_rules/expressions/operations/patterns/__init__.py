"""Regular expressions in the syntax and with the meaning of RE2, matched in linear time.

Python's own engine goes back on its steps, so that one pattern on one text can take for ever. Here
a text is read once, and all the ways a pattern may go on are followed side by side.
"""

from telecom_rules.expressions.operations.patterns.program import Pattern, compiled, matches

__all__ = ["Pattern", "compiled", "matches"]
