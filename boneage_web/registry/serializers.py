"""Snapshots and models as the API shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotations.api.present.people import person_json
from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer
from boneage_web.registry.models import ModelKind, ModelStatement, ModelStatus, ModelVersion, Snapshot
from boneage_web.registry.reporting_items import ITEM_KEYS, STATED_BY_PEOPLE, ReportingItem
from boneage_web.registry.selectors import statements_of
from training.snapshot_contents import CHANGES

MODEL_STATUS_CHOICES = [status.value for status in ModelStatus]


class SnapshotSerializer(serializers.ModelSerializer):
    """A frozen data set."""

    counts = serializers.SerializerMethodField()
    split = serializers.SerializerMethodField()
    manifest = serializers.DictField()
    evaluations_so_far = serializers.SerializerMethodField()

    class Meta:
        model = Snapshot
        fields = [
            *("id", "name", "hash", "cohort", "synthetic", "test_locked", "counts", "split", "manifest"),
            *("evaluations_so_far", "run", "created_at"),
        ]

    @extend_schema_field(serializers.DictField())
    def get_counts(self, snapshot: Snapshot) -> Any:
        """Radiographs, boxes and parts."""
        return snapshot.manifest.get("counts", {})

    @extend_schema_field(serializers.DictField())
    def get_split(self, snapshot: Snapshot) -> Any:
        """How patients were split."""
        return snapshot.manifest.get("split", {})

    def get_evaluations_so_far(self, snapshot: Snapshot) -> int:
        """How often its test part was asked."""
        return getattr(snapshot, "test_evaluations", 0)


class SnapshotPageSerializer(serializers.Serializer):
    """All snapshots, newest first."""

    results = SnapshotSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)


class PartContentsSerializer(serializers.Serializer):
    """One part of a snapshot, counted."""

    part = serializers.CharField()
    films = serializers.IntegerField()
    children = serializers.IntegerField()
    girls = serializers.IntegerField()
    boys = serializers.IntegerField()
    sex_unknown = serializers.IntegerField()
    with_bone_age = serializers.IntegerField()
    with_boxes = serializers.IntegerField()


class RegionContentsSerializer(serializers.Serializer):
    """How often a region is boxed, or marked absent."""

    region = serializers.CharField()
    boxed = serializers.IntegerField()
    absent = serializers.IntegerField()


class SnapshotContentsSerializer(serializers.Serializer):
    """What is in a snapshot. `table1` has the shape of that figure of an evaluation."""

    parts = PartContentsSerializer(many=True)
    table1 = serializers.DictField()
    regions = RegionContentsSerializer(many=True)
    origins = serializers.DictField(child=serializers.IntegerField())


class DifferencesQuerySerializer(StrictSerializer):
    """The snapshot before."""

    other = serializers.UUIDField()


class BoxesChangedSerializer(serializers.Serializer):
    """Marks of one film that are new, gone, or differ in state or place."""

    new = serializers.IntegerField()
    gone = serializers.IntegerField()
    moved = serializers.IntegerField()


class ChangedFilmSerializer(serializers.Serializer):
    """A film in both, and what of it differs; no age."""

    id = serializers.CharField()
    what = serializers.ListField(child=serializers.ChoiceField(choices=CHANGES))
    split = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    boxes = BoxesChangedSerializer()


class MovedFilmsSerializer(serializers.Serializer):
    """Films that went from one part to another."""

    before = serializers.CharField()
    after = serializers.CharField()
    films = serializers.IntegerField()


class TruthMovedSerializer(serializers.Serializer):
    """How much bone ages moved, over all films."""

    films = serializers.IntegerField()
    mean_months = serializers.FloatField(allow_null=True)
    largest_months = serializers.FloatField(allow_null=True)
    appeared = serializers.IntegerField()
    went = serializers.IntegerField()


class DifferenceTotalsSerializer(serializers.Serializer):
    """How many films there are of each kind; the lists may be shorter."""

    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    changed = serializers.IntegerField()


class SnapshotDifferencesSerializer(serializers.Serializer):
    """A snapshot beside one before it."""

    same_hash = serializers.BooleanField()
    kept = serializers.IntegerField()
    totals = DifferenceTotalsSerializer()
    listed = serializers.IntegerField()
    added = serializers.ListField(child=serializers.CharField())
    removed = serializers.ListField(child=serializers.CharField())
    changed = ChangedFilmSerializer(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    moves = MovedFilmsSerializer(many=True)
    truth_moved = TruthMovedSerializer()
    studies = serializers.DictField(child=serializers.UUIDField())


class NewSnapshotSerializer(StrictSerializer):
    """What to freeze, and how to split patients."""

    name = serializers.CharField(max_length=120)
    cohort = serializers.UUIDField(required=False, allow_null=True, default=None)
    test_share = serializers.FloatField(min_value=0, max_value=0.9, required=False, default=0.2)
    validation_share = serializers.FloatField(min_value=0, max_value=0.9, required=False, default=0.1)
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False, default=2018)
    split_kind = serializers.ChoiceField(choices=["patient"], required=False, default="patient")
    test_locked = serializers.BooleanField(required=False, default=False)


class TrainedOnSerializer(serializers.Serializer):
    """What a model was trained on."""

    name = serializers.CharField()
    synthetic = serializers.BooleanField()
    n = serializers.IntegerField(allow_null=True)


class ModelSerializer(serializers.ModelSerializer):
    """A model version, with what its manifest says."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in ModelKind])
    status = serializers.ChoiceField(choices=MODEL_STATUS_CHOICES)
    preset = serializers.SerializerMethodField()
    trained_on = serializers.SerializerMethodField()
    metrics = serializers.SerializerMethodField()
    inputs = serializers.SerializerMethodField()
    licence = serializers.SerializerMethodField()
    manifest = serializers.DictField()

    class Meta:
        model = ModelVersion
        fields = [
            *("id", "label", "hash", "status", "kind", "preset", "created_at", "trained_on", "metrics", "inputs"),
            *("licence", "manifest", "activated_at", "activation_reason", "run"),
        ]

    def get_preset(self, model: ModelVersion) -> str | None:
        """Preset of the training."""
        preset = model.manifest.get("preset")
        return None if preset is None else str(preset)

    @extend_schema_field(TrainedOnSerializer(allow_null=True))
    def get_trained_on(self, model: ModelVersion) -> dict[str, Any] | None:
        """Name of the data, whether they are drawn, how many."""
        return trained_on(model)

    @extend_schema_field(serializers.DictField())
    def get_metrics(self, model: ModelVersion) -> Any:
        """What was measured when it was made."""
        return model.manifest.get("metrics") or {}

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_inputs(self, model: ModelVersion) -> Any:
        """Inputs of the bone age."""
        return model.manifest.get("inputs_used") or []

    @extend_schema_field(serializers.JSONField())
    def get_licence(self, model: ModelVersion) -> Any:
        """Licence of the weights, which is not the code's."""
        return model.manifest.get("licence")


