"""Evaluations as the API shows them."""

from rest_framework import serializers

from annotations.states import Sex
from boneage_web.evaluation.models import BandBy
from boneage_web.registry.serializers import TrainedOnSerializer


class MeasuresSerializer(serializers.Serializer):
    """Error of a group of cases, in months."""

    n = serializers.IntegerField()
    mae_months = serializers.FloatField()
    mae_interval_months = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True
    )
    bias_months = serializers.FloatField()
    rmse_months = serializers.FloatField()


class BySexSerializer(serializers.Serializer):
    """Boys and girls."""

    M = MeasuresSerializer(allow_null=True)
    F = MeasuresSerializer(allow_null=True)


class BandSerializer(serializers.Serializer):
    """A row of table 3."""

    band = serializers.CharField()
    from_years = serializers.FloatField(allow_null=True)
    to_years = serializers.FloatField(allow_null=True)
    female = MeasuresSerializer(allow_null=True)
    male = MeasuresSerializer(allow_null=True)
    total = MeasuresSerializer(allow_null=True)


class CaseSerializer(serializers.Serializer):
    """One film."""

    id = serializers.CharField()
    sex = serializers.ChoiceField(choices=[sex.value for sex in Sex])
    truth_months = serializers.FloatField()
    predicted_months = serializers.FloatField()
    chronological_age_months = serializers.FloatField(allow_null=True)
    interval_months = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True)
    study = serializers.CharField(allow_null=True)


class BlandAltmanSerializer(serializers.Serializer):
    """Bias and limits of agreement, in months; slope of the difference over the mean."""

    bias = serializers.FloatField()
    lower = serializers.FloatField()
    upper = serializers.FloatField()
    slope = serializers.FloatField(allow_null=True)


class AgreementSerializer(serializers.Serializer):
    """How well two columns agree."""

    icc_2_1 = serializers.FloatField(allow_null=True)
    ccc = serializers.FloatField(allow_null=True)


class ReportSerializer(serializers.Serializer):
    """The report of `inference/statistics/report.py`."""

    n = serializers.IntegerField()
    synthetic = serializers.BooleanField()
    band_by = serializers.ChoiceField(choices=[band.value for band in BandBy])
    overall = MeasuresSerializer()
    by_sex = BySexSerializer()
    table3 = BandSerializer(many=True)
    unbanded = serializers.IntegerField(required=False)
    cases = CaseSerializer(many=True)
    bland_altman = BlandAltmanSerializer(allow_null=True)
    within = serializers.DictField(child=serializers.FloatField())
    agreement = AgreementSerializer(required=False)


class EvaluationModelSerializer(serializers.Serializer):
    """Which model was asked."""

    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the field's label
    hash = serializers.CharField()
    trained_on = TrainedOnSerializer(allow_null=True)
    synthetic = serializers.BooleanField()


class PopulationSerializer(serializers.Serializer):
    """On whom."""

    kind = serializers.ChoiceField(choices=["cohort", "snapshot"])
    id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    split = serializers.CharField(allow_null=True)
    synthetic = serializers.BooleanField()
    locked = serializers.BooleanField()
    evaluations_so_far = serializers.IntegerField()


class EvaluationRowSerializer(serializers.Serializer):
    """One evaluation in the list."""

    id = serializers.UUIDField()
    created_at = serializers.DateTimeField()
    model = EvaluationModelSerializer()
    population = PopulationSerializer()
    truth = serializers.CharField()
    left_out = serializers.DictField(child=serializers.IntegerField())
    overall = MeasuresSerializer()


class EvaluationSerializer(EvaluationRowSerializer):
    """One evaluation with all its figures."""

    report = ReportSerializer()


class EvaluationPageSerializer(serializers.Serializer):
    """Evaluations, newest first."""

    results = EvaluationRowSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)
