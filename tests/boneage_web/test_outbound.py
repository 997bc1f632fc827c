"""Signed results reach a real receiver: research under the pseudonym, clinical under the original patient."""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pydicom
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pynetdicom import AE, evt

from annotations.models import Event, Person, Study
from annotations.services.intake import receive
from annotations.states import RoleName
from boneage_web.outbound import deliveries
from boneage_web.outbound.destination import Destination, DestinationError, destination
from boneage_web.outbound.gateway import work_off
from boneage_web.outbound.models import Delivery, DeliveryState
from boneage_web.results.models import Basis, Prediction
from boneage_web.results.services.signing import Signature, sign
from boneage_web.vault.models import VaultLookup
from tests.boneage_web.route_table import make_model
from tests.boneage_web.vault_site import clinical_site, said_by
from tests.factories.films import changed, film, identifiers
from tests.factories.people import make_person
from tests.factories.studies import film_of

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def set_up(settings: Any, port: int) -> None:
    settings.PACS_HOST, settings.PACS_PORT = "127.0.0.1", port
    settings.PACS_AE_TITLE, settings.GATEWAY_AE_TITLE = "PACS", "BONEAGE_OUT"


@pytest.fixture
def pacs(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """dcmtk's storescp; what it took lies in the folder."""
    tool = shutil.which("storescp")
    if tool is None:
        pytest.skip("storescp (dcmtk) is not installed")
    folder, port = tmp_path / "pacs", free_port()
    folder.mkdir()
    set_up(settings, port)
    process = subprocess.Popen([tool, "-aet", "PACS", "-od", folder, "+xa", str(port)])
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield folder
    process.terminate()
    process.wait(10)


def signed_study(reviewer: Person, data: bytes) -> Study:
    """A film taken in, with a made-up model age that the reviewer has signed."""
    outcome = receive(data=data, filename="a.dcm", by=None)
    assert outcome.study is not None, outcome
    Study.objects.filter(pk=outcome.study).update(state="ready", reason="", reason_code="")
    study = Study.objects.get(pk=outcome.study)
    age = study.chronological_age_months
    assert age is not None
    assert study.sex is not None
    Prediction.objects.create(
        model_version=make_model(),
        radiograph=film_of(study),
        inputs_key=f"{study.sex}:{age:.2f}",
        sex=study.sex,
        chronological_age_months=age,
        bone_age_months=age,
        boxes=[{"region": "radius", "x0": 10, "y0": 10, "x1": 60, "y1": 70, "score": 0.9}],
    )
    sign(person=reviewer, study=study, signature=Signature(Basis.MODEL, age, "gp1959_brush", None))
    return study


def to() -> Destination:
    found = destination()
    assert found is not None
    return found


def taken(folder: Path) -> dict[str, pydicom.Dataset]:
    found = [pydicom.dcmread(path) for path in folder.iterdir()]
    return {"sr" if one.Modality == "SR" else "sc": one for one in found}


def test_in_research_mode_only_the_pseudonym_goes_out(
    pacs: Path, reviewer: Person, client_of: Callable[[Person], Client]
) -> None:
    data = film(1)
    study = signed_study(reviewer, data)
    browser, address = client_of(reviewer), f"/api/v1/studies/{study.pk}/deliveries"
    answer = browser.post(address, content_type="application/json")
    assert answer.status_code == 201, answer.json()
    assert answer.json()["deliveries"][0]["state"] == "queued"
    assert browser.post(address, content_type="application/json").json()["error"]["code"] == "on_its_way"
    assert work_off(to()) == 1
    shown = browser.get(address).json()
    assert (shown["site_mode"], shown["deliveries"][0]["state"]) == ("research", "sent")
    objects = taken(pacs)
    assert set(objects) == {"sr", "sc"}
    for one in objects.values():
        assert (one.PatientID, one.StudyInstanceUID) == (study.patient.pseudonym, study.study_uid)
    raw = b"".join(path.read_bytes() for path in pacs.iterdir())
    assert [word for word in identifiers(data) if word.encode() in raw] == []
    assert not VaultLookup.objects.exists()
    assert [event.verb for event in Event.objects.filter(study=study).order_by("number")][-2:] == ["send", "deliver"]


def test_in_clinical_mode_it_goes_back_to_the_original_patient(
    pacs: Path, settings: Any, tmp_path: Path, reviewer: Person
) -> None:
    data = changed(film(2), SpecificCharacterSet="GB18030", PatientName="欧阳^小明")
    with clinical_site(settings, tmp_path):
        study = signed_study(reviewer, data)
        deliveries.request_delivery(person=reviewer, study=study)
        settings.VAULT_PRIVATE_KEY_FILE = tmp_path / "vault_keys" / "vault_private_key"
        call_command("outbound_gateway", "--once")
    row = Delivery.objects.get()
    assert (row.state, row.reason_code) == (DeliveryState.SENT, "")
    original = said_by(data)
    for one in taken(pacs).values():
        assert (one.PatientID, one.StudyInstanceUID) == (original.patient_id, original.study_instance_uid)
        assert str(one.PatientName) == "欧阳^小明"
        assert one.AccessionNumber == original.accession_number
    report = taken(pacs)["sr"]
    evidence = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert evidence.SeriesInstanceUID == original.series_instance_uid
    assert evidence.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == original.sop_instance_uid
    assert VaultLookup.objects.get().purpose == "send_result"
    kept = f"{row.objects_sent} {row.reason} {row.reason_code}"
    assert not [word for word in identifiers(data) if word in kept]


def test_without_an_entry_in_the_vault_nothing_is_sent(
    pacs: Path, settings: Any, tmp_path: Path, reviewer: Person
) -> None:
    study = signed_study(reviewer, film(1))  # taken in while the site kept nothing
    deliveries.request_delivery(person=reviewer, study=study)
    with clinical_site(settings, tmp_path):
        settings.VAULT_PRIVATE_KEY_FILE = tmp_path / "vault_keys" / "vault_private_key"
        work_off(to())
    row = Delivery.objects.get()
    assert (row.state, row.reason_code) == (DeliveryState.FAILED, "identity_not_found")
    assert list(pacs.iterdir()) == []


def test_a_pacs_that_is_away_is_tried_again_and_given_up_in_the_end(settings: Any, reviewer: Person) -> None:
    set_up(settings, free_port())
    delivery = deliveries.request_delivery(person=reviewer, study=signed_study(reviewer, film(1)))
    for attempt in range(1, len(deliveries.WAITS) + 1):
        assert work_off(to()) == 1
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts, delivery.reason_code) == ("queued", attempt, "unreachable")
        assert delivery.not_before > timezone.now()
        assert work_off(to()) == 0, "not before its time"
        Delivery.objects.update(not_before=timezone.now())
    work_off(to())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.finished_at is None) == ("failed", False)
    deliveries.retry(person=reviewer, delivery=delivery)
    assert (delivery.state, delivery.attempts) == ("queued", 0)


