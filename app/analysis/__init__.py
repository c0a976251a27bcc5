"""What is known of all cases at once: proofs over the law, with a question as witness where one fails."""
