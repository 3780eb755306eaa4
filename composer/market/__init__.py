"""The data module: what the market is."""
