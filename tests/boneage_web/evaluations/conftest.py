"""An evaluation, and a researcher who looks at it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from annotations.states import RoleName
from boneage_web.evaluation.models import Evaluation
from boneage_web.evaluation.services import tables
from tests.boneage_web.evaluations.asking import Browser
from tests.boneage_web.route_table import make_evaluation, make_model
from tests.factories.cases import made_rows
from tests.factories.people import make_person


@pytest.fixture(autouse=True)
def fresh_tables(settings: Any, tmp_path: Path) -> None:
    """No figure and no table of another test."""
    caches["figures"].clear()
    tables.forget_tables()


@pytest.fixture
def evaluation() -> Evaluation:
    return make_evaluation(make_model(), made_rows(400, seed=6))


@pytest.fixture
def browser(client_of: Browser) -> Client:
    return client_of(make_person("researcher", RoleName.RESEARCHER))
