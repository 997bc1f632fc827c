"""Settings that hold everywhere. What differs between sites comes from `boneage_web.env`, and from nowhere else."""

from datetime import timedelta

from csp.constants import NONE, SELF, UNSAFE_INLINE

from annotations import states
from boneage_web import __version__
from boneage_web.env import PROJECT_DIR, database_from_url, environment
from boneage_web.runs.kinds import RunStatus
from boneage_web.storage_url import storage_from_url

environment.make_folders()
VERSION = __version__
DEMONSTRATION = environment.demonstration
DATA_DIR = environment.data_dir
MODE = environment.mode
VAULT_PUBLIC_KEY_FILE = environment.vault_public_key_file
VAULT_PRIVATE_KEY_FILE = environment.vault_private_key_file
FRONTEND_DIR = PROJECT_DIR / "frontend" / "dist"
DEBUG = False
SECRET_KEY = environment.secret_key()
if environment.keys:  # else the setting is missing, and whoever asks for it breaks off
    DEIDENTIFICATION_KEY = environment.deidentification_key()
ALLOWED_HOSTS = list(environment.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(environment.trusted_origins)
ROOT_URLCONF = "boneage_web.urls"
WSGI_APPLICATION = "boneage_web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "axes",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "annotations",
    "boneage_web.vault",
    "boneage_web.runs",
    "boneage_web.registry",
    "boneage_web.results",
    "boneage_web.outbound",
    "boneage_web.evaluation",
    "boneage_web.operations",
    "boneage_web.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES: list[dict[str, object]] = []

# --- database: SQLite in WAL takes writers one after another, so a transaction says at its start that it will write
DATABASES: dict[str, dict[str, object]] = {
    "default": database_from_url(environment.database_url, environment.database_password_file)
    if environment.database_url
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": environment.data_dir / "db.sqlite3",
        "OPTIONS": {
            "timeout": 20,  # seconds that a writer waits for the one before it
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; "
            "PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864;",
        },
        "CONN_MAX_AGE": None,
    }
}
DATABASE_ROUTERS = ["boneage_web.vault.router.VaultRouter"]
if MODE == "clinical":
    DATABASES["vault"] = (
        database_from_url(
            environment.vault_database_url,
            environment.vault_database_password_file,
            variable="BONEAGE_VAULT_DATABASE_URL",
        )
        if environment.vault_database_url
        else {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": environment.data_dir / "vault" / "vault.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                # more durable than the films: after a power cut a film may be missing, its identity never
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
            "CONN_MAX_AGE": None,
        }
    )

# --- people
AUTH_USER_MODEL = "annotations.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "boneage_web.site.public_password.NoPublicPassword",
    "boneage_web.site.signed_in.PersonBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PROXIES = environment.proxies
AXES_FAILURE_LIMIT = environment.lockout_attempts
AXES_COOLOFF_TIME = timedelta(minutes=environment.lockout_minutes)
AXES_LOCKOUT_CALLABLE = "boneage_web.site.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "boneage_web.site.client_address.client_address"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False

# --- sessions, headers
SESSION_ENGINE = "boneage_web.site.sessions"
SESSION_COOKIE_AGE = environment.session_hours * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = environment.https
CSRF_COOKIE_SECURE = environment.https
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "boneage_web.site.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, UNSAFE_INLINE],  # the component library sets style attributes
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # JSON bodies; a film is a file and counted by the intake
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024  # a film with an identity in it should not touch the disk
FILE_UPLOAD_TEMP_DIR = environment.data_dir / "quarantine"
GATE_PROCESSES = environment.gate_processes
QUARANTINE_LIMIT_FILMS = environment.quarantine_limit_films
QUARANTINE_FREE_BYTES = environment.quarantine_free_megabytes * 1024 * 1024
ENGINE = environment.engine
ENGINE_PRECISION = environment.engine_precision
ENGINE_CACHE_DIR = environment.data_dir / "engines"
QUALITY_THRESHOLDS_FILE = environment.quality_thresholds_file
PACS_HOST = environment.pacs_host
PACS_PORT = environment.pacs_port
PACS_AE_TITLE = environment.pacs_ae_title
PACS_AUTHORITY_FILE = environment.pacs_authority_file
PACS_CERTIFICATE_FILE = environment.pacs_certificate_file
PACS_KEY_FILE = environment.pacs_key_file
GATEWAY_AE_TITLE = environment.gateway_ae_title
REPORT_LANGUAGE = environment.report_language
DICOM_PORT = environment.dicom_port
DICOM_BIND_ADDRESS = environment.dicom_bind_address
DICOM_AE_TITLE = environment.dicom_ae_title
DICOM_ALLOWED_CALLERS = environment.dicom_allowed_callers
DICOM_ASSOCIATIONS = environment.dicom_associations
DICOM_CERTIFICATE_FILE = environment.dicom_certificate_file
DICOM_KEY_FILE = environment.dicom_key_file
DICOM_CLIENT_AUTHORITY_FILE = environment.dicom_client_authority_file
UPLOAD_LIMIT_BYTES = environment.upload_limit_megabytes * 1024 * 1024

