"""Overlays: packs that change what the packs below them say, by name, and add what is theirs."""
