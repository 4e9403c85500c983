"""How a case of an older version, or one that began elsewhere, goes on by these rules."""
