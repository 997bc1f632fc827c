"""What any model must beat, on the same split: the mean, sex alone, and a network that sees the whole picture."""
