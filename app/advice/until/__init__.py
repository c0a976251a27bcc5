"""Until when an answer holds."""
