"""What changes rows: one verb, one transaction: check, move, event, then announce after the commit."""
