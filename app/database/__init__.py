"""The database: its tables, how they came to be, and connections to it."""
