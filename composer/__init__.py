"""squaredesk: from liquidation data to approved, localized posts."""
