"""The question: a casus, its fields, and the facts it states."""
