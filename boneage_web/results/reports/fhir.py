"""A result as FHIR: an Observation of the bone age (LOINC 37362-1) in a DiagnosticReport. Valid as R4 and as R5.

Only the pseudonym stands for the child. No LOINC code is known for an SDS of bone age, so it carries text and a local
code; nothing is coded that was not looked up (docs/decisions/0063).
"""

import uuid
from collections.abc import Mapping
from typing import Any

from boneage_web.results.facts import named_score
from boneage_web.results.reports.words import signed_number, word, years_and_months

LOCAL = "urn:chboneai:codes"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
PSEUDONYMS = "urn:chboneai:pseudonym"
DICOM_UID = "urn:dicom:uid"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
SERVICE_SECTION = "http://terminology.hl7.org/CodeSystem/v2-0074"
BONE_AGE = {"system": LOINC, "code": "37362-1", "display": "XR Bones Bone age"}
_STATUS = {"preliminary": "preliminary", "signed": "final", "amended": "amended"}
_CLASS = {"delayed": ("L", "Low"), "normal": ("N", "Normal"), "advanced": ("H", "High")}
_NAMES = uuid.UUID("5a0f9a0e-2d7d-4a0b-8a39-0d3d4b0a7f61")


def report_fhir(facts: Mapping[str, Any], *, issued: str) -> dict[str, Any]:
    """A Bundle (collection) of DiagnosticReport, Observation, Patient, Device.

    Args:
        issued: time in ISO 8601 with a zone: of the signature, or of the making of a preliminary one.
    """
    ids = {what: _id(facts, what) for what in ("patient", "observation", "report", "device")}
    resources = [_report(facts, ids, issued), _observation(facts, ids, issued), _patient(facts, ids["patient"])]
    if facts["prediction"]:
        resources.append(_device(facts, ids["device"]))
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": issued,
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources],
    }


def _id(facts: Mapping[str, Any], what: str) -> str:
    """The same thing gets the same id whenever it is asked for."""
    return str(uuid.uuid5(_NAMES, f"{what}:{facts['study']['id']}:{facts['version'] or 0}"))


def _months(months: float) -> dict[str, Any]:
    return {"value": round(months, 2), "unit": "months", "system": UCUM, "code": "mo"}


def _meta(facts: Mapping[str, Any]) -> dict[str, Any]:
    tags = [{"system": LOCAL, "code": "research-use-only", "display": "Research use only"}]
    if facts["study"]["synthetic"]:
        tags.append({"system": LOCAL, "code": "synthetic", "display": "Synthetic data"})
    return {"tag": tags}


def _observation(facts: Mapping[str, Any], ids: Mapping[str, str], issued: str) -> dict[str, Any]:
    months = facts["bone_age_months"]
    found: dict[str, Any] = {
        "resourceType": "Observation",
        "id": ids["observation"],
        "meta": _meta(facts),
        "status": _STATUS[facts["status"]],
        "category": [{"coding": [{"system": CATEGORY, "code": "imaging", "display": "Imaging"}]}],
        "code": {"coding": [BONE_AGE], "text": "Bone age"},
        "subject": {"reference": f"urn:uuid:{ids['patient']}"},
        "issued": issued,
        "method": {
            "coding": [{"system": LOCAL, "code": facts["basis"]}],
            "text": word(f"basis_{facts['basis']}", "en"),
        },
        "derivedFrom": [
            {
                "type": "ImagingStudy",
                "identifier": {"system": DICOM_UID, "value": f"urn:oid:{facts['study']['study_uid']}"},
            }
        ],
    }
    if months is None:
        error = facts["prediction"]["error"] if facts["prediction"] else None
        found["dataAbsentReason"] = {"text": error["message"] if error else "no bone age"}
    else:
        found["valueQuantity"] = _months(months)
    if facts["prediction"]:
        found["device"] = {"reference": f"urn:uuid:{ids['device']}"}
    if facts["signed_by"]:
        found["performer"] = [{"display": facts["signed_by"]["display_name"]}]
    found |= _against(facts)
    components = _components(facts)
    if components:
        found["component"] = components
    notes = [word("limits_text", "en"), *([word("check_identity", "en")] if facts["check_identity"] else [])]
    found["note"] = [{"text": note} for note in notes]
    return found


