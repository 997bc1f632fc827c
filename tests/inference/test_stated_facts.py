"""Who says what of a child: option, table, header, in that order; contradictions are errors, nothing is guessed."""

import pytest

from inference.imaging.errors import FilmError
from inference.imaging.film import FilmFacts
from inference.stated_facts import FactError, Stated, TableError, facts_for, read_table, row_of


@pytest.mark.parametrize(
    ("option", "table", "header", "used", "source"),
    [
        ("F", "F", "F", "F", "option"),
        (None, "M", "M", "M", "table"),
        (None, "", "M", "M", "header"),
        ("M", None, None, "M", "option"),
        (None, None, None, None, None),
    ],
)
def test_the_first_that_speaks_counts(option, table, header, used, source):
    facts = facts_for(FilmFacts(sex=header), option=Stated(sex=option), table=Stated(sex=table))
    assert (facts.sex, facts.sex_source) == (used, source)


@pytest.mark.parametrize(("option", "table", "header"), [("F", "M", None), ("F", None, "M"), (None, "F", "M")])
def test_a_contradiction_between_any_two_is_an_error(option, table, header):
    with pytest.raises(FilmError) as caught:
        facts_for(FilmFacts(sex=header), option=Stated(sex=option), table=Stated(sex=table))
    assert caught.value.code == "contradictory_sex"


def test_the_age_follows_the_same_order_and_is_checked():
    film = FilmFacts(chronological_age_months=100.5)
    facts = facts_for(film, option=Stated(), table=Stated(chronological_age_months="90"))
    assert (facts.chronological_age_months, facts.chronological_age_source) == (90.0, "table")
    assert facts_for(film, option=Stated(), table=Stated()).chronological_age_source == "header"
    for bad in ("-1", "nan", "ten", "inf", "99999"):
        with pytest.raises(FactError) as caught:
            facts_for(film, option=Stated(chronological_age_months=bad), table=Stated())
        assert caught.value.code == "bad_age"
    with pytest.raises(FactError) as caught:
        facts_for(film, option=Stated(), table=Stated(sex="female"))
    assert caught.value.code == "bad_sex"


def test_a_table_names_films_by_path_or_by_name(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("file,sex,chronological_age_months\na.png,F,\nsub/b.png,M,99.5\n", encoding="utf-8-sig")
    table = read_table(path)
    assert row_of(table, "/some/where/a.png").sex == "F"
    assert row_of(table, "sub/b.png").chronological_age_months == "99.5"
    assert row_of(table, "c.png") == Stated()


@pytest.mark.parametrize(
    "text", ["name,sex\na,F\n", "file,sex,weight\na,F,3\n", "file,sex\na,F\na,M\n", "file,sex\n,F\n", ""]
)
def test_an_unusable_table_is_refused_as_a_whole(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(TableError):
        read_table(path)
