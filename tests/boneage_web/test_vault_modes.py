"""Research: nothing leads back. Clinical: no film without an entry, and nothing in clear anywhere."""

import gzip
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections
from django.test import Client
from nacl.public import PrivateKey

from annotations.models import IntakeRecord, Person, Radiograph
from annotations.services import identity_hook, site_mode
from annotations.services.gate import WorkedOff, work_off
from annotations.services.identity_hook import IdentityNotKeptError, keep_identity
from annotations.services.intake import arrive, receive
from annotations.services.take_in import GateUnavailableError
from annotations.states import Door, IntakeResult, RoleName
from boneage_web.vault import keeper
from boneage_web.vault.checks import check_vault
from boneage_web.vault.models import VaultEntry, VaultLookup
from boneage_web.vault.opening import open_identity
from tests.boneage_web.vault_site import clinical_site, said_by
from tests.factories.films import changed, film, identifiers
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def private_keys(settings: Any, tmp_path: Path) -> Iterator[tuple[PrivateKey, ...]]:
    with clinical_site(settings, tmp_path) as keys:
        yield keys


def take_in(data: bytes) -> Any:
    return receive(data=data, filename="Zhengxing_Mingzi.dcm", by=None)


def rows_of(alias: str) -> bytes:
    dump = b""
    with connections[alias].cursor() as cursor:
        for table in connections[alias].introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                dump += b" ".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row)
    return dump


def files() -> bytes:
    found = [path for path in Path(site.DATA_DIR).rglob("*") if path.is_file()]
    contents = [gzip.decompress(raw) if path.suffix == ".gz" else raw for path in found for raw in [path.read_bytes()]]
    return b" ".join([*(str(path).encode() for path in found), *contents])


def test_research_mode_writes_nothing_into_the_vault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity_hook, "_keepers", [])
    assert take_in(film()).outcome is IntakeResult.RECEIVED
    assert not VaultEntry.objects.exists()
    assert site_mode.fixed_mode() == "research"


_LOOK = """
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from annotations.services import identity_hook
call_command("migrate", verbosity=0)
if "vault" in settings.DATABASES:
    call_command("migrate", "vault", database="vault", verbosity=0)
print(sorted(settings.DATABASES), len(identity_hook._keepers))
"""


@pytest.mark.once
@pytest.mark.timeout(180)
def test_a_research_site_has_no_vault_at_all(tmp_path: Path) -> None:
    assert _run(tmp_path, "-c", _LOOK).stdout.strip() == "['default'] 0"
    assert b"vault_vaultentry" not in (tmp_path / "db.sqlite3").read_bytes()
    assert not (tmp_path / "vault").exists()


