"""Workflows as machines of `transitions` and of `python-statemachine`."""
