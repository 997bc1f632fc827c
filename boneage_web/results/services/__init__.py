"""Verbs of results: ask a model, keep what it said, and show it."""
