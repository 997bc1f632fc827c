"""Learning: from a snapshot on disk to an artifact folder. Knows no web."""
