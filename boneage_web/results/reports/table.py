"""A result as one line of CSV: months, codes, ids; for whoever counts."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from annotations.base.spreadsheet import plain_cell
from boneage_web.results.facts import named_score

COLUMNS = (
    "study",
    "pseudonym",
    "status",
    "version",
    "basis",
    "sex",
    "sex_source",
    "chronological_age_months",
    "age_source",
    "bone_age_months",
    "interval_low_months",
    "interval_high_months",
    "interval_coverage",
    "difference_months",
    "reference",
    "sd_months",
    "sds",
    "class",
    "model_bone_age_months",
    "calibrated_bone_age_months",
    "carpals_bone_age_months",
    "no_carpals_bone_age_months",
    "regions_found",
    "missing_regions",
    "quality_codes",
    "model",
    "model_hash",
    "signed_by",
    "signed_at",
    "synthetic",
    "research_use_only",
    "height_cm",
    "height_days_from_film",
    "adult_height_cm",
    "adult_height_low_cm",
    "adult_height_high_cm",
    "percent_of_mature_height",
    "adult_height_category",
    "adult_height_table",
    "adult_height_refusal",
)


def report_csv(facts: Mapping[str, Any]) -> str:
    """A head and one line. Empty is unknown."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerow(
        {name: plain_cell(value) if isinstance(value, str) else value for name, value in _row(facts).items()}
    )
    return out.getvalue()


def _row(facts: Mapping[str, Any]) -> dict[str, Any]:
    prediction, local = facts["prediction"], facts["calibration"]
    score = named_score(facts) or {}
    low, high = facts["interval_months"] or (None, None)
    parts = {one["part"]: one["bone_age_months"] for one in facts["parts"]}
    signed_by = facts["signed_by"]
    same = ("status", "version", "basis", "sex", "sex_source", "chronological_age_months", "age_source")
    return {
        "study": facts["study"]["id"],
        "pseudonym": facts["study"]["pseudonym"],
        **{name: facts[name] for name in same},
        "bone_age_months": facts["bone_age_months"],
        "interval_low_months": low,
        "interval_high_months": high,
        "interval_coverage": facts["interval_coverage"],
        "difference_months": facts["difference_months"],
        "reference": facts["reference"],
        "sd_months": score.get("sd_months"),
        "sds": score.get("sds"),
        "class": score.get("class"),
        "model_bone_age_months": prediction["bone_age_months"] if prediction else None,
        "calibrated_bone_age_months": local["bone_age_months"] if local else None,
        "carpals_bone_age_months": parts.get("carpals"),
        "no_carpals_bone_age_months": parts.get("no_carpals"),
        "regions_found": len(prediction["boxes"]) if prediction else None,
        "missing_regions": " ".join(prediction["missing_regions"]) if prediction else None,
        "quality_codes": " ".join(one["code"] for one in facts["quality"]),
        "model": prediction["model"]["label"] if prediction else None,
        "model_hash": prediction["model"]["hash"] if prediction else None,
        "signed_by": signed_by["display_name"] if signed_by else None,
        "signed_at": facts["signed_at"],
        "synthetic": facts["study"]["synthetic"],
        "research_use_only": True,
        **_adult_height(facts.get("adult_height")),
    }


def _adult_height(said: Mapping[str, Any] | None) -> dict[str, Any]:
    """Nothing without a height; results signed before there were heights do not speak of one."""
    if said is None:
        return {}
    low, high = said["range_cm"] or (None, None)
    return {
        "height_cm": said["height"]["height_cm"],
        "height_days_from_film": said["height"]["days_from_film"],
        "adult_height_cm": said["predicted_cm"],
        "adult_height_low_cm": low,
        "adult_height_high_cm": high,
        "percent_of_mature_height": said["percent"],
        "adult_height_category": said["category"],
        "adult_height_table": said["table"]["id"],
        "adult_height_refusal": said["refusal"],
    }
