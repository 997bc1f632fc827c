"""What is read from rows, in as few queries as it takes."""
