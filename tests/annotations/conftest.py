"""What the tests of this app share: people who call over real HTTP."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from annotations.models import Person
from annotations.states import RoleName
from tests.factories.people import make_person
from tests.factories.read_once import read_films_once

CSRF = "c" * 32


class Api:
    """Somebody's browser: a session that was signed in, and the CSRF token that goes with it."""

    def __init__(self, base_url: str, person: Person | None) -> None:
        self.base_url = f"{base_url}/api/v1"
        self.http = requests.Session()
        self.http.cookies.set("csrftoken", CSRF)
        self.http.headers["X-CSRFToken"] = CSRF
        if person is not None:
            self.http.cookies.set("sessionid", _session_of(person))

    def call(self, method: str, path: str, **arguments: Any) -> requests.Response:
        address = self.base_url + path.removeprefix("/api/v1")
        return self.http.request(method, address, timeout=30, **arguments)

    def get(self, path: str, *, expect: int = 200, **query: Any) -> Any:
        return self._json(self.call("GET", path, params=query), expect)

    def post(self, path: str, body: object = None, *, expect: int = 200) -> Any:
        return self._json(self.call("POST", path, json={} if body is None else body), expect)

    def patch(self, path: str, body: object, *, expect: int = 200) -> Any:
        return self._json(self.call("PATCH", path, json=body), expect)

    def upload(self, name: str, data: bytes, **fields: str) -> requests.Response:
        return self.call("POST", "/uploads", files={"file": (name, data)}, data=fields)

    @staticmethod
    def _json(response: requests.Response, expect: int) -> Any:
        assert response.status_code == expect, f"{response.request.url}: {response.status_code} {response.text[:400]}"
        return response.json() if response.content else None


def _session_of(person: Person) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "boneage_web.site.signed_in.PersonBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


@pytest.fixture
def api(live_server: Any) -> Callable[[Person | None], Api]:
    """``api(person)``: that person's browser; ``api(None)``: somebody who is not signed in."""
    return lambda person: Api(live_server.url, person)


@pytest.fixture
def own_folder(tmp_path: Path, settings: Any) -> Path:
    """A data folder for this test alone: what lies in it afterwards is what the test left."""
    settings.DATA_DIR = tmp_path
    store = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "objects"},
    }
    settings.STORAGES = {**settings.STORAGES, "default": store}
    return tmp_path


@pytest.fixture(autouse=True)
def films_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests take the same films in again and again; letters on them are looked for in ``tests/inference``."""
    read_films_once(monkeypatch.setattr)


@pytest.fixture
def labeller(db: None) -> Person:
    return make_person("labeller", RoleName.LABELLER)


@pytest.fixture
def reviewer(db: None) -> Person:
    return make_person("reviewer", RoleName.REVIEWER)
