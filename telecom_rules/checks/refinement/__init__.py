"""Whether each run of a workflow of a house is, without its additions, a run of the base."""
