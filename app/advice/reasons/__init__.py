"""Reasons: why a fact is certain, why it can still be, and why it is not so, in words."""
