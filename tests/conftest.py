"""What every test may use. ``python -m tests.services`` starts the servers of the production path around the run."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from tests.prepared import make_databases, put_database, put_databases

# Read by boneage_web.env when Django's settings load: nothing a test writes may land in the developer's own data.
os.environ["BONEAGE_DATA_DIR"] = tempfile.mkdtemp(prefix="boneage-test-")

# a loaded machine is slow, not wrong: pytest-timeout watches over hangs
settings.register_profile("house", deadline=None)
settings.load_profile("house")

_NEEDS = {
    "postgres": ("BONEAGE_DATABASE_URL", "runs against PostgreSQL: make test-services"),
    "redis": ("BONEAGE_REDIS_URL", "runs against Redis: make test-services"),
    "thorough": ("BONEAGE_THOROUGH", "the rest of a matrix of which a part runs always: make soak"),
    "real_data": ("BONEAGE_REAL_DATA", "needs real radiographs: set BONEAGE_REAL_DATA to their folder"),
}


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not _asks_the_servers(item):
            item.add_marker(pytest.mark.once)
        for marker, (variable, reason) in _NEEDS.items():
            if item.get_closest_marker(marker) and not os.environ.get(variable):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Databases are made before the first test, which would else run out of its time on a busy machine."""
    if not session.config.option.collectonly and any(map(_needs_databases, session.items)):
        make_databases()


def _needs_databases(item: pytest.Item) -> bool:
    starts_a_site = hasattr(getattr(item, "module", None), put_databases.__name__)
    return starts_a_site or item.get_closest_marker("browser") is not None or _asks_the_servers(item)


def _asks_the_servers(item: pytest.Item) -> bool:
    """Whether the test does something with the database of its process, or with the servers by itself."""
    marked = any(map(item.get_closest_marker, ("django_db", "postgres", "redis")))
    return marked or not {"db", "transactional_db", "live_server"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The embedded databases of the process are copies that are up to date; they go with its data folder."""
    return "BONEAGE_DATABASE_URL" not in os.environ


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_keepdb: bool) -> None:
    from django.conf import settings

    if django_db_keepdb:
        for alias, database in settings.DATABASES.items():
            put_database(alias, Path(database["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real radiographs; only for tests marked ``real_data``."""
    return Path(os.environ["BONEAGE_REAL_DATA"])