@pytest.mark.once
@pytest.mark.timeout(180)
def test_a_clinical_site_has_a_vault_in_a_database_of_its_own(tmp_path: Path) -> None:
    assert _run(tmp_path, "-c", _LOOK, BONEAGE_MODE="clinical").stdout.strip() == "['default', 'vault'] 1"
    assert b"vault_vaultentry" not in (tmp_path / "db.sqlite3").read_bytes()
    with closing(sqlite3.connect(tmp_path / "vault" / "vault.sqlite3")) as vault:
        tables = {name for (name,) in vault.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables - {"sqlite_sequence"} == {"django_migrations", "vault_vaultentry", "vault_vaultlookup"}


def test_a_clinical_site_starts_with_its_public_key_and_never_with_the_private_one(
    settings: Any, tmp_path: Path
) -> None:
    with clinical_site(settings, tmp_path):
        call_command("check")
        settings.VAULT_PRIVATE_KEY_FILE = tmp_path / "vault_keys" / "vault_private_key"
        with pytest.raises(SystemCheckError, match="outbound gateway alone"):
            call_command("check")
        with pytest.raises(SystemCheckError, match="outbound gateway alone"):
            call_command("gate", once=True, skip_checks=False)
        settings.VAULT_PRIVATE_KEY_FILE = None
        settings.VAULT_PUBLIC_KEY_FILE = None
        with pytest.raises(SystemCheckError, match="vault_keys --out"):
            call_command("check")


def _run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BONEAGE_")}
    environment |= {"BONEAGE_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "boneage_web.settings.dev"}
    return subprocess.run(
        [sys.executable, *arguments], env=environment | variables, capture_output=True, text=True, timeout=170
    )


def _broken(*arguments: Any) -> None:
    raise RuntimeError("Zhengxing MRN000001")


@pytest.mark.parametrize("keepers", [[], [_broken], [keeper.keep]], ids=["none", "broken", "without a key"])
def test_without_a_working_vault_a_film_waits(
    private_keys: tuple[PrivateKey, ...],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    keepers: list[Any],
) -> None:
    public = settings.VAULT_PUBLIC_KEY_FILE
    with monkeypatch.context() as patched:
        patched.setattr(identity_hook, "_keepers", keepers)
        settings.VAULT_PUBLIC_KEY_FILE = None
        with pytest.raises(GateUnavailableError):
            take_in(film(1))
        arrival = arrive(data=film(2), by=None, door=Door.C_STORE)
        assert work_off().unavailable
        assert not Radiograph.objects.exists()
        assert not IntakeRecord.objects.exists()
        assert not any((Path(site.DATA_DIR) / "objects").rglob("*.*"))
    assert "Zhengxing" not in caplog.text
    assert "MRN" not in caplog.text
    settings.VAULT_PUBLIC_KEY_FILE = public
    assert work_off() == WorkedOff(finished=1)
    found = open_identity(arrival, purpose="send_result", who="gateway", private_keys=private_keys)
    assert found == said_by(film(2))


@pytest.mark.usefixtures("private_keys")
@pytest.mark.parametrize("keyword", ["PatientID", "StudyInstanceUID", "SeriesInstanceUID"])
def test_a_header_that_leads_nowhere_is_refused(keyword: str) -> None:
    outcome = take_in(changed(film(), **{keyword: ""}))
    assert outcome.outcome is IntakeResult.REJECTED
    assert outcome.reason.code == "identity_incomplete"
    assert "clinical" in outcome.reason.message
    assert not Radiograph.objects.exists()


def test_nothing_in_clear_anywhere(
    private_keys: tuple[PrivateKey, ...],
    caplog: pytest.LogCaptureFixture,
    client_of: Callable[[Person], Client],
) -> None:
    caplog.set_level(logging.DEBUG)
    data = [film(1), changed(film(2), SpecificCharacterSet="GB18030", PatientName="欧阳^小明"), film(3)[:5000]]
    outcomes = [take_in(each) for each in data]
    radiographs = list(Radiograph.objects.all())
    assert len(radiographs) == 2
    for each in radiographs:
        assert open_identity(each.pk, purpose="send_result", who="gateway", private_keys=private_keys).patient_id
    assert VaultLookup.objects.count() == 2
    client = client_of(make_person("researcher", RoleName.RESEARCHER, RoleName.ADMINISTRATOR))
    answers = b""
    for outcome in outcomes[:2]:
        answers += client.get(f"/api/v1/studies/{outcome.study}").content
    answers += client.get("/api/v1/studies").content
    assert answers.count(b"{") > 3
    places = {
        "main database": rows_of("default"),
        "vault": rows_of("vault"),
        "files": files(),
        "log": caplog.text.encode(),
        "API": answers,
    }
    words = [*identifiers(film(1)), *identifiers(film(2)), "欧阳", "小明"]
    forms = {form for word in words for form in (word.encode(), word.encode("gb18030"), word.encode("utf-16-le"))}
    found = [(place, form) for place, content in places.items() for form in forms if form in content]
    assert found == []
    key = bytes(private_keys[0])
    assert [place for place, content in places.items() if place != "files" and key in content] == []


@pytest.mark.parametrize(("first", "then"), [("research", "clinical"), ("clinical", "research")])
def test_the_first_film_fixes_the_mode(settings: Any, tmp_path: Path, first: str, then: str) -> None:
    with clinical_site(settings, tmp_path):
        settings.MODE = first
        assert take_in(film(1)).outcome is IntakeResult.RECEIVED
        assert [error for error in check_vault() if error.id == "vault.E001"] == []
        settings.MODE = then
        assert [error.msg.split(":")[0] for error in check_vault() if error.id == "vault.E001"]
        with pytest.raises(IdentityNotKeptError):
            keep_identity(film(2), radiograph=Radiograph().pk)
        with pytest.raises(site_mode.OtherModeError, match=f"BONEAGE_MODE={first}"):
            site_mode.check_mode()
        entries = VaultEntry.objects.count()
        assert entries == (first == "clinical")


@pytest.mark.usefixtures("private_keys")
def test_films_from_before_the_mode_was_written_down_are_research(settings: Any) -> None:
    settings.MODE = "research"
    take_in(film(1))
    (Path(settings.DATA_DIR) / "mode").unlink()
    settings.MODE = "clinical"
    with pytest.raises(IdentityNotKeptError):
        keep_identity(film(2), radiograph=Radiograph().pk)
    assert site_mode.fixed_mode() == "research"


def test_the_audit_finds_a_film_without_an_entry(private_keys: tuple[PrivateKey, ...]) -> None:
    take_in(film())
    call_command("vault_audit")
    VaultEntry.objects.all().delete()
    with pytest.raises(Exception, match="no entry"):
        call_command("vault_audit")
