"""Access: who a caller is and what they may do, by API key or bearer token, and how often they may ask."""
