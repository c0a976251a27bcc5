"""The decision log: what was asked and answered, by which law, in an order that cannot be changed unseen."""
