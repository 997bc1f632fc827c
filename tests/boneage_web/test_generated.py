"""What is generated or documented is as the code says."""

import json
import os
import secrets
import subprocess
import sys
import threading
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.db import connection
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from boneage_web import __version__
from boneage_web.env import ConfigurationError, Environment, database_from_url, key_from_file, read_environment
from boneage_web.site.management.commands.document_settings import PAGE, settings_page
from boneage_web.site.schema import _whole_schema
from boneage_web.storage_url import storage_from_url

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "frontend" / "src" / "generated" / "schema.json"


def test_the_settings_page_is_what_the_class_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_page(), "run `manage.py document_settings`"


@pytest.mark.django_db(databases=["default", "vault"])
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_schema_is_valid_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    said = capsys.readouterr().err
    assert "Warning" not in said, said
    assert "Error" not in said, said


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="limits of whole numbers differ by database; the embedded default's are kept"
)
def test_the_committed_schema_is_the_present_one(tmp_path: Path) -> None:
    fresh = tmp_path / "schema.json"
    call_command("spectacular", file=str(fresh), format="openapi-json")
    assert json.loads(SCHEMA.read_text()) == json.loads(fresh.read_text()), (
        "run `manage.py spectacular --format openapi-json --file frontend/src/generated/schema.json`, then "
        "`npm run generate` in frontend/"
    )


def test_the_schema_is_put_together_once_and_served_whole() -> None:
    answers = [Client().get("/api/v1/schema", headers={"accept": "application/json"}) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[0].json() == SchemaGenerator().get_schema(request=None, public=True)
    assert _whole_schema.cache_info().misses == 1
    as_yaml = Client().get("/api/v1/schema")
    assert as_yaml.headers["Content-Type"].startswith("application/vnd.oai.openapi;")
    assert yaml.safe_load(as_yaml.content) == answers[0].json()
    refused = Client().get("/api/v1/schema", headers={"accept": "image/png"})
    assert refused.status_code == 406
    assert b"paths:" not in refused.content


def test_the_version_is_written_once_and_the_same() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == __version__


def test_each_variable_is_read_with_its_type() -> None:
    given = {
        "BONEAGE_PORT": "8123",
        "BONEAGE_HTTPS": "1",
        "BONEAGE_ALLOWED_HOSTS": "a.example, b.example",
        "BONEAGE_DATA_DIR": "/srv/boneage",
        "BONEAGE_REAL_DATA": "/data",
        "OTHER": "x",
    }
    read = read_environment(given)
    assert (read.port, read.https, read.allowed_hosts) == (8123, True, ("a.example", "b.example"))
    assert read.data_dir == Path("/srv/boneage")
    assert read_environment({}) == Environment()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BONEAGE_PORT", "eighty"),
        ("BONEAGE_PORT", "-1"),
        ("BONEAGE_HTTPS", "maybe"),
        ("BONEAGE_PROT", "8000"),
        ("BONEAGE_ENGINE", "tensorrt"),
        ("BONEAGE_ENGINE_PRECISION", "int8"),
    ],
)
def test_a_value_or_name_that_is_not_understood_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        read_environment({name: value})


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"
    key = key_from_file(path)
    assert len(key) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert key_from_file(path) == key
    path.write_text("short")
    with pytest.raises(ConfigurationError, match="at least 32"):
        key_from_file(path)


def _make_at_the_same_moment(path: Path, writers: int) -> list[str]:
    together = threading.Barrier(writers)

    def make(_: int) -> str:
        together.wait()
        return key_from_file(path)

    with ThreadPoolExecutor(writers) as pool:
        return list(pool.map(make, range(writers)))


def test_a_key_that_several_make_at_the_same_moment_is_the_same_for_all(tmp_path: Path) -> None:
    for each in range(50):
        path = tmp_path / str(each) / "secret_key"
        assert len(set(_make_at_the_same_moment(path, writers=4))) == 1
        assert list(path.parent.iterdir()) == [path]


