"""Snapshots and models."""

from pathlib import Path
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.requests import checked, one, person_of, require
from annotations.base.errors import Conflict, Invalid
from annotations.models import Cohort
from boneage_web.registry.models import ModelVersion, Snapshot
from boneage_web.registry.selectors import studies_of
from boneage_web.registry.serializers import (
    DifferencesQuerySerializer,
    ModelPageSerializer,
    ModelSerializer,
    NewModelSerializer,
    NewSnapshotSerializer,
    NewStatementSerializer,
    SnapshotContentsSerializer,
    SnapshotDifferencesSerializer,
    SnapshotPageSerializer,
    SnapshotSerializer,
    StatedItemsSerializer,
    stated_items,
)
from boneage_web.registry.services.models import register_artifact, retire, state_item
from boneage_web.registry.services.snapshots import SnapshotRequest, check_request, frozen_data
from boneage_web.runs.kinds import RunKind
from boneage_web.runs.models import Run
from boneage_web.runs.serializers import RunSerializer
from boneage_web.runs.services.ledger import create_run
from boneage_web.site.permissions import (
    can_register_from_folder,
    can_see_evaluations,
    can_see_models,
    can_work_on_models,
)
from inference.artifact import ArtifactError
from training.snapshot_contents import contents, differences

REFUSED_SNAPSHOTS = "Only researchers and administrators work with snapshots."
REFUSED_CONTENTS = "Contents of a snapshot tell bone ages: for researchers and administrators who read none."
REFUSED_MODELS = "Only researchers and administrators change models."
FILMS_LISTED = 500
"""Films that a comparison names, of each kind; how many there are is told beside them."""


def _snapshots() -> QuerySet[Snapshot]:
    return Snapshot.objects.annotate(test_evaluations=Count("evaluations", filter=Q(evaluations__split="test")))


class SnapshotsView(APIView):
    """Frozen data sets."""

    @extend_schema(responses=SnapshotPageSerializer)
    def get(self, request: Request) -> Response:
        """All snapshots, newest first."""
        require(can_work_on_models(person_of(request)), REFUSED_SNAPSHOTS)
        rows = SnapshotSerializer(_snapshots(), many=True).data
        return Response({"results": rows, "next": None, "total": len(rows)})

    @extend_schema(request=NewSnapshotSerializer, responses={202: RunSerializer})
    def post(self, request: Request) -> Response:
        """Freeze accepted boxes and approved bone ages; answers with the run that does it."""
        person = person_of(request)
        require(can_work_on_models(person), REFUSED_SNAPSHOTS)
        data = dict(checked(NewSnapshotSerializer, request.data).validated_data)
        data.pop("split_kind")
        if data["cohort"] is not None and not Cohort.objects.filter(pk=data["cohort"]).exists():
            raise Invalid("unknown_cohort", "There is no such cohort. Choose one of the list.")
        wanted = SnapshotRequest(**data)
        check_request(wanted)
        run = create_run(kind=RunKind.SNAPSHOT, parameters=wanted.to_json(), requested_by=person)
        return Response(RunSerializer(run).data, status=202)


class SnapshotView(APIView):
    """One snapshot."""

    @extend_schema(responses=SnapshotSerializer)
    def get(self, request: Request, snapshot: UUID) -> Response:
        """One snapshot with its manifest."""
        require(can_work_on_models(person_of(request)), REFUSED_SNAPSHOTS)
        return Response(SnapshotSerializer(one(_snapshots(), pk=snapshot)).data)


class SnapshotContentsView(APIView):
    """What is in a snapshot."""

    @extend_schema(responses=SnapshotContentsSerializer)
    def get(self, request: Request, snapshot: UUID) -> Response:
        """Films by part, sex and bone-age year; boxes by region; where the bone ages come from."""
        row = _snapshot_with_ages(request, snapshot)
        return Response(contents(frozen_data(row)))


