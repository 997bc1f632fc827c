"""Addresses of evaluations."""
