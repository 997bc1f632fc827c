"""The rows of the comparison, in the order of the table."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from training.comparison.inputs import Answer, Material

Uses = Literal["picture", "regions", "sex", "chronological_age"]


@dataclass(frozen=True)
class Context:
    """What belongs to the run and not to a row: where long fits keep their state, and how many threads they take.

    Attributes:
        work: folder of the row, for fits that can be taken up again.
        artifact: folder of the model whose features are compared.
        regions_needed: fewer found regions than this, and a hand is in no row.
        threads: of XGBoost.
    """

    work: Path
    artifact: Path
    regions_needed: int
    threads: int = 1


Fit = Callable[[Material, int, Context], Answer]
"""(material, seed, context) -> answer."""


@dataclass(frozen=True)
class Row:
    """One way to a bone age.

    Attributes:
        name: stable name, also on the command line.
        title_en, title_zh: as read in the table.
        uses: what enters the estimate.
        fit: how it comes about.
        seeded: False where nothing is drawn at random, so that one seed says all.
        costly: takes hours on a processor; runs only when it is asked for by name.
    """

    name: str
    title_en: str
    title_zh: str
    uses: tuple[Uses, ...]
    fit: Fit
    seeded: bool = True
    costly: bool = False
