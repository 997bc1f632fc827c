"""Every address of this app, with the answer that each persona gets. A route that is not here fails the test.

``world`` makes the rows that the addresses speak of. The personas are those of ``tests.factories.people``:
``reader`` holds an assigned reading of ``{study}``; ``labeller`` has an open draft ``{draft}`` on it; ``{submitted}``
was handed in by somebody else; ``{agreed}`` and ``{disputed}`` were read by two others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from annotations.models import BoxSet, Cohort, Consensus, Person, ReviewComment
from annotations.services import drafts, reads, review
from annotations.states import RoleName
from tests.factories.people import PERSONAS, make_person
from tests.factories.studies import draw_all, film_of, labelled, make_blocked_film, make_reread_round, make_study

EVERYBODY = frozenset(PERSONAS)
WITH_A_ROLE = EVERYBODY - {"nobody"}
EXPORTERS = frozenset({"researcher", "administrator"})
CURATORS = frozenset({"reviewer", "researcher", "administrator"})
UPLOADERS = CURATORS | {"labeller"}
DECIDERS = frozenset({"reviewer", "administrator"})
SEE_BOXES = WITH_A_ROLE - {"reader"}
STEER_REREADS = frozenset({"researcher", "reviewer"})
SEE_CONSENSUS = frozenset({"adjudicator", "reviewer", "researcher", "administrator"})


@dataclass(frozen=True, kw_only=True)
class RouteRow:
    """One address and method: who gets ``ok``, what the others get, and where single personas differ."""

    method: str
    path: str
    allowed: frozenset[str]
    ok: int = 200
    refused: int = 403
    body: Any = None
    but: Mapping[str, int] = field(default_factory=dict)

    def expected(self, persona: str) -> int:
        """Status for a persona; ``anonymous`` is somebody who is not signed in."""
        if persona == "anonymous":
            return 401
        return self.but.get(persona, self.ok if persona in self.allowed else self.refused)


def _row(method: str, path: str, allowed: frozenset[str], **other: Any) -> RouteRow:
    return RouteRow(method=method, path=path, allowed=allowed, **other)


_OPERATIONS: dict[str, list] = {"operations": []}
_NOTHING_DRAWN: dict[str, Any] = {"rectangles": [], "no_writing": False}
_STUDIES = {"studies": ["{study}"]}
_EFFORT = {"effort": {"actions": 18, "seconds": 20.5}}
_AMENDMENT = {"bone_age_months": 100, "plate_months": None, "reason": "slip"}

ROUTES: tuple[RouteRow, ...] = (
    _row("GET", "/home", EVERYBODY),
    _row("GET", "/worklists", EVERYBODY),
    _row("POST", "/uploads", UPLOADERS, ok=400),  # without a file; with one it is 201
    _row("POST", "/uploads/outcomes", UPLOADERS, body={"ids": []}),
    _row("POST", "/uploads/known", UPLOADERS, body={"sha256": []}),
    _row("POST", "/dicomweb/studies", frozenset(), refused=401),  # a session does not count: HTTP Basic alone
    _row("POST", "/dicomweb/studies/{study}", frozenset(), refused=401),
    _row("GET", "/intake", UPLOADERS),
    _row("GET", "/intake/records", UPLOADERS),
    _row("GET", "/blocked", DECIDERS),
    _row("GET", "/blocked/{blocked}", DECIDERS),
    _row("GET", "/blocked/{blocked}/pixels", DECIDERS),
    _row("POST", "/blocked/{blocked}/release", DECIDERS, ok=400, body=_NOTHING_DRAWN),
    _row("POST", "/blocked/{blocked}/refuse", DECIDERS, body={"reason": "a report, no film"}),
    _row("GET", "/studies", EVERYBODY),
    _row("POST", "/studies/assign", CURATORS, body={**_STUDIES, "kind": "label", "person": "{labeller}"}),
    _row("POST", "/studies/release", CURATORS, body={**_STUDIES, "kind": "label"}),
    _row("POST", "/studies/priority", CURATORS, body={**_STUDIES, "priority": "urgent"}),
    _row("POST", "/studies/cohort", EXPORTERS, body={**_STUDIES, "cohort": "{cohort}"}),
    _row("POST", "/studies/exclude", CURATORS, body={**_STUDIES, "reason": "wrong hand"}),
    _row("GET", "/studies/{study}", WITH_A_ROLE, refused=404),
    _row("GET", "/studies/{study}/events", WITH_A_ROLE, refused=404),
    _row("GET", "/studies/{study}/effort", WITH_A_ROLE, refused=404),
    _row("GET", "/studies/{study}/events/chain", WITH_A_ROLE, refused=404),
    _row("GET", "/studies/{study}/events/export", EXPORTERS),
    _row("GET", "/studies/{study}/at?moment=2030-01-01T00:00:00Z", WITH_A_ROLE, refused=404),
    _row("GET", "/studies/{study}/box-sets", WITH_A_ROLE, refused=404),
    _row("POST", "/studies/{sexless}/facts", UPLOADERS, body={"sex": "F"}, but={"nobody": 404}),
    _row("POST", "/studies/{study}/exclude", CURATORS, body={"reason": "wrong hand"}, but={"nobody": 404}),
    _row("POST", "/studies/{excluded}/restore", CURATORS, but={"nobody": 404}),
    _row("GET", "/radiographs/{radiograph}/pixels", WITH_A_ROLE, refused=404),
    _row("GET", "/radiographs/{radiograph}/thumbnail", WITH_A_ROLE, refused=404),
    _row(
        "POST",
        "/radiographs/{radiograph}/box-sets",
        frozenset({"labeller", "reviewer"}),
        ok=201,
        but={"nobody": 404, "labeller": 200},
    ),
    _row("POST", "/label/next", frozenset({"labeller"})),
    _row("GET", "/label/upcoming", frozenset({"labeller"})),
    _row("POST", "/review/next", frozenset({"reviewer"})),
    _row("GET", "/box-sets/{draft}", SEE_BOXES, refused=404),
    _row("POST", "/box-sets/{draft}/hold", frozenset({"labeller"}), but={"nobody": 404, "reader": 404}),
    _row(
        "POST",
        "/box-sets/{draft}/operations",
        frozenset({"labeller"}),
        body=_OPERATIONS,
        but={"nobody": 404, "reader": 404},
    ),
    _row("GET", "/box-sets/{redraw}/differences", SEE_BOXES, refused=404),
    _row(
        "POST",
        "/comments/{comment}/mark",
        frozenset({"labeller"}),
        ok=204,
        body={"box_set": "{redraw}", "resolved": True},
        but={"nobody": 404, "reader": 404},
    ),
    _row("POST", "/box-sets/{draft}/submit", frozenset({"labeller"}), body=_EFFORT, but={"nobody": 404, "reader": 404}),
    _row("POST", "/box-sets/{submitted}/accept", frozenset({"reviewer"}), but={"nobody": 404, "reader": 404}),
    _row("POST", "/box-sets/{submitted}/fix", frozenset({"reviewer"}), ok=201, but={"nobody": 404, "reader": 404}),
    _row(
        "POST",
        "/box-sets/{submitted}/return",
        frozenset({"reviewer"}),
        body={"reason": "ulna", "comments": [{"region": "ulna", "text": "wider"}]},
        but={"nobody": 404, "reader": 404},
    ),
    _row("POST", "/read/next", frozenset({"reader"})),
    _row("GET", "/reading/{token}", frozenset({"reader"}), refused=404),
    _row("GET", "/reading/{token}/pixels", frozenset({"reader"}), refused=404),
    _row("POST", "/reading/{token}/submit", frozenset({"reader"}), refused=404, body={"bone_age_months": 100}),
    _row("POST", "/reading/{token}/unreadable", frozenset({"reader"}), refused=404, body={"reason": "motion"}),
    _row("POST", "/reading/{token}/amend", frozenset({"reader"}), ok=409, refused=404, body=_AMENDMENT),
    _row("GET", "/consensus", SEE_CONSENSUS),
    _row("GET", "/consensus/{agreed}", SEE_CONSENSUS),
    _row(
        "POST",
        "/consensus/{disputed}/settle",
        frozenset({"adjudicator"}),
        body={"bone_age_months": 120, "reason": "capitate"},
    ),
    _row("POST", "/consensus/{agreed}/approve", frozenset({"reviewer"})),
    _row("POST", "/consensus/{agreed}/reopen", frozenset({"reviewer"}), body={"reason": "too low"}),
    _row("POST", "/consensus/{agreed}/confirm-unreadable", frozenset({"reviewer"}), ok=409),  # readers could read it
    _row("POST", "/consensus/approve", frozenset({"reviewer"}), body={"ids": ["{agreed}"]}),
    _row("GET", "/readers", CURATORS),
    _row("GET", "/readers/figures.csv", CURATORS),
    _row("GET", "/readers/progress", CURATORS),
    _row("GET", "/rereads", STEER_REREADS),
    _row("POST", "/rereads", STEER_REREADS, ok=409, body={"largest": 2}),  # too few films are approved here
    _row("POST", "/rereads/preview", STEER_REREADS, ok=409, body={"largest": 2}),
    _row("GET", "/rereads/{reread}", STEER_REREADS),
    _row("POST", "/rereads/{reread}/stop", STEER_REREADS, body={"reason": "enough"}),
    _row("GET", "/openings", frozenset({"administrator"})),
    _row("GET", "/openings.csv", frozenset({"administrator"})),
    _row("GET", "/people", frozenset({"administrator"})),
    _row(
        "POST",
        "/people",
        frozenset({"administrator"}),
        ok=201,
        body={"username": "new", "display_name": "New", "password": "a-long-sentence-9", "roles": ["reader"]},
    ),
    _row("GET", "/people/choices", CURATORS),
    _row("POST", "/people/{person}/reset-password", frozenset({"administrator"})),
    _row("GET", "/people/{person}/events", frozenset({"administrator"})),
    _row("PATCH", "/people/{person}", frozenset({"administrator"}), body={"display_name": "Other"}),
    _row("GET", "/cohorts", EVERYBODY),
    _row("POST", "/cohorts", frozenset({"researcher", "administrator"}), ok=201, body={"name": "new cohort"}),
    _row("PATCH", "/cohorts/{cohort}", EXPORTERS, body={"name": "renamed"}),
    _row("GET", "/cohorts/{cohort}/protocol", EVERYBODY),
    _row("PATCH", "/cohorts/{cohort}/protocol", frozenset({"administrator"}), body={"tolerance_months": 6}),
    _row("DELETE", "/cohorts/{cohort}/protocol", frozenset({"administrator"}), ok=409),  # it has none of its own
    _row("GET", "/protocol", EVERYBODY),
    _row("GET", "/protocol/versions", EVERYBODY),
    _row("PATCH", "/protocol", frozenset({"administrator"}), body={"tolerance_months": 6}),
    _row("GET", "/events", frozenset({"administrator"})),
    _row("GET", "/events/chain", frozenset({"administrator"})),
    _row("GET", "/events/export", frozenset({"administrator"})),
    _row("GET", "/agreement/boxes", CURATORS),
    _row("GET", "/agreement/boxes.csv", CURATORS),
    _row("GET", "/exports/boxes", EXPORTERS),
    _row("GET", "/exports/studies", EXPORTERS),
)


def world(personas: Mapping[str, Person]) -> dict[str, str]:
    """Rows for the addresses: name in braces -> value."""
    readers = [make_person(f"other_reader{number}", RoleName.READER) for number in (1, 2)]
    agreed, disputed = (_read_by(readers, difference) for difference in (4, 40))
    study = make_study(stored=True)
    draft = drafts.open_draft(person=personas["labeller"], radiograph=film_of(study))
    draw_all(personas["labeller"], draft)
    submitted = labelled(make_person("other_labeller", RoleName.LABELLER), study)
    redraw, comment = _redrawn(personas["labeller"])
    read = reads.read_next(person=personas["reader"])
    assert read is not None
    assert read.radiograph_id == film_of(study).pk
    return {
        "study": str(study.pk),
        "sexless": str(make_study(sex=None).pk),
        "excluded": str(make_study(state="excluded").pk),  # type: ignore[arg-type]
        "radiograph": str(film_of(study).pk),
        "draft": str(draft.pk),
        "submitted": str(submitted.pk),
        "token": read.token,
        "redraw": str(redraw.pk),
        "comment": str(comment.pk),
        "agreed": str(agreed.pk),
        "disputed": str(disputed.pk),
        "person": str(readers[0].pk),
        "reread": str(make_reread_round(personas["researcher"]).pk),
        "labeller": str(personas["labeller"].pk),
        "cohort": str(Cohort.objects.create(name="winter").pk),
        "blocked": str(make_blocked_film().pk),
    }


def _redrawn(labeller: Person) -> tuple[BoxSet, ReviewComment]:
    """A draft of the labeller's after a return, and the comment that came with it."""
    study = make_study(sex=None)  # no reader is handed it
    box_set = labelled(labeller, study)
    comments = [review.NewComment("wider", "ulna")]
    review.send_back(person=make_person("judge", RoleName.REVIEWER), box_set=box_set, reason="ulna", comments=comments)
    redraw = drafts.open_draft(person=labeller, radiograph=film_of(study))
    return redraw, ReviewComment.objects.get(box_set=box_set)


def _read_by(readers: list[Person], difference_months: float) -> Consensus:
    study = make_study()
    for number, reader in enumerate(readers):
        read = reads.read_next(person=reader)
        assert read is not None
        months = 100 + number * difference_months
        reads.submit_read(person=reader, read=read, bone_age_months=months, plate_months=None)
    return Consensus.objects.get(radiograph__study=study)


def filled(template: Any, values: Mapping[str, str]) -> Any:
    """The template with each ``{name}`` replaced, in strings at any depth."""
    if isinstance(template, str):
        for name, value in values.items():
            template = template.replace("{" + name + "}", value)
        return template
    if isinstance(template, list):
        return [filled(each, values) for each in template]
    if isinstance(template, dict):
        return {key: filled(each, values) for key, each in template.items()}
    return template
