"""Every address of the roof, with the answer that each persona gets. Those of the annotations stand in their table."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from annotations.models import Person
from boneage_web.evaluation.models import BandBy, Evaluation
from boneage_web.evaluation.services.evaluations import APPROVED_CONSENSUS, EvaluationRequest, keep
from boneage_web.outbound.models import Delivery
from boneage_web.registry.models import ModelVersion, Snapshot
from boneage_web.results.models import Basis, LocalCalibration, Prediction, SdReference
from boneage_web.results.services.signing import Signature, sign
from boneage_web.runs.models import Run
from inference.statistics.case_table import CaseTable
from inference.statistics.figures.population import Member, distribution
from tests.annotations.route_table import CURATORS, EVERYBODY, UPLOADERS, WITH_A_ROLE, RouteRow
from tests.factories.studies import film_of, make_study

MODEL_WORKERS = frozenset({"researcher", "administrator"})
SIGNERS = frozenset({"adjudicator", "reviewer"})
ADMINISTRATORS = frozenset({"administrator"})
HEX = "0123456789abcdef" * 4
_TABLE = {
    "name_en": "Our girls",
    "name_zh": "本院女童",
    "source": "Somebody, Some Journal 2020",
    "population": "girls of one town",
    "table": "sex,age_months,sd_months\nF,60,9\nF,120,11\nF,180,10\n",
}


def _row(method: str, path: str, allowed: frozenset[str], **other: object) -> RouteRow:
    return RouteRow(method=method, path=path, allowed=allowed, **other)  # type: ignore[arg-type]


PUBLIC = ("/health", "/session", "/schema")
"""Addresses that answer somebody who is not signed in (session: GET and POST)."""

ROUTES: tuple[RouteRow, ...] = (
    _row("GET", "/health", EVERYBODY),
    _row("GET", "/schema", EVERYBODY),
    _row("GET", "/session", EVERYBODY),
    _row("POST", "/session", EVERYBODY, ok=401, body={"username": "no one", "password": "wrong"}),
    _row("PATCH", "/session", EVERYBODY, body={"language": "zh-Hans"}),
    _row("POST", "/session/password", EVERYBODY, ok=400, body={"old": "wrong", "new": "a-long-sentence-9"}),
    _row("DELETE", "/session", EVERYBODY, ok=204),
    _row("GET", "/runs", MODEL_WORKERS),
    _row(
        "POST",
        "/runs",
        MODEL_WORKERS,
        ok=201,
        body={"kind": "infer", "parameters": {"model": "{model}"}},
    ),
    _row("GET", "/runs/{run}", MODEL_WORKERS),
    _row("GET", "/runs/{run}/log", MODEL_WORKERS),
    _row("POST", "/runs/{run}/cancel", MODEL_WORKERS),
    _row("POST", "/runs/{run}/resume", MODEL_WORKERS, ok=409),  # it waits
    _row("GET", "/presets", MODEL_WORKERS),
    _row("GET", "/snapshots", MODEL_WORKERS),
    _row("POST", "/snapshots", MODEL_WORKERS, ok=409, body={"name": "first"}),  # nothing is accepted yet
    _row("GET", "/snapshots/{snapshot}", MODEL_WORKERS),
    _row("GET", "/snapshots/{snapshot}/contents", MODEL_WORKERS, ok=404),  # it has no files
    _row("GET", "/snapshots/{snapshot}/differences?other={snapshot}", MODEL_WORKERS, ok=404),
    _row("GET", "/models", WITH_A_ROLE),
    _row("POST", "/models", MODEL_WORKERS, ok=409, body={"run": "{training}"}),  # it made no model
    _row("GET", "/models/{model}", WITH_A_ROLE),
    _row("GET", "/models/{model}/release", MODEL_WORKERS),
    _row("GET", "/models/{model}/statements", WITH_A_ROLE),
    _row(
        "POST",
        "/models/{model}/statements",
        MODEL_WORKERS,
        ok=201,
        body={"item": "contact", "text": "the radiology department"},
    ),
    _row("GET", "/yardstick", MODEL_WORKERS),
    _row(
        "POST",
        "/yardstick",
        MODEL_WORKERS,
        ok=409,  # nobody is in its test part
        body={"snapshot": "{snapshot}", "split": "test", "reason": "held back"},
    ),
    _row("POST", "/models/{model}/activate", MODEL_WORKERS, body={"reason": "better"}),
    _row("POST", "/models/{model}/retire", MODEL_WORKERS),
    *(  # without and with a signed result
        _row("GET", f"/studies/{study}/result", WITH_A_ROLE - {"reader"}, but={"nobody": 404})
        for study in ("{study}", "{signed_study}")
    ),
    _row(
        "POST",
        "/studies/{study}/result/sign",
        SIGNERS,
        ok=201,
        body={"basis": "model", "bone_age_months": 118.0, "reference": "gp1959_brush", "based_on_version": None},
        but={"nobody": 404},
    ),
    _row(
        "POST",
        "/studies/{study}/result/height",
        WITH_A_ROLE - {"reader"},
        ok=201,
        body={"height_cm": 142.3, "days_from_film": 0, "based_on": None},
        but={"nobody": 404},
    ),
    *(
        _row("GET", f"/studies/{{study}}/result/report.{form}", WITH_A_ROLE - {"reader"}, but={"nobody": 404})
        for form in ("txt", "csv", "fhir", "pdf")
    ),
    _row("GET", "/studies/{study}/deliveries", WITH_A_ROLE - {"reader"}, but={"nobody": 404}),
    _row("POST", "/studies/{study}/deliveries", SIGNERS, ok=409, but={"nobody": 404}),  # no PACS is set up
    _row("POST", "/deliveries/{delivery}/retry", SIGNERS, but={"nobody": 404}),
    _row("POST", "/studies/{study}/examine", WITH_A_ROLE - {"reader"}, ok=201, but={"nobody": 404}),
    _row("GET", "/references", WITH_A_ROLE),
    _row("POST", "/references", ADMINISTRATORS, ok=201, body=_TABLE),
    _row("POST", "/references/named-first", ADMINISTRATORS, body={"table": "gp1959_tables_v_vi"}),
    _row("POST", "/references/{reference}/retire", ADMINISTRATORS),
    _row("GET", "/calibrations", MODEL_WORKERS),
    _row("POST", "/calibrations", MODEL_WORKERS, ok=409, body={"model": "{model}"}),  # too few approved cases
    _row("POST", "/calibrations/{calibration}/activate", MODEL_WORKERS, body={"reason": "bias of our films"}),
    _row("POST", "/calibrations/{calibration}/retire", MODEL_WORKERS, ok=409),  # a candidate is not in use
    _row("POST", "/studies/{study}/predict", UPLOADERS, ok=201, but={"nobody": 404}),
    _row("GET", "/evaluations", CURATORS),
    _row("GET", "/evaluations/{evaluation}", CURATORS),
    _row("GET", "/evaluations/{evaluation}/cases", CURATORS),
    _row("GET", "/evaluations/{evaluation}/cases.csv", CURATORS),
    _row("GET", "/evaluations/{evaluation}/cases/{case}", CURATORS),
    _row("GET", "/evaluations/{evaluation}/cases/{case}/pixels", CURATORS, ok=404),  # its film is one of this workplace
    _row("GET", "/evaluations/{evaluation}/cases/{case}/thumbnail", CURATORS, ok=404),
    _row("GET", "/evaluations/{evaluation}/report.pdf", CURATORS),
    _row("GET", "/evaluations/{evaluation}/model-card.pdf", CURATORS),
    _row("GET", "/evaluations/{evaluation}/comparison", CURATORS, ok=400),  # with whom?
    _row("GET", "/evaluations/{evaluation}/comparison.csv", CURATORS, ok=400),
    _row("GET", "/evaluations/{evaluation}/figures/{figure}", CURATORS),
    _row("GET", "/evaluations/{evaluation}/figures/{figure}.csv", CURATORS),
)


def world() -> Mapping[str, str]:
    """Rows for the addresses."""
    study = make_study()
    run = Run.objects.create(kind="infer")
    training = Run.objects.create(kind="train")
    snapshot = Snapshot.objects.create(
        name="frozen", hash=HEX, synthetic=True, manifest={"counts": {"parts_with_boxes": {"train": 1}}, "split": {}}
    )
    model = make_model()
    Prediction.objects.create(
        model_version=model, radiograph=film_of(study), inputs_key="M:120.00", sex="M", bone_age_months=118.0
    )
    row = {"id": str(film_of(study).pk), "study": str(study.pk), "sex": "M", "consensus": 120, "predicted": 118}
    evaluation = make_evaluation(model, [row])
    administrator = Person.objects.get(username="administrator")
    reference = SdReference.objects.create(
        slug="site_other",
        name_en="Other",
        name_zh="其他",
        source="A book",
        population="children",
        rows=[["M", 60, 9], ["M", 120, 11], ["M", 180, 10]],
        hash="f" * 64,
        loaded_by=administrator,
    )
    calibration = LocalCalibration.objects.create(
        model_version=model, lines={}, measured={}, cases=[], cases_hash=HEX, fitted_by=administrator
    )
    sent = make_study()
    Prediction.objects.create(
        model_version=model, radiograph=film_of(sent), inputs_key="M:120.00", sex="M", bone_age_months=118.0
    )
    signed = sign(
        person=Person.objects.get(username="reviewer"),
        study=sent,
        signature=Signature(basis=Basis.MODEL, bone_age_months=118.0, reference="gp1959_brush", based_on_version=None),
    )
    delivery = Delivery.objects.create(
        signed=signed,
        destination="PACS",
        mode="research",
        state="failed",
        reason_code="unreachable",
        not_before=timezone.now(),
        requested_by=administrator,
    )
    return {
        "delivery": str(delivery.pk),
        "reference": str(reference.pk),
        "calibration": str(calibration.pk),
        "study": str(study.pk),
        "signed_study": str(sent.pk),
        "run": str(run.pk),
        "training": str(training.pk),
        "snapshot": str(snapshot.pk),
        "model": str(model.pk),
        "evaluation": str(evaluation.pk),
        "figure": "table3",
        "case": "0",
    }


def make_model(hash_: str = HEX, *, status: str = "active") -> ModelVersion:
    """A registered model without files."""
    return ModelVersion.objects.create(
        label=f"light-{hash_[:8]}",
        hash=hash_,
        status=status,
        activated_at=timezone.now() if status == "active" else None,
        manifest={"preset": "light", "trained_on": {"name": "drawn", "synthetic": True, "n": 20}},
    )


def make_evaluation(model: ModelVersion, rows: Sequence[dict[str, Any]], **facts: Any) -> Evaluation:
    """An evaluation of these case rows, as if a run had made it."""
    members = [Member("all", row["sex"], row.get("consensus"), row.get("chronological")) for row in rows]
    return keep(
        run=None,
        request=EvaluationRequest(model=model.pk, cohort=None, snapshot=None, split="", band_by=BandBy.BONE_AGE),
        truth=APPROVED_CONSENSUS,
        table=CaseTable.from_rows(rows),
        left_out={},
        facts={"synthetic": True, "truth_is_model": False, "table1": distribution(members), "detector": None} | facts,
    )
