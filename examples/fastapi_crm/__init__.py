"""A small complaint service on FastAPI."""
