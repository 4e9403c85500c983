"""The command of the example."""
