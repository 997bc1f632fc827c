"""Counting that stops: whether 34 000 or 35 000 films wait is nobody's question, and asking each of them costs."""

from django.db.models import QuerySet

MOST_COUNTED = 1000
"""A larger number is answered as this plus one; a page shows it as "1000+"."""


def counted(rows: QuerySet) -> int:
    """How many rows there are, up to :data:`MOST_COUNTED` plus one."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def counted_together(*querysets: QuerySet) -> int:
    """The same for querysets of which none overlaps another."""
    return min(sum(counted(rows) for rows in querysets), MOST_COUNTED + 1)
