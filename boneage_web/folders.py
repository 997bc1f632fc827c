"""Where under the data folder each kind of file lies."""

from pathlib import Path

from django.conf import settings


def runs_dir() -> Path:
    """Work folders and logs of runs, one folder each, named by the run's id."""
    return Path(settings.DATA_DIR) / "runs"


def artifacts_dir() -> Path:
    """Trained models, each an immutable folder named by its hash."""
    return Path(settings.DATA_DIR) / "artifacts"


def features_dir() -> Path:
    """Region features, each file named by what it was found from. Any may be deleted: it is found anew when needed."""
    return Path(settings.DATA_DIR) / "features"


def snapshots_dir() -> Path:
    """Frozen data sets, each an immutable folder named by its row's id."""
    return Path(settings.DATA_DIR) / "snapshots"
