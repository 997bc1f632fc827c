"""The snapshots page: contents and differences by the API."""

import shutil
from collections.abc import Callable

import pytest
from django.test import Client

from annotations.models import Person
from annotations.states import RoleName
from boneage_web.registry.services.snapshots import snapshot_dir
from inference.anatomy.boxes import Box
from tests.boneage_web.gate_site import freeze
from tests.factories.people import make_person
from tests.factories.studies import film_of, make_study
from training.snapshot import RegionMark

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client_of: Callable[[Person], Client], researcher: Person) -> Client:
    return client_of(researcher)


def test_contents_and_differences(browser: Client) -> None:
    radius = RegionMark("boxed", Box(1, 1, 3, 4), "accepted")
    first = freeze("first", ["a", "b"], part="train")
    second = freeze("second", ["b", "c", "d"], part="test", ages={"b": 126.0}, radius=radius)
    held = browser.get(f"/api/v1/snapshots/{second.pk}/contents").json()
    assert [row["films"] for row in held["parts"]] == [0, 0, 3]
    assert next(row for row in held["regions"] if row["region"] == "radius")["boxed"] == 3
    found = browser.get(f"/api/v1/snapshots/{second.pk}/differences", {"other": str(first.pk)}).json()
    assert (found["added"], found["removed"], found["totals"]) == (
        *(["film-c", "film-d"], ["film-a"]),
        {"added": 2, "removed": 1, "changed": 1},
    )
    assert found["changed"][0]["what"] == ["split", "truth", "boxes", "facts"]
    assert found["truth_moved"]["largest_months"] == 6


def test_films_of_this_site_lead_to_their_studies(browser: Client) -> None:
    study = make_study()
    film = str(film_of(study).pk)
    empty, one = freeze("empty", ["x"], part="train"), freeze("one", [film], part="train", name_of="{}".format)
    found = browser.get(f"/api/v1/snapshots/{one.pk}/differences", {"other": str(empty.pk)}).json()
    assert found["studies"] == {film: str(study.pk)}


def test_whoever_reads_and_whoever_asks_for_nothing_is_told_nothing(
    browser: Client, client_of: Callable[[Person], Client]
) -> None:
    snapshot = freeze("first", ["a"], part="train")
    both = client_of(make_person("both", RoleName.RESEARCHER, RoleName.READER))
    for path in ("contents", f"differences?other={snapshot.pk}"):
        assert both.get(f"/api/v1/snapshots/{snapshot.pk}/{path}").status_code == 403
    assert browser.get(f"/api/v1/snapshots/{snapshot.pk}/differences").status_code == 400
    shutil.rmtree(snapshot_dir(snapshot))
    gone = browser.get(f"/api/v1/snapshots/{snapshot.pk}/contents")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "snapshot_gone")
