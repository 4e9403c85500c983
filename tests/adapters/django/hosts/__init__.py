"""Hosts that were not made for the rules."""

from __future__ import annotations


def roles_of(user, request):
    """Return the roles of a user, as a host may say."""
    return ["agent"]
