"""The identity vault: sealed by everybody, opened by one, every look-up in the log."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, transaction
from django.utils import timezone
from nacl.public import PrivateKey

from annotations.models import Radiograph
from annotations.models.append_only import AppendOnlyError
from annotations.services.identity_hook import keep_identity
from annotations.services.intake import receive
from annotations.states import IntakeResult
from boneage_web.vault import orphans
from boneage_web.vault.keys import VaultKeyError, make_pair, name_of, read_private_keys, read_public_key
from boneage_web.vault.lookup_log import first_broken_line
from boneage_web.vault.models import LookupOutcome, Purpose, VaultEntry, VaultLookup
from boneage_web.vault.opening import NotOpenedError, open_identity
from boneage_web.vault.sealing import BLOCK_BYTES, entry_key, seal
from inference.imaging.original_identity import OriginalIdentity
from tests.boneage_web.vault_site import clinical_site, said_by
from tests.factories.films import film

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def private_keys(settings: Any, tmp_path: Path) -> Iterator[tuple[PrivateKey, ...]]:
    with clinical_site(settings, tmp_path) as keys:
        yield keys


def taken_in(data: bytes) -> UUID:
    outcome = receive(data=data, filename="a.dcm", by=None)
    assert outcome.outcome is IntakeResult.RECEIVED, outcome
    return Radiograph.objects.get(study=outcome.study).pk


def opened(radiograph: UUID, keys: tuple[PrivateKey, ...], **more: str) -> OriginalIdentity:
    asked = {"purpose": Purpose.SEND_RESULT, "who": "gateway"} | more
    return open_identity(radiograph, private_keys=keys, **asked)


def outcomes() -> list[str]:
    return list(VaultLookup.objects.order_by("number").values_list("outcome", flat=True))


def exchange(radiograph: UUID, **values: Any) -> None:
    """What somebody with the right to write to the database would do behind the application's back."""
    entry = VaultEntry.objects.get(key=key_of(radiograph))
    for name, value in values.items():
        setattr(entry, name, value)
    VaultEntry.objects.filter(key=entry.key).delete()
    entry.save(force_insert=True)


def key_of(radiograph: UUID) -> str:
    return entry_key(radiograph, key=site.DEIDENTIFICATION_KEY)


def test_a_film_taken_in_leads_back_to_its_child(private_keys: tuple[PrivateKey, ...]) -> None:
    first, second = taken_in(film(1)), taken_in(film(2))
    assert opened(first, private_keys) == said_by(film(1))
    assert opened(second, private_keys) == said_by(film(2))
    assert said_by(film(1)) != said_by(film(2))
    assert said_by(film(1)).patient_id == "MRN000001"


def test_what_is_kept_shows_nothing_not_even_its_length(private_keys: tuple[PrivateKey, ...]) -> None:
    radiograph = taken_in(film())
    entry = VaultEntry.objects.get()
    sealed = bytes(entry.sealed)
    assert [value for value in asdict(said_by(film())).values() if value and value.encode() in sealed] == []
    assert str(radiograph) not in entry.key
    assert radiograph.hex not in entry.key
    longer = replace(said_by(film()), patient_name="Ouyang^Xiaoxiaoxiao")
    key = private_keys[0].public_key
    assert len(seal(longer, public_key=key)) == len(sealed) == BLOCK_BYTES + 48
    assert seal(longer, public_key=key) != seal(longer, public_key=key)
    assert repr(longer) == "OriginalIdentity(...)"
    assert "Ouyang" not in f"{longer} {[longer]}"


def test_the_same_film_taken_up_again_is_one_entry(private_keys: tuple[PrivateKey, ...]) -> None:
    radiograph = taken_in(film())
    before = bytes(VaultEntry.objects.get().sealed)
    keep_identity(film(), radiograph=radiograph)
    assert bytes(VaultEntry.objects.get().sealed) == before


def test_another_key_opens_nothing_and_an_old_one_beside_the_new_does(private_keys: tuple[PrivateKey, ...]) -> None:
    radiograph = taken_in(film())
    other = (PrivateKey.generate(),)
    with pytest.raises(NotOpenedError, match="other_key"):
        opened(radiograph, other)
    exchange(radiograph, sealed_for=name_of(other[0].public_key))  # even if the name is forged
    with pytest.raises(NotOpenedError, match="damaged"):
        opened(radiograph, other)
    exchange(radiograph, sealed_for=name_of(private_keys[0].public_key))
    assert opened(radiograph, other + private_keys) == said_by(film())
    assert outcomes() == ["found", "failed", "found", "failed", "found"]


def test_a_changed_entry_is_found(private_keys: tuple[PrivateKey, ...]) -> None:
    radiograph = taken_in(film())
    sealed = bytearray(VaultEntry.objects.get().sealed)
    sealed[60] ^= 1
    for damaged in (bytes(sealed), bytes(sealed[:40]), b""):
        exchange(radiograph, sealed=damaged)
        with pytest.raises(NotOpenedError, match="damaged"):
            opened(radiograph, private_keys)


def test_entries_that_were_exchanged_never_give_another_child(private_keys: tuple[PrivateKey, ...]) -> None:
    first, second = taken_in(film(1)), taken_in(film(2))
    exchange(first, sealed=bytes(VaultEntry.objects.get(key=key_of(second)).sealed))
    with pytest.raises(NotOpenedError, match="other_film"):
        opened(first, private_keys)
    # everybody has the public key: an entry forged for the right film but another child is no better
    forged = replace(said_by(film(2)), patient_id="MRN000001")
    exchange(second, sealed=seal(forged, public_key=private_keys[0].public_key))
    with pytest.raises(NotOpenedError, match="other_film"):
        opened(second, private_keys)


