"""Evaluations: predictions beside truth, counted when a test set is locked."""
