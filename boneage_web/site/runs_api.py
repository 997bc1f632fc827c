"""Start runs: stands above all apps, because a run may be about any of them."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.requests import checked, one, person_of, require
from annotations.permissions.studies import can_predict, studies_visible_to
from boneage_web.runs.api import REFUSED, RunListMixin
from boneage_web.runs.kinds import RunKind
from boneage_web.runs.serializers import NewRunSerializer, RunSerializer
from boneage_web.site.permissions import can_work_on_models
from boneage_web.site.start_run import presets, start_prediction, start_run


class RunsView(RunListMixin, APIView):
    """The ledger."""

    @extend_schema(request=NewRunSerializer, responses={201: RunSerializer})
    def post(self, request: Request) -> Response:
        """Start a training, an inference over a cohort, or an evaluation."""
        person = person_of(request)
        require(can_work_on_models(person), REFUSED)
        data = checked(NewRunSerializer, request.data).validated_data
        run = start_run(person=person, kind=RunKind(data["kind"]), parameters=data["parameters"])
        return Response(RunSerializer(run).data, status=201)


class PresetSerializer(serializers.Serializer):
    """A preset of a training: each setting by its dotted name; `words` of those that are one of a few."""

    name = serializers.CharField()
    settings = serializers.DictField()
    words = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class PresetsSerializer(serializers.Serializer):
    """All presets."""

    results = PresetSerializer(many=True)


class PresetsView(APIView):
    """What a training may be begun with."""

    @extend_schema(responses=PresetsSerializer)
    def get(self, request: Request) -> Response:
        """Presets with all their settings, which a training may lay others over."""
        require(can_work_on_models(person_of(request)), REFUSED)
        return Response({"results": presets()})


class StudyPredictView(APIView):
    """Ask the active model."""

    @extend_schema(request=None, responses={201: RunSerializer})
    def post(self, request: Request, study: UUID) -> Response:
        """Ask the active model about this study; answers with the run that does it."""
        person = person_of(request)
        row = one(studies_visible_to(person), pk=study)
        require(can_predict(person, row))
        return Response(RunSerializer(start_prediction(person=person, study=row)).data, status=201)
