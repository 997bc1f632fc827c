"""What the tests of inference share."""

import os

import pytest


@pytest.fixture(scope="session")
def shared_engines(tmp_path_factory):
    """Where the shipped model is exported to, once for the session: the export takes a process with Keras."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "engines"  # of all workers