def trained_on(model: ModelVersion) -> dict[str, Any] | None:
    """Name, synthetic, n; None when the manifest does not say."""
    said = model.manifest.get("trained_on")
    if not isinstance(said, dict):
        return None
    return {"name": str(said.get("name", "")), "synthetic": bool(said.get("synthetic")), "n": said.get("n")}


class StatedItemSerializer(serializers.Serializer):
    """An item of the checklists that people answer; `text` is null while nobody has."""

    item = serializers.ChoiceField(choices=ITEM_KEYS)
    name_en = serializers.CharField()
    name_zh = serializers.CharField()
    claim = serializers.CharField()
    tripod = serializers.CharField()
    text = serializers.CharField(allow_null=True)
    by = PersonSerializer(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)


class StatedItemsSerializer(serializers.Serializer):
    """All of them, and how many are missing."""

    results = StatedItemSerializer(many=True)
    missing = serializers.IntegerField()


class NewStatementSerializer(StrictSerializer):
    """What is stated of which item."""

    item = serializers.ChoiceField(choices=ITEM_KEYS)
    text = serializers.CharField(max_length=4000)


def stated_items(model: ModelVersion) -> dict[str, Any]:
    """What people have stated of a model, item by item."""
    known = statements_of(model)
    rows = [_stated(item, known.get(item.key)) for item in STATED_BY_PEOPLE]
    return {"results": rows, "missing": sum(row["text"] is None for row in rows)}


def _stated(item: ReportingItem, said: ModelStatement | None) -> dict[str, Any]:
    return {
        "item": item.key,
        "name_en": item.english,
        "name_zh": item.chinese,
        "claim": item.claim,
        "tripod": item.tripod,
        "text": said.text if said else None,
        "by": person_json(said.by) if said else None,
        "at": said.at.isoformat() if said else None,
    }


class ModelPageSerializer(serializers.Serializer):
    """All models, newest first."""

    results = ModelSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)


class NewModelSerializer(StrictSerializer):
    """A training run whose artifact is to be registered, or (administrators) a folder on the server."""

    run = serializers.UUIDField(required=False)
    path = serializers.CharField(required=False, max_length=500)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two."""
        if len(attrs) != 1:
            raise serializers.ValidationError("Give either run or path.")
        return attrs
