"""Cohort tables: one row a film, the same types whatever the rows hold, and nothing for the eyes of a blind reader."""

import csv
import io
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.exchange import cohort_files, cohort_table
from annotations.exchange.cohort_columns import COLUMNS
from annotations.exchange.cohort_table import cohort_rows
from annotations.models import Cohort, Consensus, Exposure, Person, Study
from annotations.selectors import prediction_hook
from annotations.services import consensus as consensus_services
from annotations.services import reads, review
from annotations.states import RoleName
from tests.factories.people import make_person
from tests.factories.studies import labelled, make_radiograph, make_study

pytestmark = pytest.mark.django_db

AGE, MODEL, FIRST, SECOND = 131.71, 133.37, 117.19, 119.23
NAMES = [column.name for column in COLUMNS]
HIDDEN = [column.name for column in COLUMNS if column.hidden_when_blinded]


class _Predictions:
    def of_radiographs(self, radiographs: Any) -> dict[Any, dict[str, Any]]:
        return {pk: {"bone_age_months": MODEL, "interval_months": None, "model": "light 1"} for pk in radiographs}

    def exists_for(self, study_column: str) -> Any:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def _predictions() -> Any:
    before = list(prediction_hook._sources)
    prediction_hook.register_predictions(_Predictions())  # type: ignore[arg-type]
    yield
    prediction_hook._sources[:] = before


def read_study(**options: Any) -> Study:
    """A study with accepted boxes and an approved consensus."""
    quality: list[dict[str, object]] = [{"code": "low_contrast"}, {"code": "saturated"}]
    study = make_study(chronological_age_months=AGE, quality=quality, **options)
    for months in (FIRST, SECOND):
        reader = make_person(f"reader{uuid4().hex[:8]}", RoleName.READER)
        read = reads.read_next(person=reader)
        assert read is not None
        reads.submit_read(person=reader, read=read, bone_age_months=months, plate_months=None)
    return study


def approve(study: Study) -> None:
    reviewer = make_person(f"rev{uuid4().hex[:8]}", RoleName.REVIEWER)
    box_set = labelled(make_person(f"lab{uuid4().hex[:8]}", RoleName.LABELLER), study)
    review.accept(person=reviewer, box_set=box_set)
    consensus_services.approve(person=reviewer, consensus=Consensus.objects.get(radiograph__study=study))


def researcher(*more: RoleName) -> Person:
    return make_person(f"res{uuid4().hex[:8]}", RoleName.RESEARCHER, *more)


def test_a_row_says_what_is_known_of_a_film() -> None:
    cohort = Cohort.objects.create(name="spring")
    study = read_study(cohort=cohort)
    approve(study)
    (row,) = cohort_rows(person=researcher())
    assert list(row) == NAMES
    told = {
        name: row[name] for name in ("cohort", "sex", "sex_source", "side", "spacing_kind", "labelling", "consensus")
    }
    assert told == {
        "cohort": "spring",
        "sex": "M",
        "sex_source": "header",
        "side": "L",
        "spacing_kind": "imager",
        "labelling": "accepted",
        "consensus": "approved",
    }
    assert (row["chronological_age_months"], row["age_source"]) == (AGE, "dates")
    assert row["consensus_bone_age_months"] == pytest.approx((FIRST + SECOND) / 2)
    assert (row["consensus_origin"], row["predicted_bone_age_months"]) == ("mean_of_reads", MODEL)
    assert (row["regions_boxed"], row["regions_absent"], row["quality"]) == (17, 0, ["low_contrast", "saturated"])
    assert (row["synthetic"], row["for_reading"], row["blinded"], row["state"]) == (True, True, False, "ready")
    assert row["pseudonym"] == study.patient.pseudonym


def test_what_is_not_known_is_empty_and_each_film_has_a_row() -> None:
    study = make_study(sex=None, chronological_age_months=None)
    make_radiograph(study, for_reading=False)
    first, second = cohort_rows(person=None, predictions=False)
    assert (first["for_reading"], second["for_reading"]) == (True, False)
    for name in ("sex", "chronological_age_months", "consensus_bone_age_months", "predicted_bone_age_months", "cohort"):
        assert first[name] is None
    assert (first["labelling"], first["consensus"], first["regions_boxed"]) == ("none", "none", None)


def test_only_the_cohort_asked_for() -> None:
    cohort = Cohort.objects.create(name="spring")
    study = make_study(cohort=cohort)
    make_study()
    assert [row["study"] for row in cohort_rows(person=None, cohort=cohort.pk)] == [str(study.pk)]


def test_who_may_still_read_blind_gets_no_age_and_is_not_exposed() -> None:
    study = read_study()
    person = researcher(RoleName.READER)
    (row,) = cohort_rows(person=person)
    assert row["blinded"] is True
    assert {name: row[name] for name in HIDDEN} == dict.fromkeys(HIDDEN)
    assert {str(value) for value in (AGE, MODEL, FIRST, SECOND)} & {str(value) for value in row.values()} == set()
    assert not Exposure.objects.filter(person=person).exists()
    approve(study)
    (row,) = cohort_rows(person=person)
    assert (row["blinded"], row["chronological_age_months"]) == (False, AGE)


def test_who_was_given_ages_is_remembered_before_the_row_is_handed_out() -> None:
    read_study()
    person = researcher()
    next(iter(cohort_rows(person=person)))
    kinds = set(Exposure.objects.filter(person=person, place="export").values_list("kind", flat=True))
    assert kinds == {"chronological_age", "consensus", "model_result"}


