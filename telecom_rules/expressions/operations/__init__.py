"""The operations behind operators and functions.

Every operation is total: it gives a value or raises `EvaluationError`. Generated Python and the
reference interpreter call the same operations, so that they cannot differ in a sum.
"""
