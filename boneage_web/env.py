"""Every environment variable of the web application, once, typed, with its unit and its default.

`docs/settings.md` is written from this class (`manage.py document_settings`) and a test compares the two.
Secrets come from files: a key that is not there is made at first start, readable by its owner alone.
Knobs of an experiment are not environment: they are stored with the run that used them.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Literal, get_args, get_type_hints
from urllib.parse import unquote, urlsplit, urlunsplit

from annotations.base.first_writer import write_first

PREFIX = "BONEAGE_"
MODES = ("research", "clinical")
Engine = Literal["openvino", "onnxruntime", "keras"]
EnginePrecision = Literal["", "f32", "bf16"]
"""As in inference/detector/engines.py, which a web process does not import; a test compares them."""
ReportLanguage = Literal["en", "zh-Hans"]
PROJECT_DIR = Path(__file__).resolve().parent.parent
KEY_BYTES = 48


class ConfigurationError(Exception):
    """An environment variable has a value that cannot be used; the message names it."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What the surroundings decide. The field `port` is read from `BONEAGE_PORT`, and so on."""

    data_dir: Annotated[
        Path, "Folder that holds everything the application writes: database, films, artifacts, keys."
    ] = PROJECT_DIR / "var"
    port: Annotated[int, "TCP port of the web server."] = 8000
    bind_address: Annotated[str, "Address the web server listens on. Only a reverse proxy should face a network."] = (
        "127.0.0.1"
    )
    allowed_hosts: Annotated[tuple[str, ...], "Host names that requests may carry, separated by commas."] = (
        "localhost",
        "127.0.0.1",
    )
    trusted_origins: Annotated[
        tuple[str, ...], "Origins (https://host) behind a proxy whose forms are accepted, separated by commas."
    ] = ()
    https: Annotated[bool, "1 when browsers reach the site by HTTPS: secure cookies and HSTS."] = False
    demonstration: Annotated[
        bool, "1 lets `manage.py demo` make demonstration accounts. Never on a site with real films."
    ] = False
    database_url: Annotated[str, "postgresql://user@host:port/name. Empty: SQLite in the data folder."] = ""
    database_password_file: Annotated[
        Path | None, "File that holds the database password, so that it stands in no environment."
    ] = None
    redis_url: Annotated[
        str, "redis://host:port/0 for the bells of jobs. Empty: files in the data folder, without a server."
    ] = ""
    redis_password_file: Annotated[Path | None, "File that holds the Redis password."] = None
    storage_url: Annotated[
        str,
        "s3://bucket/prefix?endpoint=https://host:port&region=name: films, models and data sets lie in an S3-style "
        "store. Empty: in the data folder.",
    ] = ""
    storage_access_key_file: Annotated[
        Path | None, "File that holds the store's access key id. Empty: the machine's own role."
    ] = None
    storage_secret_key_file: Annotated[Path | None, "File that holds the store's secret access key."] = None
    keys: Annotated[
        bool,
        "0 for a process that cleans no film and signs nobody in, such as a worker on another machine: it has no keys.",
    ] = True
    secret_key_file: Annotated[
        Path | None, "File with the key that signs sessions. Empty: made at first start under keys/."
    ] = None
    deidentification_key_file: Annotated[
        Path | None, "File with the key of the pseudonyms. Empty: made at first start under keys/. Keep it."
    ] = None
    mode: Annotated[
        str,
        "research: nothing leads back to the child. clinical: what leads back is sealed in the identity vault. "
        "Fixed by the first film; see docs/identity.md.",
    ] = "research"
    vault_public_key_file: Annotated[
        Path | None, "Clinical mode: file with the key that seals identities. Made by `manage.py vault_keys`."
    ] = None
    vault_private_key_file: Annotated[
        Path | None, "File with the key that opens them. For the outbound gateway alone: nothing else starts with it."
    ] = None
    vault_database_url: Annotated[
        str,
        "Clinical mode: postgresql://user@host:port/name of the vault. Empty: SQLite under vault/ in the data folder.",
    ] = ""
    vault_database_password_file: Annotated[Path | None, "File that holds the password of the vault's database."] = None
    session_hours: Annotated[int, "Hours after which a person signs in again."] = 12
    lockout_attempts: Annotated[int, "Failed sign-ins after which an account is locked out."] = 5
    lockout_minutes: Annotated[int, "Minutes that a lock-out lasts."] = 15
    proxies: Annotated[
        int, "Reverse proxies in front of the web server, each of which appends its caller to X-Forwarded-For."
    ] = 0
    upload_limit_megabytes: Annotated[int, "Largest film that is taken, in megabytes."] = 150
    gate_processes: Annotated[
        int, "Processes that clean arriving films; 0 cleans them inside the upload, which then takes seconds."
    ] = 1
    quarantine_limit_films: Annotated[
        int, "So many films may wait to be cleaned; above it the doors answer that they are full."
    ] = 5000
    quarantine_free_megabytes: Annotated[int, "So much of the disk stays free; below it the doors answer that."] = 2048
    quality_thresholds_file: Annotated[
        Path | None, "JSON file with a site's own limits of the quality gate (inference/imaging/quality_thresholds.py)."
    ] = None
    dicom_port: Annotated[int, "TCP port of the DICOM node (C-STORE, C-ECHO); 0: there is none."] = 0
    dicom_bind_address: Annotated[str, "Address the DICOM node listens on."] = "127.0.0.1"
    dicom_ae_title: Annotated[str, "Application entity title of the DICOM node."] = "BONEAGE"
    dicom_allowed_callers: Annotated[
        tuple[str, ...], "Devices that may send: TITLE, TITLE@address or TITLE@network/bits, separated by commas."
    ] = ()
    dicom_associations: Annotated[int, "Associations of the DICOM node at the same time."] = 10
    dicom_certificate_file: Annotated[Path | None, "PEM file: certificate of the DICOM node. Empty: no TLS."] = None
    dicom_key_file: Annotated[Path | None, "PEM file: key of that certificate."] = None
    dicom_client_authority_file: Annotated[
        Path | None, "PEM file: authority whose certificates callers must show. Empty: callers need none."
    ] = None
    pacs_host: Annotated[str, "Host of the PACS that signed results are stored in. Empty: results are not sent."] = ""
    pacs_port: Annotated[int, "TCP port of that PACS."] = 104
    pacs_ae_title: Annotated[str, "Application entity title of that PACS."] = "PACS"
    pacs_authority_file: Annotated[
        Path | None, "PEM file: authority of the PACS's certificate. Empty: plain TCP, no TLS."
    ] = None
    pacs_certificate_file: Annotated[Path | None, "PEM file: certificate that the gateway shows the PACS."] = None
    pacs_key_file: Annotated[Path | None, "PEM file: key of that certificate."] = None
    gateway_ae_title: Annotated[str, "Application entity title of the outbound gateway."] = "BONEAGE_OUT"
    report_language: Annotated[
        ReportLanguage, "Language of the picture that goes to the PACS: en or zh-Hans (needs fonts-noto-cjk)."
    ] = "en"
    watch_folder: Annotated[Path | None, "Folder whose films and zips are taken in as they appear. Empty: none."] = None
    watch_settle_seconds: Annotated[
        int, "Seconds that a file of the watched folder stays as it is before it counts as whole."
    ] = 10
    watch_cohort: Annotated[str, "Name of the cohort for films of the watched folder. Empty: none."] = ""
    web_processes: Annotated[int, "Web server processes."] = 2
    web_threads: Annotated[int, "Threads of each web server process."] = 8
    worker_threads: Annotated[int, "Threads of a worker's arithmetic; 0 takes every core."] = 0
    engine: Annotated[Engine, "What runs the detector: openvino, onnxruntime or keras."] = "openvino"
    engine_precision: Annotated[
        EnginePrecision,
        "f32 or bf16. Empty: what a model's manifest says that its age head was measured with, f32 as a rule.",
    ] = ""
    lease_seconds: Annotated[
        int, "Seconds without a sign of life after which a job is taken from its worker and queued again."
    ] = 15
    sweep_seconds: Annotated[int, "Seconds between two sweeps for dead workers and lost bells."] = 5
    log_level: Annotated[str, "DEBUG, INFO, WARNING or ERROR."] = "INFO"

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ConfigurationError(f"BONEAGE_MODE={self.mode!r} is neither {' nor '.join(MODES)}.")
        for name, value, known in (
            ("ENGINE", self.engine, get_args(Engine)),
            ("ENGINE_PRECISION", self.engine_precision, get_args(EnginePrecision)),
            ("REPORT_LANGUAGE", self.report_language, get_args(ReportLanguage)),
        ):
            if value not in known:
                raise ConfigurationError(f"{PREFIX}{name}={value!r} is none of {', '.join(filter(None, known))}.")

    def make_folders(self) -> None:
        """The folders that must be there before anything runs; only their owner may look into them."""
        vault = (self.data_dir / "vault",) if self.mode == "clinical" else ()
        for folder in (self.data_dir, self.data_dir / "quarantine", *vault):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def secret_key(self) -> str:
        """Key that signs sessions. A process without keys signs nothing that outlives it."""
        if not self.keys:
            return secrets.token_urlsafe(KEY_BYTES)
        return self._key(self.secret_key_file, "secret_key")

    def deidentification_key(self) -> bytes:
        """Key of the pseudonyms."""
        return self._key(self.deidentification_key_file, "deidentification").encode()

    def _key(self, named: Path | None, name: str) -> str:
        """A file that was named is read and never made: another key in its place would change every pseudonym."""
        return key_from_file(self.data_dir / "keys" / name) if named is None else _read_key(named)

    def redis_address(self) -> str:
        """Redis URL with the password of its file."""
        if not self.redis_url or self.redis_password_file is None:
            return self.redis_url
        parts = urlsplit(self.redis_url)
        password = self.redis_password_file.read_text().strip()
        return urlunsplit(parts._replace(netloc=f":{password}@{parts.hostname}:{parts.port or 6379}"))


