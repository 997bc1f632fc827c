"""Pictures of the cases of an imported evaluation: kept whole or not at all, shown to whom its numbers are shown."""

import gzip
import io
import os
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client

from annotations.models import Exposure
from annotations.states import RoleName
from boneage_web.evaluation.models import CasePicture, Evaluation
from boneage_web.evaluation.services import case_pictures
from boneage_web.stored_folders import stored_names
from tests.boneage_web.evaluations.asking import Browser, get
from tests.boneage_web.evaluations.imported_data import (
    GreyValues,
    frozen,
    made_picture,
    with_text_in_pictures,
    write_report,
)
from tests.boneage_web.route_table import make_model
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_study
from training.snapshot import Snapshot

pytestmark = pytest.mark.django_db
HASH = "a" * 64


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    make_model(HASH)
    return frozen(tmp_path / "snapshot")


def report_on(data: Snapshot, ids: Sequence[str] | None = None) -> Path:
    """The folder of a report on the test part, or on these films."""
    folder = data.dir.with_name(f"report-{data.dir.name}")
    if not folder.exists():
        chosen = ids or [radiograph.id for radiograph in data.part("test")]
        write_report(folder, model_hash=HASH, snapshot_hash=data.hash, ids=chosen)
    return folder


def take_in(data: Snapshot, ids: Sequence[str] | None = None, **options: Any) -> Evaluation:
    """Through the command, as an administrator does it."""
    said = io.StringIO()
    call_command("import_evaluation", report=report_on(data, ids), snapshot=data.dir, stdout=said, **options)
    return Evaluation.objects.get(pk=said.getvalue().strip().rsplit("/", 1)[-1])


def cases(browser: Client, evaluation: Evaluation) -> list[dict[str, Any]]:
    return list(get(browser, evaluation, "/cases", limit=100).json()["results"])


def pixels(browser: Client, detail: dict[str, Any]) -> GreyValues:
    """What the page draws."""
    picture = detail["picture"]
    answer = browser.get(picture["pixels_url"])
    assert (answer.status_code, answer["Content-Encoding"]) == (200, "gzip")
    return np.frombuffer(gzip.decompress(answer.content), "<u2").reshape(picture["rows"], picture["columns"])


@pytest.mark.parametrize("bits", [8, 16])
def test_each_case_shows_its_own_picture_with_its_boxes(browser: Client, tmp_path: Path, bits: int) -> None:
    make_model(HASH)
    made = {f"h{i}": made_picture(i, bits=bits) for i in range(12)}
    data = frozen(tmp_path / "snapshot", made)
    evaluation = take_in(data)
    listed = cases(browser, evaluation)
    assert len(listed) == len(data.part("test"))
    for case in listed:
        detail = get(browser, evaluation, f"/cases/{case['row']}").json()
        np.testing.assert_array_equal(pixels(browser, detail), made[case["film"]])
        small = browser.get(case["thumbnail_url"])
        assert small["Content-Type"] == "image/jpeg"
        assert cv2.imdecode(np.frombuffer(small.content, np.uint8), cv2.IMREAD_GRAYSCALE).shape == (20, 10)
    picture = detail["picture"]
    assert (picture["snapshot"], picture["truth_origin"]) == (data.hash, "clinical_read")
    assert (picture["original_columns"], picture["original_rows"]) == (100, 300)
    assert picture["box_sources"] == ["somebody"]
    assert detail["labelled"] == [{"region": "radius", "x0": 1, "y0": 2, "x1": 8, "y1": 12, "score": None}]
    if bits == 8:
        assert picture["window"] == {"center": 127.5, "width": 255, "function": "linear_exact"}
    else:
        low, high = (picture["window"]["center"] + side * picture["window"]["width"] / 2 for side in (-1, 1))
        assert made[case["film"]].min() <= low < high <= made[case["film"]].max()
    assert not Exposure.objects.exists(), "they are no films of this workplace"


def test_what_was_imported_before_gets_its_pictures_by_importing_again(
    browser: Client, snapshot: Snapshot, capsys: Any
) -> None:
    evaluation = take_in(snapshot, pictures=False)
    assert not CasePicture.objects.exists()
    assert all(case["thumbnail_url"] is None for case in cases(browser, evaluation))
    detail = get(browser, evaluation, "/cases/0").json()
    assert (detail["picture"], detail["labelled"]) == (None, [])
    address = f"/api/v1/evaluations/{evaluation.pk}/cases/0/pixels"
    assert browser.get(address).status_code == 404
    capsys.readouterr()

    count = len(snapshot.part("test"))
    assert take_in(snapshot) == evaluation
    assert f"{count} pictures added, 0 were here" in capsys.readouterr().err
    assert all(case["thumbnail_url"] for case in cases(browser, evaluation))
    assert take_in(snapshot) == evaluation
    assert f"0 pictures added, {count} were here" in capsys.readouterr().err
    assert Evaluation.objects.count() == 1


