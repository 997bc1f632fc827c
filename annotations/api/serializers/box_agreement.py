"""Agreement of boxes."""

from rest_framework import serializers

from annotations.api.serializers.boxes import REGION_CHOICES
from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer
from annotations.states import Compared

COMPARED_CHOICES = [each.value for each in Compared]


class BoxAgreementQuerySerializer(StrictSerializer):
    what = serializers.ChoiceField(choices=COMPARED_CHOICES, required=False, default=Compared.LABELLERS.value)
    cohort = serializers.UUIDField(required=False)
    labeller = serializers.UUIDField(required=False)


class SummarySerializer(serializers.Serializer):
    """Mean with a 95 % bootstrap interval over films (null with fewer than two), and median."""

    n = serializers.IntegerField()
    mean = serializers.FloatField()
    median = serializers.FloatField()
    interval = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True)


class BoxMeasuresSerializer(serializers.Serializer):
    """Distance of the centres and overlap; null where nothing was measured."""

    distance_px = SummarySerializer(allow_null=True)
    distance_percent = SummarySerializer(allow_null=True)
    distance_mm = SummarySerializer(allow_null=True)
    iou = SummarySerializer(allow_null=True)


class RegionAgreementSerializer(BoxMeasuresSerializer):
    """``from_the_model``: both left the model's box as it was, so that they agree without having drawn."""

    region = serializers.ChoiceField(choices=REGION_CHOICES)
    both_boxed = serializers.IntegerField()
    one_boxed = serializers.IntegerField()
    from_the_model = serializers.IntegerField()


class PersonAgreementSerializer(BoxMeasuresSerializer):
    person = PersonSerializer(allow_null=True)
    films = serializers.IntegerField()


class BoxAgreementSerializer(serializers.Serializer):
    """``films_in_all`` is larger than ``films`` where only the newest were taken."""

    what = serializers.ChoiceField(choices=COMPARED_CHOICES)
    films = serializers.IntegerField()
    films_in_all = serializers.IntegerField()
    synthetic = serializers.BooleanField()
    overall = BoxMeasuresSerializer()
    regions = RegionAgreementSerializer(many=True)
    people = PersonAgreementSerializer(many=True)
