"""How a case moves: the algorithm of SCXML, clocks, subcases and the fast path."""
