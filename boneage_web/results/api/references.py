"""Tables of standard deviations: those that ship, and a site's own."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.people import person_json
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.strict import NothingSerializer
from boneage_web.results import references as tables
from boneage_web.results.models import SdReference
from boneage_web.results.permissions import can_load_references, can_see_references
from boneage_web.results.reference_serializers import (
    NewReferenceSerializer,
    ReferenceChoiceSerializer,
    ReferenceSerializer,
)
from boneage_web.results.services import references

_NOT_YOU = "Only administrators load, retire and choose tables."


def _rows() -> list[dict[str, Any]]:
    loaded = {row.slug: row for row in SdReference.objects.select_related("loaded_by")}
    chosen = tables.chosen_table()
    rows = []
    for reference in tables.present_references():
        row = loaded.get(reference.id)
        rows.append(
            {
                "id": reference.id,
                "row": str(row.pk) if row else None,
                "name_en": reference.name_en,
                "name_zh": reference.name_zh,
                "source": reference.source,
                "population": reference.population,
                "shipped": reference.shipped,
                "named_first": reference.id == chosen,
                "ages_months": {
                    sex: [spread.ages_months[0], spread.ages_months[-1]] for sex, spread in reference.spreads.items()
                },
                "loaded_at": row.loaded_at.isoformat() if row else None,
                "loaded_by": person_json(row.loaded_by) if row else None,
            }
        )
    return rows


class ReferencesView(APIView):
    @extend_schema(responses=ReferenceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Tables in use, the one that reports name first at the top."""
        require(can_see_references(person_of(request)))
        return Response(_rows())

    @extend_schema(request=NewReferenceSerializer, responses={201: ReferenceSerializer(many=True)})
    def post(self, request: Request) -> Response:
        """Load a site's own table; answers with all that are in use."""
        person = person_of(request)
        require(can_load_references(person), _NOT_YOU)
        references.load_reference(person=person, **checked(NewReferenceSerializer, request.data).validated_data)
        return Response(_rows(), status=201)


class ReferenceRetireView(APIView):
    @extend_schema(request=NothingSerializer, responses=ReferenceSerializer(many=True))
    def post(self, request: Request, reference: UUID) -> Response:
        """No new result names it; signed ones keep it."""
        person = person_of(request)
        require(can_load_references(person), _NOT_YOU)
        checked(NothingSerializer, request.data)
        references.retire_reference(person=person, reference=one(SdReference.objects.all(), pk=reference))
        return Response(_rows())


class ReferenceChoiceView(APIView):
    @extend_schema(request=ReferenceChoiceSerializer, responses=ReferenceSerializer(many=True))
    def post(self, request: Request) -> Response:
        """Reports name this table first."""
        person = person_of(request)
        require(can_load_references(person), _NOT_YOU)
        table = checked(ReferenceChoiceSerializer, request.data).validated_data["table"]
        references.choose_reference(person=person, table=table)
        return Response(_rows())
