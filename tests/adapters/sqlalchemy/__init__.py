"""The store on SQLAlchemy, on SQLite and on PostgreSQL."""
