"""What identifies a child is in no byte that the application keeps or sends, through every door (issue: must show 1).

The films are those of ``tests.factories.hostile``: over sixty identifiers planted by hand, and a mark in each element
of the DICOM dictionary that can hold one, three sequences deep. Searched: every row of the database, every file of the
data folder (compressed ones opened), the names of files, all log lines, all answers.
"""

import logging
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotations.models import BlockedFilm, Radiograph
from annotations.services import gate, intake
from annotations.states import Door, RoleName
from tests.annotations.conftest import Api
from tests.annotations.everything_kept import everything_kept
from tests.factories.hostile import HostileFilm, dictionary_film, hostile_film, remaining
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


@pytest.mark.parametrize("make", [hostile_film, dictionary_film])
def test_no_mark_is_kept_or_sent(
    make: Callable[[], HostileFilm], api: Callable[..., Api], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    film = make()
    assert len(film.marks) >= 60
    assert remaining(film.data, film.marks) == list(film.marks)
    reviewer = api(make_person("reviewer", RoleName.REVIEWER))
    answers = [reviewer.upload("a.dcm", film.data).content]
    intake.arrive(data=film.data, by=None, door=Door.C_STORE)
    gate.work_off()
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "a.dcm").write_bytes(film.data)
    printed = StringIO()
    try:
        call_command("import_dicom", str(folder / "a.dcm"), "--json", stdout=printed, stderr=printed)
    except CommandError as error:
        printed.write(str(error))
    (folder / "a.dcm").unlink()
    answers += [
        reviewer.call("GET", path).content
        for path in ["/studies", "/intake", "/intake/records", "/blocked", "/home", *_addresses()]
    ]
    assert Radiograph.objects.exists() or BlockedFilm.objects.exists()
    assert remaining(everything_kept(tmp_path), film.marks) == []
    assert remaining(b"".join(answers) + printed.getvalue().encode() + caplog.text.encode(), film.marks) == []


def _addresses() -> list[str]:
    """Everything that can be asked for about what came of the film."""
    paths = []
    for row in Radiograph.objects.all():
        paths += [f"/studies/{row.study_id}", f"/studies/{row.study_id}/events"]
        paths += [f"/radiographs/{row.pk}/pixels", f"/radiographs/{row.pk}/thumbnail"]
    for film in BlockedFilm.objects.all():
        paths += [f"/blocked/{film.pk}", f"/blocked/{film.pk}/pixels"]
    return paths
