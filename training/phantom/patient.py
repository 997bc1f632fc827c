"""A made-up child for a synthetic film: everything that de-identification must remove again."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from training.phantom.schedule import Sex

DAYS_PER_MONTH = 30.4375
_FAMILY = ("Lin", "Shen", "Qiao", "Fang", "Tang", "Yuan", "Meng", "Xiang", "Luo", "Cheng", "Bai", "Du")
_GIVEN = (
    "Xiaoyu",
    "Zihan",
    "Haoran",
    "Yichen",
    "Ruoxi",
    "Mingze",
    "Siqi",
    "Jiayi",
    "Tianle",
    "Wenxin",
    "Anqi",
    "Letian",
)


@dataclass(frozen=True, slots=True)
class PhantomPatient:
    """What stands in the header of a synthetic film; no such child exists.

    Attributes:
        family_name, given_name: in pinyin, as burned into films.
        patient_id: the hospital's number.
        birth_date, study_date: the chronological age is the time between them.
        sex: None where the header says nothing.
        accession: number of the examination.
    """

    family_name: str
    given_name: str
    patient_id: str
    birth_date: date
    study_date: date
    sex: Sex | None
    accession: str

    @property
    def chronological_age_months(self) -> float:
        """Age on the day of the study, in months of 30.4375 days."""
        return (self.study_date - self.birth_date).days / DAYS_PER_MONTH

    def burned_in_lines(self) -> tuple[str, str, str]:
        """The text that such films carry in a corner."""
        return (
            f"{self.family_name.upper()} {self.given_name.upper()}",
            f"ID {self.patient_id}  {self.sex or ''}".rstrip(),
            f"{self.birth_date:%Y-%m-%d}  {self.study_date:%Y-%m-%d}",
        )


def phantom_patient(
    *, seed: int, sex: Sex | None, chronological_age_months: float, study_date: date, visit: int = 1
) -> PhantomPatient:
    """Makes up a child of that age on that day; the same seed is the same child, at whatever visit.

    At a later visit pass the age and the date of that visit: the birth date is reckoned from them.
    """
    rng = np.random.default_rng([seed, 4])
    family, given = rng.integers(0, len(_FAMILY)), rng.integers(0, len(_GIVEN))
    number = int(rng.integers(100_000, 1_000_000))
    return PhantomPatient(
        family_name=_FAMILY[int(family)],
        given_name=_GIVEN[int(given)],
        patient_id=f"P{number}",
        birth_date=study_date - timedelta(days=round(chronological_age_months * DAYS_PER_MONTH)),
        study_date=study_date,
        sex=sex,
        accession=f"A{number}{visit:02d}",
    )
