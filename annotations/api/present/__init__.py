"""Rows become the JSON of the contract. Blinding is applied here from the querysets' annotations, once."""
