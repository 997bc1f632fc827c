"""Zips in memory."""

import io
import zipfile


def zipped(*members: tuple[str, bytes]) -> bytes:
    """A zip of members, each a name and its bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()
