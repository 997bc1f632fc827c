"""Facts of a DICOM header: sex, chronological age, side, spacing. Nothing is guessed."""

import re
from datetime import date

import pydicom
from pydicom.multival import MultiValue

from inference.imaging.errors import FilmError
from inference.imaging.film import AgeSource, FilmFacts, Laterality, Sex, SpacingKind

DAYS_PER_MONTH = 365.25 / 12
"""Mean length of a month; ages are decimal months, so a birthday falls within a day of a multiple of 12."""

PLACEHOLDER_DATES = frozenset({"19000101", "00010101", "00000000", "18000101", "19010101", "99991231"})
"""Dates that anonymisers write where one was removed: no age may come from them."""

MAXIMUM_AGE_MONTHS = 120 * 12.0
"""Above this a date of birth is a placeholder nobody listed."""

AGES_AGREE_MONTHS = 13.0
"""PatientAge counts completed years, so it may lie a year below the age by dates; more is a disagreement."""

VIEW_POSITIONS = frozenset({"AP", "PA", "LL", "RL", "LLD", "RLD", "LLO", "RLO", "OBLIQUE", "LATERAL"})
PLAUSIBLE_SPACING_MM = (0.01, 5.0)
"""From the finest digitised film to a picture reduced to 100 pixels; a distance beyond these was no distance."""

EARLIEST_YEAR = 1850
"""Nobody on an X-ray film was born before; earlier years are placeholders nobody listed."""

_ESCAPE = re.compile(r"\x1b[$(),./-]+[@-Z]")
_AGE = re.compile(r"([0-9]{1,3})([DWMY])")
_DAYS_PER_UNIT = {"D": 1.0, "W": 7.0, "M": DAYS_PER_MONTH, "Y": 12 * DAYS_PER_MONTH}


def first_text(header: pydicom.Dataset, keyword: str) -> str:
    """First value of an element as text without padding; empty if it is absent or not text."""
    value = header.get(keyword)
    if isinstance(value, MultiValue):
        value = value[0] if len(value) else None
    return "" if value is None else str(value).strip(" \0")


def without_escapes(text: str) -> str:
    """A text without the escapes of ISO 2022 (PS3.5 6.1.2.5), which pydicom leaves before Chinese characters."""
    return _ESCAPE.sub("", text)


def film_facts(header: pydicom.Dataset) -> FilmFacts:
    """Reads what matters for a bone age.

    Raises:
        FilmError: ``bad_date``, ``bad_age`` or ``birth_after_study``; the message names the tag, never its value.
    """
    warnings: list[str] = []
    age_months, age_source = chronological_age_months(header, warnings)
    spacing, kind = _spacing(header)
    view = first_text(header, "ViewPosition").upper()
    return FilmFacts(
        sex=_sex(header, warnings),
        chronological_age_months=age_months,
        age_source=age_source,
        laterality=_laterality(header, warnings),
        view_position=view if view in VIEW_POSITIONS else None,
        pixel_spacing_mm=spacing,
        spacing_kind=kind,
        modality=first_text(header, "Modality").upper(),
        synthetic=is_synthetic(header),
        warnings=tuple(warnings),
    )


def is_synthetic(header: pydicom.Dataset) -> bool:
    """Whether ImageType (0008,0008) says SYNTHETIC, the mark of our drawn films."""
    values = header.get("ImageType")
    return "SYNTHETIC" in (values if isinstance(values, MultiValue | list) else [values])


def chronological_age_months(header: pydicom.Dataset, warnings: list[str]) -> tuple[float | None, AgeSource | None]:
    """Decimal months from birth to the day of the picture, by dates, else by PatientAge; appends to ``warnings``."""
    by_dates = _age_by_dates(header, warnings)
    stated, unit = _stated_age(header)
    if by_dates is not None:
        if stated is not None and stated > 0 and abs(by_dates - stated) > AGES_AGREE_MONTHS:
            warnings.append("ages_disagree")
        return by_dates, "dates"
    if stated is None:
        return None, None
    if stated == 0 and "birth_date_placeholder" in warnings:
        return None, None  # an anonymiser that blanks the date writes 000Y beside it
    if unit == "Y":
        warnings.append("age_in_completed_years")
    return stated, "patient_age"


