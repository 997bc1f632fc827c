"""Cohorts, the protocol for everybody, and protocols of cohorts."""

from uuid import UUID

from django.db.models import Count
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.people import cohort_json, protocol_json, protocol_version_json
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.people import (
    CohortPageSerializer,
    CohortSerializer,
    EndProtocolSerializer,
    NewCohortSerializer,
    ProtocolChangeSerializer,
    ProtocolSerializer,
    ProtocolVersionSerializer,
)
from annotations.models import Cohort, Protocol
from annotations.permissions.people import can_make_cohorts, can_manage_protocol
from annotations.selectors.protocols import protocol_of_cohort, protocol_versions
from annotations.services import cohorts, protocols

_NOT_YOU = "Only an administrator changes the protocol."


class CohortsView(APIView):
    @extend_schema(responses=CohortPageSerializer)
    def get(self, request: Request) -> Response:
        """All cohorts with the number of their studies."""
        person_of(request)
        rows = Cohort.objects.annotate(study_count=Count("studies")).order_by("name")
        own = set(Protocol.objects.filter(is_active=True, cohort__isnull=False).values_list("cohort", flat=True))
        results = [cohort_json(row, row.study_count, own_protocol=row.pk in own) for row in rows]
        return Response({"results": results, "next": None, "total": len(results)})

    @extend_schema(request=NewCohortSerializer, responses={201: CohortSerializer})
    def post(self, request: Request) -> Response:
        """A new cohort."""
        person = person_of(request)
        require(can_make_cohorts(person), "Only researchers and administrators make cohorts.")
        name = checked(NewCohortSerializer, request.data).validated_data["name"]
        return Response(cohort_json(cohorts.add_cohort(person=person, name=name), 0, own_protocol=False), status=201)


class CohortView(APIView):
    @extend_schema(request=NewCohortSerializer, responses=CohortSerializer)
    def patch(self, request: Request, cohort: UUID) -> Response:
        """Another name."""
        person = person_of(request)
        require(can_make_cohorts(person), "Only researchers and administrators rename cohorts.")
        row = one(Cohort.objects.all(), pk=cohort)
        name = checked(NewCohortSerializer, request.data).validated_data["name"]
        renamed = cohorts.rename_cohort(person=person, cohort=row, name=name)
        own = protocol_of_cohort(renamed) is not None
        return Response(cohort_json(renamed, renamed.studies.count(), own_protocol=own))


class CohortProtocolView(APIView):
    @extend_schema(responses=ProtocolSerializer)
    def get(self, request: Request, cohort: UUID) -> Response:
        """How this cohort is read and labelled: by its own protocol, or by the one for everybody."""
        person_of(request)
        row = one(Cohort.objects.all(), pk=cohort)
        return Response(protocol_json(protocols.protocol_for(row.pk)))

    @extend_schema(request=ProtocolChangeSerializer, responses=ProtocolSerializer)
    def patch(self, request: Request, cohort: UUID) -> Response:
        """A new version of the cohort's own protocol; its first starts from the one for everybody."""
        person = person_of(request)
        require(can_manage_protocol(person), _NOT_YOU)
        row = one(Cohort.objects.all(), pk=cohort)
        changes = dict(checked(ProtocolChangeSerializer, request.data).validated_data)
        reason = changes.pop("reason")
        return Response(
            protocol_json(protocols.change_protocol(person=person, changes=changes, reason=reason, cohort=row))
        )

    @extend_schema(request=EndProtocolSerializer, responses=ProtocolSerializer)
    def delete(self, request: Request, cohort: UUID) -> Response:
        """Back to the protocol for everybody."""
        person = person_of(request)
        require(can_manage_protocol(person), _NOT_YOU)
        row = one(Cohort.objects.all(), pk=cohort)
        reason = checked(EndProtocolSerializer, request.data).validated_data["reason"]
        return Response(protocol_json(protocols.end_own_protocol(person=person, cohort=row, reason=reason)))


class ProtocolView(APIView):
    @extend_schema(responses=ProtocolSerializer)
    def get(self, request: Request) -> Response:
        """How radiographs are read at present."""
        person_of(request)
        return Response(protocol_json(protocols.present_protocol()))

    @extend_schema(request=ProtocolChangeSerializer, responses=ProtocolSerializer)
    def patch(self, request: Request) -> Response:
        """A new version of the protocol."""
        person = person_of(request)
        require(can_manage_protocol(person), _NOT_YOU)
        changes = dict(checked(ProtocolChangeSerializer, request.data).validated_data)
        reason = changes.pop("reason")
        return Response(protocol_json(protocols.change_protocol(person=person, changes=changes, reason=reason)))


class ProtocolVersionsView(APIView):
    @extend_schema(responses=ProtocolVersionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Every version there was, of everybody's protocol and of the cohorts' own, newest first."""
        person_of(request)
        return Response([protocol_version_json(row) for row in protocol_versions()])