def _against(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Normal range and class by the named table; nothing where the table ends."""
    row = named_score(facts)
    if row is None or row["sds"] is None:
        return {}
    code, display = _CLASS[row["class"]]
    low, high = row["normal_range_months"]
    return {
        "referenceRange": [
            {"low": _months(low), "high": _months(high), "text": f"{row['name_en']} ({row['table']}), -2 to +2 SD"}
        ],
        "interpretation": [
            {"coding": [{"system": INTERPRETATION, "code": code, "display": display}], "text": row["class"]}
        ],
    }


def _components(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One for each number beside the bone age."""
    found = []

    def add(code: str, text: str, value: dict[str, Any], coding: list[dict[str, str]] | None = None) -> None:
        found.append({"code": {"coding": [*(coding or []), {"system": LOCAL, "code": code}], "text": text}, **value})

    age = facts["chronological_age_months"]
    if age is not None:
        loinc = [{"system": LOINC, "code": "30525-0", "display": "Age"}]
        add("chronological-age", "Chronological age", {"valueQuantity": _months(age)}, loinc)
    if facts["difference_months"] is not None:
        add("difference", "Bone age minus chronological age", {"valueQuantity": _months(facts["difference_months"])})
    for row in facts["sds"]:
        if row["sds"] is not None:
            score = {"value": round(row["sds"], 3), "system": UCUM, "code": "1"}
            add(f"sds-{row['table']}", f"SDS against {row['name_en']}", {"valueQuantity": score})
    if facts["interval_months"]:
        low, high = facts["interval_months"]
        add("interval", _interval_text(facts), {"valueRange": {"low": _months(low), "high": _months(high)}})
    if facts["calibration"] and facts["prediction"]:
        for code, text, months in (
            ("model-uncorrected", "Model without correction", facts["prediction"]["bone_age_months"]),
            ("model-corrected", "Model with the site's correction", facts["calibration"]["bone_age_months"]),
        ):
            if months is not None:
                add(code, text, {"valueQuantity": _months(months)})
    for part in facts["parts"]:
        if part["bone_age_months"] is not None:
            text = word(f"{part['part']}_age", "en")
            add(f"part-{part['part'].replace('_', '-')}", text, {"valueQuantity": _months(part["bone_age_months"])})
    return found


def _interval_text(facts: Mapping[str, Any]) -> str:
    coverage = facts["interval_coverage"]
    return "Interval of the estimate" + (f" ({coverage:.0%})" if coverage is not None else "")


def _patient(facts: Mapping[str, Any], id_: str) -> dict[str, Any]:
    gender = {"M": "male", "F": "female"}.get(facts["sex"] or "", "unknown")
    identifier = [{"system": PSEUDONYMS, "value": facts["study"]["pseudonym"]}]
    return {"resourceType": "Patient", "id": id_, "meta": _meta(facts), "identifier": identifier, "gender": gender}


def _device(facts: Mapping[str, Any], id_: str) -> dict[str, Any]:
    model = facts["prediction"]["model"]
    return {
        "resourceType": "Device",
        "id": id_,
        "identifier": [{"system": "urn:chboneai:model", "value": model["hash"]}],
        "modelNumber": model["label"],
    }


def _report(facts: Mapping[str, Any], ids: Mapping[str, str], issued: str) -> dict[str, Any]:
    radiology = {"system": SERVICE_SECTION, "code": "RAD", "display": "Radiology"}
    found: dict[str, Any] = {
        "resourceType": "DiagnosticReport",
        "id": ids["report"],
        "meta": _meta(facts),
        "status": _STATUS[facts["status"]],
        "category": [{"coding": [radiology]}],
        "code": {"coding": [BONE_AGE], "text": "Bone age"},
        "subject": {"reference": f"urn:uuid:{ids['patient']}"},
        "issued": issued,
        "result": [{"reference": f"urn:uuid:{ids['observation']}"}],
        "conclusion": conclusion(facts),
    }
    if facts["signed_by"]:
        found["resultsInterpreter"] = [{"display": facts["signed_by"]["display_name"]}]
    return found


def conclusion(facts: Mapping[str, Any]) -> str:
    """One English sentence: the age, whose it is, and what it means by the named table."""
    months = facts["bone_age_months"]
    if months is None:
        return "No bone age."
    row = named_score(facts)
    against = ""
    if row is not None and row["sds"] is not None:
        against = f" SDS {signed_number(row['sds'])} by {row['name_en']}: {row['class']}."
    elif facts["chronological_age_months"] is not None:
        against = " No reference at this age."
    found_by = word(f"basis_{facts['basis']}", "en")
    return f"Bone age {years_and_months(months, 'en')} ({months:.1f} months), {found_by}.{against}"
