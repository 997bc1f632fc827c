"""Tests: a data folder that goes with the process, a cheap password hash, bells that ring in memory."""

import atexit
import os
import shutil
import tempfile

_data_dir = tempfile.mkdtemp(prefix="boneage-test-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["BONEAGE_DATA_DIR"] = _data_dir

from boneage_web.env import environment  # noqa: E402
from boneage_web.settings.base import *  # noqa: E402, F403
from boneage_web.settings.base import CELERY as BASE_CELERY  # noqa: E402
from boneage_web.settings.base import DATABASES  # noqa: E402

# Tests turn clinical mode on and off, so the vault's database is always there for them; research mode has none.
if environment.database_url:
    DATABASES["vault"] = {**DATABASES["default"], "TEST": {"NAME": "test_vault"}}
else:
    DATABASES["vault"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": environment.data_dir / "vault.sqlite3",
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"},
        "TEST": {"NAME": environment.data_dir / "test_vault.sqlite3"},
    }
if not environment.database_url:
    # A file, not memory: threads and processes of a test meet in it as they do in earnest.
    DATABASES["default"]["TEST"] = {"NAME": environment.data_dir / "test.sqlite3"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY = {**BASE_CELERY, "broker_url": "memory://", "broker_transport_options": {}}
ALLOWED_HOSTS = ["*"]
GATE_PROCESSES = 0  # no process beside the tests: films are taken in inside the call
COMPARE_PREPARED = True  # each kept question is built anew and compared: annotations/base/prepared.py
