"""What every layer of this app may use: its refusals, and the vocabulary of its constraints."""
