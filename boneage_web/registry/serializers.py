"""Snapshots and models as the API shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotations.api.serializers.strict import StrictSerializer
from boneage_web.registry.models import ModelKind, ModelStatus, ModelVersion, Snapshot

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
