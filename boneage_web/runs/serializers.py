"""Runs as the API shows them, and what it takes to start one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotations.api.present.people import person_json
from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer
from boneage_web.runs.kinds import RunKind, RunStatus
from boneage_web.runs.models import Run

KIND_CHOICES = [kind.value for kind in RunKind]
STATUS_CHOICES = [status.value for status in RunStatus]


class RunErrorSerializer(serializers.Serializer):
    """Why a run failed."""

    code = serializers.CharField()
    message = serializers.CharField()


class RunSerializer(serializers.ModelSerializer):
    """One machine job. Each point of `curve` has a step and what was measured at it."""

    kind = serializers.ChoiceField(choices=KIND_CHOICES)
    status = serializers.ChoiceField(choices=STATUS_CHOICES)
    parameters = serializers.DictField()
    outcome = serializers.DictField()
    curve = serializers.ListField(child=serializers.DictField())
    requested_by = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()

    class Meta:
        model = Run
        fields = [
            *("id", "kind", "status", "parameters", "phase", "done", "total", "note", "percent", "attempt"),
            *("created_at", "started_at", "finished_at", "requested_by", "error", "outcome", "curve", "eta_seconds"),
            *("cancel_requested", "batch"),
        ]

    @extend_schema_field(PersonSerializer(allow_null=True))
    def get_requested_by(self, run: Run) -> dict[str, Any] | None:
        """Who asked for it; nobody when a film's arrival did."""
        return person_json(run.requested_by)

    @extend_schema_field(RunErrorSerializer(allow_null=True))
    def get_error(self, run: Run) -> dict[str, str] | None:
        """Only of a failed run."""
        return {"code": run.error_code, "message": run.error_message} if run.error_code else None


class RunPageSerializer(serializers.Serializer):
    """A page of runs, newest first."""

    results = RunSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)
    by_status = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text="Of a batch: how many runs of it, by status."
    )


class RunQuerySerializer(StrictSerializer):
    """Filters of the list."""

    kind = serializers.ChoiceField(choices=KIND_CHOICES, required=False)
    status = serializers.ChoiceField(choices=STATUS_CHOICES, required=False)
    batch = serializers.UUIDField(required=False)
    cursor = serializers.CharField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)


class CancelSerializer(StrictSerializer):
    """How much is taken back."""

    whole_batch = serializers.BooleanField(required=False, default=False)


class NewRunSerializer(StrictSerializer):
    """A job to start; which parameters it takes depends on its kind."""

    kind = serializers.ChoiceField(choices=[RunKind.TRAIN.value, RunKind.INFER.value, RunKind.EVALUATE.value])
    parameters = serializers.DictField()
