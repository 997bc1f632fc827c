"""Tables and corrections as the API shows them."""

from rest_framework import serializers

from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer
from boneage_web.results.models import CalibrationStatus
from boneage_web.results.serializers import LineSerializer


class ReferenceSerializer(serializers.Serializer):
    """A table in use."""

    id = serializers.CharField()
    row = serializers.UUIDField(allow_null=True, help_text="Of a table that the site loaded.")
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    population = serializers.CharField()
    shipped = serializers.BooleanField()
    named_first = serializers.BooleanField()
    ages_months = serializers.DictField(child=serializers.ListField(child=serializers.FloatField()))
    loaded_at = serializers.DateTimeField(allow_null=True)
    loaded_by = PersonSerializer(allow_null=True)


class NewReferenceSerializer(StrictSerializer):
    """A table as CSV text (`sex,age_months,sd_months`), with where it comes from."""

    name_en = serializers.CharField(max_length=120)
    name_zh = serializers.CharField(max_length=120)
    source = serializers.CharField(max_length=500)  # type: ignore[assignment]  # a field of that name
    population = serializers.CharField(max_length=500)
    table = serializers.CharField(max_length=250_000, trim_whitespace=False)


class ReferenceChoiceSerializer(StrictSerializer):
    """The table that reports name first."""

    table = serializers.CharField(max_length=40)


class CalibrationErrorsSerializer(serializers.Serializer):
    mae_months = serializers.FloatField()
    bias_months = serializers.FloatField()


class CalibrationMeasuredSerializer(serializers.Serializer):
    """Errors on cases that the line had not seen, before and after."""

    n = serializers.IntegerField()
    patients = serializers.IntegerField()
    before = CalibrationErrorsSerializer()
    after = CalibrationErrorsSerializer()


class CalibrationSerializer(serializers.Serializer):
    """A site's own correction of a model."""

    id = serializers.UUIDField()
    model = serializers.UUIDField()
    cohort = serializers.UUIDField(allow_null=True)
    status = serializers.ChoiceField(choices=[status.value for status in CalibrationStatus])
    lines = serializers.DictField(child=LineSerializer())
    measured = serializers.DictField(child=CalibrationMeasuredSerializer())
    left_out = serializers.DictField(child=serializers.IntegerField())
    fitted_by = PersonSerializer()
    fitted_at = serializers.DateTimeField()
    activated_by = PersonSerializer(allow_null=True)
    activated_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


class NewCalibrationSerializer(StrictSerializer):
    """Fit on the approved cases of a cohort, or of all."""

    model = serializers.UUIDField()
    cohort = serializers.UUIDField(required=False, allow_null=True, default=None)


class CalibrationQuerySerializer(StrictSerializer):
    model = serializers.UUIDField(required=False)
