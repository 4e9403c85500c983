"""Why an event is refused, as values that name what stands against it."""
