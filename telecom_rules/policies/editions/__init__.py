"""Editions: the rules of a policy that are in force together, decided exactly and explained."""
