"""A study's result as the API shows it."""

from rest_framework import serializers

from annotations.api.serializers.intake import MODE_CHOICES
from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer
from annotations.api.serializers.studies import (
    QualityFindingSerializer,
    RadiographSerializer,
    StudyRowSerializer,
)
from annotations.states import AgeSource, Sex
from boneage_web.registry.serializers import TrainedOnSerializer
from boneage_web.results.models import Basis
from boneage_web.results.models.height import MOST_DAYS_FROM_FILM, SHORTEST_CM, TALLEST_CM
from boneage_web.runs.serializers import RunErrorSerializer, RunSerializer
from inference.anatomy.regions import REGION_IDS, REGION_TYPES
from inference.standards.adult_height import CATEGORIES

STATUS_CHOICES = ["none", "preliminary", "refused", "signed", "amended"]
BASIS_CHOICES = [basis.value for basis in Basis]
CONTRIBUTION_OWNERS = [*REGION_IDS, *REGION_TYPES, "all_regions", "sex", "chronological_age_months"]
HEIGHT_REFUSALS = ["no_bone_age", "no_sex", "no_age", "outside_table"]
RANGE_REFUSALS = ["no_interval", "outside_table"]
GROWTH_ORIGINS = ["model", "consensus", *(f"signed_{basis}" for basis in BASIS_CHOICES)]


def _pair() -> serializers.ListField:
    return serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True)


