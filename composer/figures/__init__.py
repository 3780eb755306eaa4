"""What the market means: pure functions over records, no I/O and no words."""
