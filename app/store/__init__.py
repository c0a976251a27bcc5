"""Policies, facts and scenarios from disk."""
