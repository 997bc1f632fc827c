"""A change of state that names the old one."""

import functools
from enum import StrEnum
from typing import Any

from django.db import models

from annotations.base.errors import Conflict, StaleState
from annotations.base.prepared import PreparedUpdate, prepared_update
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
    step = _step(type(row), field, tuple(changes))
    if step(row.pk, str(old), str(to), *changes.values()) != 1:
        raise StaleState(noun, str(old))
    setattr(row, field, to)
    for name, value in changes.items():
        setattr(row, name, value)
    return str(old)


@functools.cache
def _step(model: type[models.Model], field: str, names: tuple[str, ...]) -> PreparedUpdate:
    def step(pk: Any, old: str, to: str, *values: Any) -> tuple[models.QuerySet, dict[str, Any]]:
        return model._default_manager.filter(pk=pk, **{field: old}), {
            field: to,
            **dict(zip(names, values, strict=True)),
        }

    return prepared_update(step)