def test_memory_and_queries_grow_by_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cohort_table, "CHUNK", 5)
    for _ in range(12):
        make_study()
    person = researcher()
    list(cohort_rows(person=person))
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert len(list(cohort_rows(person=person))) == 12
    assert len(few) <= 1 + 3 + 2, "one for the films, one for the exposures of each chunk"


def as_csv(rows: Any) -> list[dict[str, str]]:
    file = io.BytesIO()
    count = cohort_files.write_csv(file, rows)
    read = list(csv.DictReader(io.StringIO(file.getvalue().decode())))
    assert len(read) == count
    return read


def as_parquet(rows: Any) -> pa.Table:
    file = io.BytesIO()
    count = cohort_files.write_parquet(file, rows)
    table = pq.read_table(io.BytesIO(file.getvalue()))
    assert table.num_rows == count
    return table


def test_csv_and_parquet_say_the_same() -> None:
    approve(read_study(cohort=Cohort.objects.create(name="=1+1")))
    make_study(sex=None, chronological_age_months=None)
    rows = list(cohort_rows(person=None))
    assert as_parquet(rows).to_pylist() == rows
    first, second = as_csv(rows)
    assert list(first) == NAMES
    assert float(first["chronological_age_months"]) == AGE
    assert (first["synthetic"], first["quality"], first["regions_boxed"]) == ("true", "low_contrast;saturated", "17")
    assert first["cohort"] == "'=1+1", "a spreadsheet must not reckon with a cohort's name"
    assert (second["sex"], second["chronological_age_months"], second["cohort"]) == ("", "", "")


@pytest.mark.parametrize("studies", [0, 1])
def test_the_types_do_not_depend_on_the_rows(studies: int) -> None:
    for _ in range(studies):
        make_study(sex=None, chronological_age_months=None)
    table = as_parquet(cohort_rows(person=None, predictions=False))
    assert table.schema.equals(cohort_files.SCHEMA, check_metadata=False)
    assert table.schema.field("chronological_age_months").type == pa.float64()
    dictionary = json.loads(table.schema.metadata[b"data_dictionary"])
    assert [column["name"] for column in dictionary["columns"]] == NAMES
    assert all(column["about"] and column["about_zh"] for column in dictionary["columns"])


def test_parquet_is_written_group_by_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cohort_files, "ROWS_PER_GROUP", 2)
    for _ in range(5):
        make_study()
    file = io.BytesIO()
    cohort_files.write_parquet(file, cohort_rows(person=None))
    assert pq.ParquetFile(io.BytesIO(file.getvalue())).num_row_groups == 3


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_command_writes_the_table_and_its_dictionary(tmp_path: Path, suffix: str) -> None:
    read_study(cohort=Cohort.objects.create(name="spring"))
    out = tmp_path / f"table.{suffix}"
    call_command("export_cohort", "--out", str(out), "--cohort", "spring", stdout=StringIO())
    dictionary = json.loads((tmp_path / "table.dictionary.json").read_text(encoding="utf-8"))
    assert [column["name"] for column in dictionary["columns"]] == NAMES
    assert str(MODEL).encode() in out.read_bytes() or suffix == "parquet"
    with pytest.raises(CommandError, match="exists already"):
        call_command("export_cohort", "--out", str(out))
    assert {path.name for path in tmp_path.iterdir()} == {"table.dictionary.json", f"table.{suffix}"}


def test_the_command_can_hide_what_the_receiver_may_not_see(tmp_path: Path) -> None:
    read_study()
    person = researcher(RoleName.READER)
    call_command("export_cohort", "--out", str(tmp_path / "a.csv"), "--as", person.username, stdout=StringIO())
    assert str(AGE) not in (tmp_path / "a.csv").read_text()
    for wrong, why in ((["--as", "nobody"], "no account"), (["--cohort", "none"], "no cohort")):
        with pytest.raises(CommandError, match=why):
            call_command("export_cohort", "--out", str(tmp_path / "b.csv"), *wrong)
    with pytest.raises(CommandError, match=r"\.parquet"):
        call_command("export_cohort", "--out", str(tmp_path / "b.xlsx"))


@pytest.mark.django_db(transaction=True)
def test_over_http(api: Callable[..., Any]) -> None:
    cohort = Cohort.objects.create(name="spring")
    study = make_study(cohort=cohort, chronological_age_months=AGE)
    make_study()
    browser = api(make_person("res", RoleName.RESEARCHER))
    answer = browser.call("GET", "/exports/studies", params={"cohort": str(cohort.pk)})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (row["study"], row["chronological_age_months"]) == (str(study.pk), str(AGE))
    answer = browser.call("GET", "/exports/studies", params={"format": "parquet"})
    assert pq.read_table(io.BytesIO(answer.content)).num_rows == 2
    blind = api(make_person("blind", RoleName.RESEARCHER, RoleName.READER))
    assert str(AGE) not in blind.call("GET", "/exports/studies").text
    table = pq.read_table(io.BytesIO(blind.call("GET", "/exports/studies", params={"format": "parquet"}).content))
    assert table.column("chronological_age_months").to_pylist() == [None, None]
    assert browser.call("GET", "/exports/studies", params={"format": "xlsx"}).status_code == 400
    assert browser.call("GET", "/exports/studies", params={"pages": "1"}).status_code == 400
    assert api(make_person("rev", RoleName.REVIEWER)).call("GET", "/exports/studies").status_code == 403
