"""The instruments that rules come from, their articles, and how both are linked."""
