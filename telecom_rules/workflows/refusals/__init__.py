"""The reasons for refusing an event or a migration, as values."""
