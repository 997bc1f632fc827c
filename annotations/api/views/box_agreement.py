"""How far apart people draw the same regions."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.people import person_json
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.box_agreement import BoxAgreementQuerySerializer, BoxAgreementSerializer
from annotations.base.spreadsheet import plain_cell
from annotations.models import Cohort, Person
from annotations.permissions.boxes import box_sets_compared_for, can_see_agreement
from annotations.selectors.box_agreement import Compare, RegionPair, pairs, region_pairs
from annotations.selectors.box_agreement_report import MEASURES, Summary, agreement_report
from annotations.states import Compared

_NOT_YOU = "Agreement between people is for reviewers, researchers and administrators."


def _asked(request: Request) -> tuple[Person, Compare]:
    person = person_of(request)
    require(can_see_agreement(person), _NOT_YOU)
    query = checked(BoxAgreementQuerySerializer, request.query_params.dict()).validated_data
    cohort: UUID | None = one(Cohort.objects.all(), pk=query["cohort"]).pk if query.get("cohort") else None
    return person, Compare(Compared(query["what"]), cohort, query.get("labeller") or None)


class BoxAgreementView(APIView):
    @extend_schema(parameters=[BoxAgreementQuerySerializer], responses=BoxAgreementSerializer)
    def get(self, request: Request) -> Response:
        """Centre distance and overlap per region, with n and bootstrap intervals."""
        person, wanted = _asked(request)
        found, total = pairs(box_sets_compared_for(person, wanted.what), wanted)
        report = agreement_report(list(region_pairs(found)))
        return Response(
            {
                "what": wanted.what.value,
                "films": report.films,
                "films_in_all": total,
                "synthetic": any(pair.film.synthetic for pair in found),
                "overall": _measures(report.overall),
                "regions": [
                    {
                        "region": row.region,
                        "both_boxed": row.both_boxed,
                        "one_boxed": row.one_boxed,
                        "from_the_model": row.from_the_model,
                        **_measures(row.measures),
                    }
                    for row in report.regions
                ],
                "people": [
                    {"person": person_json(row.person), "films": row.films, **_measures(row.measures)}
                    for row in report.people
                ],
            }
        )


class BoxAgreementTableView(APIView):
    @extend_schema(
        parameters=[BoxAgreementQuerySerializer],
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.BINARY, description="a file")},
    )
    def get(self, request: Request) -> FileResponse:
        """One row a region of a film, as the statistics count it."""
        person, wanted = _asked(request)
        text = io.StringIO()
        csv.writer(text).writerows(_table(region_pairs(pairs(box_sets_compared_for(person, wanted.what), wanted)[0])))
        response = FileResponse(
            io.BytesIO(text.getvalue().encode("utf-8-sig")),
            as_attachment=True,
            filename=f"box-agreement-{wanted.what}.csv",
            content_type="text/csv; charset=utf-8",
        )
        response["Cache-Control"] = "no-store"
        return response


_COLUMNS = ("study", "pseudonym", "region", "a", "a_version", "b", "b_version", "a_boxed", "b_boxed", "from_the_model")


def _table(rows: Iterator[RegionPair]) -> Iterator[list[Any]]:
    yield [*_COLUMNS, *MEASURES]
    for row in rows:
        a, b, study = row.pair.a, row.pair.b, row.pair.film.study
        yield [
            study.pk,
            study.patient.pseudonym,
            row.region,
            _who(a.author, a.model_label),
            a.version,
            _who(b.author, b.model_label),
            b.version,
            *(str(boxed).lower() for boxed in (*row.boxed, row.from_the_model)),
            *("" if (value := getattr(row, name)) is None else f"{value:.6g}" for name in MEASURES),
        ]


def _who(author: Person | None, model: str) -> str:
    return plain_cell(author.username if author else model)


def _measures(measures: dict[str, Summary | None]) -> dict[str, Any]:
    return {
        name: None
        if summary is None
        else {"n": summary.n, "mean": summary.mean, "median": summary.median, "interval": summary.interval}
        for name, summary in measures.items()
    }
