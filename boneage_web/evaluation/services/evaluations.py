"""Put a model's predictions beside the truth: freeze the cases, and keep what the list shows of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from annotations.base.errors import Conflict, Invalid
from boneage_web.evaluation.models import BandBy, Evaluation
from boneage_web.evaluation.services.cohort_cases import (
    approved_radiographs,
    boxed_films,
    cohort_rows,
    confirmed_unreadable,
)
from boneage_web.evaluation.services.tables import figure_json, keep_table
from boneage_web.registry.models import ModelVersion, Snapshot
from boneage_web.registry.selectors import studies_of
from boneage_web.runs.models import Run
from inference.statistics.case_filter import CaseFilter, offers_of
from inference.statistics.case_table import CaseTable
from inference.statistics.detection import CENTRE_LIMIT_OF_HEIGHT, COLUMNS, IOU_LIMIT, detector_figure
from inference.statistics.figures.figure import Figure
from inference.statistics.figures.headline import headline
from inference.statistics.figures.population import Member, distribution
from training.snapshot import SnapshotRadiograph

APPROVED_CONSENSUS = "approved consensus"
LABEL_OF_DATA_SET = "label of the data set"
SPLITS = ("train", "validation", "test")
OPENING_FIGURES = ("headline", "table3", "scatter", "bland_altman")
"""What a page opens with: counted when the evaluation is made, so that nobody waits for it."""
MODEL_TRUTH = "model"
"""How a truth's origin begins that only a model said."""


