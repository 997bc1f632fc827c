"""A study's result: look at it, type a height, sign it, have it examined."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.strict import NothingSerializer
from annotations.base.errors import NotAllowed
from annotations.models import Person, Study
from annotations.permissions.blinding import earlier_values_are_hidden, study_is_blinded_for
from annotations.permissions.studies import studies_visible_to
from annotations.services.exposures import record_exposures
from annotations.services.openings import record_opening
from annotations.states import ExposureKind, OpeningKind
from boneage_web.results.models import Basis
from boneage_web.results.permissions import can_examine
from boneage_web.results.present import result_json
from boneage_web.results.serializers import NewHeightSerializer, ResultSerializer, SignatureSerializer
from boneage_web.results.services.examinations import prediction_to_examine
from boneage_web.results.services.heights import state_height
from boneage_web.results.services.signing import Signature, sign
from boneage_web.runs.kinds import RunKind
from boneage_web.runs.serializers import RunSerializer
from boneage_web.runs.services.ledger import create_run, unfinished_run


def open_study(person: Person, study: UUID) -> Study:
    """The study, if the person may see its result. Who may still read its film blind is turned away, and so is who may
    decide between its re-reads."""
    row = one(studies_visible_to(person), pk=study)
    if study_is_blinded_for(person, row):
        raise NotAllowed("blinded", "You may still be asked to read this film. Its result stays hidden until then.")
    if earlier_values_are_hidden(person, row):
        raise NotAllowed(
            "decided_again",
            "This film was read again and waits for an adjudicator. Until then you see the re-reads alone.",
        )
    return row


def shown(person: Person, result: dict[str, Any], *, kind: OpeningKind, place: str) -> None:
    """Remember who was shown what of a result, and that it was opened."""
    if result["radiograph"] is None:
        return
    radiograph = UUID(result["radiograph"]["id"])
    signed = result["signed"]
    seen = {
        ExposureKind.MODEL_RESULT: result["prediction"],
        ExposureKind.CHRONOLOGICAL_AGE: result["chronological_age_months"],
        ExposureKind.CONSENSUS: result["truth"] or (signed and signed["basis"] == Basis.CONSENSUS) or None,
        ExposureKind.OTHER_READ: any(one["basis"] == Basis.CORRECTION for one in result["signatures"]) or None,
    }
    record_exposures(
        person=person, shown=[(radiograph, what) for what, value in seen.items() if value is not None], place=place
    )
    record_opening(person=person, radiograph=radiograph, kind=kind, place=place)


class StudyResultView(APIView):
    """What is known of a child's bone age."""

    @extend_schema(responses=ResultSerializer)
    def get(self, request: Request, study: UUID) -> Response:
        """The result of a study; who sees it is remembered."""
        person = person_of(request)
        return _answer(person, open_study(person, study))


def _answer(person: Person, row: Study, status: int = 200) -> Response:
    result = result_json(person, row)
    shown(person, result, kind=OpeningKind.RESULT, place="result")
    return Response(result, status=status)


class StudySignView(APIView):
    """A person's name under a bone age."""

    @extend_schema(request=SignatureSerializer, responses={201: ResultSerializer})
    def post(self, request: Request, study: UUID) -> Response:
        """Sign what is shown, or an age of one's own; answers with the result as it then is."""
        person = person_of(request)
        row = open_study(person, study)
        data = checked(SignatureSerializer, request.data).validated_data
        sign(person=person, study=row, signature=Signature(**{**data, "basis": Basis(data["basis"])}))
        return _answer(person, row, status=201)


class StudyHeightView(APIView):
    """The child's height at the film, of which an adult height is predicted."""

    @extend_schema(request=NewHeightSerializer, responses={201: ResultSerializer})
    def post(self, request: Request, study: UUID) -> Response:
        """Type, correct or take back a height; answers with the result as it then is."""
        person = person_of(request)
        row = open_study(person, study)
        state_height(person=person, study=row, **checked(NewHeightSerializer, request.data).validated_data)
        return _answer(person, row, status=201)


class StudyExamineView(APIView):
    """A closer look by a worker."""

    @extend_schema(request=NothingSerializer, responses={201: RunSerializer})
    def post(self, request: Request, study: UUID) -> Response:
        """Where covering the film moves the age, and the ages of its parts; answers with the run that finds out."""
        person = person_of(request)
        row = open_study(person, study)
        require(can_examine(person, row))
        checked(NothingSerializer, request.data)
        parameters = {"prediction": str(prediction_to_examine(row).pk), "study": str(row.pk)}
        run = unfinished_run(kind=RunKind.EXAMINE, parameters=parameters) or create_run(
            kind=RunKind.EXAMINE, parameters=parameters, requested_by=person
        )
        return Response(RunSerializer(run).data, status=201)
