"""What must hold over the whole course of a case: Declare templates as automata."""
