"""Backup and restore on both databases: everything comes back, and what is damaged touches nothing."""

import gzip
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from boneage_web.operations.archive import Archive, ArchiveError
from boneage_web.operations.restore import verify
from tests.production.installation import Installation
from tests.services.postgres import postgres

VENDORS = ("sqlite", "postgresql")
on_sqlite = pytest.mark.parametrize("site", ["sqlite"], indirect=True)
"""What does not depend on the database is asked once."""


@pytest.fixture(scope="module", params=VENDORS)
def site(
    request: pytest.FixtureRequest, filled_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    with ExitStack() as servers:
        folder = tmp_path_factory.mktemp(request.param) / "data"
        if request.param == "postgresql":
            one = Installation(folder, BONEAGE_DATABASE_URL=servers.enter_context(postgres()))
            one.fill(films=2)
        else:
            one = Installation(shutil.copytree(filled_folder, folder))
        yield one


@pytest.fixture(scope="module")
def archive(site: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the filled site, which the tests of this module share."""
    folder = tmp_path_factory.mktemp("archive") / "backups"
    said = site.must("backup", "--to", str(folder))
    assert f"de-identification key ({site.data_dir / 'keys' / 'deidentification'})" in said
    return folder


def newest(archive: Path) -> Path:
    return sorted((archive / "backups").iterdir())[-1]


def add_a_person(site: Installation, name: str) -> None:
    password = site.data_dir.parent / "password"
    password.write_text("a-long-sentence-9")
    site.must("add_administrator", name, "--password-file", str(password))


@pytest.mark.timeout(300)  # some ten Python processes start in it: on a loaded machine a minute is short
def test_a_lost_site_comes_back_whole(site: Installation, archive: Path) -> None:
    before = site.state()
    assert before["rows"]["annotations_radiograph"]["rows"] == 2
    assert before["rows"]["annotations_event"]["rows"] > 2
    assert len([name for name in before["files"] if name.startswith("films/")]) == 2
    assert [name for name in before["files"] if name.startswith("artifacts/")]
    pictures = [name for name in before["files"] if name.startswith("case_pictures/")]
    assert len(pictures) == before["rows"]["evaluation_casepicture"]["rows"] > 2

    add_a_person(site, "late")
    refused = site.run("restore", "--from", str(archive))
    assert refused.returncode != 0
    assert "--replace" in refused.stderr
    assert site.state()["rows"]["annotations_person"]["rows"] == before["rows"]["annotations_person"]["rows"] + 1

    site.wipe_files()  # on SQLite the database goes with them
    said = site.must("restore", "--from", str(archive), "--replace")
    assert "The site is as it was" in said
    assert site.state() == before
    assert (site.data_dir / "mode").read_text() == "research\n"
    assert "hold" in site.must("verify_history")


@on_sqlite
def test_the_next_backup_writes_only_what_is_new(site: Installation, archive: Path) -> None:
    objects = {path: path.stat().st_ino for path in (archive / "objects").glob("??/*")}
    said = site.must("backup", "--to", str(archive))
    assert " 0 of them are new" in said or "new in this archive" in said
    assert {path: path.stat().st_ino for path in (archive / "objects").glob("??/*")}.keys() == objects.keys()
    assert len(list((archive / "backups").iterdir())) == 2

    said = site.must("backup", "--to", str(archive), "--read-all", "--keep", "1")
    assert "2 older backups removed, and 0 files" in said
    assert len(list((archive / "backups").iterdir())) == 1
    assert "is whole" in site.must("restore", "--from", str(archive), "--check")


def damage_object(archive: Path) -> None:
    path = next(path for path in (archive / "objects").glob("??/*") if path.stat().st_size > 1000)
    data = bytearray(path.read_bytes())
    data[500] ^= 1
    path.write_bytes(data)


def damage_dump(archive: Path) -> None:
    path = next(newest(archive).glob("default.*"))
    path.write_bytes(path.read_bytes()[:-1])


def damage_list(archive: Path) -> None:
    (newest(archive) / "objects.jsonl.gz").write_bytes(gzip.compress(b""))


def damage_manifest(archive: Path) -> None:
    path = newest(archive) / "manifest.json"
    path.write_text(path.read_text().replace('"mode": "research"', '"mode":  "research", "made_by": "x"'))


def lose_object(archive: Path) -> None:
    next((archive / "objects").glob("??/*")).unlink()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (damage_object, "is damaged in the backup"),
        (damage_dump, "is not the file that was backed up"),
        (damage_list, "is not the file that was backed up"),
        (damage_manifest, "was changed after it was written"),
        (lose_object, "is gone from the backup"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
@on_sqlite
def test_what_is_damaged_is_found_and_named(damage, told, site: Installation, archive: Path, tmp_path: Path) -> None:
    copy = Archive(tmp_path / "copy")
    shutil.copytree(archive, copy.folder)
    assert verify(copy, copy.open()) > 5
    damage(copy.folder)
    with pytest.raises(ArchiveError, match=told):
        verify(copy, copy.open())


@on_sqlite
def test_a_damaged_archive_changes_nothing(site: Installation, archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(archive, copy)
    damage_object(copy)
    before = site.state()
    refused = site.run("restore", "--from", str(copy), "--replace")
    assert refused.returncode != 0
    assert "Nothing was changed" in refused.stderr
    assert site.state() == before


def test_a_dump_that_breaks_off_leaves_the_database_as_it_is(site: Installation, archive: Path, tmp_path: Path) -> None:
    """Behind the hashes: the tools themselves restore all or nothing."""
    dump = next(newest(archive).glob("default.*"))
    broken = tmp_path / dump.name
    if dump.suffix == ".gz":
        text = gzip.decompress(dump.read_bytes())
        broken.write_bytes(gzip.compress(text[: len(text) * 2 // 3]))
    else:
        broken.write_bytes(dump.read_bytes()[: dump.stat().st_size * 2 // 3])
    before = site.state()["rows"]
    program = f"""
import django; django.setup()
from pathlib import Path
from boneage_web.operations.dumps import DumpError, restore_dump
import sqlite3
try:
    restore_dump("default", Path({str(broken)!r}))
except (DumpError, sqlite3.DatabaseError) as error:
    print("refused:", error)
"""
    assert "refused:" in site.python(program)
    assert site.state()["rows"] == before


@on_sqlite
def test_another_key_is_not_taken_for_the_sites_own(site: Installation, archive: Path, tmp_path: Path) -> None:
    key = tmp_path / "another_key"
    key.write_text("x" * 64)
    words = ("restore", "--from", str(archive), "--replace")
    refused = site.run(*words, BONEAGE_DEIDENTIFICATION_KEY_FILE=str(key))
    assert refused.returncode != 0
    assert "is not that of the backup" in refused.stderr
    assert "key" not in json.dumps(json.loads((newest(archive) / "manifest.json").read_text())["databases"]).lower()
    own = (site.data_dir / "keys" / "deidentification").read_text()
    assert own not in (newest(archive) / "manifest.json").read_text()


@on_sqlite
@pytest.mark.parametrize("kind", ["films/*", "case_pictures/*/*"])
def test_a_file_that_is_gone_is_told(kind: str, site: Installation, archive: Path, tmp_path: Path) -> None:
    film = next((site.data_dir / "objects").glob(kind))
    aside = tmp_path / film.name
    shutil.move(film, aside)
    try:
        told = site.run("backup", "--to", str(tmp_path / "backups"))
        assert told.returncode != 0
        assert film.relative_to(site.data_dir / "objects").as_posix() in told.stderr
        assert "The backup is written" in told.stderr
    finally:
        shutil.move(aside, film)


def test_nothing_is_restored_under_a_running_site(site: Installation, archive: Path) -> None:
    if "BONEAGE_DATABASE_URL" in site.settings:
        statement = (
            "INSERT INTO runs_worker (name, queues, started_at, seen_at) VALUES ('other:1', 'cpu', now(), now())"
        )
        with psycopg.connect(site.settings["BONEAGE_DATABASE_URL"], autocommit=True) as connection:
            connection.execute(statement)
            refused = site.run("restore", "--from", str(archive), "--replace")
            connection.execute("DELETE FROM runs_worker")
        assert "other:1 is at work" in refused.stderr
    else:
        import fcntl

        with (site.data_dir / "serve.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            refused = site.run("restore", "--from", str(archive), "--replace")
        assert "Another `serve`" in refused.stderr
        with sqlite3.connect(site.data_dir / "db.sqlite3") as connection:
            assert connection.execute("SELECT count(*) FROM annotations_radiograph").fetchone() == (2,)
    assert refused.returncode != 0
    assert "Nothing was changed" in refused.stderr
