"""Verbs of the ledger: what a person asks for (ledger), what a worker does (lease), what the sweep repairs (sweep)."""
