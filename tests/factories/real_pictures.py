"""Every real picture of a hand that is large enough to write on: near native, and the two sets of medium size."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

_MEDIUM = ("medium_500x625.zip", "medium_300x390.zip")


@dataclass(frozen=True, slots=True)
class RealPicture:
    """Where a picture lies: a file, or a member of an archive."""

    id: str
    path: Path
    member: str = ""

    def pixels(self) -> NDArray[np.uint16]:
        """uint16 [rows, columns], its 8 bits spread over 0..4095, bone bright."""
        if self.member:
            with zipfile.ZipFile(self.path) as archive:
                data = archive.read(self.member)
        else:
            data = self.path.read_bytes()
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
        if picture is None:
            raise FileNotFoundError(f"{self.id} is not a picture that can be read")
        return np.round(picture.astype(np.float32) * (4095 / 255)).astype(np.uint16)


def real_pictures(real_data: Path) -> Iterator[RealPicture]:
    """All of them in a fixed order: 18 and 6 near native, then 68 and 88.

    Args:
        real_data: folder that holds ``rsna`` and ``dha``.
    """
    for path in sorted((real_data / "rsna" / "full").iterdir()):
        yield RealPicture(f"rsna-{path.stem.split('_')[0]}", path)
    for path in sorted((real_data / "dha").iterdir()):
        if path.suffix in (".png", ".jpg", ".jpeg"):
            yield RealPicture(f"dha-{path.stem}", path)
    for name in _MEDIUM:
        with zipfile.ZipFile(real_data / "rsna" / name) as archive:
            for member in sorted(archive.namelist()):
                if member.endswith((".png", ".jpg", ".jpeg")):
                    yield RealPicture(f"{name[7:10]}-{Path(member).stem}", real_data / "rsna" / name, member)
