"""Proofs by an SMT solver of what the static checks leave undecided; the extra `proofs` has it."""

from telecom_rules.errors import MissingExtra

try:
    import z3  # noqa: F401 - asked for once, here, for all modules of the room
except ImportError as problem:
    raise MissingExtra("proofs") from problem
