"""A result as DICOM SR: Comprehensive SR with a measurement report (PS3.16 TID 1500).

The bone age is one measurement group about the film; each region that the model found is another, with its box as a
closed polyline in pixels of the film (PS3.3 C.18.6: the origin is the outer corner of the top-left pixel, as here).
"""

from collections.abc import Mapping
from typing import Any

import highdicom as hd
import numpy as np
from highdicom import sr
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from boneage_web.results.facts import named_score
from boneage_web.results.reports import codes as own
from boneage_web.results.reports.dicom_target import MANUFACTURER, Target, finish, object_uid
from inference.anatomy.regions import REGION_BY_ID

Facts = Mapping[str, Any]
SERIES_NUMBER = 9901


def structured_report(facts: Facts, target: Target) -> hd.sr.ComprehensiveSR:
    """The object, ready to be written. Raises ValueError without a bone age: there is nothing to measure."""
    if facts["bone_age_months"] is None:
        raise ValueError("A result without a bone age makes no structured report.")
    report = sr.MeasurementReport(
        observation_context=_observers(facts, target),
        procedure_reported=own.HAND_RADIOGRAPHY,
        imaging_measurements=[_whole(facts, target), *_regions(facts, target)],
        title=codes.DCM.ImagingMeasurementReport,
        language_of_content_item_and_descendants=sr.LanguageOfContentItemAndDescendants(
            sr.CodedConcept("en", "RFC5646", "English")
        ),
    )
    signed = facts["signed_by"] is not None
    name = _writable(facts, target) if signed else None
    made = sr.ComprehensiveSR(
        evidence=[target.evidence],
        content=report,
        series_instance_uid=object_uid(facts, "sr-series", target),
        series_number=SERIES_NUMBER,
        sop_instance_uid=object_uid(facts, "sr", target),
        instance_number=1,
        manufacturer=MANUFACTURER,
        is_complete=True,
        is_final=signed,
        is_verified=signed,
        verifying_observer_name=name,
        verifying_organization="unknown" if signed else None,
        coding_schemes=[own.SCHEME],
    )
    return finish(made, target)


def _writable(facts: Facts, target: Target) -> str:
    """The signer's name as a person name; where the archive's character set cannot write it, what it can."""
    name = str(facts["signed_by"]["display_name"]).replace("^", " ").replace("=", " ").replace("\\", " ")[:64]
    # the caret says that a single component is meant (PS3.5 6.2.1.2)
    return f"{name if target.can_write(name) else 'signer ' + facts['signed_by']['id'][:8]}^"


def _observers(facts: Facts, target: Target) -> sr.ObservationContext:
    person = None
    if facts["signed_by"] is not None:
        person = sr.ObserverContext(
            observer_type=codes.DCM.Person,
            observer_identifying_attributes=sr.PersonObserverIdentifyingAttributes(name=_writable(facts, target)),
        )
    device = sr.ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=sr.DeviceObserverIdentifyingAttributes(
            uid=object_uid({"study": {"id": "device"}, "version": 0}, "device", target),
            name="bone age workplace",
            manufacturer_name=MANUFACTURER,
            model_name=_algorithm(facts)[0],
        ),
    )
    return sr.ObservationContext(observer_person_context=person, observer_device_context=device)


def _algorithm(facts: Facts) -> tuple[str, str]:
    model = facts["prediction"]["model"] if facts["prediction"] else None
    return (model["label"], model["hash"][:16]) if model else ("none", "none")


def _source(target: Target) -> tuple[str, str]:
    return str(target.evidence.SOPClassUID), str(target.evidence.SOPInstanceUID)


def _whole(facts: Facts, target: Target) -> sr.MeasurementsAndQualitativeEvaluations:
    """The film's bone age with all that belongs to it."""
    name, version = _algorithm(facts)
    machine = facts["basis"] in ("model", "calibrated")
    side = facts["study"]["laterality"]
    evaluations = [
        sr.QualitativeEvaluation(own.STATUS, own.STATUSES[facts["status"]]),
        sr.QualitativeEvaluation(own.BASIS, own.BASES[facts["basis"]]),
        sr.QualitativeEvaluation(own.USE, own.RESEARCH),
    ]
    if facts["study"]["synthetic"]:
        evaluations.append(sr.QualitativeEvaluation(own.DATA, own.SYNTHETIC))
    row = named_score(facts)
    if row is not None and row["class"] is not None:
        evaluations.append(sr.QualitativeEvaluation(own.CLASS, own.CLASSES[row["class"]]))
    return sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(uid=object_uid(facts, "bone-age", target), identifier="Bone age"),
        finding_type=own.BONE_AGE,
        algorithm_id=sr.AlgorithmIdentification(name=name, version=version) if machine else None,
        finding_sites=[sr.FindingSite(own.HAND, laterality=own.LATERALITY[side] if side else None)],
        measurements=_measurements(facts),
        qualitative_evaluations=evaluations,
        source_images=[sr.SourceImageForMeasurementGroup(*_source(target))],
    )


