"""Linking: resolves the definition of a policy to the policy."""
