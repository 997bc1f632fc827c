"""A site whose first migrations are killed and begun again; the series is ``python -m tests.soak.kill_migrate``."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.kill_migrate import Migrated, NewSite, faults_of

STEPS: dict[str, Callable[[Migrated], int]] = {
    "in the middle": lambda untouched: untouched.steps // 2,
    "right after a commit": lambda untouched: untouched.after_commits[len(untouched.after_commits) // 2],
}


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Migrated:
    """What a site is that nobody killed."""
    return NewSite(tmp_path_factory.mktemp("untouched") / "site", _server()).migrate()


def _server() -> str:
    return os.environ.get("BONEAGE_DATABASE_URL", "")


def test_nothing_is_changed_without_the_line_that_says_so(untouched: Migrated) -> None:
    assert len(untouched.after_commits) > 50
    assert untouched.unnamed == []


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_begun_again_they_end_as_if_nobody_had_killed_them(
    untouched: Migrated, tmp_path: Path, step: Callable[[Migrated], int]
) -> None:
    assert faults_of(NewSite(tmp_path / "site", _server()), step(untouched), untouched) == ""
