"""Verbs of the registry: freeze a data set, register and activate a model."""
