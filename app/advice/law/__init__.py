"""One program as the advice reads it: texts, sources, clocks, and what follows from the rules alone."""
