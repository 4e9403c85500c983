"""Journal entries, snapshots, and the replay that compares both with the rules."""
