"""From the syntax tree to the typed tree, with every mistake and the worst-case cost."""
