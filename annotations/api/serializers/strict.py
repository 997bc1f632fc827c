"""A serializer that takes nothing it does not know: a field that is silently dropped is a wrong answer later."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class StrictSerializer(serializers.Serializer):
    """Refuses unknown fields, with their names."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError({name: ["Unknown field."] for name in unknown})
        return super().to_internal_value(data)


class NothingSerializer(StrictSerializer):
    """An empty body."""


class ReasonSerializer(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=2000)
