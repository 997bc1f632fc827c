"""Box sets and operations."""

from typing import Any

from rest_framework import serializers

from annotations.api.serializers.people import PersonSerializer
from annotations.api.serializers.strict import StrictSerializer
from annotations.api.serializers.studies import RadiographSerializer, StudyRowSerializer
from annotations.models.box_set import ATTRIBUTES
from annotations.services.boxes import NewOperation
from annotations.states import AbsentReason, BoxOrigin, BoxSetStatus, BoxSource, OperationKind, RegionState
from inference.anatomy.boxes import Box
from inference.anatomy.regions import REGION_IDS

REGION_CHOICES = list(REGION_IDS)
ABSENT_REASON_CHOICES = [reason.value for reason in AbsentReason]
BOX_ORIGIN_CHOICES = [origin.value for origin in BoxOrigin]
BOX_SET_STATUS_CHOICES = [status.value for status in BoxSetStatus]
MOST_OPERATIONS = 2000
"""In one call; a browser that was offline for a day sends its queue in several."""


class RectangleSerializer(StrictSerializer):
    """Edges in float pixels of the film, origin at the outer corner of the top-left pixel."""

    x0 = serializers.FloatField()
    y0 = serializers.FloatField()
    x1 = serializers.FloatField()
    y1 = serializers.FloatField()


class RegionAttributesSerializer(StrictSerializer):
    centre_not_visible = serializers.BooleanField(required=False)
    occluded = serializers.BooleanField(required=False)
    difficult = serializers.BooleanField(required=False)


class RegionBoxSerializer(serializers.Serializer):
    """One region of a box set."""

    region = serializers.ChoiceField(choices=REGION_CHOICES)
    state = serializers.ChoiceField(choices=[state.value for state in RegionState])
    x0 = serializers.FloatField(allow_null=True)
    y0 = serializers.FloatField(allow_null=True)
    x1 = serializers.FloatField(allow_null=True)
    y1 = serializers.FloatField(allow_null=True)
    absent_reason = serializers.ChoiceField(choices=ABSENT_REASON_CHOICES, allow_null=True)
    attributes = RegionAttributesSerializer()
    origin = serializers.ChoiceField(choices=BOX_ORIGIN_CHOICES, allow_null=True)
    revision = serializers.IntegerField()


class ProposedBoxSerializer(serializers.Serializer):
    """A model's box."""

    region = serializers.ChoiceField(choices=REGION_CHOICES)
    x0 = serializers.FloatField()
    y0 = serializers.FloatField()
    x1 = serializers.FloatField()
    y1 = serializers.FloatField()
    score = serializers.FloatField(allow_null=True)


class BoxWarningSerializer(serializers.Serializer):
    code = serializers.CharField()
    regions = serializers.ListField(child=serializers.ChoiceField(choices=REGION_CHOICES))


class ReviewCommentSerializer(serializers.Serializer):
    """Written on ``version`` and carried on from there until it is resolved."""

    id = serializers.IntegerField()
    region = serializers.ChoiceField(choices=REGION_CHOICES, allow_null=True)
    text = serializers.CharField()
    author = PersonSerializer()
    at = serializers.DateTimeField()
    version = serializers.IntegerField()
    resolved = serializers.BooleanField()
    resolved_by = PersonSerializer(allow_null=True)


class BoxSetSerializer(serializers.Serializer):
    """All 17 regions, always, in order."""

    id = serializers.UUIDField()
    study = StudyRowSerializer()
    radiograph = RadiographSerializer()
    status = serializers.ChoiceField(choices=BOX_SET_STATUS_CHOICES)
    version = serializers.IntegerField()
    author = PersonSerializer(allow_null=True)
    source = serializers.ChoiceField(choices=[source.value for source in BoxSource])  # type: ignore[assignment]
    parent = serializers.UUIDField(allow_null=True)  # type: ignore[assignment]
    is_fix = serializers.BooleanField()
    is_second = serializers.BooleanField()
    return_reason = serializers.CharField(allow_null=True)
    comments = ReviewCommentSerializer(many=True)
    regions = RegionBoxSerializer(many=True)
    proposals = ProposedBoxSerializer(many=True)
    warnings = BoxWarningSerializer(many=True)
    can = serializers.ListField(child=serializers.CharField())


