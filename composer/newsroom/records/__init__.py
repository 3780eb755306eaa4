"""What the newsroom speaks of: records, one module for what belongs together."""