def key_from_file(path: Path) -> str:
    """The key in `path`; made when there is none. Only its owner may read it (mode 0600)."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_first(path, secrets.token_urlsafe(KEY_BYTES))
    return _read_key(path)


def _read_key(path: Path) -> str:
    try:
        key = path.read_text().strip()
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read ({error.strerror}). Put the site's key there.") from None
    if len(key) < 32:
        raise ConfigurationError(f"The key in {path} has {len(key)} characters; at least 32 are needed.")
    return key


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Settings from `variables`. Raises ConfigurationError for a value or a name that is not understood."""
    known = {PREFIX + each.name.upper(): each for each in fields(Environment)}
    unknown = {name for name in variables if name.startswith(PREFIX)} - known.keys() - OTHER_VARIABLES.keys()
    if unknown:
        raise ConfigurationError(f"Unknown setting {', '.join(sorted(unknown))}: see docs/settings.md.")
    given: dict[str, object] = {}
    for name, each in known.items():
        text = variables.get(name, "").strip()
        if text:
            given[each.name] = _parse(name, text, each.default)
    return Environment(**given)  # type: ignore[arg-type]


# Read elsewhere, and named here so that a typing error in a name is found.
OTHER_VARIABLES = {
    "BONEAGE_REAL_DATA": "Folder with real radiographs, for tests and benchmarks only; the application never reads it.",
    "BONEAGE_THOROUGH": "Set by `make soak`: its tests run whole matrices; the application never reads it.",
}