class HandedOutBoxSetSerializer(serializers.Serializer):
    """What to work on next; ``contents``: the box set as its own address answers, which spares a request."""

    box_set = serializers.UUIDField()
    study = serializers.UUIDField()
    contents = BoxSetSerializer()


class HandedInSerializer(serializers.Serializer):
    """What became of a draft: submitted, or accepted where a reviewer fixed another's boxes."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=[BoxSetStatus.SUBMITTED.value, BoxSetStatus.ACCEPTED.value])


class LabelNextSerializer(StrictSerializer):
    """Optionally, box sets put aside for now."""

    skip = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=500)


class LabelUpcomingSerializer(StrictSerializer):
    """Optionally, box sets that are in hand or put aside, ``skip=a&skip=b``."""

    skip = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=500)


class UpcomingFilmSerializer(serializers.Serializer):
    """What is needed to fetch a picture ahead, and nothing of the child."""

    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    pixels_url = serializers.CharField()


class BoxOperationSerializer(StrictSerializer):
    """One finished gesture on one region."""

    id = serializers.UUIDField()
    seq = serializers.IntegerField(min_value=0)
    kind = serializers.ChoiceField(choices=[kind.value for kind in OperationKind])
    region = serializers.ChoiceField(choices=REGION_CHOICES)
    base_revision = serializers.IntegerField(min_value=0)
    box = RectangleSerializer(allow_null=True, required=False, default=None)
    attributes = RegionAttributesSerializer(allow_null=True, required=False, default=None)
    absent_reason = serializers.ChoiceField(
        choices=ABSENT_REASON_CHOICES, allow_null=True, required=False, default=None
    )
    origin = serializers.ChoiceField(choices=BOX_ORIGIN_CHOICES, allow_null=True, required=False, default=None)
    made_at = serializers.DateTimeField()


class BoxOperationsSerializer(StrictSerializer):
    operations = BoxOperationSerializer(many=True, max_length=MOST_OPERATIONS)  # type: ignore[call-arg]

    def to_operations(self) -> list[NewOperation]:
        """The checked operations as the service takes them."""
        return [_operation(data) for data in self.validated_data["operations"]]


def _operation(data: dict[str, Any]) -> NewOperation:
    box, attributes = data["box"], data["attributes"]
    return NewOperation(
        id=data["id"],
        seq=data["seq"],
        kind=OperationKind(data["kind"]),
        region=data["region"],
        base_revision=data["base_revision"],
        made_at=data["made_at"],
        box=Box(box["x0"], box["y0"], box["x1"], box["y1"]) if box else None,
        attributes={name: attributes[name] for name in ATTRIBUTES if name in attributes} if attributes else None,
        absent_reason=AbsentReason(data["absent_reason"]) if data["absent_reason"] else None,
        origin=BoxOrigin(data["origin"]) if data["origin"] else None,
    )


class AcknowledgedSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    region = serializers.ChoiceField(choices=REGION_CHOICES)
    revision = serializers.IntegerField()


class OperationConflictSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    region = serializers.ChoiceField(choices=REGION_CHOICES)
    current = RegionBoxSerializer()


class OperationsSavedSerializer(serializers.Serializer):
    """What became of a batch of operations."""

    acknowledged = AcknowledgedSerializer(many=True)
    conflicts = OperationConflictSerializer(many=True)
    saved_at = serializers.DateTimeField()


class EffortSerializer(StrictSerializer):
    """What the study cost; zoom and pan are not actions."""

    actions = serializers.IntegerField(min_value=0)
    seconds = serializers.FloatField(min_value=0)


class BoxSetSubmissionSerializer(StrictSerializer):
    effort = EffortSerializer()
    seen = serializers.DictField(
        child=serializers.IntegerField(min_value=0),
        required=False,
        help_text="Region -> the revision that is handed in; a region left out is one that nobody has touched.",
    )


class NewCommentSerializer(StrictSerializer):
    region = serializers.ChoiceField(choices=REGION_CHOICES, allow_null=True, required=False, default=None)
    text = serializers.CharField(max_length=2000)


class BoxSetReturnSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=2000)
    comments = NewCommentSerializer(many=True, required=False, default=list)
