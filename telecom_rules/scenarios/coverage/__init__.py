"""Coverage of a pack and its clauses by scenarios."""
