"""The rules of a policy that are in force together: what they decide, exactly, and `explain` it."""
