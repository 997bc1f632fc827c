"""The release gate: what it says of a model, putting a model to use, and the films that it looks at."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.people import person_json
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer
from annotations.base.errors import Invalid
from boneage_web.evaluation.services.evaluations import SPLITS
from boneage_web.evaluation.services.release import release, verdict_on, yardstick_json
from boneage_web.registry.api import REFUSED_MODELS
from boneage_web.registry.models import ModelVersion, Release, Snapshot
from boneage_web.registry.selectors import yardstick
from boneage_web.registry.serializers import ModelSerializer
from boneage_web.registry.services.models import set_yardstick
from boneage_web.site.permissions import can_see_evaluations, can_work_on_models

REFUSED_VERDICT = "The release gate shows errors on films: for researchers and administrators who read none."


class YardstickSnapshotSerializer(serializers.Serializer):
    """Which frozen data."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    hash = serializers.CharField()


class YardstickSerializer(serializers.Serializer):
    """The films of the release gate."""

    snapshot = YardstickSnapshotSerializer()
    split = serializers.CharField()
    films = serializers.IntegerField(allow_null=True)
    synthetic = serializers.BooleanField()
    set_at = serializers.DateTimeField()
    set_by = serializers.CharField(allow_null=True)
    reason = serializers.CharField()


class YardstickAnswerSerializer(serializers.Serializer):
    """What is set; null while nothing is."""

    yardstick = YardstickSerializer(allow_null=True)


class NewYardstickSerializer(StrictSerializer):
    """Which part of which snapshot from now on, and why."""

    snapshot = serializers.UUIDField()
    split = serializers.ChoiceField(choices=SPLITS)
    reason = serializers.CharField(max_length=2000)


class ActivationSerializer(StrictSerializer):
    """Why this model; needed where the gate does not say that it is better."""

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ComparedModelSerializer(serializers.Serializer):
    """The model that is to be beaten."""

    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the field's label
    status = serializers.CharField()


class GateRowSerializer(serializers.Serializer):
    """Both models on one group of films or regions, and what the paired difference shows."""

    n = serializers.IntegerField()
    active = serializers.FloatField(allow_null=True)
    candidate = serializers.FloatField(allow_null=True)
    difference = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    says = serializers.ChoiceField(choices=["better", "worse", "nothing"])


class GateAgeRowSerializer(GateRowSerializer):
    """Absolute error in months."""

    band = serializers.CharField()
    group = serializers.CharField()


class GateRegionRowSerializer(GateRowSerializer):
    """Share of films on which the region was met rightly."""

    region = serializers.CharField()


class GateCountsSerializer(serializers.Serializer):
    """Films without an age."""

    candidate = serializers.IntegerField()
    active = serializers.IntegerField()


class GateEvaluationsSerializer(serializers.Serializer):
    """On which evaluations the verdict rests."""

    candidate = serializers.UUIDField(allow_null=True)
    active = serializers.UUIDField(allow_null=True)


class VerdictSerializer(serializers.Serializer):
    """What the gate says now. No findings: it may be put to use without a reason."""

    against = ComparedModelSerializer(allow_null=True)
    yardstick = YardstickSerializer(allow_null=True)
    evaluations = GateEvaluationsSerializer()
    findings = serializers.ListField(child=serializers.CharField())
    ages = GateAgeRowSerializer(many=True)
    regions = GateRegionRowSerializer(many=True)
    refused = GateCountsSerializer(allow_null=True)
    few = serializers.IntegerField(allow_null=True)


class ReleaseSerializer(serializers.ModelSerializer):
    """One time that the model was put to use, and what the gate had said."""

    replaced = serializers.CharField(source="replaced.label", allow_null=True, default=None)
    by = serializers.SerializerMethodField()
    findings = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Release
        fields = ["id", "at", "by", "reason", "findings", "replaced"]

    @extend_schema_field(PersonSerializer(allow_null=True))
    def get_by(self, row: Release) -> dict[str, Any] | None:
        """Nobody where the program put its own model to use."""
        return person_json(row.by)


class ModelReleaseSerializer(serializers.Serializer):
    """The verdict, and the history."""

    verdict = VerdictSerializer()
    releases = ReleaseSerializer(many=True)


class ModelReleaseView(APIView):
    """The gate, before anybody decides."""

    @extend_schema(responses=ModelReleaseSerializer)
    def get(self, request: Request, model: UUID) -> Response:
        """The model against the one in use, on the same films; and every time it was put to use."""
        person = person_of(request)
        require(can_work_on_models(person) and can_see_evaluations(person), REFUSED_VERDICT)
        row = one(ModelVersion.objects.all(), pk=model)
        releases = row.releases.select_related("replaced", "by")
        return Response({"verdict": verdict_on(row), "releases": ReleaseSerializer(releases, many=True).data})


class ModelActivateView(APIView):
    """Put a model to use."""

    @extend_schema(request=ActivationSerializer, responses=ModelSerializer)
    def post(self, request: Request, model: UUID) -> Response:
        """New films go to this model from now on; the one before it is retired. A model that the release gate does not
        find better needs a reason, which is kept."""
        person = person_of(request)
        require(can_work_on_models(person), REFUSED_MODELS)
        reason = checked(ActivationSerializer, request.data).validated_data["reason"]
        row = one(ModelVersion.objects.all(), pk=model)
        return Response(ModelSerializer(release(model=row, person=person, reason=reason)).data)


class YardstickView(APIView):
    """The films of the release gate."""

    @extend_schema(responses=YardstickAnswerSerializer)
    def get(self, request: Request) -> Response:
        """Which part of which snapshot."""
        require(can_work_on_models(person_of(request)), REFUSED_MODELS)
        films = yardstick()
        return Response({"yardstick": yardstick_json(films) if films else None})

    @extend_schema(request=NewYardstickSerializer, responses={201: YardstickAnswerSerializer})
    def post(self, request: Request) -> Response:
        """Set it anew, with a reason."""
        person = person_of(request)
        require(can_work_on_models(person), REFUSED_MODELS)
        data = checked(NewYardstickSerializer, request.data).validated_data
        snapshot = Snapshot.objects.filter(pk=data["snapshot"]).first()
        if snapshot is None:
            raise Invalid("unknown_snapshot", "There is no such snapshot. Choose one of the list.")
        films = set_yardstick(snapshot=snapshot, split=data["split"], reason=data["reason"], person=person)
        return Response({"yardstick": yardstick_json(films)}, status=201)
