"""Pictures of the cases of an imported evaluation, kept in the store under the hash of their bytes.

A picture belongs to the snapshot that the evaluation was made on, so all evaluations on that snapshot share it. It is
written before the row that names it; an import that broke off is begun again and goes on. What is kept is the grey
values alone, encoded anew: whatever else a picture file of a snapshot may hold (texts, dates) stays behind. A film of
this workplace is never among them: it is shown from where it lies, to whom it may be shown (docs/decisions/0101).
"""

import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from numpy.typing import NDArray

from annotations.base.errors import Invalid, NotThere
from annotations.base.store import PART, store_is_apart, write_whole
from boneage_web.evaluation.models import CasePicture, Evaluation
from boneage_web.registry.selectors import studies_of
from inference.imaging.errors import FilmError
from inference.imaging.film import Window
from inference.imaging.grey_values import percentile_window
from inference.progress import OnProgress, Progress, ignore_progress
from training.snapshot import Snapshot, SnapshotError, SnapshotRadiograph, decode_grey_png, sha256_of

FOLDER = "case_pictures"
AT_ONCE = 4
"""Pictures in memory at the same time: a store of its own answers slowly and takes many."""
BATCH = 256
"""Rows that are written together: what an import that is killed does again."""
OLD_ENOUGH = timedelta(days=1)
"""What was being written aside a day ago is being written by nobody."""


@dataclass(frozen=True, slots=True)
class KeptPictures:
    """How many pictures an import brought, how many were kept already, and how many cases are films of this
    workplace, which need none."""

    added: int
    there: int
    here: int


def keep_pictures(data: Snapshot, films: Sequence[str], *, on_progress: OnProgress = ignore_progress) -> KeptPictures:
    """Keep the pictures and boxes of these films of a snapshot, as far as they are not kept yet.

    Raises:
        Invalid: a picture cannot be read or is not the one that the snapshot was made with, or there is no room. What
            was kept before stays.
    """
    _remove_halves()
    here = studies_of(films)
    of_snapshot = {radiograph.id: radiograph for radiograph in data.radiographs}
    wanted = [of_snapshot[film] for film in films if film in of_snapshot and film not in here]
    known = dict(CasePicture.objects.filter(snapshot_hash=data.hash).values_list("film", "sha256"))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        there = pool.map(lambda one: one.id in known and default_storage.exists(path_of(known[one.id])), wanted)
        missing = [one for one, is_there in zip(wanted, there, strict=True) if not is_there]
        _check_room(data, missing)
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            try:
                rows = list(pool.map(lambda one: _kept(data, one), batch))
            except SnapshotError as error:
                raise Invalid(
                    "no_picture",
                    f"{error} The evaluation can be taken in without pictures, too: --no-pictures.",
                ) from error
            CasePicture.objects.bulk_create(
                rows,
                update_conflicts=True,  # another import was as fast, or the file of a row was lost
                unique_fields=["snapshot_hash", "film"],
                update_fields=["sha256"],
            )
            on_progress(Progress("pictures", start + len(batch), len(missing)))
    return KeptPictures(added=len(missing), there=len(wanted) - len(missing), here=len(here))


def pictures_of(evaluation: Evaluation, films: Sequence[str]) -> dict[str, CasePicture]:
    """Film -> its picture, of those that are kept and are no films of this workplace, whenever they came here."""
    snapshot = evaluation.snapshot_hash
    if not snapshot or not films:
        return {}
    here = studies_of(films)
    elsewhere = [film for film in films if film not in here]
    return {row.film: row for row in CasePicture.objects.filter(snapshot_hash=snapshot, film__in=elsewhere)}


def grey_values_of(picture: CasePicture) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """Its grey values [rows, columns]. Raises NotThere: its file is gone, or is not what it was."""
    try:
        with default_storage.open(path_of(picture.sha256)) as file:
            data = file.read()
    except OSError:
        data = b""
    if sha256_of(data) != picture.sha256:
        raise NotThere(
            "picture_gone",
            "The picture of this case cannot be read. Restore the backup, or import the evaluation again.",
        )
    return decode_grey_png(data)


def remove_pictures(snapshot_hash: str) -> int:
    """Take all pictures of a snapshot away; those that another snapshot has as well stay for that one. Returns how
    many rows went."""
    of_snapshot = CasePicture.objects.filter(snapshot_hash=snapshot_hash)
    contents = set(of_snapshot.values_list("sha256", flat=True))
    gone, _ = of_snapshot.delete()
    for sha256 in contents - set(CasePicture.objects.values_list("sha256", flat=True)):
        default_storage.delete(path_of(sha256))
    return gone


def path_of(sha256: str) -> str:
    """Where the picture of this hash lies in the store."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}.png"


def _kept(data: Snapshot, radiograph: SnapshotRadiograph) -> CasePicture:
    """Write one picture; returns its row, which is not written yet."""
    values = data.picture(radiograph)
    encoded, png = cv2.imencode(".png", values)
    assert encoded, "a grey picture of 8 or 16 bits always encodes"
    content = png.tobytes()
    sha256 = sha256_of(content)
    if store_is_apart() or not default_storage.exists(path_of(sha256)):  # where it is apart, asking costs as much
        write_whole(path_of(sha256), content)
    marks = data.marks.get(radiograph.id, {})
    return CasePicture(
        snapshot_hash=data.hash,
        film=radiograph.id,
        sha256=sha256,
        rows=radiograph.rows,
        columns=radiograph.columns,
        original_rows=radiograph.original_rows,
        original_columns=radiograph.original_columns,
        window=asdict(_window(values)),
        truth_origin=radiograph.truth_origin,
        marks={region: {"box": mark.box, "source": mark.source} for region, mark in marks.items()},
    )


def _window(values: NDArray[np.uint8] | NDArray[np.uint16]) -> Window:
    """Eight bits are grey as they are; of sixteen a snapshot does not say how they were shown."""
    if values.dtype == np.uint8:
        return Window(center=127.5, width=255.0, function="linear_exact")
    try:
        return percentile_window(values.astype(np.float32))
    except FilmError:  # one grey all over
        return Window(center=float(values.flat[0]), width=1.0, function="linear_exact")


def _check_room(data: Snapshot, radiographs: Sequence[SnapshotRadiograph]) -> None:
    """On one machine. Raises Invalid; a picture that is not there is found when it is read."""
    if store_is_apart():
        return
    files = (data.dir / radiograph.image for radiograph in radiographs)
    needed = sum(path.stat().st_size for path in files if path.is_file())
    free = shutil.disk_usage(settings.DATA_DIR).free
    if needed > free:
        raise Invalid(
            "no_room",
            f"The pictures of these cases take {needed / 1e6:.0f} MB, and {free / 1e6:.0f} MB are free where films are "
            "kept. Make room, or take the evaluation in without pictures: --no-pictures.",
        )


def _remove_halves() -> None:
    """What imports that were killed had just been writing; a store that is apart has nothing half."""
    if store_is_apart():
        return
    limit = (timezone.now() - OLD_ENOUGH).timestamp()
    for half in Path(default_storage.path(FOLDER)).glob(f"*/*{PART}"):
        if half.stat().st_mtime < limit:
            half.unlink(missing_ok=True)
