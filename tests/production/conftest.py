"""What the tests of the production path share."""

from pathlib import Path

import pytest

from tests.production.installation import Installation


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folder of a site on one machine with a person, a model and two films. Copy it; nobody works in it."""
    site = Installation(tmp_path_factory.mktemp("filled") / "site")
    site.fill(films=2)
    return site.data_dir
