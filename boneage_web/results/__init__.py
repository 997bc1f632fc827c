"""Predictions, and what a study's result page shows of them."""
