"""Real films with the boxes that people drew in labelImg: in through the gate, corrected here, and out again."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from annotations.models import BoxSet
from annotations.services import boxes
from annotations.states import BoxOrigin, OperationKind
from inference.anatomy.boxes import Box
from tests.factories.real_labelimg import exported, import_and_export

pytestmark = [pytest.mark.django_db, pytest.mark.real_data, pytest.mark.timeout(300)]

NEAR_NATIVE, SMALLER = "14717", "1675"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "data" / "objects"},
        },
    }


def test_labelimgs_own_files_are_opened_corrected_and_exported_again(real_data: Path, tmp_path: Path) -> None:
    """Two of the films; `python -m tests.benchmarks.box_round_trip --folder` takes all of them."""
    found = import_and_export(real_data, tmp_path, only={NEAR_NATIVE, SMALLER})
    assert found.told["films after a reviewer's release"] == {"duplicate": 2}
    assert found.by_stem[NEAR_NATIVE]["boxes"] == "unchanged", "the XML is of this very picture"
    assert found.by_stem[SMALLER]["boxes"] == "draft", "refused as it is, scaled on purpose"
    assert found.moved_px <= 0.5

    box_set = BoxSet.objects.get(pk=found.by_stem[NEAR_NATIVE]["box_set"])
    row = box_set.regions.get(region="ulna")
    assert row.origin == BoxOrigin.IMPORTED
    assert row.box is not None
    drawn = Box(row.box.x0 - 4.3, row.box.y0, row.box.x1, row.box.y1 + 2.6)
    gesture = boxes.NewOperation(
        id=uuid4(),
        seq=100,
        kind=OperationKind.SET,
        region="ulna",
        base_revision=row.revision,
        made_at=timezone.now(),
        box=drawn,
        origin=BoxOrigin.DRAWN,
    )
    assert box_set.author is not None
    boxes.apply_operations(person=box_set.author, box_set=box_set, operations=[gesture])
    call_command("export_boxes", "--out", str(tmp_path / "again"), "--status", "draft", "--pictures")
    picture = exported(tmp_path / "again", "voc")[str(box_set.radiograph_id)]
    after = {named.name: named.box for named in picture.boxes}["ulna"]
    assert after == pytest.approx(drawn, abs=0.5)
