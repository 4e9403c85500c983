"""The functions and operators of the language as data: overloads and profiles."""
