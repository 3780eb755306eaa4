"""Who decides what, and when: editions, their drafts, and what becomes of them."""