def _measurements(facts: Facts) -> list[sr.Measurement]:
    found = [_number(own.BONE_AGE, facts["bone_age_months"], properties=_normal(facts))]
    pairs: list[tuple[Code, float | None]] = [
        (own.AGE, facts["chronological_age_months"]),
        (own.DIFFERENCE, facts["difference_months"]),
        *zip((own.INTERVAL_LOW, own.INTERVAL_HIGH), facts["interval_months"] or (None, None), strict=True),
    ]
    if facts["calibration"] and facts["prediction"]:
        pairs.append((own.UNCORRECTED, facts["prediction"]["bone_age_months"]))
        pairs.append((own.CORRECTED, facts["calibration"]["bone_age_months"]))
    pairs += [(own.PART_AGES[one["part"]], one["bone_age_months"]) for one in facts["parts"]]
    found += [_number(name, value) for name, value in pairs if value is not None]
    for row in facts["sds"]:
        if row["sds"] is not None:
            method = Code(row["table"], own.OWN, row["name_en"][:64])
            found.append(_number(own.SDS, row["sds"], unit=own.NO_UNIT, method=method))
            found.append(_number(own.SD, row["sd_months"], method=method))
    return found


def _number(name: Code, value: float, *, unit: Code = own.MONTHS, **more: Any) -> sr.Measurement:
    return sr.Measurement(name=name, value=round(float(value), 4), unit=unit, **more)


def _normal(facts: Facts) -> sr.MeasurementProperties | None:
    """Normal range by the table that is named first, with the table as its authority."""
    row = named_score(facts)
    if row is None or row["normal_range_months"] is None:
        return None
    low, high = row["normal_range_months"]
    limits = [
        sr.NumContentItem(
            name=name,
            value=round(float(value), 4),
            unit=own.MONTHS,
            relationship_type=sr.RelationshipTypeValues.HAS_PROPERTIES,
        )
        for name, value in (
            (codes.SCT.NormalRangeLowerLimit, low),
            (codes.SCT.NormalRangeUpperLimit, high),
        )
    ]
    return sr.MeasurementProperties(
        normal_range_properties=sr.NormalRangeProperties(
            values=limits, description="-2 to +2 SD", authority=f"{row['name_en']} ({row['table']})"
        )
    )


def _regions(facts: Facts, target: Target) -> list[sr.PlanarROIMeasurementsAndQualitativeEvaluations]:
    prediction = facts["prediction"]
    if not prediction:
        return []
    moved = {one["owner"]: one["months"] for one in prediction["contributions"] if one["found"]}
    return [_region(facts, target, box, moved.get(box["region"])) for box in prediction["boxes"]]


def _region(
    facts: Facts, target: Target, box: Mapping[str, Any], moved: float | None
) -> sr.PlanarROIMeasurementsAndQualitativeEvaluations:
    """One region's box. A box runs past the film's edge now and then; its corners are then brought back onto it."""
    region = REGION_BY_ID[box["region"]]
    columns, rows = facts["radiograph"]["columns"], facts["radiograph"]["rows"]
    x0, x1 = (min(max(float(box[edge]), 0.0), float(columns)) for edge in ("x0", "x1"))
    y0, y1 = (min(max(float(box[edge]), 0.0), float(rows)) for edge in ("y0", "y1"))
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]])
    name, version = _algorithm(facts)
    measurements = [_number(own.CONFIDENCE, box["score"], unit=own.NO_UNIT)]
    if moved is not None:
        measurements.append(_number(own.CONTRIBUTION, moved))
    return sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(
            uid=object_uid(facts, f"region-{region.id}", target), identifier=region.name_en
        ),
        referenced_region=sr.ImageRegion(
            graphic_type=sr.GraphicTypeValues.POLYLINE,
            graphic_data=corners,
            source_image=sr.SourceImageForRegion(*_source(target)),
        ),
        finding_type=own.region_code(region.id, region.name_en),
        algorithm_id=sr.AlgorithmIdentification(name=name, version=version),
        measurements=measurements,
    )
