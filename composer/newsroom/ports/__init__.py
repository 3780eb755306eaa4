"""What the newsroom needs of the world, as ports; bootstrap decides who stands behind them."""
