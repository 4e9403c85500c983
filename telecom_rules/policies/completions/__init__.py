"""The ways to complete the facts of a record: whether all agree, and which fact to ask for."""