def test_a_picture_that_was_lost_or_changed_is_told_and_comes_back(
    browser: Client, snapshot: Snapshot, capsys: Any
) -> None:
    evaluation = take_in(snapshot)
    first = get(browser, evaluation, "/cases/0").json()
    row = CasePicture.objects.get(film=first["film"])
    path = Path(default_storage.path(case_pictures.path_of(row.sha256)))
    data = path.read_bytes()
    path.write_bytes(data[:-1])
    told = browser.get(first["picture"]["pixels_url"])
    assert (told.status_code, told.json()["error"]["code"]) == (404, "picture_gone")
    path.unlink()
    assert browser.get(first["picture"]["pixels_url"]).status_code == 404
    capsys.readouterr()
    take_in(snapshot)
    assert "1 pictures added" in capsys.readouterr().err
    assert path.read_bytes() == data
    assert browser.get(first["picture"]["pixels_url"]).status_code == 200


class Killed(BaseException):
    """The process ends here."""


def test_an_import_that_is_killed_leaves_nothing_half_and_goes_on(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(case_pictures, "BATCH", 2)
    monkeypatch.setattr(case_pictures, "AT_ONCE", 1)
    replace, moved = os.replace, []

    def dies_at_the_fourth(source: str, target: Path) -> None:
        if len(moved) == 3:
            raise Killed
        moved.append(target)
        replace(source, target)

    monkeypatch.setattr("annotations.base.store.os.replace", dies_at_the_fourth)
    with pytest.raises(Killed):
        take_in(snapshot)
    assert not Evaluation.objects.exists()
    kept = set(CasePicture.objects.values_list("sha256", flat=True))
    assert len(kept) == 2, "the batch that was whole"
    halves = [name for name in stored_names("case_pictures") if name.endswith(".part")]
    assert halves

    monkeypatch.setattr("annotations.base.store.os.replace", replace)
    long_ago = 1_600_000_000
    os.utime(default_storage.path(halves[0]), (long_ago, long_ago))
    capsys.readouterr()
    take_in(snapshot)
    count = len(snapshot.part("test"))
    assert f"{count - 2} pictures added, 2 were here already" in capsys.readouterr().err
    assert not default_storage.exists(halves[0])
    assert CasePicture.objects.count() == count


@pytest.mark.parametrize("wrong", ["gone", "changed", "no room"])
def test_pictures_that_cannot_be_kept_stop_the_import_with_a_way_out(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    path = snapshot.dir / snapshot.part("test")[0].image
    if wrong == "gone":
        path.unlink()
    elif wrong == "changed":
        path.write_bytes((snapshot.dir / snapshot.part("test")[1].image).read_bytes())
    else:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100))
    with pytest.raises(CommandError, match="--no-pictures"):
        take_in(snapshot)
    assert not Evaluation.objects.exists()
    take_in(snapshot, pictures=False)
    assert Evaluation.objects.count() == 1


def test_nothing_but_grey_values_comes_along(browser: Client, snapshot: Snapshot) -> None:
    data = with_text_in_pictures(snapshot.dir, b"Zhang San 1999")
    assert b"Zhang San" in (data.dir / data.part("test")[0].image).read_bytes()
    evaluation = take_in(data)
    names = list(stored_names("case_pictures"))
    assert len(names) == len(data.part("test"))
    for name in names:
        with default_storage.open(name) as file:
            assert b"Zhang San" not in file.read()
    assert browser.get(f"/api/v1/evaluations/{evaluation.pk}/cases/0/pixels").status_code == 200


def test_a_film_of_this_workplace_is_shown_as_such_and_never_from_a_snapshot(
    browser: Client, snapshot: Snapshot, tmp_path: Path, capsys: Any
) -> None:
    """A snapshot that was frozen here is no way round what holds for the film: its picture is not taken in."""
    film = film_of(make_study(stored=True))
    data = frozen(tmp_path / "own", {str(film.pk): made_picture(1), "foreign": made_picture(2)})
    evaluation = take_in(data, [str(film.pk), "foreign"])
    assert "1 cases are films of this workplace" in capsys.readouterr().err
    assert list(CasePicture.objects.values_list("film", flat=True)) == ["foreign"]
    rows = {case["film"]: case for case in cases(browser, evaluation)}
    own, foreign = rows[str(film.pk)], rows["foreign"]
    assert own["thumbnail_url"] == f"/api/v1/radiographs/{film.pk}/thumbnail"
    assert get(browser, evaluation, f"/cases/{own['row']}").json()["picture"] is None
    for name in ("pixels", "thumbnail"):
        assert get(browser, evaluation, f"/cases/{own['row']}/{name}").status_code == 404
        assert get(browser, evaluation, f"/cases/{foreign['row']}/{name}").status_code == 200


