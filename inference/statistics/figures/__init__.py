"""What an evaluation page shows: each figure counted from a case table and a filter, with the table behind it."""