@pytest.mark.parametrize(
    ("status", "state", "code"),
    [(0xA700, "queued", "out_of_resources"), (0xC000, "failed", "refused"), (0xB000, "sent", "")],
)
def test_what_the_pacs_answers_decides(settings: Any, reviewer: Person, status: int, state: str, code: str) -> None:
    entity = AE(ae_title="PACS")
    for sop_class in ("1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.5.1.4.1.1.7"):
        entity.add_supported_context(sop_class)
    port = free_port()
    server = entity.start_server(("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_STORE, lambda _: status)])
    try:
        set_up(settings, port)
        delivery = deliveries.request_delivery(person=reviewer, study=signed_study(reviewer, film(1)))
        work_off(to())
    finally:
        server.shutdown()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason_code) == (state, code)


def test_what_a_dead_gateway_held_is_sent_by_the_next(pacs: Path, reviewer: Person) -> None:
    delivery = deliveries.request_delivery(person=reviewer, study=signed_study(reviewer, film(1)))
    held = deliveries.claim()
    assert held is not None
    assert deliveries.claim() is None, "one gateway at a time"
    Delivery.objects.update(claimed_at=timezone.now() - deliveries.DEAD_AFTER * 2)
    assert work_off(to()) == 1
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    deliveries.not_sent(held, code="late", message="late", passing=False)
    delivery.refresh_from_db()
    assert delivery.state == "sent", "who lost the claim changes nothing"


def test_what_brings_every_gateway_down_fails_in_the_end_and_can_be_sent_again(settings: Any, reviewer: Person) -> None:
    set_up(settings, free_port())
    delivery = deliveries.request_delivery(person=reviewer, study=signed_study(reviewer, film(1)))
    tries = len(deliveries.WAITS) + 1
    for number in range(tries):
        assert deliveries.claim() is not None, f"try {number + 1}"
        Delivery.objects.update(claimed_at=timezone.now() - deliveries.DEAD_AFTER * 2)
    assert deliveries.claim() is None
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason_code, delivery.attempts) == ("failed", "gateway_gone", tries)
    assert Event.objects.filter(verb="deliver", new="failed", reason="gateway_gone").exists()
    deliveries.retry(person=reviewer, delivery=delivery)
    assert deliveries.claim() is not None


def test_a_film_whose_copy_is_gone_fails_with_a_reason(settings: Any, reviewer: Person) -> None:
    set_up(settings, free_port())
    study = signed_study(reviewer, film(1))
    delivery = deliveries.request_delivery(person=reviewer, study=study)
    default_storage.delete(film_of(study).pixels_name)
    work_off(to())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason_code) == ("failed", "file_missing")


def test_only_what_is_signed_is_sent_and_only_where_there_is_a_pacs(
    settings: Any, reviewer: Person, client_of: Callable[[Person], Client]
) -> None:
    study = signed_study(reviewer, film(1))
    browser, address = client_of(reviewer), f"/api/v1/studies/{study.pk}/deliveries"
    assert browser.post(address, content_type="application/json").json()["error"]["code"] == "no_destination"
    set_up(settings, 104)
    Study.objects.filter(pk=study.pk).update(chronological_age_months=99.0)
    assert browser.post(address, content_type="application/json").json()["error"]["code"] == "outdated"
    labeller = client_of(make_person("labeller", RoleName.LABELLER))
    assert labeller.post(address, content_type="application/json").status_code == 403


def test_settings_that_cannot_be_used_are_named(settings: Any, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="BONEAGE_PACS_HOST"):
        call_command("outbound_gateway", "--check")
    set_up(settings, free_port())
    with pytest.raises(CommandError, match="cannot be reached"):
        call_command("outbound_gateway", "--check")
    settings.PACS_AE_TITLE = "a title that is too long for DICOM"
    with pytest.raises(DestinationError, match="BONEAGE_PACS_AE_TITLE"):
        destination()
    settings.PACS_AE_TITLE = "PACS"
    settings.VAULT_PRIVATE_KEY_FILE = tmp_path / "key"
    with pytest.raises(CommandError, match="research mode"):
        call_command("outbound_gateway", "--once")
