"""What box sets cost."""

from rest_framework import serializers

from annotations.api.serializers.boxes import BOX_SET_STATUS_CHOICES
from annotations.api.serializers.people import PersonSerializer


class BoxOriginsSerializer(serializers.Serializer):
    """How many boxes were drawn, taken over from a model or from the template, or came from a file."""

    drawn = serializers.IntegerField()
    proposal = serializers.IntegerField()
    template = serializers.IntegerField()
    imported = serializers.IntegerField()


class BoxSetEffortSerializer(serializers.Serializer):
    """Actions and seconds as the browser counted them; overlaps as the server computed them from both sets of boxes."""

    box_set = serializers.UUIDField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=BOX_SET_STATUS_CHOICES)
    author = PersonSerializer(allow_null=True)
    at = serializers.DateTimeField()
    actions = serializers.IntegerField()
    seconds = serializers.FloatField()
    origins = BoxOriginsSerializer()
    absent = serializers.IntegerField()
    mean_iou_with_proposal = serializers.FloatField(allow_null=True)
    iou_with_proposal = serializers.DictField(child=serializers.FloatField())