def documented_settings() -> list[tuple[str, object, str]]:
    """(name of the variable, default, what it does), in the order of the class."""
    hints = get_type_hints(Environment, include_extras=True)
    return [
        (PREFIX + each.name.upper(), each.default, hints[each.name].__metadata__[0]) for each in fields(Environment)
    ]


def _parse(name: str, text: str, default: object) -> object:
    try:
        if isinstance(default, bool):
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]
        if isinstance(default, int):
            number = int(text)
            if number < 0:
                raise ValueError(text)
            return number
    except (KeyError, ValueError):
        kind = "0 or 1" if isinstance(default, bool) else "a whole number"
        raise ConfigurationError(f"{name}={text!r} is not {kind}.") from None
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if default is None or isinstance(default, Path):
        return Path(text).expanduser().resolve()
    return text


def database_from_url(
    url: str, password_file: Path | None, *, variable: str = "BONEAGE_DATABASE_URL"
) -> dict[str, object]:
    """Django's settings for `postgresql://user[:password]@host:port/name`. Raises ConfigurationError."""
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        raise ConfigurationError(f"{variable} must look like postgresql://user@host:5432/name.")
    password = password_file.read_text().strip() if password_file else unquote(parts.password or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": password,
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Bound by the server; what a connection is asked a second time it prepares and need not plan again: 0097
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 1},
    }


environment = read_environment(os.environ)