def _age_by_dates(header: pydicom.Dataset, warnings: list[str]) -> float | None:
    birth = _date(header, "PatientBirthDate", "birth_date_placeholder", warnings)
    taken = _date(header, "AcquisitionDate", "study_date_placeholder", warnings)
    studied = _date(header, "StudyDate", "study_date_placeholder", warnings)
    day = taken or studied
    if birth is None or day is None:
        return None
    months = (day - birth).days / DAYS_PER_MONTH
    if months < 0:
        raise FilmError("birth_after_study")
    if months > MAXIMUM_AGE_MONTHS:
        warnings.append("birth_date_placeholder")
        return None
    return months


def stated_day(header: pydicom.Dataset, keyword: str) -> date | None:
    """The day that an element states; None where it states none or a placeholder.

    Raises:
        FilmError: ``bad_date``; the message names the tag, never its value.
    """
    text = first_text(header, keyword)
    compact = text.replace(".", "") if re.fullmatch(r"[0-9]{4}\.[0-9]{2}\.[0-9]{2}", text) else text  # until 1993
    if not compact or compact in PLACEHOLDER_DATES:
        return None
    if not re.fullmatch(r"[0-9]{8}", compact):
        raise FilmError("bad_date", tag=_name(keyword))
    if int(compact[:4]) < EARLIEST_YEAR:
        return None
    try:
        return date(int(compact[:4]), int(compact[4:6]), int(compact[6:]))
    except ValueError:
        raise FilmError("bad_date", tag=_name(keyword)) from None


def _date(header: pydicom.Dataset, keyword: str, placeholder: str, warnings: list[str]) -> date | None:
    day = stated_day(header, keyword)
    if day is None and first_text(header, keyword) and placeholder not in warnings:
        warnings.append(placeholder)
    return day


def _stated_age(header: pydicom.Dataset) -> tuple[float | None, str]:
    text = first_text(header, "PatientAge").upper()
    if not text:
        return None, ""
    match = _AGE.fullmatch(text)
    if match is None:
        raise FilmError("bad_age", tag=_name("PatientAge"))
    return int(match[1]) * _DAYS_PER_UNIT[match[2]] / DAYS_PER_MONTH, match[2]


def _sex(header: pydicom.Dataset, warnings: list[str]) -> Sex | None:
    text = first_text(header, "PatientSex").upper()
    if text == "M":
        return "M"
    if text == "F":
        return "F"
    if text:
        warnings.append("sex_not_usable")
    return None


def _laterality(header: pydicom.Dataset, warnings: list[str]) -> Laterality | None:
    found = {first_text(header, keyword).upper() for keyword in ("ImageLaterality", "Laterality")} & {"L", "R"}
    if len(found) == 2:
        warnings.append("lateralities_disagree")
        return None
    return "L" if "L" in found else "R" if "R" in found else None


def _spacing(header: pydicom.Dataset) -> tuple[tuple[float, float] | None, SpacingKind | None]:
    for keyword, kind in (("PixelSpacing", "pixel"), ("ImagerPixelSpacing", "imager")):
        try:
            rows, columns = (float(value) for value in header.get(keyword) or ())
        except (TypeError, ValueError, OverflowError):
            continue
        least, most = PLAUSIBLE_SPACING_MM
        if least <= rows <= most and least <= columns <= most:
            return (rows, columns), "pixel" if kind == "pixel" else "imager"
    return None, None


def _name(keyword: str) -> str:
    tag = pydicom.datadict.tag_for_keyword(keyword)
    assert tag is not None
    return f"{keyword} ({tag >> 16:04X},{tag & 0xFFFF:04X})"
