"""Engines: a checked `Program` and a `FactSet` in, a `Model` out, in three-valued logic."""
