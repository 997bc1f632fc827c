"""Furniture of printed pages, the same for a child's result and for an evaluation. Knows no Django and no rows."""