def test_what_a_process_left_that_died_while_it_made_a_key_stands_in_nobodys_way(tmp_path: Path) -> None:
    died_early = """
import os, sys
from pathlib import Path
from boneage_web import env
os.link = lambda *_: os._exit(9)
env.key_from_file(Path(sys.argv[1]))
"""
    path = tmp_path / "keys" / "secret_key"
    died = subprocess.run([sys.executable, "-c", died_early, str(path)], cwd=ROOT, capture_output=True, text=True)
    assert died.returncode == 9, died.stderr
    assert [left.suffix for left in path.parent.iterdir()] == [".part"]
    assert len(key_from_file(path)) >= 32


def test_a_key_file_that_is_named_is_read_and_never_made(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "deidentification_key"
    environment = Environment(data_dir=tmp_path, deidentification_key_file=path)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        environment.deidentification_key()
    assert not path.parent.exists()
    path.parent.mkdir()
    path.write_text("k" * 40)
    path.parent.chmod(0o500)
    assert environment.deidentification_key() == b"k" * 40


def test_a_process_without_keys_makes_none(tmp_path: Path) -> None:
    environment = Environment(data_dir=tmp_path, keys=False)
    assert environment.secret_key() != environment.secret_key()
    assert not (tmp_path / "keys").exists()


def test_a_storage_url_becomes_settings_with_the_keys_from_their_files(tmp_path: Path) -> None:
    (tmp_path / "id").write_text("AKIA\n")
    (tmp_path / "secret").write_text("s/e+c\n")
    made = storage_from_url("s3://films/site/a?endpoint=https://s3:9000&region=x", tmp_path / "id", tmp_path / "secret")
    options = made["OPTIONS"]
    assert isinstance(options, dict)
    wanted = ("films", "site/a", "https://s3:9000", "x", "AKIA", "s/e+c")
    names = ("bucket_name", "location", "endpoint_url", "region_name", "access_key", "secret_key")
    assert tuple(options[name] for name in names) == wanted
    for wrong in ("https://s3/films", "s3://", "s3://films?endpont=x"):
        with pytest.raises(ConfigurationError, match="must look like"):
            storage_from_url(wrong, None, None)
    with pytest.raises(ConfigurationError, match="both"):
        storage_from_url("s3://films", tmp_path / "id", None)


def test_a_database_url_becomes_settings_with_the_password_from_its_file(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("p@ss\n")
    settings = database_from_url("postgresql://bone%40age@db:5433/bones", secret)
    assert (settings["USER"], settings["PASSWORD"], settings["HOST"], settings["PORT"], settings["NAME"]) == (
        *("bone@age", "p@ss", "db", "5433", "bones"),
    )
    with pytest.raises(ConfigurationError):
        database_from_url("mysql://db/bones", None)


@pytest.mark.parametrize(
    ("variables", "message"),
    [({"BONEAGE_HTTPS": "0"}, "BONEAGE_HTTPS"), ({"BONEAGE_HTTPS": "1", "BONEAGE_DEMONSTRATION": "1"}, "production")],
)
def test_production_refuses_what_is_meant_for_a_demonstration(
    tmp_path: Path, variables: dict[str, str], message: str
) -> None:
    environment = {
        **os.environ,
        **variables,
        "BONEAGE_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "boneage_web.settings.prod",
    }
    started = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert started.returncode != 0
    assert message in started.stderr


def test_production_passes_its_own_check(tmp_path: Path) -> None:
    keys = {name: str(tmp_path / name.lower()) for name in ("SECRET_KEY_FILE", "DEIDENTIFICATION_KEY_FILE")}
    for path in keys.values():
        Path(path).write_text(secrets.token_urlsafe(48))
    environment = {
        **os.environ,
        "BONEAGE_HTTPS": "1",
        "BONEAGE_DEMONSTRATION": "0",
        "BONEAGE_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "boneage_web.settings.prod",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "ERROR"]

    def checked(**more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=ROOT, env=environment | more, capture_output=True, text=True, check=False)

    refused = checked()
    assert refused.returncode != 0
    assert "BONEAGE_DEIDENTIFICATION_KEY_FILE" in refused.stderr, "keys are not made in passing"
    passed = checked(**{f"BONEAGE_{name}": path for name, path in keys.items()})
    assert passed.returncode == 0, passed.stderr
