"""Published reference tables, with their sources beside each row."""
