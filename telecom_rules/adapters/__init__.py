"""Keep cases where hosts keep their data: each adapter in its own room, with its own extra.

`rows` is what all stores share, and needs no extra.
"""
