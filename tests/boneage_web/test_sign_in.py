"""Sign-in over real HTTP: session, token, lock-out, headers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import requests
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import RequestFactory
from django.utils import timezone

from annotations.models import Person, Role
from annotations.services.people import add_person
from annotations.states import RoleName
from boneage_web.site.client_address import client_address
from boneage_web.site.public_password import PUBLIC_PASSWORD
from boneage_web.site.signed_in import PersonBackend

PASSWORD = "a-long-sentence-9"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person() -> Person:
    return add_person(by=None, username="mei", display_name="Mei", password=PASSWORD, roles=[RoleName.LABELLER])


@pytest.fixture
def site(live_server: Any) -> Iterator[str]:
    yield f"{live_server.url}/api/v1"
    AccessAttempt.objects.all().delete()


def browser(site: str) -> requests.Session:
    """A browser that has seen the sign-in page: it has the token."""
    session = requests.Session()
    assert session.get(f"{site}/session", timeout=10).json()["user"] is None
    session.headers["X-CSRFToken"] = session.cookies["csrftoken"]
    return session


def sign_in(session: requests.Session, site: str, password: str = PASSWORD) -> requests.Response:
    return session.post(f"{site}/session", json={"username": "mei", "password": password}, timeout=10)


def test_a_person_signs_in_works_and_signs_out(site: str, person: Person) -> None:
    session = browser(site)
    answer = sign_in(session, site)
    assert answer.status_code == 200
    assert answer.json()["user"] == {
        "id": str(person.pk),
        "username": "mei",
        "display_name": "Mei",
        "roles": ["labeller"],
        "language": "en",
        "must_change_password": False,
    }
    session.headers["X-CSRFToken"] = session.cookies["csrftoken"]  # a new one since the sign-in
    assert session.get(f"{site}/home", timeout=10).status_code == 200
    changed = session.patch(f"{site}/session", json={"language": "zh-Hans"}, timeout=10)
    assert changed.json()["user"]["language"] == "zh-Hans"
    assert session.delete(f"{site}/session", timeout=10).status_code == 204
    after = session.get(f"{site}/home", timeout=10)
    assert (after.status_code, after.json()["error"]["code"]) == (401, "not_signed_in")


def test_a_session_that_has_run_out_opens_nothing(site: str, person: Person) -> None:
    session = browser(site)
    sign_in(session, site)
    assert session.get(f"{site}/home", timeout=10).status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert session.get(f"{site}/home", timeout=10).status_code == 401
    assert requests.get(f"{site}/home", cookies={"sessionid": "none-of-ours"}, timeout=10).status_code == 401


def test_whoever_is_switched_off_or_loses_a_role_is_out_at_the_next_request(site: str, person: Person) -> None:
    session = browser(site)
    sign_in(session, site)
    session.headers["X-CSRFToken"] = session.cookies["csrftoken"]
    assert session.post(f"{site}/label/next", json={"skip": []}, timeout=10).status_code == 204
    Role.objects.filter(person=person).delete()
    assert session.post(f"{site}/label/next", json={"skip": []}, timeout=10).status_code == 403
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert session.post(f"{site}/label/next", json={"skip": []}, timeout=10).status_code == 401


def test_without_the_token_nothing_is_changed_not_even_the_sign_in(site: str, person: Person) -> None:
    session = browser(site)
    del session.headers["X-CSRFToken"]
    refused = sign_in(session, site)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "csrf_failed")
    session.headers["X-CSRFToken"] = session.cookies["csrftoken"]
    assert sign_in(session, site).status_code == 200
    del session.headers["X-CSRFToken"]
    changed = session.patch(f"{site}/session", json={"language": "zh-Hans"}, timeout=10)
    assert (changed.status_code, changed.json()["error"]["code"]) == (403, "csrf_failed")
    person.refresh_from_db()
    assert person.language == "en"


def test_a_wrong_password_is_refused_without_saying_what_was_wrong(site: str, person: Person) -> None:
    session = browser(site)
    wrong = sign_in(session, site, "wrong")
    nobody = session.post(f"{site}/session", json={"username": "nobody", "password": PASSWORD}, timeout=10)
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.json() == nobody.json()
    assert wrong.json()["error"]["code"] == "wrong_credentials"


def test_an_account_is_locked_out_after_five_failures_even_with_the_right_password(site: str, person: Person) -> None:
    session = browser(site)
    statuses = [sign_in(session, site, "wrong").status_code for _ in range(5)]
    assert statuses[:4] == [401] * 4
    locked = sign_in(session, site)
    assert locked.status_code == 429
    assert locked.json()["error"]["code"] == "locked_out"
    assert int(locked.headers["Retry-After"]) == 15 * 60
    assert session.get(f"{site}/session", timeout=10).json()["user"] is None


def test_behind_a_proxy_a_guesser_locks_out_nobody_but_themselves(site: str, person: Person, settings: Any) -> None:
    settings.PROXIES = 1
    guesser, owner = browser(site), browser(site)
    for made_up in range(5):  # what stands before the proxy's entry was written by the caller
        guesser.headers["X-Forwarded-For"] = f"10.0.0.{made_up}, 203.0.113.9"
        sign_in(guesser, site, "wrong")
    guesser.headers["X-Forwarded-For"] = "198.51.100.7, 203.0.113.9"
    assert sign_in(guesser, site).status_code == 429
    owner.headers["X-Forwarded-For"] = "198.51.100.7"
    assert sign_in(owner, site).status_code == 200


@pytest.mark.parametrize("header", ["", "unknown", "203.0.113.9:4711"])
def test_a_proxy_that_names_no_address_leaves_its_own(header: str, settings: Any) -> None:
    settings.PROXIES = 1
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=header)
    assert client_address(request) == "192.0.2.1"


def test_somebody_who_left_cannot_sign_in(site: str, person: Person) -> None:
    person.is_active = False
    person.save()
    assert sign_in(browser(site), site).status_code == 401


def test_a_request_asks_once_for_the_person_and_their_roles(
    person: Person, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    roles = person.role_names
    with django_assert_num_queries(1):
        found = PersonBackend().get_user(person.pk)
        assert found is not None
        assert found.role_names == roles
    assert found == person
    assert found.username == person.username
    Role.objects.filter(person=person).delete()
    without = PersonBackend().get_user(person.pk)
    assert without == person
    assert not without.role_names
    assert PersonBackend().get_user(uuid4()) is None


def test_unknown_fields_are_refused(site: str) -> None:
    session = browser(site)
    answer = session.post(f"{site}/session", json={"username": "a", "password": "b", "remember": True}, timeout=10)
    assert answer.status_code == 400
    assert "remember" in answer.json()["error"]["details"]["fields"]


def test_headers_guard_the_page_and_the_api(site: str, settings: Any, tmp_path: Any) -> None:
    settings.FRONTEND_DIR = tmp_path
    (tmp_path / "index.html").write_text("<!doctype html><title>Bone age</title>")
    page = requests.get(site.removesuffix("/api/v1") + "/studies/some-id", timeout=10)
    assert page.status_code == 200
    assert "Bone age" in page.text
    assert page.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe-eval" not in page.headers["Content-Security-Policy"]
    for response in (page, requests.get(f"{site}/health", timeout=10)):
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"


def test_cookies_are_kept_from_scripts_and_from_other_sites(site: str, person: Person) -> None:
    session = browser(site)
    cookie = sign_in(session, site).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_an_address_that_is_none_of_ours_answers_in_the_one_shape(site: str) -> None:
    answer = requests.get(f"{site}/nothing/here", timeout=10)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_without_a_built_front_end_the_page_says_how_to_build_it(site: str, settings: Any, tmp_path: Any) -> None:
    settings.FRONTEND_DIR = tmp_path / "nowhere"
    page = requests.get(site.removesuffix("/api/v1") + "/", timeout=10)
    assert page.status_code == 503
    assert "npm run build" in page.text


def test_the_public_password_opens_nothing_outside_of_a_demonstration(site: str, settings: Any) -> None:
    """Accounts of a demonstration may have come along with its rows."""
    add_person(
        by=None,
        username="mei",
        display_name="Mei",
        password=PUBLIC_PASSWORD,
        roles=[RoleName.LABELLER],
        check_password=False,
    )
    assert sign_in(browser(site), site, PUBLIC_PASSWORD).status_code == 401
    settings.DEMONSTRATION = True
    assert sign_in(browser(site), site, PUBLIC_PASSWORD).status_code == 200
