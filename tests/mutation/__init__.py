"""Mutation testing: small mistakes put into the hot rooms, to see whether their tests notice.

    python -m tests.mutation --sample 600 --seed 1

A mutant is one change of one module (`operators`, `mutants`). A sample of them is drawn (`sample`);
each is put, in a process of its own and without touching a file, to the tests that run its line
(`recording`, `selection`, `trial`), and the share that they notice is printed (`report`).
"""