# --- files
STORAGES = {
    "default": storage_from_url(
        environment.storage_url, environment.storage_access_key_file, environment.storage_secret_key_file
    )
    if environment.storage_url
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": environment.data_dir / "objects", "allow_overwrite": False},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Figures of evaluations, named by everything that they were counted from: never out of date, and may be thrown away.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "figures": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": environment.data_dir / "cache" / "figures",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 4000},
    },
}
WHITENOISE_ROOT = FRONTEND_DIR if FRONTEND_DIR.is_dir() else None
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$"
WHITENOISE_MAX_AGE = 0
STATIC_URL = "/static/"

# --- languages, time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_NAME = "boneage_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["boneage_web.site.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "boneage_web.site.schema.NamedByAddress",
    "EXCEPTION_HANDLER": "annotations.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Bone age workplace",
    "DESCRIPTION": "Research use only. Errors are always {error: {code, message, details}}.",
    "VERSION": __version__,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "RegionEnum": "inference.anatomy.regions.REGION_IDS",
        "RegionStateEnum": [each.value for each in states.RegionState],
        "StudyStateEnum": [each.value for each in states.StudyState],
        "BoxOriginEnum": [each.value for each in states.BoxOrigin],
        "BoxSetStatusEnum": "annotations.api.serializers.boxes.BOX_SET_STATUS_CHOICES",
        "ReadStatusEnum": [each.value for each in states.ReadStatus],
        "ConsensusOriginEnum": [each.value for each in states.ConsensusOrigin],
        "ConsensusStatusEnum": "annotations.api.serializers.reading.CONSENSUS_STATUS_CHOICES",
        "RunStatusEnum": [each.value for each in RunStatus],
        "ModelStatusEnum": "boneage_web.registry.serializers.MODEL_STATUS_CHOICES",
        "SiteModeEnum": "annotations.api.serializers.intake.MODE_CHOICES",
        "ResultStatusEnum": "boneage_web.results.serializers.STATUS_CHOICES",
        "DeliveryStateEnum": "boneage_web.outbound.api.DELIVERY_STATE_CHOICES",
        "DoorEnum": [each.value for each in states.Door],
        "IntakeResultEnum": [each.value for each in states.IntakeResult],
        "RecordedResultEnum": "annotations.api.serializers.intake.RECORDED_CHOICES",
        "KnownOutcomeEnum": "annotations.api.serializers.intake.KNOWN_CHOICES",
        "HealthStatusEnum": "boneage_web.site.serializers.STATUS_CHOICES",
        "WorkKindEnum": [each.value for each in states.WorkKind],
        "ComparedEnum": [each.value for each in states.Compared],
        "BoxChangeEnum": [each.value for each in states.BoxChange],
        "LabellingEnum": "annotations.api.serializers.studies.LABELLING_CHOICES",
        "ReadingEnum": "annotations.api.serializers.studies.READING_CHOICES",
    },
}

# --- jobs: the row is the truth, the message only a bell
LEASE_SECONDS = environment.lease_seconds
SWEEP_SECONDS = environment.sweep_seconds
CELERY = {
    "broker_url": environment.redis_address() or "filesystem://localhost/",
    "broker_transport_options": (
        {"visibility_timeout": 43200, "unacked_restore_interval": 5, "unacked_restore_throttle": 1}
        if environment.redis_url
        else {
            "data_folder_in": str(environment.data_dir / "celery" / "messages"),
            "data_folder_out": str(environment.data_dir / "celery" / "messages"),
            "control_folder": str(environment.data_dir / "celery" / "control"),
            "store_processed": False,
            "polling_interval": 0.1,
        }
    ),
    "broker_connection_retry_on_startup": True,
    "task_ignore_result": True,
    "task_default_queue": "cpu",
    "task_serializer": "json",
    "accept_content": ["json"],
    "worker_prefetch_multiplier": 1,
    "worker_hijack_root_logger": False,
    "worker_send_task_events": False,
    "worker_soft_shutdown_timeout": 30,
    "enable_utc": True,
}

# --- logs: codes and random ids; never a header value, a file name or a query string
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.log_level},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "axes": {"level": "ERROR"},  # its warnings carry user names and addresses
        "pydicom": {"level": "ERROR"},  # its warnings quote header values
        "highdicom": {"level": "ERROR"},
    },
}
