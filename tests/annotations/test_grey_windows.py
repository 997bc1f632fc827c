"""The grey windows of a film, with their function, as every page is told them over real HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from annotations.models import Person, Radiograph
from annotations.services import blocking, intake
from annotations.services.admit import Arrival
from annotations.states import Door, RoleName
from inference.imaging.deidentify import deidentify
from inference.imaging.text_check import WrittenRegion
from tests.factories.films import changed, film
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_folder")]
Browser = Callable[[Person | None], Any]

REGION = WrittenRegion(100.0, 200.0, 160.0, 215.0, 0.9)


def _film(function: str) -> bytes:
    two = {"WindowCenter": ["1500", "2500"], "WindowWidth": ["2000", "800"]}
    return changed(film(7), VOILUTFunction=function, PresentationLUTShape="IDENTITY", **two)


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
def test_a_page_learns_the_function_of_a_films_windows(api: Browser, function: str) -> None:
    labeller = api(make_person("labeller", RoleName.LABELLER))
    study = labeller.get(f"/studies/{labeller.upload('a.dcm', _film(function)).json()['study']}")
    (radiograph,) = study["radiographs"]
    assert [window["function"] for window in radiograph["windows"]] == [function.lower()] * 2
    assert radiograph["window"] == radiograph["windows"][0]
    reader = api(make_person("reader", RoleName.READER))
    reading = reader.get(f"/reading/{reader.post('/read/next')['token']}")
    assert (reading["radiograph"]["window"], reading["radiograph"]["windows"]) == (
        radiograph["window"],
        radiograph["windows"],
    )
    Radiograph.objects.update(windows=[])  # as it was before windows were kept
    assert labeller.get(f"/studies/{study['id']}")["radiographs"][0]["window"]["function"] == "linear"


def test_a_blocked_film_is_shown_with_its_windows(api: Browser, settings: Any) -> None:
    clean = deidentify(_film("SIGMOID"), key=settings.DEIDENTIFICATION_KEY, check_text=lambda *_, **__: (REGION,))
    outcome = blocking.block(clean, Arrival(intake.uuid4(), "f" * 64, Door.C_STORE, None, None))
    shown = api(make_person("reviewer", RoleName.REVIEWER)).get(f"/blocked/{outcome.arrival}")
    assert [window["function"] for window in shown["windows"]] == ["sigmoid", "sigmoid"]
    assert shown["window"] == shown["windows"][0]
