"""How much of a pack and its clauses the scenarios have shown at work."""
