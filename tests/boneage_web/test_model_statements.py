"""What people state of a model: kept as said, the newest counts, what nobody said is named as missing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotations.models import Event, Person
from annotations.models.append_only import AppendOnlyError
from boneage_web.registry.models import ModelStatement
from boneage_web.registry.reporting_items import ITEM_KEYS, STATED_BY_PEOPLE
from tests.boneage_web.route_table import make_evaluation, make_model
from tests.boneage_web.test_report_page import pages_of
from tests.factories.cases import made_rows

pytestmark = pytest.mark.django_db


def test_each_item_is_known_to_a_checklist_and_named_once() -> None:
    assert len(set(ITEM_KEYS)) == len(ITEM_KEYS)
    assert [item.key for item in STATED_BY_PEOPLE if not (item.claim or item.tripod)] == ["contact"]
    claimed = {int(number) for item in STATED_BY_PEOPLE for number in item.claim.split(", ") if number}
    assert claimed <= set(range(1, 43))


def test_statements_fill_the_card_and_the_rest_is_missing(
    client_of: Callable[[Person], Client], researcher: Person
) -> None:
    model, browser = make_model(), client_of(researcher)
    path = f"/api/v1/models/{model.pk}/statements"

    def state(item: str, text: str) -> Any:
        return browser.post(path, {"item": item, "text": text}, content_type="application/json")

    assert browser.get(path).json()["missing"] == len(ITEM_KEYS)
    assert state("limitations", "few children above fifteen").status_code == 201
    answer = state("limitations", "few above sixteen").json()
    assert answer["missing"] == len(ITEM_KEYS) - 1
    said = next(row for row in answer["results"] if row["item"] == "limitations")
    assert (said["text"], said["by"]["id"], said["claim"]) == ("few above sixteen", str(researcher.pk), "38")
    assert state("colour", "blue").status_code == 400
    assert state("contact", "").status_code == 400
    assert Event.objects.filter(verb="state", new="limitations").count() == 2
    first = ModelStatement.objects.get(text="few children above fifteen")
    first.text = "none"
    with pytest.raises(AppendOnlyError):
        first.save()

    evaluation = make_evaluation(model, made_rows(60, seed=1))
    card = b"".join(pages_of(browser.get(f"/api/v1/evaluations/{evaluation.pk}/model-card.pdf").content))
    assert b"few above sixteen" in card
    assert b"CLAIM 32" in card
