"""People, cohorts, protocol, home."""

from rest_framework import serializers

from annotations.api.serializers.strict import StrictSerializer
from annotations.states import Language, RoleName

ROLE_CHOICES = [role.value for role in RoleName]
LANGUAGE_CHOICES = [language.value for language in Language]


class PersonSerializer(serializers.Serializer):
    """A person as named everywhere."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    display_name = serializers.CharField()


class AccountSerializer(PersonSerializer):
    """An account as its administrator sees it."""

    roles = serializers.ListField(child=serializers.ChoiceField(choices=ROLE_CHOICES))
    is_active = serializers.BooleanField()
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES)
    must_change_password = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField(allow_null=True)


class PersonChoiceSerializer(PersonSerializer):
    """Somebody whom work can be given to."""

    roles = serializers.ListField(child=serializers.ChoiceField(choices=ROLE_CHOICES))


class OneTimePasswordSerializer(serializers.Serializer):
    """Shown once; opens nothing but the choice of an own one."""

    password = serializers.CharField()


class AccountPageSerializer(serializers.Serializer):
    results = AccountSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)


class NewAccountSerializer(StrictSerializer):
    username = serializers.RegexField(r"^[\w.@+-]+$", max_length=64)
    display_name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=ROLE_CHOICES), required=False, default=list)
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES, required=False, default=Language.ENGLISH.value)


class AccountChangeSerializer(StrictSerializer):
    display_name = serializers.CharField(max_length=120, required=False)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=ROLE_CHOICES), required=False)
    is_active = serializers.BooleanField(required=False)
    password = serializers.CharField(max_length=200, required=False, trim_whitespace=False)


class CohortSerializer(serializers.Serializer):
    """A cohort with the number of its studies."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    studies = serializers.IntegerField()
    own_protocol = serializers.BooleanField()


class CohortPageSerializer(serializers.Serializer):
    results = CohortSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)


class NewCohortSerializer(StrictSerializer):
    name = serializers.CharField(max_length=120)


class ProtocolCohortSerializer(serializers.Serializer):
    """Whose own protocol it is; null for everybody's."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class ProtocolSerializer(serializers.Serializer):
    """How radiographs are read at present."""

    version = serializers.IntegerField()
    method = serializers.CharField()
    edition = serializers.CharField()
    readers_required = serializers.IntegerField()
    tolerance_months = serializers.FloatField()
    show_chronological_age = serializers.BooleanField()
    repeat_share = serializers.FloatField()
    repeat_after_days = serializers.IntegerField()
    repeat_after_reads = serializers.IntegerField()
    repeat_within_days = serializers.IntegerField()
    label_twice_share = serializers.FloatField()
    cohort = ProtocolCohortSerializer(allow_null=True)


class ProtocolVersionSerializer(ProtocolSerializer):
    """A version with who made it and when."""

    id = serializers.UUIDField()
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    created_by = PersonSerializer(allow_null=True)


class EndProtocolSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class ProtocolChangeSerializer(StrictSerializer):
    readers_required = serializers.IntegerField(min_value=1, max_value=5, required=False)
    tolerance_months = serializers.FloatField(min_value=0, max_value=60, required=False)
    show_chronological_age = serializers.BooleanField(required=False)
    edition = serializers.CharField(max_length=120, required=False)
    repeat_share = serializers.FloatField(min_value=0, max_value=1, required=False)
    repeat_after_days = serializers.IntegerField(min_value=1, max_value=365, required=False)
    repeat_after_reads = serializers.IntegerField(min_value=0, max_value=10_000, required=False)
    repeat_within_days = serializers.IntegerField(min_value=4, max_value=730, required=False)
    label_twice_share = serializers.FloatField(min_value=0, max_value=1, required=False)
    reason = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class _LeftSerializer(serializers.Serializer):
    left = serializers.IntegerField()


class QueueSerializer(_LeftSerializer):
    """How much is left."""


class ReturnedWorkSerializer(serializers.Serializer):
    box_set = serializers.UUIDField()
    study = serializers.UUIDField()
    reason = serializers.CharField(allow_null=True)


class LabelQueueSerializer(_LeftSerializer):
    returned = ReturnedWorkSerializer(many=True)


class FunnelSerializer(serializers.Serializer):
    """Studies along the walk of the data."""

    received = serializers.IntegerField()
    deidentified = serializers.IntegerField()
    ready = serializers.IntegerField()
    excluded = serializers.IntegerField()
    rejected = serializers.IntegerField()
    labelled = serializers.IntegerField()
    reviewed = serializers.IntegerField()
    read = serializers.IntegerField()
    settled = serializers.IntegerField()
    approved = serializers.IntegerField()
    no_bone_age = serializers.IntegerField()


class HomeSerializer(serializers.Serializer):
    """Keys only for the roles that the person has."""

    label = LabelQueueSerializer(required=False)  # type: ignore[assignment]
    review = QueueSerializer(required=False)
    read = QueueSerializer(required=False)
    settle = QueueSerializer(required=False)
    approve = QueueSerializer(required=False)
    confirm = QueueSerializer(required=False)
    blocked = QueueSerializer(required=False)
    funnel = FunnelSerializer(required=False)
