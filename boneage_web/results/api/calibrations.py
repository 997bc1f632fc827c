"""A site's own corrections of a model."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.people import person_json
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.strict import NothingSerializer, ReasonSerializer
from annotations.models import Cohort
from boneage_web.registry.models import ModelVersion
from boneage_web.results.models import LocalCalibration
from boneage_web.results.permissions import can_calibrate
from boneage_web.results.reference_serializers import (
    CalibrationQuerySerializer,
    CalibrationSerializer,
    NewCalibrationSerializer,
)
from boneage_web.results.services import calibrations as services

_NOT_YOU = "Researchers and administrators who do not read films work on corrections."


def _json(row: LocalCalibration) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "model": str(row.model_version_id),
        "cohort": str(row.cohort_id) if row.cohort_id else None,
        "status": row.status,
        "lines": row.lines,
        "measured": row.measured,
        "left_out": row.left_out,
        "fitted_by": person_json(row.fitted_by),
        "fitted_at": row.fitted_at.isoformat(),
        "activated_by": person_json(row.activated_by),
        "activated_at": row.activated_at.isoformat() if row.activated_at else None,
        "reason": row.reason or None,
    }


def _row(pk: UUID) -> LocalCalibration:
    return one(LocalCalibration.objects.select_related("fitted_by", "activated_by"), pk=pk)


class CalibrationsView(APIView):
    @extend_schema(parameters=[CalibrationQuerySerializer], responses=CalibrationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Newest first."""
        require(can_calibrate(person_of(request)), _NOT_YOU)
        query = checked(CalibrationQuerySerializer, request.query_params.dict()).validated_data
        rows = LocalCalibration.objects.select_related("fitted_by", "activated_by")
        if query.get("model"):
            rows = rows.filter(model_version=query["model"])
        return Response([_json(row) for row in rows])

    @extend_schema(request=NewCalibrationSerializer, responses={201: CalibrationSerializer})
    def post(self, request: Request) -> Response:
        """Fit a correction; it is shown nowhere until somebody puts it to use."""
        person = person_of(request)
        require(can_calibrate(person), _NOT_YOU)
        data = checked(NewCalibrationSerializer, request.data).validated_data
        model = one(ModelVersion.objects.select_related("run"), pk=data["model"])
        cohort = one(Cohort.objects.all(), pk=data["cohort"]) if data["cohort"] else None
        row = services.fit_calibration(person=person, model=model, cohort=cohort)
        return Response(_json(row), status=201)


class CalibrationActivateView(APIView):
    @extend_schema(request=ReasonSerializer, responses=CalibrationSerializer)
    def post(self, request: Request, calibration: UUID) -> Response:
        """Show corrected ages beside the model's."""
        person = person_of(request)
        require(can_calibrate(person), _NOT_YOU)
        reason = checked(ReasonSerializer, request.data).validated_data["reason"]
        row = services.activate_calibration(person=person, calibration=_row(calibration), reason=reason)
        return Response(_json(row))


class CalibrationRetireView(APIView):
    @extend_schema(request=NothingSerializer, responses=CalibrationSerializer)
    def post(self, request: Request, calibration: UUID) -> Response:
        """Show the model's ages alone again."""
        person = person_of(request)
        require(can_calibrate(person), _NOT_YOU)
        checked(NothingSerializer, request.data)
        return Response(_json(services.retire_calibration(person=person, calibration=_row(calibration))))
