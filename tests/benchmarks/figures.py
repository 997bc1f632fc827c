"""How a benchmark tells what it measured: each figure beside its goal, the summary last."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value beside its goal; ``holds`` is None for a figure without one."""

    name: str
    value: str
    goal: str = ""
    holds: bool | None = None


def tell(figures: Iterable[Figure]) -> int:
    """Print each as it comes and the summary at the end; exit status 0 only if all goals hold."""
    goals, missed = 0, []
    for figure in figures:
        mark = {True: "holds ", False: "MISSED", None: ""}[figure.holds]
        print(f"{mark:6} {figure.name:<58} {figure.value:<30} {figure.goal}", flush=True)
        goals += figure.holds is not None
        missed += [figure.name] if figure.holds is False else []
    print(f"\n{goals - len(missed)} of {goals} goals hold" + (f"; missed: {'; '.join(missed)}" if missed else ""))
    return 1 if missed else 0