class ContributionSerializer(serializers.Serializer):
    """Months that one region or input moved the age by. What the model did, not the age of a bone."""

    owner = serializers.ChoiceField(choices=list(dict.fromkeys(CONTRIBUTION_OWNERS)))
    months = serializers.FloatField()
    found = serializers.BooleanField()


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
    id = serializers.UUIDField()
    base_months = serializers.FloatField(allow_null=True, help_text="Age that the contributions start from.")
    contributions = ContributionSerializer(many=True)
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

    table = serializers.CharField()
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    shipped = serializers.BooleanField()
    covers_months = _pair()
    sd_months = serializers.FloatField(allow_null=True)
    normal_range_months = _pair()
    sds = serializers.FloatField(allow_null=True)
    class_ = serializers.ChoiceField(choices=["delayed", "normal", "advanced"], allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        """`class` is a word of Python."""
        fields = super().get_fields()
        return {("class" if name == "class_" else name): field for name, field in fields.items()}


class TruthSerializer(serializers.Serializer):
    """The bone age that stands; ``read_again`` while a re-reading of the film is not approved yet."""

    bone_age_months = serializers.FloatField()
    origin = serializers.CharField()
    approved_at = serializers.DateTimeField()
    read_again = serializers.BooleanField()


class LineSerializer(serializers.Serializer):
    """One sex's correction: intercept + slope x the model's age, between the ages that it was fitted on."""

    intercept_months = serializers.FloatField()
    slope = serializers.FloatField()
    n = serializers.IntegerField()
    low_months = serializers.FloatField()
    high_months = serializers.FloatField()


class CalibratedSerializer(serializers.Serializer):
    """The age with the site's own correction; the model's own stands beside it."""

    id = serializers.UUIDField()
    bone_age_months = serializers.FloatField(allow_null=True)
    interval_months = _pair()
    outside = serializers.BooleanField(help_text="The age lies outside those that the correction was fitted on.")
    line = LineSerializer(allow_null=True)
    cases = serializers.IntegerField()
    activated_at = serializers.DateTimeField(allow_null=True)


class HeightSerializer(serializers.Serializer):
    """One line of the study's heights; without a height it took back the one before."""

    number = serializers.IntegerField()
    height_cm = serializers.FloatField(allow_null=True)
    days_from_film = serializers.IntegerField(allow_null=True, help_text="Negative before the film.")
    reason = serializers.CharField(allow_null=True)
    stated_by = PersonSerializer()
    stated_at = serializers.DateTimeField()


class UsedHeightSerializer(serializers.Serializer):
    """The height that a prediction rests on."""

    number = serializers.IntegerField()
    height_cm = serializers.FloatField()
    days_from_film = serializers.IntegerField(help_text="Negative before the film.")
    stated_at = serializers.DateTimeField()


class HeightTableSerializer(serializers.Serializer):
    """The table of percents of mature height."""

    id = serializers.CharField()
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    source_en = serializers.CharField()
    source_zh = serializers.CharField()


class AdultHeightSerializer(serializers.Serializer):
    """Predicted adult height, or why there is none."""

    height = UsedHeightSerializer()
    basis = serializers.ChoiceField(choices=BASIS_CHOICES, help_text="Whose bone age it rests on.")
    model_age = serializers.BooleanField(help_text="It rests on a model's bone age, not on a reading.")
    age_may_be_higher = serializers.BooleanField(
        help_text="The age comes from PatientAge, in completed units: the category may be another."
    )
    category = serializers.ChoiceField(choices=list(CATEGORIES), allow_null=True)
    percent = serializers.FloatField(allow_null=True, help_text="Of mature height.")
    predicted_cm = serializers.FloatField(allow_null=True)
    range_cm = _pair()
    range_refusal = serializers.ChoiceField(choices=RANGE_REFUSALS, allow_null=True)
    refusal = serializers.ChoiceField(choices=HEIGHT_REFUSALS, allow_null=True)
    covers_months = _pair()
    table = HeightTableSerializer()


class NewHeightSerializer(StrictSerializer):
    """A height, a correction of it, or (without height and day) that it is taken back."""

    height_cm = serializers.FloatField(
        allow_null=True, help_text=f"Standing height, {SHORTEST_CM:.0f} to {TALLEST_CM:.0f} cm, at most one decimal."
    )
    days_from_film = serializers.IntegerField(
        allow_null=True,
        help_text=f"Day of measuring minus day of the film, at most {MOST_DAYS_FROM_FILM} either way.",
    )
    based_on = serializers.IntegerField(min_value=1, allow_null=True, help_text="Number of the newest line shown.")
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class SignatureRowSerializer(serializers.Serializer):
    """One version that a person put their name to."""

    version = serializers.IntegerField()
    basis = serializers.ChoiceField(choices=BASIS_CHOICES)
    bone_age_months = serializers.FloatField()
    reference = serializers.CharField()
    reason = serializers.CharField(allow_null=True)
    signed_by = PersonSerializer()
    signed_at = serializers.DateTimeField()


class SignedSerializer(SignatureRowSerializer):
    """The version that counts, as it was frozen."""

    outdated = serializers.BooleanField(help_text="Sex or age were stated after it was signed.")
    sds = SdsSerializer(many=True)
    interval_months = _pair()
    interval_coverage = serializers.FloatField(allow_null=True)
    difference_months = serializers.FloatField(allow_null=True)
    chronological_age_months = serializers.FloatField(allow_null=True)
    adult_height = AdultHeightSerializer(allow_null=True)
    height_changed = serializers.BooleanField(help_text="A height was typed, corrected or taken back after signing.")


class SignatureSerializer(StrictSerializer):
    """Sign what is shown, or an age of one's own (`correction`, with a reason)."""

    basis = serializers.ChoiceField(choices=BASIS_CHOICES)
    bone_age_months = serializers.FloatField(min_value=0)
    reference = serializers.CharField(max_length=40)
    based_on_version = serializers.IntegerField(min_value=1, allow_null=True)
    height = serializers.IntegerField(
        min_value=1, allow_null=True, required=False, default=None, help_text="Number of the height that was shown."
    )
    identity_checked = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class PatchSerializer(serializers.Serializer):
    """A covered patch, in pixels of the film, and by how much the age moved; null where no age was left."""

    x0 = serializers.FloatField()
    y0 = serializers.FloatField()
    x1 = serializers.FloatField()
    y1 = serializers.FloatField()
    months = serializers.FloatField(allow_null=True)


class PartAgeSerializer(serializers.Serializer):
    """The age of a part of the hand, from a head that was fitted on that part."""

    part = serializers.ChoiceField(choices=["carpals", "no_carpals"])
    bone_age_months = serializers.FloatField(allow_null=True)
    interval_months = _pair()
    error_code = serializers.CharField(allow_null=True)


class ExaminationSerializer(serializers.Serializer):
    """What a closer look at the prediction saw."""

    bone_age_months = serializers.FloatField()
    patches = PatchSerializer(many=True)
    parts = PartAgeSerializer(many=True)
    created_at = serializers.DateTimeField()


class ChangeSerializer(serializers.Serializer):
    """From the examination before."""

    bone_age_months = serializers.FloatField()
    age_months = serializers.FloatField()
    rate = serializers.FloatField(allow_null=True, help_text="Years of bone age for each year of age.")
    noise_months = serializers.FloatField()
    within_noise = serializers.BooleanField()


class GrowthPointSerializer(serializers.Serializer):
    """One examination of the child."""

    study = serializers.UUIDField()
    radiograph = serializers.UUIDField()
    chronological_age_months = serializers.FloatField()
    bone_age_months = serializers.FloatField()
    origin = serializers.ChoiceField(choices=GROWTH_ORIGINS)
    sd_months = serializers.FloatField(help_text="How far this value is off: one standard deviation.")
    change = ChangeSerializer(allow_null=True)


class GrowthSerializer(serializers.Serializer):
    """Bone age against age over the child's examinations."""

    points = GrowthPointSerializer(many=True)
    reader_noise_months = serializers.FloatField()


class ReportQuerySerializer(StrictSerializer):
    """Which language, and which signed version; by default the newest, or a preliminary one."""

    language = serializers.ChoiceField(choices=["en", "zh-Hans"], required=False, default="en")
    version = serializers.IntegerField(min_value=1, required=False)


class ReportTextSerializer(serializers.Serializer):
    text = serializers.CharField()


class ResultSerializer(serializers.Serializer):
    """A study's result. Research use only; preliminary until a person signs."""

    study = StudyRowSerializer()
    radiograph = RadiographSerializer(allow_null=True)
    status = serializers.ChoiceField(choices=STATUS_CHOICES)
    prediction = PredictionSerializer(allow_null=True)
    calibration = CalibratedSerializer(allow_null=True)
    chronological_age_months = serializers.FloatField(allow_null=True)
    age_source = serializers.ChoiceField(choices=[each.value for each in AgeSource], allow_null=True)
    difference_months = serializers.FloatField(allow_null=True)
    sds = SdsSerializer(many=True)
    reference = serializers.CharField(allow_null=True, help_text="The table that reports name first.")
    check_identity = serializers.BooleanField(
        help_text="The bone age that stands is more than 3 SD off: look at identity, sex and dates."
    )
    adult_height = AdultHeightSerializer(allow_null=True, help_text="Of the bone age that stands; null: no height.")
    heights = HeightSerializer(many=True)
    quality = QualityFindingSerializer(many=True)
    truth = TruthSerializer(allow_null=True)
    signed = SignedSerializer(allow_null=True)
    signatures = SignatureRowSerializer(many=True)
    examination = ExaminationSerializer(allow_null=True)
    growth = GrowthSerializer()
    can = serializers.ListField(child=serializers.ChoiceField(choices=["sign", "examine", "state_height"]))
    site_mode = serializers.ChoiceField(choices=MODE_CHOICES)
    runs = RunSerializer(many=True)
    research_use_only = serializers.BooleanField()
