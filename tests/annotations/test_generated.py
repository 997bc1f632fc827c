"""One list, many languages: what is generated and committed is what the table says now."""

import json
import re

import pytest
from django.core.management import CommandError, call_command

from annotations.management.commands import generate_frontend
from inference.anatomy.regions import REGION_TYPES, REGIONS


def test_the_committed_region_table_is_up_to_date() -> None:
    call_command("generate_frontend", "--check")


def test_an_outdated_table_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate_frontend, "SCHEMA_VERSION", 99)
    with pytest.raises(CommandError, match="out of date"):
        call_command("generate_frontend", "--check")


def test_every_region_stands_in_it_in_order() -> None:
    rows = re.findall(r"^  \{ (.+) \},$", generate_frontend.regions_ts(), flags=re.MULTILINE)
    parsed = [json.loads("{" + re.sub(r"(\w+): ", r'"\1": ', row) + "}") for row in rows]
    assert [(row["id"], row["type"], row["ray"], row["index"], row["nameEn"], row["nameZh"]) for row in parsed] == [
        (region.id, region.type, region.ray, region.index, region.name_en, region.name_zh) for region in REGIONS
    ]


def test_each_type_has_a_colour_of_its_own() -> None:
    assert set(generate_frontend.COLOUR_OF_TYPE) == set(REGION_TYPES)
    assert len(set(generate_frontend.COLOUR_OF_TYPE.values())) == len(REGION_TYPES)
