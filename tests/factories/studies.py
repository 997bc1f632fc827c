"""Studies with a radiograph, written straight into the rows and, on request, into the store."""

import itertools
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import uuid4

import numpy as np
from django.conf import settings

from annotations.models import (
    BlockedFilm,
    BoxSet,
    Cohort,
    Patient,
    Person,
    Radiograph,
    Read,
    RereadCase,
    RereadRound,
    Study,
)
from annotations.services import blocking, boxes, drafts, film_store, reads
from annotations.services.admit import Arrival, admit
from annotations.services.intake import content_hash
from annotations.states import (
    PRIORITY_RANK,
    AgeSource,
    BoxOrigin,
    Door,
    OperationKind,
    Priority,
    RereadKind,
    RoleName,
    SexSource,
    StudyState,
)
from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from inference.imaging.deidentify import Deidentified, deidentify
from inference.imaging.text_check import WrittenRegion
from tests.factories.films import film
from tests.factories.people import make_person

START = datetime(2026, 1, 1, tzinfo=UTC)
_count = itertools.count(1)


def make_study(
    *,
    sex: str | None = "M",
    chronological_age_months: float | None = 120.0,
    state: StudyState = StudyState.READY,
    cohort: Cohort | None = None,
    stored: bool = False,
    rows: int = 300,
    columns: int = 200,
    quality: list[dict[str, object]] | None = None,
) -> Study:
    """A study, each a minute younger than the one before, with its radiograph for reading."""
    number = next(_count)
    study = Study.objects.create(
        patient=Patient.objects.create(pseudonym=f"P{uuid4().hex[:12]}"),
        cohort=cohort,
        study_uid=f"2.25.{uuid4().int}",
        state=state,
        reason_code="hand_cut_off" if state in (StudyState.EXCLUDED, StudyState.REJECTED) else "",
        reason="The hand is cut off." if state in (StudyState.EXCLUDED, StudyState.REJECTED) else "",
        sex=sex,
        sex_source=SexSource.HEADER if sex else None,
        chronological_age_months=chronological_age_months,
        age_source=AgeSource.DATES if chronological_age_months is not None else None,
        synthetic=True,
        received_at=START + timedelta(minutes=number),
    )
    make_radiograph(study, stored=stored, rows=rows, columns=columns, quality=quality)
    return study


def make_radiograph(
    study: Study,
    *,
    for_reading: bool = True,
    stored: bool = False,
    rows: int = 300,
    columns: int = 200,
    quality: list[dict[str, object]] | None = None,
) -> Radiograph:
    """One more radiograph of the study."""
    radiograph = Radiograph.objects.create(
        study=study,
        for_reading=for_reading,
        content_hash=uuid4().hex,
        sop_instance_uid=f"2.25.{uuid4().int}",
        rows=rows,
        columns=columns,
        window_center=2048,
        window_width=4096,
        modality="DX",
        laterality="L",
        row_spacing_mm=0.15,
        column_spacing_mm=0.15,
        spacing_kind="imager",
        synthetic=True,
        quality=quality or [],
    )
    if stored:
        values = np.arange(rows * columns, dtype="<u2").reshape(rows, columns)
        film_store.store_copies(
            radiograph=radiograph, dicom=b"DICM", values=values.tobytes(), thumbnail=b"\xff\xd8\xff\xd9"
        )
    return radiograph


def film_of(study: Study) -> Radiograph:
    """The study's radiograph for reading."""
    return study.radiographs.select_related("study").get(for_reading=True)


def box_for(region: str, shift: float = 0.0) -> Box:
    """A box of its own place for each region."""
    index = REGION_IDS.index(region)
    x0, y0 = 10.0 + 30 * (index % 6) + shift, 10.0 + 60 * (index // 6)
    return Box(x0, y0, x0 + 20, y0 + 40)


def set_operation(region: str, *, base_revision: int = 0, seq: int = 1, shift: float = 0.0) -> boxes.NewOperation:
    """A gesture that draws the region's box."""
    return boxes.NewOperation(
        id=uuid4(),
        seq=seq,
        kind=OperationKind.SET,
        region=region,
        base_revision=base_revision,
        made_at=START,
        box=box_for(region, shift),
        origin=BoxOrigin.DRAWN,
    )


def draw_all(person: Person, draft: BoxSet) -> None:
    """All 17 regions boxed."""
    operations = [set_operation(region, seq=seq) for seq, region in enumerate(REGION_IDS, start=1)]
    boxes.apply_operations(person=person, box_set=draft, operations=operations)


def labelled(person: Person, study: Study) -> BoxSet:
    """A box set of this person, drawn and handed in."""
    draft = drafts.open_draft(person=person, radiograph=film_of(study))
    draw_all(person, draft)
    return boxes.submit(person=person, box_set=draft, actions=18, seconds=30.0)


@cache  # the networks look at it for most of a second, and a world of every address has one
def _cleaned(seed: int, regions: tuple[WrittenRegion, ...], key: bytes) -> Deidentified:
    return deidentify(film(seed), key=key, check_text=lambda *_, **__: regions)


def take_in(data: bytes) -> Study:
    """A DICOM film of a made-up patient, taken in as the gate does, but for the search for writing, whose networks
    take seconds to load."""
    clean = deidentify(data, key=settings.DEIDENTIFICATION_KEY, check_text=lambda *_, **__: ())
    outcome = admit(clean, Arrival(uuid4(), content_hash(data), Door.UPLOAD, None, None))
    return Study.objects.get(pk=outcome.study)


def make_blocked_film(
    seed: int = 1, *, regions: tuple[WrittenRegion, ...] = (WrittenRegion(10, 20, 60, 32, 0.9),)
) -> BlockedFilm:
    """A film that waits for a person, as if the text check had seen writing in these regions."""
    clean = _cleaned(seed, regions, settings.DEIDENTIFICATION_KEY)
    outcome = blocking.block(clean, Arrival(uuid4(), uuid4().hex, Door.C_STORE, None, None))
    return BlockedFilm.objects.get(pk=outcome.arrival)


def make_reread_round(person: Person, *studies: Study, number: int = 1, **values: object) -> RereadRound:
    """A round that this person started, with these films in it as chosen ones (100 months; the model said 120)."""
    given = {"model_label": "m", "threshold_months": 12.0, "readers_required": 2, "tolerance_months": 12.0} | values
    round_ = RereadRound.objects.create(number=number, started_by=person, **given)
    for study in studies:
        RereadCase.objects.create(
            round=round_, radiograph=film_of(study), kind=RereadKind.CHOSEN, before_months=100, model_months=120
        )
    return round_


def make_unreadable_film(*reasons: str, being_read: bool = False) -> Study:
    """A film that readers of its own could not read, for these reasons (two end the asking); one more may still have
    it."""
    study = make_study(stored=True)
    Study.objects.filter(pk=study.pk).update(priority=PRIORITY_RANK[Priority.URGENT])  # before all other films
    readers = [make_person(f"reader-{uuid4().hex[:8]}", RoleName.READER) for _ in reasons]
    for number, (reader, reason) in enumerate(zip(readers, reasons, strict=True), start=1):
        read = _handed(study, reader)
        if being_read and number == len(reasons):
            _handed(study, make_person(f"reader-{uuid4().hex[:8]}", RoleName.READER))
        reads.cannot_read(person=reader, read=read, reason=reason)
    return study


def _handed(study: Study, reader: Person) -> Read:
    read = reads.read_next(person=reader)
    assert read is not None
    assert read.radiograph_id == film_of(study).pk
    return read
