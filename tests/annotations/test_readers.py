"""How readers differ: the numbers by hand, who sees them, and that few films or a blind eye get none."""

import csv
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from annotations.models import Consensus, Exposure, Person, Read
from annotations.services import consensus as consensus_services
from annotations.services import protocols, reads
from annotations.services.cohorts import add_cohort
from annotations.states import RoleName
from inference.statistics.agreement import weighted_kappa
from tests.annotations.test_hidden_repeats import EVERY_FILM, ask_for, let_days_pass
from tests.factories.people import make_person
from tests.factories.studies import make_study

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[Person | None], Any]

FILMS = 24
FIRST = [60.0 + 4 * number for number in range(FILMS)]
SECOND = [months + (6 if number % 2 else 2) for number, months in enumerate(FIRST)]
"""Bias 4, absolute error 4, SD of the differences 2.043."""


@pytest.fixture
def readers() -> list[Person]:
    return [make_person(f"reader{number}", RoleName.READER) for number in (1, 2)]


def read_all(readers: list[Person], *, films: int = FILMS, approve: bool = False, **study: Any) -> None:
    for number in range(films):
        made = make_study(sex="FM"[number % 3 == 0], chronological_age_months=90.0, **study)
        for person, months in zip(readers, (FIRST[number], SECOND[number]), strict=True):
            read = reads.read_next(person=person)
            assert read is not None
            reads.submit_read(person=person, read=read, bone_age_months=months, plate_months=None)
        if approve:
            reviewer = Person.objects.filter(username="approver").first() or make_person("approver", RoleName.REVIEWER)
            consensus_services.approve(person=reviewer, consensus=Consensus.objects.get(radiograph__study=made))


def test_a_reader_against_the_others_by_hand(api: Browser, readers: list[Person]) -> None:
    read_all(readers)
    page = api(make_person("reviewer", RoleName.REVIEWER)).get("/readers")
    assert {row["reader"]["username"] for row in page["readers"]} == {"reader1", "reader2"}
    second = next(row for row in page["readers"] if row["reader"]["username"] == "reader2")
    overall = second["overall"]
    assert overall["n"] == FILMS
    assert overall["measures"]["bias"]["value"] == pytest.approx(4)
    assert overall["measures"]["mae"]["value"] == pytest.approx(4)
    sd = float(np.std(np.subtract(SECOND, FIRST), ddof=1))
    assert overall["measures"]["sd"]["value"] == pytest.approx(sd)
    assert overall["measures"]["lower"]["value"] == pytest.approx(4 - 1.96 * sd)
    low, high = overall["measures"]["bias"]["interval"]
    assert 3 < low < 4 < high < 5
    assert second["by_sex"]["M"] == {"n": 8, "measures": None}
    assert second["by_sex"]["F"]["n"] == 16
    assert sum(band["n"] for band in second["by_band"]) == FILMS
    assert [step["n"] for step in second["drift"]] == [24]
    assert len(second["points"]) == FILMS
    assert {point["difference_months"] for point in second["points"]} == {2, 6}
    (pair,) = page["pairs"]
    assert pair["n"] == FILMS
    assert abs(pair["measures"]["bias"]["value"]) == pytest.approx(4)
    assert (page["films"], page["synthetic"], page["sd_table"]) == (FILMS, True, "gp1959_brush")


def test_kappa_compares_clinical_classes(api: Browser, readers: list[Person]) -> None:
    """Delayed, normal, advanced by the table that the page names."""
    from inference.standards.bone_age_sd import sds

    read_all(readers)
    page = api(make_person("reviewer", RoleName.REVIEWER)).get("/readers")
    classes = []
    for values in (FIRST, SECOND):
        scores = [sds("gp1959_brush", "FM"[number % 3 == 0], 90.0, months) for number, months in enumerate(values)]  # type: ignore[arg-type]
        classes.append([0 if score < -2 else 2 if score > 2 else 1 for score in scores if score is not None])
    assert len({*classes[0]}) == 3
    kappa = page["pairs"][0]["measures"]["kappa"]["value"]
    assert kappa == pytest.approx(weighted_kappa(*classes, categories=3))


def test_against_the_approved_consensus(api: Browser, readers: list[Person]) -> None:
    read_all(readers, films=12, approve=True)
    page = api(make_person("researcher", RoleName.RESEARCHER)).get("/readers", against="consensus")
    second = next(row for row in page["readers"] if row["reader"]["username"] == "reader2")
    assert second["overall"]["measures"]["bias"]["value"] == pytest.approx(2), "half of 4: the mean holds both"


def test_few_films_give_a_count_and_nothing_else(api: Browser, readers: list[Person]) -> None:
    read_all(readers, films=9)
    page = api(make_person("reviewer", RoleName.REVIEWER)).get("/readers")
    for row in page["readers"]:
        assert row["overall"] == {"n": 9, "measures": None}
        assert (row["points"], row["drift"], row["repeats"]) == ([], [], {"n": 0, "measures": None})
    assert page["pairs"][0]["measures"] is None


def test_films_that_a_viewer_may_still_read_blind_are_in_no_figure(api: Browser, readers: list[Person]) -> None:
    read_all(readers, films=12)
    both = make_person("both", RoleName.READER, RoleName.REVIEWER)
    page = api(both).get("/readers")
    assert (page["films"], page["readers"], page["pairs"]) == (0, [], [])
    read_all(readers, films=12, approve=True)
    assert api(both).get("/readers")["films"] == 12, "the approved ones"
    assert not Exposure.objects.filter(person=both).exists(), "figures over many films name none"


