"""Mutants: where a module may be changed and how, a sample of them, and those without effect."""
