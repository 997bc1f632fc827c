"""Facts of one made-up result, as `boneage_web/results/facts.py` makes them; for tests of what is made of facts."""

from typing import Any

from inference.anatomy.regions import REGION_IDS

BOXES: list[dict[str, Any]] = [
    {"region": region, "x0": 10.0 + 30 * i, "y0": 20.0, "x1": 30.0 + 30 * i, "y1": 60.5, "score": 0.9}
    for i, region in enumerate(REGION_IDS[:15])
]
FACTS: dict[str, Any] = {
    "format": 1,
    "status": "signed",
    "version": 1,
    "study": {
        "id": "11111111-1111-4111-8111-111111111111",
        "pseudonym": "P4X0ABCDEFGHJK",
        "study_uid": "2.25.1111",
        "laterality": "L",
        "modality": "DX",
        "synthetic": True,
        "received_at": "2026-01-01T08:00:00+00:00",
    },
    "radiograph": {
        "id": "22222222-2222-4222-8222-222222222222",
        "sop_instance_uid": "2.25.2222",
        "rows": 800,
        "columns": 600,
    },
    "basis": "model",
    "bone_age_months": 148.4,
    "interval_months": [130.2, 166.6],
    "interval_coverage": 0.9,
    "sex": "F",
    "sex_source": "stated",
    "chronological_age_months": 122.0,
    "age_source": "dates",
    "difference_months": 26.4,
    "sds": [
        {
            "table": "gp1959_brush",
            "name_en": "Greulich-Pyle 1959, Brush Foundation children",
            "name_zh": "Greulich-Pyle 1959，Brush 基金会儿童",
            "source": "the atlas",
            "shipped": True,
            "covers_months": [3.0, 192.0],
            "sd_months": 10.5,
            "normal_range_months": [101.0, 143.0],
            "sds": 2.514,
            "class": "advanced",
        },
        {
            "table": "site_abc",
            "name_en": "Our girls",
            "name_zh": "本院女童",
            "source": "a paper",
            "shipped": False,
            "covers_months": [3.0, 100.0],
            "sd_months": None,
            "normal_range_months": None,
            "sds": None,
            "class": None,
        },
    ],
    "reference": "gp1959_brush",
    "check_identity": False,
    "quality": [
        {
            "code": "blurred",
            "severity": "warning",
            "message_en": "The film is blurred.",
            "message_zh": "影像模糊。",
            "value": 1.0,
            "threshold": 2.0,
        }
    ],
    "prediction": {
        "id": "33333333-3333-4333-8333-333333333333",
        "bone_age_months": 148.4,
        "interval_months": [130.2, 166.6],
        "interval_coverage": 0.9,
        "base_months": 127.7,
        "contributions": [
            {"owner": "radius", "months": 12.5, "found": True},
            {"owner": "carpals", "months": -3.25, "found": True},
            {"owner": "dp5", "months": 0.5, "found": False},
            {"owner": "sex", "months": 10.95, "found": True},
        ],
        "boxes": BOXES,
        "missing_regions": list(REGION_IDS[15:]),
        "sex": "F",
        "sex_source": "stated",
        "inputs_used": ["region_features", "sex"],
        "outdated": False,
        "model": {
            "id": "44444444-4444-4444-8444-444444444444",
            "label": "light-46ac612a",
            "hash": "46ac612a" * 8,
            "trained_on": {"name": "RSNA 2017", "synthetic": False, "n": 10088},
            "synthetic": False,
        },
        "created_at": "2026-01-01T08:00:05+00:00",
        "stage_seconds": {"detect": 0.05},
        "error": None,
    },
    "calibration": None,
    "parts": [
        {"part": "carpals", "bone_age_months": 141.0, "interval_months": None, "error_code": None},
        {"part": "no_carpals", "bone_age_months": 149.5, "interval_months": None, "error_code": None},
    ],
    "signed_by": {"id": "55555555-5555-4555-8555-555555555555", "display_name": "李 医生"},
    "signed_at": "2026-01-02T09:30:00+00:00",
    "reason": None,
    "research_use_only": True,
}
"""A girl of 10 y 2 m with a bone age of 12 y 4 m, signed, 15 of 17 regions found."""
PRELIMINARY: dict[str, Any] = {
    **FACTS,
    "status": "preliminary",
    "version": None,
    "signed_by": None,
    "signed_at": None,
}
GROWTH: list[dict[str, Any]] = [
    {
        "study": "66666666-6666-4666-8666-666666666666",
        "chronological_age_months": 108.0,
        "bone_age_months": 120.0,
        "origin": "signed_model",
        "change": None,
    },
    {
        "study": FACTS["study"]["id"],
        "chronological_age_months": 122.0,
        "bone_age_months": 148.4,
        "origin": "signed_model",
        "change": {
            "bone_age_months": 28.4,
            "age_months": 14.0,
            "rate": 2.03,
            "noise_months": 19.7,
            "within_noise": True,
        },
    },
]
