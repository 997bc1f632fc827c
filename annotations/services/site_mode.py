"""Research or clinical: fixed for a data folder by the first film that is taken into it.

A research site that turned clinical would hold films whose results lead nowhere, and a clinical site at which one
command was started without its setting would take films without their identity. So the first film writes the mode
into the file ``mode`` of the data folder, and every process compares.
"""

from pathlib import Path

from django.conf import settings

from annotations.base.first_writer import write_first
from annotations.models import BlockedFilm, Radiograph

RESEARCH, CLINICAL = "research", "clinical"


class OtherModeError(Exception):
    """This process was started in the other mode than the films of its data folder were taken in."""

    def __init__(self, fixed: str) -> None:
        super().__init__(
            f"This data folder holds films taken in {fixed} mode, and BONEAGE_MODE says {settings.MODE}. "
            f"Set BONEAGE_MODE={fixed}, or start with a new data folder and send the films again (docs/identity.md)."
        )


def fixed_mode() -> str | None:
    """The mode that the data folder's file states; None before the first film. Asks no database."""
    try:
        return _file().read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def check_mode() -> None:
    """Raises OtherModeError if the data folder states the other mode than the one set. Asks no database."""
    fixed = fixed_mode()
    if fixed not in (None, settings.MODE):
        raise OtherModeError(fixed)


def fix_mode() -> None:
    """The same check before a film is kept; the first one fixes the mode. Films older than the file are research."""
    if fixed_mode() is None:
        older_films = Radiograph.objects.exists() or BlockedFilm.objects.exists()
        write_first(_file(), (RESEARCH if older_films else settings.MODE) + "\n")
    check_mode()


def state_mode(mode: str) -> None:
    """Fix the mode of films that came from elsewhere with their database. Raises OtherModeError."""
    if fixed_mode() is None:
        write_first(_file(), mode + "\n")
    check_mode()


def _file() -> Path:
    return Path(settings.DATA_DIR) / "mode"
