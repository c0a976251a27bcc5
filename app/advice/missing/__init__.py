"""What is missing: the smallest sets of answers that permit a flow."""
