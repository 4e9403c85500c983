"""Temporal properties of cases: Declare templates as automata."""