def test_a_look_up_is_in_the_log_before_anything_is_opened(
    private_keys: tuple[PrivateKey, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    radiograph = taken_in(film())
    seen: list[list[str]] = []

    def opening(*arguments: Any) -> None:
        seen.append(outcomes())
        raise RuntimeError("power cut")

    monkeypatch.setattr("boneage_web.vault.opening._opened", opening)
    with pytest.raises(RuntimeError):
        opened(radiograph, private_keys, who="gateway 3")
    assert seen == [["found"]]
    line = VaultLookup.objects.get()
    assert (line.who, line.purpose, line.key) == ("gateway 3", "send_result", key_of(radiograph))


@pytest.mark.parametrize("asked", [{"purpose": "curiosity"}, {"purpose": ""}, {"who": " "}])
def test_who_gives_no_reason_gets_nothing_and_is_in_the_log(
    private_keys: tuple[PrivateKey, ...], asked: dict[str, str]
) -> None:
    radiograph = taken_in(film())
    with pytest.raises(NotOpenedError, match="refused"):
        opened(radiograph, private_keys, **asked)
    assert outcomes() == [LookupOutcome.REFUSED]


def test_an_unknown_film_is_not_found_and_in_the_log(private_keys: tuple[PrivateKey, ...]) -> None:
    with pytest.raises(NotOpenedError, match="not_found"):
        opened(uuid4(), private_keys)
    assert outcomes() == [LookupOutcome.NOT_FOUND]


def test_a_log_that_was_changed_behind_the_back_is_found(private_keys: tuple[PrivateKey, ...]) -> None:
    radiograph = taken_in(film())
    for _ in range(4):
        opened(radiograph, private_keys)
    assert first_broken_line() is None
    call_command("vault_audit")
    with connections["vault"].cursor() as cursor:
        for trigger in _triggers_off("vault_vaultlookup"):
            cursor.execute(trigger)
        cursor.execute("UPDATE vault_vaultlookup SET who = 'nobody' WHERE number = 2")
    assert first_broken_line() == 2
    with pytest.raises(CommandError, match="line 2"):
        call_command("vault_audit")
    with connections["vault"].cursor() as cursor:
        cursor.execute("UPDATE vault_vaultlookup SET who = 'gateway' WHERE number = 2")
        cursor.execute("DELETE FROM vault_vaultlookup WHERE number = 3")
    assert first_broken_line() == 4


def _triggers_off(table: str) -> list[str]:
    if connections["vault"].vendor == "postgresql":
        return [f"DROP TRIGGER {table}_written_once ON {table}"]
    return [f"DROP TRIGGER {table}_written_once"]


def test_entries_and_log_are_written_once(private_keys: tuple[PrivateKey, ...]) -> None:
    opened(taken_in(film()), private_keys)
    with pytest.raises(AppendOnlyError):
        VaultLookup.objects.all().delete()
    for sql in ("UPDATE vault_vaultentry SET sealed_for = 'x'", "UPDATE vault_vaultlookup SET who = 'x'"):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic(using="vault"):
            connections["vault"].cursor().execute(sql)


@pytest.mark.postgres
def test_an_account_that_may_only_insert_can_seal_and_not_read(private_keys: tuple[PrivateKey, ...]) -> None:
    radiograph = uuid4()
    with connections["vault"].cursor() as cursor:
        cursor.execute("CREATE ROLE sealer; GRANT INSERT ON vault_vaultentry TO sealer; SET LOCAL ROLE sealer")
        for _ in range(2):
            keep_identity(film(), radiograph=radiograph)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(using="vault"):
            VaultEntry.objects.exists()
        cursor.execute("RESET ROLE")
    assert VaultEntry.objects.get().key == key_of(radiograph)


def test_orphans_are_swept_and_films_keep_their_entries(
    private_keys: tuple[PrivateKey, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = taken_in(film(1))
    keep_identity(film(2), radiograph=uuid4())
    assert orphans.remove_orphans() == 0  # its film may just be on its way
    monkeypatch.setattr(orphans, "OLD_ENOUGH", timezone.timedelta(0))
    call_command("vault_audit", "--remove-orphans")
    assert [entry.key for entry in VaultEntry.objects.all()] == [key_of(kept)]
    assert opened(kept, private_keys) == said_by(film(1))


def test_a_pair_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    call_command("vault_keys", "--out", str(tmp_path / "keys"))
    private, public = tmp_path / "keys" / "vault_private_key", tmp_path / "keys" / "vault_public_key"
    assert private.stat().st_mode & 0o777 == 0o600
    (key,) = read_private_keys(private)
    assert read_public_key(public) == key.public_key
    before = private.read_bytes()
    with pytest.raises(CommandError, match="exists"):
        call_command("vault_keys", "--out", str(tmp_path / "keys"))
    assert private.read_bytes() == before
    private.chmod(0o640)
    with pytest.raises(VaultKeyError, match="chmod 600"):
        read_private_keys(private)


def test_a_key_file_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    public, private = make_pair(tmp_path)
    damaged = tmp_path / "damaged"
    damaged.write_text("boneage-vault-public AAAA\n")
    for path in (private, damaged, tmp_path / "nowhere", None):
        with pytest.raises(VaultKeyError) as refusal:
            read_public_key(path)
        assert private.read_text().split()[1] not in str(refusal.value)
    for path in (public, None):
        with pytest.raises(VaultKeyError):
            read_private_keys(path)
