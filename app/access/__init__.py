"""Access: who may ask, and how they show who they are."""
