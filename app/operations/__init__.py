"""What an operator sees of the service: log lines, metrics, traces. Nothing of what callers ask."""
