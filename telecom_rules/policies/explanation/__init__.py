"""Explanation of single conditions: causes, near misses, missing facts and errors."""
