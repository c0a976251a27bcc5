"""The kern: a program as one three-valued formula per flow, from which every answer is read."""
