"""A result to take away: text, PDF, CSV, FHIR."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.requests import checked, one, person_of
from annotations.base.errors import NotThere
from annotations.models import Person, Radiograph, Study
from annotations.states import OpeningKind
from boneage_web.results.api.result import open_study, shown
from boneage_web.results.facts import film_facts
from boneage_web.results.growth import examinations_of_child
from boneage_web.results.models import SignedResult
from boneage_web.results.present import result_json
from boneage_web.results.reports.fhir import report_fhir
from boneage_web.results.reports.pdf import report_pdf
from boneage_web.results.reports.picture import film_picture
from boneage_web.results.reports.table import report_csv
from boneage_web.results.reports.text import report_text
from boneage_web.results.selectors import shown_prediction
from boneage_web.results.serializers import ReportQuerySerializer, ReportTextSerializer

PICTURE_PX = 1400


class _ReportView(APIView):
    """What all forms share: who may, which version, and that it is remembered."""

    form = ""

    def facts(self, request: Request, study: UUID) -> tuple[Person, Study, Radiograph, dict[str, Any], dict[str, Any]]:
        """(person, study, film, facts, query): the newest signed version, the one asked for, or a preliminary one."""
        person = person_of(request)
        row = open_study(person, study)
        query = checked(ReportQuerySerializer, request.query_params.dict()).validated_data
        radiograph = row.radiographs.filter(for_reading=True).first()
        if radiograph is None:
            raise NotThere("no_film", "This study has no film that a report could be about.")
        signed = SignedResult.objects.filter(radiograph=radiograph)
        if query.get("version") is not None:
            facts = one(signed, version=query["version"]).content
        else:
            newest = signed.first()
            facts = newest.content if newest else film_facts(row, radiograph, shown_prediction(radiograph))
        shown(person, result_json(person, row), kind=OpeningKind.REPORT, place=f"report {self.form}")
        return person, row, radiograph, facts, query


def _file(content: bytes | str, content_type: str, name: str, study: Study) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="bone-age-{study.patient.pseudonym}.{name}"'
    response["Cache-Control"] = "no-store"
    return response


_QUERY = [ReportQuerySerializer]


class ReportTextView(_ReportView):
    form = "text"

    @extend_schema(parameters=_QUERY, responses=ReportTextSerializer)
    def get(self, request: Request, study: UUID) -> Response:
        """The report as text, to be pasted elsewhere."""
        person, row, _, facts, query = self.facts(request, study)
        text = report_text(facts, examinations_of_child(person, row), query["language"])
        return Response({"text": text})


class ReportPdfView(_ReportView):
    form = "pdf"

    @extend_schema(parameters=_QUERY, responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, study: UUID) -> HttpResponse:
        """The report on one page."""
        person, row, radiograph, facts, query = self.facts(request, study)
        boxes = facts["prediction"]["boxes"] if facts["prediction"] else []
        try:
            picture = film_picture(radiograph, boxes, longest_px=PICTURE_PX)
        except FileNotFoundError:
            picture = None
        growth = examinations_of_child(person, row)
        made_at = timezone.now().isoformat()
        pdf = report_pdf(facts, growth, query["language"], picture=picture, made_at=made_at)
        return _file(pdf, "application/pdf", "pdf", row)


class ReportCsvView(_ReportView):
    form = "csv"

    @extend_schema(parameters=_QUERY, responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, study: UUID) -> HttpResponse:
        """The numbers as one line of CSV."""
        _, row, _, facts, _ = self.facts(request, study)
        return _file("\ufeff" + report_csv(facts), "text/csv; charset=utf-8", "csv", row)


class ReportFhirView(_ReportView):
    form = "fhir"

    @extend_schema(
        parameters=_QUERY,
        responses={(200, "application/fhir+json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, study: UUID) -> HttpResponse:
        """Observation and DiagnosticReport in a Bundle; valid as R4 and R5."""
        _, row, _, facts, _ = self.facts(request, study)
        bundle = report_fhir(facts, issued=facts["signed_at"] or timezone.now().isoformat())
        response = Response(bundle)
        response["Content-Disposition"] = f'attachment; filename="bone-age-{row.patient.pseudonym}.fhir.json"'
        response["Cache-Control"] = "no-store"
        return response
