"""An installation on one machine, driven from a shell as an administrator drives it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.prepared import put_databases
from tests.production.compose_files import ROOT

DIGESTS = """
import django, json; django.setup()
from dataclasses import asdict
from boneage_web.operations.rows import digests
from boneage_web.operations.stock import hash_of, stock_names
print(json.dumps({
    "rows": {table: asdict(one) for table, one in digests("default").items()},
    "files": {name: hash_of(name) for name in stock_names()},
}))
"""

FILL = """
import django; django.setup()
import tempfile
from pathlib import Path
from annotations.services.intake import receive
from annotations.services.people import add_person
from annotations.states import RoleName
from boneage_web.site.demonstration import register_shipped_model
from boneage_web.evaluation.services.imported import import_report
from boneage_web.registry.models import ModelVersion
from tests.boneage_web.evaluations.imported_data import frozen, write_report
from training.phantom.cohort import demo_cohort
register_shipped_model()
add_person(by=None, username="mei", display_name="梅", password="a-long-sentence-9", roles=[RoleName.LABELLER])
for film in [film for film in demo_cohort(7, 10, size=(480, 360)) if film.sex_in_header][:{films}]:
    outcome = receive(data=film.data, filename=film.filename, by=None)
    assert outcome.study is not None, outcome
with tempfile.TemporaryDirectory() as folder:
    data = frozen(Path(folder) / "snapshot")
    ids = [radiograph.id for radiograph in data.part("test")]
    model = ModelVersion.objects.get().hash
    report = write_report(Path(folder) / "report", model_hash=model, snapshot_hash=data.hash, ids=ids)
    import_report(report=report, snapshot=data.dir, pictures=True)
"""


class Installation:
    """A data folder, a database and a store; ``settings`` are its environment."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir, self.settings = data_dir, settings

    def environment(self, **more: str) -> dict[str, str]:
        """Of its programs; nothing of the tests' own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BONEAGE_", "DJANGO_"))}
        own = {"BONEAGE_DATA_DIR": str(self.data_dir), "DJANGO_SETTINGS_MODULE": "boneage_web.settings.dev"}
        return {**kept, **own, **self.settings, **more}

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """``manage.py`` with these words; whatever becomes of it."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.environment(**more), capture_output=True, text=True, check=False,
        )  # fmt: skip

    def must(self, *words: str, **more: str) -> str:
        """The same, and it has to end well; returns what it said."""
        done = self.run(*words, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def python(self, program: str) -> str:
        """A piece of Python with its settings; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def state(self) -> dict[str, Any]:
        """Everything that it holds, as digests."""
        return dict(json.loads(self.python(DIGESTS)))

    def fill(self, films: int) -> None:
        """A person, a model, small drawn films, and an imported evaluation with its pictures."""
        if "BONEAGE_DATABASE_URL" not in self.settings:
            put_databases(self.data_dir, clinical=self.settings.get("BONEAGE_MODE") == "clinical")
        self.must("prepare")
        self.python(FILL.format(films=films))

    def wipe_files(self) -> None:
        """The disk is new; the keys were kept apart."""
        for path in self.data_dir.iterdir():
            if path.name not in ("keys",):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
