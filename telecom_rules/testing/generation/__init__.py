"""Scenarios made from the rules: what no scenario shows yet, with today's answers.

A person confirms them; until then they say what the rules do, and not what they ought to.
"""

from telecom_rules.testing.generation.generate import Generated, generate
from telecom_rules.testing.generation.writing import write_generated

__all__ = ["Generated", "generate", "write_generated"]
