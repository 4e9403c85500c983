"""Sources: the instruments that rules come from, with their articles."""
