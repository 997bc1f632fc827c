"""The door: addresses, shapes, and one shape of error. No rule lives here."""
