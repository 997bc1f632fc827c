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

if not environment.database_url:
    # A file, not memory: threads and processes of a test meet in it as they do in earnest.
    DATABASES["default"]["TEST"] = {"NAME": environment.data_dir / "test.sqlite3"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY = {**BASE_CELERY, "broker_url": "memory://", "broker_transport_options": {}}
ALLOWED_HOSTS = ["*"]
