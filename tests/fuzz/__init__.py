"""Hostile input, grown from seeds: whatever comes in ends in a value or a typed refusal.

A module of this package is one harness. It names its harness `HARNESS`:

    HARNESS = Harness(
        grow=grow,          # a Random gives one input, always the same for the same seed
        examine=examine,    # one input gives the name of its outcome, such as "loaded" or "refused"
        kept=(b"...",),     # inputs that broke a promise once
    )

`examine` knows the promise and raises whatever shows that it is broken: an `AssertionError` of its
own or the exception that should never have come out. The frame adds the promises that hold for all
input: at most `MOST_SECONDS` of a processor and `MOST_BYTES` of further memory.

    python -m tests.fuzz                        # a short run of every harness
    python -m tests.fuzz dmn --seconds 600      # ten minutes of one
    python -m tests.fuzz dmn --seed 3 --only 17 # one input again
"""
