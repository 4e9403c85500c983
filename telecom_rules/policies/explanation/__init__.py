"""The words of one condition: its deciding parts, near misses, what is missing, errors."""
