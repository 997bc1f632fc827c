"""Pictures of cases of elsewhere: 16-bit values for the film view, a small JPEG for lists."""

import gzip
from collections.abc import Callable
from uuid import UUID

import numpy as np
from django.http import HttpResponse, HttpResponseNotModified
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from numpy.typing import NDArray
from rest_framework.request import Request
from rest_framework.views import APIView

from annotations.api.views.radiographs import BINARY
from boneage_web.evaluation.api.evaluations import one_evaluation
from boneage_web.evaluation.models import CasePicture
from boneage_web.evaluation.selectors import case_picture
from boneage_web.evaluation.services.case_pictures import grey_values_of
from inference.imaging.film import Window
from inference.imaging.render import small_jpeg

GreyValues = NDArray[np.uint8] | NDArray[np.uint16]


class CasePixelsView(APIView):
    """The picture of a case."""

    @extend_schema(responses={(200, "application/octet-stream"): BINARY})
    def get(self, request: Request, evaluation: UUID, case: int) -> HttpResponse:
        """Its grey values in 16 bits, as they stand in the snapshot. Films of this workplace are not here."""

        def packed(values: GreyValues, _: CasePicture) -> bytes:
            return gzip.compress(values.astype("<u2").tobytes(), compresslevel=1, mtime=0)

        response = _answer(request, evaluation, case, packed, "application/octet-stream")
        if response.status_code == 200:
            response["Content-Encoding"] = "gzip"
        return response


class CaseThumbnailView(APIView):
    """The same, small."""

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, evaluation: UUID, case: int) -> HttpResponse:
        """A small JPEG."""

        def small(values: GreyValues, picture: CasePicture) -> bytes:
            return small_jpeg(values, Window(**picture.window))

        return _answer(request, evaluation, case, small, "image/jpeg")


def _answer(
    request: Request,
    evaluation: UUID,
    case: int,
    made: Callable[[GreyValues, CasePicture], bytes],
    content_type: str,
) -> HttpResponse:
    """A browser keeps the picture, and asks each time whether it may still show it."""
    _, row = one_evaluation(request, evaluation)
    picture = case_picture(row, case)
    tag = f'"{picture.sha256}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    return HttpResponse(
        made(grey_values_of(picture), picture),
        content_type=content_type,
        headers={"ETag": tag, "Cache-Control": "private, no-cache", "Content-Disposition": "inline"},
    )
