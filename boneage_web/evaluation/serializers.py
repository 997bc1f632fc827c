"""Evaluations as the API shows them, and what may be asked of them."""

from typing import Any

from rest_framework import serializers

from annotations.api.serializers.strict import StrictSerializer
from annotations.states import Sex
from boneage_web.evaluation.models import BandBy, Evaluation
from boneage_web.evaluation.selectors import CaseOrder, Rectangle
from boneage_web.registry.serializers import TrainedOnSerializer
from inference.standards.bone_age_sd import SD_TABLES
from inference.statistics.case_filter import CaseFilter

MOST_YEARS = 30


class CaseFilterSerializer(StrictSerializer):
    """Which cases, against which truth: the address of an evaluation page. What is not named is as the page opens."""

    truth = serializers.ChoiceField(choices=["consensus", "single_read"], required=False)
    band_by = serializers.ChoiceField(choices=[band.value for band in BandBy], required=False)
    chronological_age = serializers.ChoiceField(choices=["as_asked", "withheld"], required=False)
    rejected = serializers.ChoiceField(choices=["without", "with", "only"], required=False)
    sex = serializers.ChoiceField(choices=[sex.value for sex in Sex], required=False)
    from_years = serializers.FloatField(min_value=0, max_value=MOST_YEARS, required=False)
    to_years = serializers.FloatField(min_value=0, max_value=MOST_YEARS, required=False)
    site = serializers.CharField(max_length=200, required=False)
    device = serializers.CharField(max_length=200, required=False)
    year = serializers.CharField(max_length=20, required=False)
    quality = serializers.CharField(max_length=64, required=False)

    def filter_of(self, evaluation: Evaluation) -> CaseFilter:
        """The filter that was asked for; truth and banding are the evaluation's own unless named."""
        said = {"truth": evaluation.default_truth, "band_by": evaluation.band_by, **self.validated_data}
        return CaseFilter.from_json(said)


class FigureQuerySerializer(CaseFilterSerializer):
    """A filter, and what single figures may be told."""

    sd_table = serializers.ChoiceField(choices=list(SD_TABLES), required=False)
    half_width_months = serializers.FloatField(min_value=0.05, max_value=60, required=False)

    def options_of(self, names: frozenset[str]) -> dict[str, Any]:
        """The options that a figure knows, of those that were named."""
        return {name: self.validated_data[name] for name in sorted(names) if name in self.validated_data}


class CaseOrderQuerySerializer(CaseFilterSerializer):
    """A filter, a rectangle of a plot, an order."""

    order = serializers.ChoiceField(
        choices=["largest_error", "too_old", "too_young", "smallest_error"], required=False, default="largest_error"
    )
    plot = serializers.ChoiceField(choices=["scatter", "bland_altman"], required=False)
    x_from_months = serializers.FloatField(required=False)
    x_to_months = serializers.FloatField(required=False)
    y_from_months = serializers.FloatField(required=False)
    y_to_months = serializers.FloatField(required=False)

    def order_of(self) -> CaseOrder:
        """The order that was asked for, in the rectangle that was."""
        wanted = self.validated_data
        named = ("plot", "x_from_months", "x_to_months", "y_from_months", "y_to_months")
        rectangle = Rectangle(**{name: wanted[name] for name in named if name in wanted}) if "plot" in wanted else None
        return CaseOrder(order=wanted["order"], rectangle=rectangle)


class CaseListQuerySerializer(CaseOrderQuerySerializer):
    """Which cases to list: a filter, a rectangle of a plot, an order, a page."""

    cursor = serializers.IntegerField(min_value=0, required=False)
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=24)


class ComparisonQuerySerializer(CaseFilterSerializer):
    """A filter, and the evaluation to compare with."""

    other = serializers.UUIDField()


class MeasuresSerializer(serializers.Serializer):
    """Error of a group of cases, in months."""

    n = serializers.IntegerField()
    mae_months = serializers.FloatField()
    mae_interval_months = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True
    )
    bias_months = serializers.FloatField()
    bias_interval_months = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True
    )
    rmse_months = serializers.FloatField()
    rmse_interval_months = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True
    )


class FigureSerializer(serializers.Serializer):
    """What was counted: `values` for a drawing (their shape stands in `inference/statistics/figures`), and a table."""

    figure = serializers.CharField()
    values = serializers.DictField()
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField())


class EvaluationModelSerializer(serializers.Serializer):
    """Which model was asked."""

    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the field's label
    hash = serializers.CharField()
    trained_on = TrainedOnSerializer(allow_null=True)
    synthetic = serializers.BooleanField()
    uses_chronological_age = serializers.BooleanField()


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
    """One evaluation in the list. `overall` is null where the model refused every case that is shown at first."""

    id = serializers.UUIDField()
    created_at = serializers.DateTimeField()
    model = EvaluationModelSerializer()
    population = PopulationSerializer()
    truth = serializers.CharField()
    truth_is_model = serializers.BooleanField()
    left_out = serializers.DictField(child=serializers.IntegerField())
    overall = MeasuresSerializer(allow_null=True)


