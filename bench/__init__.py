"""How fast, how big, how soon: one command, one table (`python -m bench`)."""
