"""Trials: which tests run which line, and what they say of a mutant."""
