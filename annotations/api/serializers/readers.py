"""How readers differ."""

from rest_framework import serializers

from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer


class ReadersQuerySerializer(StrictSerializer):
    """Filters: one cohort, and what a reading is compared with."""

    cohort = serializers.UUIDField(required=False)
    against = serializers.ChoiceField(choices=["others", "consensus"], required=False, default="others")


class MeasureSerializer(serializers.Serializer):
    """A value with its bootstrap interval over films."""

    value = serializers.FloatField(allow_null=True)
    interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)


class ReaderMeasuresSerializer(serializers.Serializer):
    """In months; differences are reading - reference."""

    bias = MeasureSerializer()
    mae = MeasureSerializer()
    sd = MeasureSerializer()
    lower = MeasureSerializer()
    upper = MeasureSerializer()
    icc_2_1 = MeasureSerializer()
    ccc = MeasureSerializer()
    kappa = MeasureSerializer()
    kappa_n = serializers.IntegerField()


class RepeatMeasuresSerializer(ReaderMeasuresSerializer):
    """``within_sd``: spread of one reading about the same person's mean."""

    within_sd = MeasureSerializer()


class ReaderGroupSerializer(serializers.Serializer):
    """n films; figures only from ``fewest`` films on."""

    n = serializers.IntegerField()
    measures = ReaderMeasuresSerializer(allow_null=True)


class ReaderBandSerializer(ReaderGroupSerializer):
    """A band of ages of the reference."""

    band = serializers.CharField()
    from_years = serializers.IntegerField()
    to_years = serializers.IntegerField(allow_null=True)


class ReaderSexesSerializer(serializers.Serializer):
    M = ReaderGroupSerializer()
    F = ReaderGroupSerializer()


class ReaderPointSerializer(serializers.Serializer):
    """One film, without its name, in the order of the mean."""

    mean_months = serializers.FloatField()
    difference_months = serializers.FloatField()
    sex = serializers.ChoiceField(choices=["M", "F"])


class ReaderDriftSerializer(serializers.Serializer):
    """A block of consecutive readings."""

    block = serializers.IntegerField()
    n = serializers.IntegerField()
    bias = MeasureSerializer()
    mae = MeasureSerializer()

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | {"from": serializers.DateField(), "to": serializers.DateField()}


class ReaderRepeatsSerializer(serializers.Serializer):
    """A person's second readings against their first."""

    n = serializers.IntegerField()
    measures = RepeatMeasuresSerializer(allow_null=True)


class ReaderSerializer(serializers.Serializer):
    reader = PersonSerializer()
    overall = ReaderGroupSerializer()
    by_sex = ReaderSexesSerializer()
    by_band = ReaderBandSerializer(many=True)
    points = ReaderPointSerializer(many=True)
    drift = ReaderDriftSerializer(many=True)
    repeats = ReaderRepeatsSerializer()


class ReaderPairSerializer(ReaderGroupSerializer):
    """The second reader against the first."""

    first = PersonSerializer()
    second = PersonSerializer()


class ReaderFiguresSerializer(serializers.Serializer):
    """Everything about how readers differ; no film is named."""

    films = serializers.IntegerField()
    fewest = serializers.IntegerField()
    block = serializers.IntegerField()
    sd_table = serializers.CharField()
    against = serializers.ChoiceField(choices=["others", "consensus"])
    synthetic = serializers.BooleanField()
    readers = ReaderSerializer(many=True)
    pairs = ReaderPairSerializer(many=True)


class PersonProgressSerializer(serializers.Serializer):
    """What a person has read, all rounds together."""

    person = PersonSerializer()
    is_active = serializers.BooleanField()
    locked = serializers.IntegerField()
    lately = serializers.IntegerField()
    unreadable = serializers.IntegerField()
    amended = serializers.IntegerField()
    last_at = serializers.DateTimeField(allow_null=True)


class CohortProgressSerializer(serializers.Serializer):
    """How far a cohort is read; null: films of no cohort."""

    cohort = serializers.UUIDField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    ready = serializers.IntegerField()
    begun = serializers.IntegerField()
    read = serializers.IntegerField()
    approved = serializers.IntegerField()
    no_bone_age = serializers.IntegerField()


class ReadingProgressSerializer(serializers.Serializer):
    people = PersonProgressSerializer(many=True)
    cohorts = CohortProgressSerializer(many=True)