def test_a_read_that_stands_alone_is_in_no_figure(api: Browser, readers: list[Person]) -> None:
    for _ in range(12):
        make_study()
        read = reads.read_next(person=readers[0])
        assert read is not None
        reads.submit_read(person=readers[0], read=read, bone_age_months=100, plate_months=None)
    assert api(make_person("reviewer", RoleName.REVIEWER)).get("/readers")["films"] == 0


def test_one_cohort(api: Browser, readers: list[Person]) -> None:
    cohort = add_cohort(person=make_person("maker", RoleName.RESEARCHER), name="one")
    read_all(readers, films=3, cohort=cohort)
    read_all(readers, films=2)
    reviewer = api(make_person("reviewer", RoleName.REVIEWER))
    assert reviewer.get("/readers")["films"] == 5
    assert reviewer.get("/readers", cohort=str(cohort.pk))["films"] == 3
    reviewer.get("/readers", cohort="no id", expect=400)


def test_the_error_within_a_reader_comes_from_hidden_repeats(api: Browser, readers: list[Person]) -> None:
    ask_for(**EVERY_FILM | {"repeat_after_reads": 0, "readers_required": 1})
    for _ in range(11):
        make_study()
        read = reads.read_next(person=readers[0])
        assert read is not None
        reads.submit_read(person=readers[0], read=read, bone_age_months=100, plate_months=None)
    let_days_pass(15)
    for number in range(11):
        read = reads.read_next(person=readers[0])
        assert read is not None
        assert read.round == "repeat"
        reads.submit_read(person=readers[0], read=read, bone_age_months=103 + number % 2, plate_months=None)
    page = api(make_person("reviewer", RoleName.REVIEWER)).get("/readers")
    repeats = page["readers"][0]["repeats"]
    differences = [3 + number % 2 for number in range(11)]
    assert repeats["n"] == 11
    assert repeats["measures"]["bias"]["value"] == pytest.approx(np.mean(differences))
    assert repeats["measures"]["within_sd"]["value"] == pytest.approx(np.sqrt(np.mean(np.square(differences)) / 2))


def test_a_correction_made_after_the_age_was_seen_does_not_count(api: Browser, readers: list[Person]) -> None:
    read_all(readers, films=12)
    slip = Read.objects.filter(reader=readers[1]).order_by("submitted_at").first()
    assert slip is not None
    api(readers[1]).get(f"/reading/{slip.token}")
    reads.amend_read(person=readers[1], read=slip, bone_age_months=30, plate_months=None, reason="age seen")
    page = api(make_person("reviewer", RoleName.REVIEWER)).get("/readers")
    second = next(row for row in page["readers"] if row["reader"]["username"] == "reader2")
    assert second["overall"]["measures"]["bias"]["value"] == pytest.approx(4)


def test_the_csv_holds_the_figures_of_the_page(api: Browser, readers: list[Person]) -> None:
    read_all(readers)
    reviewer = api(make_person("reviewer", RoleName.REVIEWER))
    text = reviewer.call("GET", "/readers/figures.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    (line,) = [
        row for row in rows if (row["reader"], row["group"], row["measure"]) == ("reader2", "all", "bias")
        and row["compared_with"] == "others"
    ]  # fmt: skip
    assert (float(line["value"]), line["n"], line["unit"], line["synthetic"]) == (
        pytest.approx(4),
        "24",
        "months",
        "yes",
    )
    few = [row for row in rows if row["reader"] == "reader2" and row["group"] == "sex M"]
    assert [(row["n"], row["measure"]) for row in few] == [("8", "")]


def test_progress_counts_people_and_cohorts(api: Browser, readers: list[Person]) -> None:
    cohort = add_cohort(person=make_person("maker", RoleName.RESEARCHER), name="one")
    read_all(readers, films=2, approve=True, cohort=cohort)
    make_study(cohort=cohort)
    stuck = reads.read_next(person=readers[0])
    assert stuck is not None
    reads.cannot_read(person=readers[0], read=stuck, reason="motion")
    page = api(make_person("reviewer", RoleName.REVIEWER)).get("/readers/progress")
    first = next(row for row in page["people"] if row["person"]["username"] == "reader1")
    assert (first["locked"], first["lately"], first["unreadable"], first["amended"]) == (2, 2, 1, 0)
    (row,) = [row for row in page["cohorts"] if row["name"] == "one"]
    assert (row["ready"], row["begun"], row["read"], row["approved"]) == (3, 2, 2, 2)


def test_progress_of_a_cohort_says_nothing_of_films_that_are_still_to_be_read_blind(
    api: Browser, readers: list[Person]
) -> None:
    cohort = add_cohort(person=make_person("maker", RoleName.RESEARCHER), name="a single film")
    read_all(readers, films=1, cohort=cohort)
    viewers = {
        make_person("reviewer", RoleName.REVIEWER): (1, 1, 1, 0),
        make_person("both", RoleName.REVIEWER, RoleName.READER): (1, 0, 0, 0),
    }
    for viewer, told in viewers.items():
        (row,) = api(viewer).get("/readers/progress")["cohorts"]
        assert (row["ready"], row["begun"], row["read"], row["approved"]) == told


def test_reading_says_nothing_to_readers(api: Browser, readers: list[Person]) -> None:
    protocols.present_protocol()
    for path in ("/readers", "/readers/figures.csv", "/readers/progress", "/rereads"):
        api(readers[0]).get(path, expect=403)