@dataclass(frozen=True)
class EvaluationRequest:
    """Which model on whom: a split of a snapshot, or the approved cases of a cohort (of all, without one)."""

    model: UUID
    cohort: UUID | None
    snapshot: UUID | None
    split: str
    band_by: BandBy

    def to_json(self) -> dict[str, Any]:
        """As a run's parameters."""
        return {
            "model": str(self.model),
            "cohort": str(self.cohort) if self.cohort else None,
            "snapshot": str(self.snapshot) if self.snapshot else None,
            "split": self.split or None,
            "band_by": str(self.band_by),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "EvaluationRequest":
        """From a run's parameters."""
        return cls(
            model=UUID(values["model"]),
            cohort=UUID(values["cohort"]) if values["cohort"] else None,
            snapshot=UUID(values["snapshot"]) if values["snapshot"] else None,
            split=values["split"] or "",
            band_by=BandBy(values["band_by"]),
        )


def check_request(request: EvaluationRequest) -> None:
    """Refuse what cannot end well, before a run is made. Raises Invalid or Conflict."""
    if not ModelVersion.objects.filter(pk=request.model).exists():
        raise Invalid("unknown_model", "There is no such model. Choose one of the list.")
    if request.snapshot is not None:
        if request.cohort is not None or request.split not in SPLITS:
            raise Invalid("one_population", "Choose a cohort, or a snapshot with one of its splits.")
        if not Snapshot.objects.filter(pk=request.snapshot).exists():
            raise Invalid("unknown_snapshot", "There is no such snapshot. Choose one of the list.")
    elif request.split:
        raise Invalid("one_population", "A split belongs to a snapshot. Choose the snapshot too.")
    elif not approved_radiographs(request.cohort):
        raise Conflict("no_truth", "No bone age is approved here yet, so there is nothing to compare with.")


def evaluate_cohort(*, run: Run, request: EvaluationRequest) -> Evaluation:
    """Compare the model's newest prediction of each approved radiograph with its bone age."""
    radiographs = approved_radiographs(request.cohort)
    rows, left_out = cohort_rows(radiographs, request.model)
    unreadable = confirmed_unreadable(request.cohort)
    if unreadable:
        left_out["no_bone_age"] = unreadable
    if not any(row["predicted"] is not None for row in rows):
        raise Conflict("nothing_to_compare", "The model gave a bone age for none of the approved films.")
    detector = detector_figure(boxed_films(radiographs, request.model))
    members = [Member(row["site"] or "all", row["sex"], row["consensus"], row["chronological"]) for row in rows]
    return keep(
        run=run,
        request=request,
        truth=APPROVED_CONSENSUS,
        table=CaseTable.from_rows(rows),
        left_out=left_out,
        facts={
            "synthetic": any(radiograph.synthetic for radiograph in radiographs),
            "truth_is_model": False,
            "table1": distribution(members),
            "detector": detector.to_json() if detector else None,
        },
    )


def keep_split_evaluation(
    *,
    run: Run | None,
    request: EvaluationRequest,
    report: Mapping[str, Any],
    radiographs: Sequence[SnapshotRadiograph],
    population: Mapping[str, Any] | None = None,
) -> Evaluation:
    """Keep what `training.evaluate` found on a split of a snapshot.

    Args:
        report: its report.json.
        radiographs: all of the snapshot, for table 1, and for what the truth of each rests on.
        population: name, hash and split of a snapshot that is no row of this workplace.
    """
    known = {radiograph.id: radiograph for radiograph in radiographs}
    studies = studies_of([case["id"] for case in report["cases"]])
    origins = [known[case["id"]].truth_origin for case in report["cases"] if case["id"] in known]
    by_consensus = all(origin.startswith(("consensus", "drawn")) for origin in origins)
    rows = [_split_row(case, known.get(case["id"]), studies, by_consensus) for case in report["cases"]]
    facts = {name: report[name] for name in ("interval", "baselines", "model", "population") if name in report}
    return keep(
        run=run,
        request=request,
        truth=APPROVED_CONSENSUS if by_consensus else LABEL_OF_DATA_SET,
        table=CaseTable.from_rows(rows),
        left_out=dict(report.get("refused", {})),
        facts={
            **facts,
            **({"population": dict(population)} if population else {}),
            "synthetic": bool(report["synthetic"]),
            "truth_is_model": any(origin.startswith(MODEL_TRUTH) for origin in origins),
            "truth_origins": sorted(set(origins)),
            "table1": distribution(
                [Member(r.split, r.sex, r.bone_age_months, r.chronological_age_months) for r in radiographs]
            ),
            "detector": _detector(report.get("detector")),
        },
        region_marks={
            film: {"patient": known[film].patient, "marks": marks}
            for film, marks in report.get("region_marks", {}).items()
            if film in known
        },
    )


def _detector(scores: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The detector's figure; of a report that an older version wrote, the share of found regions is all there is."""
    if scores is None:
        return None
    if "figure" in scores:
        return dict(scores["figure"])
    nothing = dict.fromkeys(COLUMNS, None)
    every = {"n": scores["labelled_regions"], "found": scores["found_within_3_percent"]}
    named = [*scores["by_region"].items(), ("all", every | {"median_iou": scores["median_iou"]})]
    rows = [nothing | {"region": region} | found for region, found in named]
    values = {"hands": scores["hands"], "hands_complete": scores["hands_complete"], "rows": rows[:-1], "all": rows[-1]}
    limits = {"centre_limit": CENTRE_LIMIT_OF_HEIGHT, "iou_limit": IOU_LIMIT}
    return Figure(values | limits, COLUMNS, [[row[name] for name in COLUMNS] for row in rows]).to_json()


def _split_row(
    case: Mapping[str, Any], radiograph: SnapshotRadiograph | None, studies: Mapping[str, str], by_consensus: bool
) -> dict[str, Any]:
    low, high = case["interval_months"] or (None, None)
    return {
        "id": case["id"],
        "study": studies.get(case["id"], ""),
        "patient": radiograph.patient if radiograph else case.get("patient"),
        "sex": case["sex"],
        "consensus" if by_consensus else "single_read": case["truth_months"],
        "predicted": case["predicted_months"],
        "without_age": case.get("without_age_months"),
        "chronological": case["chronological_age_months"],
        "low": low,
        "high": high,
    }


@transaction.atomic
def keep(
    *,
    run: Run | None,
    request: EvaluationRequest,
    truth: str,
    table: CaseTable,
    left_out: dict[str, int],
    facts: Mapping[str, Any],
    region_marks: Mapping[str, Any] | None = None,
) -> Evaluation:
    """One row for each run; numbered within its snapshot split, whichever model was asked."""
    known = Evaluation.objects.filter(run=run).first() if run else None
    if known is not None:
        return known
    before = 0
    if request.snapshot is not None:
        Snapshot.objects.select_for_update().filter(pk=request.snapshot).values_list("pk").get()
        before = Evaluation.objects.filter(snapshot=request.snapshot, split=request.split).count()
    offers = offers_of(table)
    first = next(name for name, count in offers["truths"].items() if count)
    wanted = CaseFilter(truth=first, band_by=request.band_by.value)
    shown = headline(table, wanted)
    evaluation = Evaluation.objects.create(
        model_version_id=request.model,
        run=run,
        cohort_id=request.cohort,
        snapshot_id=request.snapshot,
        split=request.split,
        truth=truth,
        band_by=request.band_by,
        number=before + 1,
        left_out=left_out,
        case_table=keep_table(table),
        report={
            **facts,
            "n": shown.values["n"],
            "overall": shown.values["overall"],
            "offers": offers,
            "films_hash": table.films_hash(),
        },
        region_marks=dict(region_marks or {}),
        created_by=run.requested_by if run else None,
    )
    for name in OPENING_FIGURES:
        figure_json(evaluation, name, wanted, {})
    return evaluation
