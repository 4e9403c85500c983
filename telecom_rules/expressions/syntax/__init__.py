"""From the text of an expression or table cell to its syntax tree."""
