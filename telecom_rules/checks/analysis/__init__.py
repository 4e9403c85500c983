"""Analyses that several checks share: reachability, satisfiability, tables, model checking."""
