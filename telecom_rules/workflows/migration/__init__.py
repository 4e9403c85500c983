"""How a case of an older version goes on in a newer one."""