class SubgroupSerializer(serializers.Serializer):
    """What a filter of one kind may be set to, and how many films that is."""

    by = serializers.ChoiceField(choices=["site", "device", "year", "quality"])
    groups = serializers.DictField(child=serializers.IntegerField())


class EvaluationSerializer(EvaluationRowSerializer):
    """One evaluation: what its filters offer, and what was counted once for all."""

    band_by = serializers.ChoiceField(choices=[band.value for band in BandBy])
    truths = serializers.DictField(child=serializers.IntegerField())
    truth_origins = serializers.ListField(child=serializers.CharField())
    subgroups = SubgroupSerializer(many=True)
    has_detector = serializers.BooleanField()
    has_chronological_age = serializers.BooleanField()
    has_answers_without_age = serializers.BooleanField()
    case_table = serializers.CharField()


class EvaluationPageSerializer(serializers.Serializer):
    """Evaluations, newest first."""

    results = EvaluationRowSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)


class CaseSerializer(serializers.Serializer):
    """One film of an evaluation."""

    row = serializers.IntegerField()
    film = serializers.CharField()
    study = serializers.UUIDField(allow_null=True)
    sex = serializers.ChoiceField(choices=[sex.value for sex in Sex])
    truth_months = serializers.FloatField()
    predicted_months = serializers.FloatField(allow_null=True)
    difference_months = serializers.FloatField(allow_null=True)
    chronological_age_months = serializers.FloatField(allow_null=True)
    interval_months = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True)
    refusal = serializers.CharField()
    rejected = serializers.CharField()
    quality = serializers.CharField()
    thumbnail_url = serializers.CharField(allow_null=True)


class CasePageSerializer(serializers.Serializer):
    """Cases in the chosen order."""

    results = CaseSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)
    total = serializers.IntegerField()


class CaseReadSerializer(serializers.Serializer):
    """One reading of the film, without the reader's name."""

    label = serializers.CharField()  # type: ignore[assignment]
    bone_age_months = serializers.FloatField()
    round = serializers.CharField()
    after_age_seen = serializers.BooleanField()


class ScoredBoxSerializer(serializers.Serializer):
    """A box, people's (without score) or the model's."""

    region = serializers.CharField()
    x0 = serializers.FloatField()
    y0 = serializers.FloatField()
    x1 = serializers.FloatField()
    y1 = serializers.FloatField()
    score = serializers.FloatField(allow_null=True)


class CaseConsensusSerializer(serializers.Serializer):
    """The bone age that stands; ``read_again`` while a re-reading of the film is not approved yet."""

    bone_age_months = serializers.FloatField()
    origin = serializers.CharField()
    approved_at = serializers.DateTimeField()
    read_again = serializers.BooleanField()


class CaseModelSerializer(serializers.Serializer):
    """Who predicted, by the hash of everything that it is made of, and the weights among that."""

    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    hash = serializers.CharField()
    files = serializers.DictField(child=serializers.CharField())


class CaseWindowSerializer(serializers.Serializer):
    """A grey window, in units of the picture's values."""

    center = serializers.FloatField()
    width = serializers.FloatField()
    function = serializers.ChoiceField(choices=["linear", "linear_exact", "sigmoid"])


class CasePictureSerializer(serializers.Serializer):
    """The picture of a case of elsewhere, as the snapshot holds it. `original_*`: the film's own size, if known."""

    pixels_url = serializers.CharField()
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    original_rows = serializers.IntegerField(allow_null=True)
    original_columns = serializers.IntegerField(allow_null=True)
    window = CaseWindowSerializer()
    snapshot = serializers.CharField()
    truth_origin = serializers.CharField(allow_blank=True)
    box_sources = serializers.ListField(child=serializers.CharField())


class CaseNeighboursSerializer(serializers.Serializer):
    """Where a case stands in the order that was asked for, from 1; null where the order has it not."""

    place = serializers.IntegerField(allow_null=True)
    total = serializers.IntegerField()
    previous = serializers.IntegerField(allow_null=True)
    next = serializers.IntegerField(allow_null=True)


class CaseDetailSerializer(CaseSerializer):
    """One film with everything that its number rests on."""

    pseudonym = serializers.CharField(allow_null=True)
    radiograph = serializers.DictField(allow_null=True)
    picture = CasePictureSerializer(allow_null=True)
    boxes = ScoredBoxSerializer(many=True)
    labelled = ScoredBoxSerializer(many=True)
    reads = CaseReadSerializer(many=True)
    consensus = CaseConsensusSerializer(allow_null=True)
    model = CaseModelSerializer()
    synthetic = serializers.BooleanField()
    truth_is_model = serializers.BooleanField()
    neighbours = CaseNeighboursSerializer()
