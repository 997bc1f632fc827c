"""Back a site up while people work.

The databases come first and the files after them: files are written before the rows that name them and never change,
so what the rows name is among the files. Not backed up: keys, and films that still wait in quarantine with their
originals' names in them.
"""

import gzip
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from annotations.models import BlockedFilm, Radiograph
from annotations.services import quarantine
from annotations.services.site_mode import CLINICAL, fixed_mode
from annotations.states import BlockedState
from boneage_web.evaluation.models import CasePicture
from boneage_web.evaluation.services.case_pictures import path_of
from boneage_web.operations.archive import FORMAT, OBJECTS, Archive, ArchiveError, Stored, write_manifest
from boneage_web.operations.dumps import SUFFIX, dumped
from boneage_web.operations.rows import digests
from boneage_web.operations.stock import open_stock, sha256_of, sign_of, stock_names
from boneage_web.vault.keys import name_of, read_public_key
from boneage_web.vault.router import VAULT


def site_databases() -> tuple[str, ...]:
    """The databases of this site; the vault first, as it is written first when a film comes."""
    return (VAULT, "default") if settings.MODE == CLINICAL else ("default",)


def back_up(archive: Archive, *, say: Callable[[str], None], read_all: bool = False) -> str:
    """Write one more backup; returns its name.

    Args:
        read_all: read every file again; else one whose size and time are as at the last backup counts as unchanged.

    Raises:
        ArchiveError, DumpError: nothing new stands in the archive then.
    """
    name = timezone.now().strftime("%Y%m%dT%H%M%SZ")
    with archive.held():
        known = {} if read_all else _known(archive)
        with archive.new(name) as folder:
            databases = {database: _dump(database, folder) for database in site_databases()}
            say("The databases are dumped.")
            count, size_bytes, new = _keep_objects(archive, folder, known)
            with (folder / OBJECTS).open("rb") as file:
                objects_hash = sha256_of(file)
            missing = _missing(folder)
            write_manifest(folder, {
                "format": FORMAT,
                "made_at": timezone.now().isoformat(),
                "version": settings.VERSION,
                "mode": settings.MODE,
                "mode_is_fixed": fixed_mode() is not None,
                "databases": databases,
                "objects_sha256": objects_hash,
                "objects": count,
                "objects_bytes": size_bytes,
                "missing": missing[:100],
                "not_in_here": _left_out(),
                "keys": key_signs(),
            })  # fmt: skip
    say(f"{count} files, {size_bytes / 1e6:.1f} MB; {new} of them are new in this archive.")
    return name


def key_signs() -> dict[str, str | None]:
    """By what the keys of the site are known again, without a word of them."""
    sign = hmac.new(settings.DEIDENTIFICATION_KEY, b"backup\0which key", hashlib.sha256).hexdigest()[:16]
    public = settings.VAULT_PUBLIC_KEY_FILE
    vault = name_of(read_public_key(public)) if settings.MODE == CLINICAL and public else None
    return {"deidentification": sign, "vault": vault}


def migrations_of(database: str) -> list[str]:
    """What has been applied to a database, sorted."""
    loader = MigrationLoader(connections[database])
    return sorted(f"{app}.{name}" for app, name in loader.applied_migrations)


def _dump(database: str, folder: Path) -> dict[str, Any]:
    vendor = connections[database].vendor
    path = folder / f"{database}.{SUFFIX[vendor]}"
    with dumped(database, path) as frozen:
        tables = {table: asdict(digest) for table, digest in digests(database, alias=frozen).items()}
        applied = migrations_of(frozen)
    with path.open("rb") as file:
        return {
            "file": path.name,
            "vendor": vendor,
            "sha256": sha256_of(file),
            "tables": tables,
            "migrations": applied,
        }


def _known(archive: Archive) -> dict[str, Stored]:
    """The files of the newest backup, as far as the archive still holds them."""
    try:
        kept = dict(archive.open().objects())
    except ArchiveError:  # there is none yet, or it is damaged: then everything is read
        return {}
    return {
        name: stored
        for name, stored in kept.items()
        if (path := archive.path_of(stored.sha256)).exists() and path.stat().st_size == stored.size_bytes
    }


def _keep_objects(archive: Archive, folder: Path, known: dict[str, Stored]) -> tuple[int, int, int]:
    count = size_bytes = new = 0
    with gzip.open(folder / OBJECTS, "wt", encoding="utf-8", compresslevel=4) as lines:
        for name in stock_names():
            try:
                sign = sign_of(name)
                stored = known.get(name)
                if stored is None or stored.sign != sign:
                    with open_stock(name) as file:
                        stored = Stored(*archive.keep(file), sign)
                    new += 1
            except FileNotFoundError:  # thrown away this moment: a film that could not be taken
                continue
            line = {"name": name, "sha256": stored.sha256, "size": stored.size_bytes, "sign": sign}
            lines.write(json.dumps(line) + "\n")
            count += 1
            size_bytes += stored.size_bytes
    return count, size_bytes, new


def _missing(folder: Path) -> list[str]:
    """Films and pictures that rows name and the backup has not. Rows that came after the dump have their files by
    now, too."""
    with gzip.open(folder / OBJECTS, "rt", encoding="utf-8") as lines:
        kept = {json.loads(line)["name"] for line in lines}
    films = (
        name
        for film in Radiograph.objects.order_by("pk").iterator()
        for name in (film.film_name, film.pixels_name, film.thumbnail_name)
    )
    pictures = CasePicture.objects.order_by("pk").values_list("sha256", flat=True)
    wanted = chain(films, map(path_of, pictures.iterator()))
    return [name for name in wanted if name not in kept and not _is_there(name)]


def _is_there(name: str) -> bool:
    try:
        sign_of(name)
    except FileNotFoundError:
        return False
    return True


def _left_out() -> dict[str, int]:
    return {
        "films_waiting_in_quarantine": len(quarantine.arrivals_waiting()),
        "blocked_films": BlockedFilm.objects.filter(state=BlockedState.WAITING).count(),
    }
