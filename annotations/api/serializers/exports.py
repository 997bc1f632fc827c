"""What is asked for when data is taken out."""

from typing import Any

from rest_framework import serializers

from annotations.api.serializers.strict import StrictSerializer
from annotations.exchange.box_sources import FORMATS

TABLE_FORMATS = ("csv", "parquet")


class _CohortQuerySerializer(StrictSerializer):
    cohort = serializers.CharField(required=False, allow_blank=True)

    def validate_cohort(self, value: str) -> Any:
        return serializers.UUIDField().to_internal_value(value) if value else None


class BoxExportQuerySerializer(_CohortQuerySerializer):
    """Which boxes, and how written."""

    format = serializers.ChoiceField(choices=list(FORMATS), required=False, default="voc")


class StudyExportQuerySerializer(_CohortQuerySerializer):
    """Which studies, and how written."""

    format = serializers.ChoiceField(choices=list(TABLE_FORMATS), required=False, default="csv")