class SnapshotDifferencesView(APIView):
    """Two snapshots."""

    @extend_schema(parameters=[DifferencesQuerySerializer], responses=SnapshotDifferencesSerializer)
    def get(self, request: Request, snapshot: UUID) -> Response:
        """What this one holds beyond the other, what it lacks, and what changed of films in both."""
        row = _snapshot_with_ages(request, snapshot)
        query = checked(DifferencesQuerySerializer, request.query_params.dict()).validated_data
        found = differences(frozen_data(one(_snapshots(), pk=query["other"])), frozen_data(row))
        totals = {name: len(found[name]) for name in ("added", "removed", "changed")}
        lists = {name: found[name][:FILMS_LISTED] for name in totals}
        named = [*lists["added"], *lists["removed"], *(film["id"] for film in lists["changed"])]
        return Response({**found, **lists, "totals": totals, "listed": FILMS_LISTED, "studies": studies_of(named)})


def _snapshot_with_ages(request: Request, snapshot: UUID) -> Snapshot:
    """Counts of ages in a small data set come near to single ages: not for whoever may still read such films."""
    person = person_of(request)
    require(can_work_on_models(person) and can_see_evaluations(person), REFUSED_CONTENTS)
    return one(_snapshots(), pk=snapshot)


class ModelsView(APIView):
    """Model versions."""

    @extend_schema(responses=ModelPageSerializer)
    def get(self, request: Request) -> Response:
        """All models, newest first."""
        require(can_see_models(person_of(request)))
        rows = ModelSerializer(ModelVersion.objects.all(), many=True).data
        return Response({"results": rows, "next": None, "total": len(rows)})

    @extend_schema(request=NewModelSerializer, responses={201: ModelSerializer})
    def post(self, request: Request) -> Response:
        """Register the artifact of a training run, or (administrators) of a folder on the server."""
        person = person_of(request)
        require(can_work_on_models(person), REFUSED_MODELS)
        data = checked(NewModelSerializer, request.data).validated_data
        if "path" in data:
            require(can_register_from_folder(person), "Only administrators register a folder of the server.")
            source, run = Path(data["path"]), None
        else:
            run = one(Run.objects.filter(kind=RunKind.TRAIN), pk=data["run"])
            known = ModelVersion.objects.filter(run=run).first()
            if known is None:
                raise Conflict("no_artifact", "This run has made no model. Wait until it has succeeded.")
            return Response(ModelSerializer(known).data, status=201)
        try:
            model = register_artifact(source=source, run=run, created_by=person)
        except ArtifactError as error:
            raise Invalid("unusable_artifact", str(error)) from error
        return Response(ModelSerializer(model).data, status=201)


class ModelView(APIView):
    """One model."""

    @extend_schema(responses=ModelSerializer)
    def get(self, request: Request, model: UUID) -> Response:
        """One model with its manifest."""
        require(can_see_models(person_of(request)))
        return Response(ModelSerializer(one(ModelVersion.objects.all(), pk=model)).data)


class ModelStatementsView(APIView):
    """What only people can say of a model."""

    @extend_schema(responses=StatedItemsSerializer)
    def get(self, request: Request, model: UUID) -> Response:
        """The items of CLAIM and TRIPOD+AI that no manifest answers: what was stated, and what is missing."""
        require(can_see_models(person_of(request)))
        return Response(stated_items(one(ModelVersion.objects.all(), pk=model)))

    @extend_schema(request=NewStatementSerializer, responses={201: StatedItemsSerializer})
    def post(self, request: Request, model: UUID) -> Response:
        """State one; a statement is never edited, a newer one takes its place."""
        person = person_of(request)
        require(can_work_on_models(person), REFUSED_MODELS)
        row = one(ModelVersion.objects.all(), pk=model)
        state_item(model=row, person=person, **checked(NewStatementSerializer, request.data).validated_data)
        return Response(stated_items(row), status=201)


class ModelRetireView(APIView):
    """Take a model out of use."""

    @extend_schema(request=None, responses=ModelSerializer)
    def post(self, request: Request, model: UUID) -> Response:
        """No new film goes to this model; what it said stays."""
        person = person_of(request)
        require(can_work_on_models(person), REFUSED_MODELS)
        return Response(ModelSerializer(retire(model=one(ModelVersion.objects.all(), pk=model), person=person)).data)
