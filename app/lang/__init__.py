"""The rule language: text in, a checked `Program` out. Pure: no I/O and no frameworks."""
