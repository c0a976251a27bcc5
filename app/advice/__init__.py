"""The use case: a casus in, an advies out. Knows the engine's interface, no framework."""
