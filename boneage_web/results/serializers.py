"""A study's result as the API shows it."""

from rest_framework import serializers

from annotations.api.serializers.studies import (
    QualityFindingSerializer,
    RadiographSerializer,
    StudyRowSerializer,
)
from annotations.states import Sex
from boneage_web.registry.serializers import TrainedOnSerializer
from boneage_web.runs.serializers import RunErrorSerializer, RunSerializer
from inference.anatomy.regions import REGION_IDS
from inference.standards.bone_age_sd import SD_TABLES

STATUS_CHOICES = ["none", "preliminary", "refused"]


class RegionScoreSerializer(serializers.Serializer):
    """A model's box, in pixels of the film."""

    region = serializers.ChoiceField(choices=REGION_IDS)
    x0 = serializers.FloatField()
    y0 = serializers.FloatField()
    x1 = serializers.FloatField()
    y1 = serializers.FloatField()
    score = serializers.FloatField()


class ResultModelSerializer(serializers.Serializer):
    """Which model said it."""

    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the field's label
    hash = serializers.CharField()
    trained_on = TrainedOnSerializer(allow_null=True)
    synthetic = serializers.BooleanField()


class PredictionSerializer(serializers.Serializer):
    """What the model said, with the inputs it had."""

    bone_age_months = serializers.FloatField(allow_null=True)
    interval_months = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True)
    interval_coverage = serializers.FloatField(
        allow_null=True, help_text="Share of children whose truth the interval is to hold, as the model was fitted."
    )
    boxes = RegionScoreSerializer(many=True)
    missing_regions = serializers.ListField(child=serializers.ChoiceField(choices=REGION_IDS))
    sex = serializers.ChoiceField(choices=[sex.value for sex in Sex], allow_null=True)
    sex_source = serializers.CharField(allow_null=True)
    inputs_used = serializers.ListField(child=serializers.CharField())
    outdated = serializers.BooleanField()
    model = ResultModelSerializer()
    created_at = serializers.DateTimeField()
    stage_seconds = serializers.DictField(child=serializers.FloatField())
    error = RunErrorSerializer(allow_null=True)


class SdsSerializer(serializers.Serializer):
    """Bone age against a named table; without a value where the table ends."""

    table = serializers.ChoiceField(choices=list(SD_TABLES))
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    sd_months = serializers.FloatField(allow_null=True)
    sds = serializers.FloatField(allow_null=True)
    class_ = serializers.ChoiceField(choices=["delayed", "normal", "advanced"], allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        """`class` is a word of Python."""
        fields = super().get_fields()
        return {("class" if name == "class_" else name): field for name, field in fields.items()}


class TruthSerializer(serializers.Serializer):
    """The approved bone age."""

    bone_age_months = serializers.FloatField()
    origin = serializers.CharField()
    approved_at = serializers.DateTimeField()


class ResultSerializer(serializers.Serializer):
    """A study's result. Research use only; preliminary until a person signs."""

    study = StudyRowSerializer()
    radiograph = RadiographSerializer(allow_null=True)
    status = serializers.ChoiceField(choices=STATUS_CHOICES)
    prediction = PredictionSerializer(allow_null=True)
    chronological_age_months = serializers.FloatField(allow_null=True)
    difference_months = serializers.FloatField(allow_null=True)
    sds = SdsSerializer(many=True)
    quality = QualityFindingSerializer(many=True)
    truth = TruthSerializer(allow_null=True)
    runs = RunSerializer(many=True)
    research_use_only = serializers.BooleanField()
