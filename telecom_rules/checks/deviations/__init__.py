"""How the rules of a house deviate from those of the base: figures, conditions, amounts."""
