"""A change of state that names the old one."""

from enum import StrEnum
from typing import Any

from django.db import models

from annotations.base.errors import Conflict, StaleState
from annotations.state_moves import may_move


def move(row: models.Model, to: StrEnum, *, field: str = "status", **changes: Any) -> str:
    """Compare-and-set: ``UPDATE ... WHERE status = <what I read>``; returns the old state.

    Raises Conflict when the table of moves forbids the step, StaleState when somebody was faster.
    """
    noun = str(row._meta.verbose_name)
    old = type(to)(getattr(row, field))
    if not may_move(old, to):
        raise Conflict(
            "wrong_state",
            f"This {noun} is {old}; it cannot become {to}. Reload and look again.",
            noun=noun,
            status=str(old),
        )
    changed = type(row)._default_manager.filter(pk=row.pk, **{field: str(old)}).update(**{field: str(to), **changes})
    if changed != 1:
        raise StaleState(noun, str(old))
    setattr(row, field, to)
    for name, value in changes.items():
        setattr(row, name, value)
    return str(old)