def test_a_film_that_came_here_later_is_no_longer_shown_from_the_snapshot(browser: Client, snapshot: Snapshot) -> None:
    """A backup was restored, say: from then on the film's own rules hold."""
    film = film_of(make_study(stored=True))
    pk = film.pk
    data = frozen(snapshot.dir.with_name("own"), {str(pk): made_picture(1)})
    film.delete()
    evaluation = take_in(data, [str(pk)])
    assert get(browser, evaluation, "/cases/0/pixels").status_code == 200
    film.pk = pk
    film.save(force_insert=True)
    assert get(browser, evaluation, "/cases/0/pixels").status_code == 404
    assert get(browser, evaluation, "/cases/0").json()["picture"] is None
    assert cases(browser, evaluation)[0]["thumbnail_url"] is None


@pytest.mark.parametrize("name", ["pixels", "thumbnail"])
def test_pictures_are_for_whom_the_numbers_are_for(client_of: Browser, snapshot: Snapshot, name: str) -> None:
    evaluation = take_in(snapshot)
    for role in (RoleName.REVIEWER, RoleName.RESEARCHER, RoleName.ADMINISTRATOR):
        answer = get(client_of(make_person(f"as-{role}", role)), evaluation, f"/cases/0/{name}")
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "private, no-cache"
        assert answer["ETag"]
    both = client_of(make_person("both", RoleName.READER, RoleName.ADMINISTRATOR))
    labels = client_of(make_person("labels", RoleName.LABELLER))
    for browser in (both, labels):
        told = browser.get(
            f"/api/v1/evaluations/{evaluation.pk}/cases/0/{name}", headers={"If-None-Match": answer["ETag"]}
        )
        assert told.status_code == 403, "not even that it has not changed"
    known = client_of(make_person("looks again", RoleName.REVIEWER)).get(
        f"/api/v1/evaluations/{evaluation.pk}/cases/0/{name}", headers={"If-None-Match": answer["ETag"]}
    )
    assert (known.status_code, known.content) == (304, b"")
    assert Client().get(f"/api/v1/evaluations/{evaluation.pk}/cases/0/{name}").status_code in (401, 403)
    assert get(both, evaluation, "/cases/9999/pixels").status_code == 403
    assert get(client_of(make_person("asks", RoleName.REVIEWER)), evaluation, "/cases/9999/pixels").status_code == 404


def test_pictures_go_and_those_that_another_snapshot_shares_stay(snapshot: Snapshot, capsys: Any) -> None:
    shared = snapshot.part("test")[0]
    other = frozen(snapshot.dir.with_name("other"), {"same": snapshot.picture(shared)})
    take_in(snapshot)
    evaluation = take_in(other, ["same"])
    count = len(snapshot.part("test"))
    assert CasePicture.objects.count() == count + 1
    assert len(list(stored_names("case_pictures"))) == count
    with pytest.raises(CommandError, match="0 snapshots"):
        call_command("remove_case_pictures", "00000000")
    with pytest.raises(CommandError, match="at least 8"):
        call_command("remove_case_pictures", "")
    call_command("remove_case_pictures", snapshot.hash[:12])
    assert f"{count} pictures of snapshot {snapshot.hash[:12]} removed" in capsys.readouterr().out
    left = CasePicture.objects.get()
    assert list(stored_names("case_pictures")) == [case_pictures.path_of(left.sha256)]
    assert evaluation.snapshot_hash == left.snapshot_hash
    assert Evaluation.objects.count() == 2


def test_a_store_of_its_own_takes_them_too(browser: Client, snapshot: Snapshot, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "tests.boneage_web.shared_store.SharedStore"},
    }
    evaluation = take_in(snapshot)
    assert get(browser, evaluation, "/cases/0/pixels").status_code == 200
    assert len(list(stored_names("case_pictures"))) == len(snapshot.part("test"))


@pytest.mark.real_data
def test_real_hands_are_shown_as_they_are(browser: Client, tmp_path: Path) -> None:
    make_model(HASH)
    hands = {}
    with zipfile.ZipFile(Path(os.environ["BONEAGE_REAL_DATA"]) / "rsna" / "images_100px.zip") as archive:
        for name in [name for name in archive.namelist() if name.endswith(".png")][:24]:
            values = cv2.imdecode(np.frombuffer(archive.read(name), np.uint8), cv2.IMREAD_GRAYSCALE)
            hands[Path(name).stem] = values
    data = frozen(tmp_path / "snapshot", hands)
    evaluation = take_in(data)
    for case in cases(browser, evaluation):
        detail = get(browser, evaluation, f"/cases/{case['row']}").json()
        assert (detail["picture"]["rows"], detail["picture"]["columns"]) == (100, 100)
        np.testing.assert_array_equal(pixels(browser, detail), hands[case["film"]])
