"""Frozen data sets and model versions."""
