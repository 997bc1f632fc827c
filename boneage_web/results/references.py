"""The tables that a bone age is held against: those that ship, and those that the site loaded; one is named first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from boneage_web.results.models import ReferenceChoice, SdReference
from inference.standards.bone_age_sd import SD_TABLES, Spread, age_class, spread_from, spread_of

Sex = Literal["M", "F"]
SEXES: tuple[Sex, ...] = ("M", "F")
DEFAULT_TABLE = "gp1959_brush"


@dataclass(frozen=True, slots=True)
class Reference:
    """A named table.

    Attributes:
        id: stored with every score.
        spreads: by sex; a sex that is not in it has no reference.
        shipped: False for a site's own.
    """

    id: str
    name_en: str
    name_zh: str
    source: str
    population: str
    spreads: Mapping[Sex, Spread]
    shipped: bool


def present_references() -> list[Reference]:
    """All that are in use; the one that reports name first comes first."""
    shipped = [
        Reference(table.id, table.name_en, table.name_zh, table.source, _SHIPPED_POPULATION, _spreads(table.id), True)
        for table in SD_TABLES.values()
    ]
    own = [reference_of(row) for row in SdReference.objects.filter(retired_at__isnull=True)]
    chosen = chosen_table()
    return sorted([*shipped, *own], key=lambda one: one.id != chosen)


_SHIPPED_POPULATION = "White children of Cleveland, Ohio, 1931-1942; normal children of today read some months older"


def _spreads(table: str) -> dict[Sex, Spread]:
    return {sex: spread_of(table, sex) for sex in SEXES}


def reference_of(row: SdReference) -> Reference:
    """A site's table as loaded."""
    spreads: dict[Sex, Spread] = {}
    for sex in SEXES:
        pairs = [(float(age), float(spread)) for of, age, spread in row.rows if of == sex]
        if pairs:
            spreads[sex] = spread_from(pairs)
    return Reference(row.slug, row.name_en, row.name_zh, row.source, row.population, spreads, False)


def chosen_table() -> str:
    """Id of the table that reports name first."""
    choice = ReferenceChoice.objects.first()
    if choice is None or (choice.table not in SD_TABLES and not _in_use(choice.table)):
        return DEFAULT_TABLE
    return choice.table


def _in_use(slug: str) -> bool:
    return SdReference.objects.filter(slug=slug, retired_at__isnull=True).exists()


def score_rows(sex: str | None, age_months: float | None, bone_age_months: float | None) -> list[dict[str, Any]]:
    """One row for each table; without a value where the table ends: nothing is taken from its last row."""
    if sex not in SEXES or age_months is None or bone_age_months is None:
        return []
    rows = []
    for reference in present_references():
        spread = reference.spreads.get("M" if sex == "M" else "F")
        score = spread.score(age_months, bone_age_months) if spread else None
        normal = spread.normal_range_months(age_months) if spread else None
        rows.append(
            {
                "table": reference.id,
                "name_en": reference.name_en,
                "name_zh": reference.name_zh,
                "source": reference.source,
                "shipped": reference.shipped,
                "covers_months": [spread.ages_months[0], spread.ages_months[-1]] if spread else None,
                "sd_months": spread.at(age_months) if spread else None,
                "normal_range_months": list(normal) if normal else None,
                "sds": score,
                "class": age_class(score),
            }
        )
    return rows
