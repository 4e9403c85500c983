"""Links scenario files: resolves names against a pack and types values."""
