"""Agreement of boxes: known distances come out as they were put in."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from annotations.models import BoxSet, Person, Radiograph, Study
from annotations.services import boxes, drafts, review
from annotations.services.protocols import change_protocol
from annotations.states import RoleName
from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS
from tests.factories.people import make_person
from tests.factories.studies import box_for, film_of, labelled, make_study, set_operation

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[Person | None], Any]


@pytest.fixture
def reviewer() -> Person:
    return make_person("rita", RoleName.REVIEWER)


@pytest.fixture
def two_labellers() -> tuple[Person, Person]:
    change_protocol(person=make_person("chief", RoleName.ADMINISTRATOR), changes={"label_twice_share": 1.0})
    return make_person("anna", RoleName.LABELLER), make_person("bert", RoleName.LABELLER)


def drawn(person: Person, study: Study, *, shift: float) -> BoxSet:
    """All regions, each ``shift`` pixels to the right of its place."""
    draft = drafts.open_draft(person=person, radiograph=film_of(study))
    operations = [set_operation(region, seq=seq, shift=shift) for seq, region in enumerate(REGION_IDS, start=1)]
    boxes.apply_operations(person=person, box_set=draft, operations=operations)
    return boxes.submit(person=person, box_set=draft, actions=1, seconds=1)


def test_two_labellers_who_do_not_see_each_other(
    api: Browser, two_labellers: tuple[Person, Person], reviewer: Person
) -> None:
    anna, bert = two_labellers
    for shift in (2.0, 4.0, 6.0):
        study = make_study()
        drawn(anna, study, shift=0)
        drawn(bert, study, shift=shift)
    told = api(reviewer).get("/agreement/boxes")
    assert (told["films"], told["films_in_all"], told["synthetic"]) == (3, 3, True)
    ulna = next(row for row in told["regions"] if row["region"] == "ulna")
    assert (ulna["both_boxed"], ulna["one_boxed"], ulna["from_the_model"]) == (3, 0, 0)
    assert (ulna["distance_px"]["mean"], ulna["distance_px"]["median"]) == (4.0, 4.0)
    assert ulna["distance_percent"]["mean"] == pytest.approx(100 * 4 / 300), "of the film's height of 300 px"
    assert ulna["distance_mm"]["mean"] == pytest.approx(0.6), "at 0.15 mm a pixel"
    expected = [(20 - shift) / (20 + shift) for shift in (2, 4, 6)]
    assert ulna["iou"]["mean"] == pytest.approx(sum(expected) / 3)
    low, high = told["overall"]["distance_px"]["interval"]
    assert 2 <= low < 4 < high <= 6
    assert [(row["person"]["username"], row["films"]) for row in told["people"]] == [("bert", 3)]


def test_height_is_that_of_the_film_as_shown_and_mm_need_spacing(
    api: Browser, two_labellers: tuple[Person, Person], reviewer: Person
) -> None:
    anna, bert = two_labellers
    study = make_study()
    Radiograph.objects.filter(study=study).update(view_quarter_turns=1, row_spacing_mm=None, column_spacing_mm=None)
    drawn(anna, study, shift=0)
    drawn(bert, study, shift=4)
    overall = api(reviewer).get("/agreement/boxes")["overall"]
    assert overall["distance_percent"]["mean"] == pytest.approx(100 * 4 / 200)
    assert overall["distance_mm"] is None
    assert overall["distance_px"]["interval"] is None, "one film has no interval"


def test_what_review_changed(api: Browser, reviewer: Person) -> None:
    anna = make_person("anna", RoleName.LABELLER)
    untouched, fixed = make_study(), make_study()
    review.accept(person=reviewer, box_set=labelled(anna, untouched))
    fix = drafts.fix(person=reviewer, box_set=labelled(anna, fixed))
    boxes.apply_operations(person=reviewer, box_set=fix, operations=[set_operation("ulna", shift=10)])
    boxes.submit(person=reviewer, box_set=fix, actions=1, seconds=1)
    told = api(reviewer).get("/agreement/boxes?what=accepted")
    by_region = {row["region"]: row["distance_px"]["mean"] for row in told["regions"]}
    assert told["films"] == 2
    assert (by_region["ulna"], by_region["radius"]) == (5.0, 0.0)
    nobody = make_person("nobody", RoleName.LABELLER)
    assert api(reviewer).get(f"/agreement/boxes?what=accepted&labeller={nobody.pk}")["films"] == 0


def test_a_model_beside_what_was_accepted(api: Browser, reviewer: Person) -> None:
    anna, study = make_person("anna", RoleName.LABELLER), make_study()
    place = box_for("ulna")
    proposed = {"ulna": (Box(place.x0 + 3, place.y0 + 4, place.x1 + 3, place.y1 + 4), 0.9)}
    boxes.propose_boxes(radiograph=film_of(study), boxes=proposed, model_version_label="m 1")
    review.accept(person=reviewer, box_set=labelled(anna, study))
    told = api(reviewer).get("/agreement/boxes?what=model")
    assert {row["region"]: row["both_boxed"] for row in told["regions"] if row["both_boxed"]} == {"ulna": 1}
    assert told["overall"]["distance_px"]["mean"] == 5.0
    blind = api(make_person("blind", RoleName.REVIEWER, RoleName.READER))
    assert blind.get("/agreement/boxes?what=model")["films_in_all"] == 0, "a model's boxes are a model's result"
    assert blind.get("/agreement/boxes?what=accepted")["films_in_all"] == 1


def test_the_table_has_a_row_for_each_region_of_a_film(
    api: Browser, two_labellers: tuple[Person, Person], reviewer: Person
) -> None:
    anna, bert = two_labellers
    study = make_study()
    drawn(anna, study, shift=0)
    drawn(bert, study, shift=4)
    text = api(reviewer).call("GET", "/agreement/boxes.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["region"] for row in rows] == list(REGION_IDS)
    assert {(row["a"], row["b"], row["distance_px"], row["from_the_model"]) for row in rows} == {
        ("bert", "anna", "4", "false")
    }


def test_nothing_to_compare_is_an_answer(api: Browser, reviewer: Person) -> None:
    told = api(reviewer).get("/agreement/boxes")
    assert (told["films"], told["people"], told["overall"]["iou"]) == (0, [], None)
