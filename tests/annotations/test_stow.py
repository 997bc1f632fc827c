"""STOW-RS over real HTTP: who may, what is answered, and a parser that does not mind how the bytes are cut."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from axes.models import AccessAttempt
from hypothesis import given
from hypothesis import strategies as st

from annotations.api.views import dicomweb
from annotations.gateway import stow
from annotations.gateway.multipart_related import ContentType, MultipartError, Part, parts
from annotations.models import IntakeRecord, Person, Radiograph
from annotations.services.intake import IntakeOutcome
from annotations.services.people import add_person
from annotations.states import Door, IntakeResult, RoleName
from tests.factories.films import changed, film, identifiers

PASSWORD = "a-long-sentence-9"
BOUNDARY = "made-for-this-test"
TYPE = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'

database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pacs(db: None) -> Person:
    return add_person(by=None, username="pacs", display_name="PACS", password=PASSWORD, roles=[RoleName.LABELLER])


@pytest.fixture
def site(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[str]:
    settings.DATA_DIR = tmp_path
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "objects"}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    yield f"{live_server.url}/api/v1/dicomweb/studies"
    AccessAttempt.objects.all().delete()


def body(*films: bytes, part_type: bytes = b"application/dicom") -> bytes:
    each = [b"--%s\r\nContent-Type: %s\r\n\r\n%s\r\n" % (BOUNDARY.encode(), part_type, data) for data in films]
    return b"".join(each) + b"--%s--\r\n" % BOUNDARY.encode()


def send(address: str, *films: bytes, **more: Any) -> requests.Response:
    given = {"data": body(*films), "auth": ("pacs", PASSWORD), "headers": {"Content-Type": TYPE}, **more}
    return requests.post(address, timeout=30, **given)


def listed(answer: requests.Response, tag: str) -> list[tuple[str, int | None]]:
    """(SOP Instance UID, failure reason) of a sequence of the answer."""
    items = answer.json().get(tag, {"Value": []})["Value"]
    value = lambda item, name: item.get(name, {"Value": [None]})["Value"][0]  # noqa: E731
    return [(value(item, "00081155"), value(item, "00081197")) for item in items]


def uid_of(data: bytes, keyword: str = "SOPInstanceUID") -> str:
    import io

    import pydicom

    return str(pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True)[keyword].value)


STORED, FAILED, UNNAMED = "00081199", "00081198", "0008119A"


@database
def test_films_are_stored_and_named_as_their_sender_names_them(site: str, pacs: Person) -> None:
    one, two = film(1), film(2)
    answer = send(site, one, two)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/dicom+json"
    assert listed(answer, STORED) == [(uid_of(one), None), (uid_of(two), None)]
    assert set(answer.json()) == {STORED}
    assert Radiograph.objects.count() == 2
    records = IntakeRecord.objects.values_list("door", "by", "result")
    assert set(records) == {(Door.STOW, pacs.pk, IntakeResult.RECEIVED)}
    again = send(site, one)
    assert (again.status_code, listed(again, STORED)) == (200, [(uid_of(one), None)])
    kept = str(list(Radiograph.objects.values())) + str(list(IntakeRecord.objects.values()))
    assert not [word for word in identifiers(one) if word in kept]


@database
@pytest.mark.parametrize(
    ("bad", "reason", "tag"),
    [
        (lambda: b"text" * 100, stow.CANNOT_UNDERSTAND, UNNAMED),
        (lambda: b"", stow.CANNOT_UNDERSTAND, UNNAMED),
        (lambda: changed(film(5), SOPInstanceUID="Zhang Xiaoming"), stow.CANNOT_UNDERSTAND, UNNAMED),
        (lambda: film(5)[:-2000], stow.CANNOT_UNDERSTAND, FAILED),
        (lambda: changed(film(5), Modality="CT"), stow.CLASS_NOT_SUPPORTED, FAILED),
        (lambda: changed(film(5), PresentationIntentType="FOR PROCESSING"), stow.CLASS_NOT_SUPPORTED, FAILED),
    ],
)  # fmt: skip
def test_a_film_that_is_refused_stands_among_the_failures(
    site: str, pacs: Person, bad: Callable[[], bytes], reason: int, tag: str
) -> None:
    refused, good = bad(), film(1)
    mixed = send(site, good, refused)
    assert (mixed.status_code, listed(mixed, STORED)) == (202, [(uid_of(good), None)])
    assert listed(mixed, tag) == [(uid_of(refused) if tag == FAILED else None, reason)]
    assert "Zhang" not in mixed.text
    alone = send(site, refused)
    assert (alone.status_code, set(alone.json())) == (409, {tag})


@database
def test_the_study_of_the_address_must_be_that_of_the_film(site: str, pacs: Person) -> None:
    mine, other = film(1), film(2)
    answer = send(f"{site}/{uid_of(mine, 'StudyInstanceUID')}", mine, other)
    assert answer.status_code == 202
    assert listed(answer, STORED) == [(uid_of(mine), None)]
    assert listed(answer, FAILED) == [(uid_of(other), stow.OTHER_STUDY)]
    assert Radiograph.objects.count() == 1
    assert send(f"{site}/no-uid", mine).status_code == 400


@database
@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        ({"auth": None}, 401, "not_signed_in"),
        ({"auth": ("pacs", "wrong")}, 401, "not_signed_in"),
        ({"headers": {"Content-Type": "application/dicom"}}, 415, "unsupported_media_type"),
        ({"headers": {"Content-Type": TYPE.replace("dicom", "dicom+json")}}, 415, "unsupported_media_type"),
        ({"headers": {"Content-Type": "multipart/related; type=application/dicom"}}, 400, "malformed_body"),
        ({"headers": {"Content-Type": TYPE, "Accept": "text/html"}}, 406, "not_acceptable"),
        ({"data": body()}, 400, "no_instances"),
        ({"data": body(film(1))[:-100]}, 400, "malformed_body"),
        ({"data": b"--" + BOUNDARY.encode() + b"\r\n" + b"x" * 10_000}, 400, "malformed_body"),
        ({"data": (piece for piece in [body(film(1))])}, 411, "length_required"),
    ],
)
def test_requests_that_are_refused_as_a_whole(
    site: str, pacs: Person, arguments: dict[str, Any], status: int, code: str
) -> None:
    answer = send(site, film(1), **arguments)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/json"
    if status == 401:
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="DICOMweb"'
    assert Radiograph.objects.count() == 0


@database
def test_only_accounts_that_may_hand_films_in(site: str) -> None:
    add_person(by=None, username="reader", display_name="R", password=PASSWORD, roles=[RoleName.READER])
    answer = send(site, film(1), auth=("reader", PASSWORD))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


@database
def test_wrong_passwords_lock_the_account_out_here_too(site: str, pacs: Person) -> None:
    statuses = [send(site, film(1), auth=("pacs", "wrong")).status_code for _ in range(5)]
    assert statuses[:4] == [401] * 4
    assert send(site, film(1)).status_code == 429


@database
def test_a_session_does_not_count_here(site: str, pacs: Person, client: Any) -> None:
    client.force_login(pacs, backend="boneage_web.site.signed_in.PersonBackend")
    assert client.post("/api/v1/dicomweb/studies", data=body(film(1)), content_type=TYPE).status_code == 401


@database
def test_a_part_over_the_limit_is_not_gathered(site: str, pacs: Person, settings: Any) -> None:
    small = film(1)
    settings.UPLOAD_LIMIT_BYTES = len(small)
    answer = send(site, small, small + b"\0")
    assert (answer.status_code, listed(answer, UNNAMED)) == (202, [(None, stow.OUT_OF_RESOURCES)])
    assert send(site, small + b"\0").status_code == 413


@database
def test_a_full_quarantine_answers_503(site: str, pacs: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def has_room(self) -> bool:
            return False

    monkeypatch.setattr(dicomweb, "_capacity", Full)
    answer = send(site, film(1))
    assert (answer.status_code, answer.json()["error"]["code"], answer.headers["Retry-After"]) == (503, "full", "60")


@database
@pytest.mark.parametrize(
    ("outcome", "status"),
    [(IntakeResult.WAITING, 202), (IntakeResult.BLOCKED, 202), (IntakeResult.RECEIVED, 200), (None, 202)],
)
def test_what_waits_is_accepted_but_not_yet_done(
    site: str, pacs: Person, settings: Any, monkeypatch: pytest.MonkeyPatch, outcome: IntakeResult | None, status: int
) -> None:
    """With gate processes the film goes into quarantine, and the answer does not wait for ever."""
    settings.GATE_PROCESSES = 1
    monkeypatch.setattr(dicomweb, "WAIT_SECONDS", 0.2)
    if outcome is not None:
        ended = lambda arrivals, timeout_seconds: {pk: IntakeOutcome("", outcome) for pk in arrivals}  # noqa: E731
        monkeypatch.setattr(stow, "wait_for", ended)
    answer = send(site, film(1))
    assert (answer.status_code, listed(answer, STORED)) == (status, [(uid_of(film(1)), None)])
    assert len(list((Path(settings.DATA_DIR) / "quarantine").glob("*.held"))) == 1


class _Chunked:
    """A request as gunicorn hands over a body in chunks."""

    def __init__(self, data: bytes) -> None:
        import io

        self.META = {
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input_terminated": True,
            "wsgi.input": io.BytesIO(data),
        }


def test_a_body_in_chunks_is_read_where_the_server_knows_its_end() -> None:
    read = dicomweb._body(_Chunked(body(b"a", b"b")))  # type: ignore[arg-type]
    assert read is not None
    assert [part.data for part in parts(read, BOUNDARY, part_limit_bytes=10)] == [b"a", b"b"]
    request = _Chunked(b"")
    request.META["wsgi.input_terminated"] = False
    assert dicomweb._body(request) is None  # type: ignore[arg-type]


def reader(data: bytes, seed: int) -> Callable[[int], bytes]:
    """Gives the bytes in pieces of chance sizes."""
    rng, rest = random.Random(seed), bytearray(data)

    def read(count: int) -> bytes:
        size = min(count, rng.choice((1, 2, 3, 7, 50, 5000)))
        piece = bytes(rest[:size])
        del rest[:size]
        return piece

    return read


_bytes_with_traps = st.lists(
    st.sampled_from([b"\r\n", b"--", b"\r", b"-", BOUNDARY[:-1].encode(), b"DICM", b"\0\xff"]), max_size=12
).map(b"".join)


@given(st.lists(_bytes_with_traps, max_size=4), st.integers(0, 1000), _bytes_with_traps, _bytes_with_traps)
def test_parts_are_the_same_however_the_body_is_cut(
    datas: list[bytes], seed: int, preamble: bytes, epilogue: bytes
) -> None:
    whole = preamble + b"\r\n" + body(*datas) + epilogue
    got = list(parts(reader(whole, seed), BOUNDARY, part_limit_bytes=10_000))
    assert got == [Part("application/dicom", data) for data in datas]
    for limit in {len(data) for data in datas}:
        cut = [part.data for part in parts(reader(whole, seed), BOUNDARY, part_limit_bytes=limit)]
        assert cut == [data if len(data) <= limit else None for data in datas]


@given(st.binary(max_size=300), st.integers(0, 1000))
def test_any_bytes_end_in_parts_or_in_a_refusal(data: bytes, seed: int) -> None:
    whole = data.replace(b"B", b"\r\n--" + BOUNDARY.encode() + b"\r\n")
    with pytest.raises(MultipartError):
        list(parts(reader(whole, seed), BOUNDARY, part_limit_bytes=50))


def test_parts_without_headers_and_padded_delimiters() -> None:
    second = "content-TYPE:\r\n  Application/DICOM;x=1\r\n\r\nsecond"
    text = f"--{BOUNDARY}  \r\n\r\nfirst\r\n--{BOUNDARY}\r\n{second}\r\n--{BOUNDARY}--"
    got = list(parts(reader(text.encode(), 1), BOUNDARY, part_limit_bytes=50))
    assert got == [Part("", b"first"), Part("application/dicom", b"second")]


def test_content_types() -> None:
    parsed = ContentType.parse('Multipart/Related; TYPE="application/dicom"; boundary="a b:c"')
    assert (parsed.media_type, dict(parsed.parameters)) == (
        "multipart/related",
        {"type": "application/dicom", "boundary": "a b:c"},
    )
    assert ContentType.parse("").media_type == ""
    assert json.dumps(dict(ContentType.parse("multipart/related").parameters)) == "{}"
