"""The roof: settings, addresses, and what machines did (runs, registry, results, evaluation)."""

__version__ = "0.1.0"
