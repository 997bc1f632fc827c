"""Studies with predictions and approved bone ages by the thousand, written straight into the rows, without any film."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from annotations.models import Cohort, Consensus, Patient, Person, Radiograph, Study
from annotations.services.protocols import present_protocol
from annotations.states import AgeSource, ConsensusOrigin, ConsensusStatus, SexSource, StudyState
from boneage_web.registry.models import ModelVersion
from boneage_web.results.models import Prediction

START = datetime(2016, 1, 1, tzinfo=UTC)
BATCH = 2000


def write_approved_studies(rows: Sequence[dict[str, Any]], *, model: ModelVersion, approver: Person) -> None:
    """One ready study a row, in a cohort named by its part, with the model's prediction and an approved bone age.

    Args:
        rows: of :func:`tests.factories.cases.paper_cohort`.
    """
    parts = {row["part"] for row in rows}
    cohorts = {part: Cohort.objects.get_or_create(name=f"Paper sizes, {part}")[0] for part in sorted(parts)}
    protocol = present_protocol()
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        patients = Patient.objects.bulk_create(Patient(pseudonym=f"P{uuid4().hex[:12]}") for _ in batch)
        studies = Study.objects.bulk_create(
            Study(
                patient=patient,
                cohort=cohorts[row["part"]],
                study_uid=f"2.25.{uuid4().int}",
                state=StudyState.READY,
                sex=row["sex"],
                sex_source=SexSource.HEADER,
                chronological_age_months=row["chronological_age_months"],
                age_source=AgeSource.DATES,
                synthetic=True,
                received_at=START + timedelta(minutes=45 * (start + i)),
            )
            for i, (patient, row) in enumerate(zip(patients, batch, strict=True))
        )
        films = Radiograph.objects.bulk_create(
            Radiograph(
                study=study,
                for_reading=True,
                content_hash=uuid4().hex,
                sop_instance_uid=f"2.25.{uuid4().int}",
                rows=1500,
                columns=1000,
                window_center=2048,
                window_width=4096,
                modality="DX",
                laterality="L",
                synthetic=True,
            )
            for study in studies
        )
        Prediction.objects.bulk_create(
            Prediction(
                model_version=model,
                radiograph=film,
                inputs_key="made",
                sex=row["sex"],
                chronological_age_months=row["chronological_age_months"],
                bone_age_months=row["predicted_months"],
            )
            for film, row in zip(films, batch, strict=True)
        )
        Consensus.objects.bulk_create(
            Consensus(
                radiograph=film,
                protocol=protocol,
                status=ConsensusStatus.APPROVED,
                readers_required=2,
                tolerance_months=12,
                bone_age_months=row["bone_age_months"],
                origin=ConsensusOrigin.MEAN_OF_READS,
                approved_by=approver,
                approved_at=START,
            )
            for film, row in zip(films, batch, strict=True)
        )
