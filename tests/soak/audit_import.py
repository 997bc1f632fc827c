"""Is every file of the folder exactly once imported, refused or waiting? One line for each fault; none: all is well.

Run by :mod:`tests.soak.kill_import` in a process of its own: ``python -m tests.soak.audit_import FOLDER``, with
``--ended N`` if the end of the first N files was told to somebody, and with ``--final`` if each must have its end and
nothing may be left over. ``--arrive`` puts every file into quarantine instead and notes the arrivals beside the folder.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from uuid import UUID

import django
import pydicom

OUR_FAULT = ("internal_error", "reader_crashed")
ENDS = ("received", "blocked", "rejected", "duplicate")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--arrive", action="store_true")
    parser.add_argument("--ended", type=int, default=0)
    parser.add_argument("--final", action="store_true")
    options = parser.parse_args()
    django.setup()
    files = [path.read_bytes() for path in sorted(options.folder.rglob("*")) if path.is_file()]
    arrivals = options.folder.with_name("arrivals")
    if options.arrive:
        _arrive(files, arrivals)
        return
    told = [UUID(line) for line in arrivals.read_text().split()] if arrivals.exists() else []
    for fault in _faults(files, told, ended=len(files) if options.final else options.ended, final=options.final):
        print(fault)
    if options.final:
        print("=", _counts())


def _arrive(files: list[bytes], note: Path) -> None:
    from annotations.services.intake import arrive
    from annotations.states import Door

    note.write_text("\n".join(str(arrive(data=data, by=None, door=Door.COMMAND)) for data in files))


def _faults(files: list[bytes], told: list[UUID], *, ended: int, final: bool) -> list[str]:
    from django.db import transaction

    from annotations.services import quarantine

    wanted = _good_instances(files)
    waiting = quarantine.arrivals_waiting()  # before the rows: what leaves it in between has its row by then
    with transaction.atomic():  # one moment, though another gate process may be at work
        return [
            *_records(files, told, waiting, ended=ended),
            *_copies(waiting, final=final),
            *_instances(wanted, final=final),
            *(_left_over(waiting) if final else ()),
            *_identities(),
        ]


def _records(files: list[bytes], told: list[UUID], waiting: set[UUID], *, ended: int) -> Iterator[str]:
    """Each arrival ends once; what somebody was told has a record; what a record speaks of is there."""
    from annotations.models import IntakeRecord
    from annotations.services.intake import content_hash

    records = list(
        IntakeRecord.objects.exclude(arrival=None)
        .order_by("pk")
        .values_list("arrival", "content_hash", "result", "reason_code")
    )
    ends = Counter(each[0] for each in records)
    yield from (f"an arrival with {number} ends" for number in ends.values() if number > 1)
    yield from ("an arrival that is lost" for arrival in told if arrival not in ends and arrival not in waiting)
    yield from ("an end that is no end" for each in records if each[2] not in ENDS)
    yield from (f"the program was at fault: {each[3]}" for each in records if each[3] in OUR_FAULT)
    hashes = {each[1] for each in records}
    yield from ("a file whose end was told and is lost" for data in files[:ended] if content_hash(data) not in hashes)
    films = _films()
    taken = {each[0] for each in records if each[2] in ("received", "blocked")}
    yield from ("a film without a record of its arrival" for _ in films - taken)
    received = {each[0] for each in records if each[2] == "received"}  # a blocked film sent again is blocked as before
    yield from ("a record of a film that is not there" for _ in received - films)


def _films() -> set[UUID]:
    from annotations.models import BlockedFilm, Radiograph

    return {pk for model in (Radiograph, BlockedFilm) for pk in model.objects.values_list("pk", flat=True)}


def _copies(waiting: set[UUID], *, final: bool) -> Iterator[str]:
    """Three copies of each radiograph, and no copy of anything else but what is just being written."""
    from django.conf import settings

    from annotations.models import Radiograph

    root = Path(settings.DATA_DIR) / "objects"
    found = Counter(path.name.split(".")[0] for path in root.rglob("*") if path.is_file() and path.suffix != ".part")
    for pk in Radiograph.objects.values_list("pk", flat=True):
        if found.pop(str(pk), 0) != 3:
            yield "a radiograph without its three files"
    yield from ("copies of a film that is not there" for name in found if final or UUID(name) not in waiting)
    if final:
        yield from ("half a file" for path in root.rglob("*.part"))


def _good_instances(files: list[bytes]) -> set[str]:
    """Stand-ins of the DICOM instances in the folder that are to be imported, found out without the intake."""
    from django.conf import settings

    from inference.imaging.pseudonyms import stand_in_uid

    good = set()
    for data in files:
        try:
            header = pydicom.dcmread(BytesIO(data))
            _ = header.pixel_array
        except Exception:  # no film, or half of one
            continue
        if header.Modality in ("CR", "DX"):
            good.add(stand_in_uid(str(header.SOPInstanceUID), key=settings.DEIDENTIFICATION_KEY))
    return good


def _instances(wanted: set[str], *, final: bool) -> Iterator[str]:
    from annotations.models import BlockedFilm, Radiograph

    kept = [*Radiograph.objects.values_list("sop_instance_uid", flat=True)]
    kept += BlockedFilm.objects.filter(state="waiting").values_list("sop_instance_uid", flat=True)
    yield from ("an instance that is there twice" for number in Counter(kept).values() if number > 1)
    yield from ("a film that nobody sent" for uid in kept if uid not in wanted)
    if final:
        yield from ("a good film that is not there" for _ in wanted - set(kept))


def _left_over(waiting: set[UUID]) -> Iterator[str]:
    from annotations.services import quarantine

    yield from ("something still waits" for _ in waiting)
    yield from ("something lies in quarantine" for path in quarantine.folder().iterdir() if path.is_file())


def _identities() -> Iterator[str]:
    """In clinical mode no film is without its entry in the vault."""
    from django.conf import settings

    if settings.MODE != "clinical":
        return
    from boneage_web.vault.models import VaultEntry
    from boneage_web.vault.sealing import entry_key

    entries = set(VaultEntry.objects.values_list("key", flat=True))
    for pk in _films():
        if entry_key(pk, key=settings.DEIDENTIFICATION_KEY) not in entries:
            yield "a film without its entry in the vault"


def _counts() -> str:
    from annotations.models import BlockedFilm, IntakeRecord, Radiograph

    results = Counter(IntakeRecord.objects.values_list("result", flat=True))
    held = f"{Radiograph.objects.count()} radiographs, {BlockedFilm.objects.count()} blocked; records: "
    return held + ", ".join(f"{number} {result}" for result, number in sorted(results.items()))


main()
