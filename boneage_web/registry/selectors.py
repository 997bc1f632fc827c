"""Questions about models and snapshots."""

from boneage_web.registry.models import ModelKind, ModelStatus, ModelVersion, Yardstick


def active_model(kind: ModelKind = ModelKind.BONE_AGE) -> ModelVersion | None:
    """The model that new films go to."""
    return ModelVersion.objects.filter(kind=kind, status=ModelStatus.ACTIVE).first()


def model_to_beat(candidate: ModelVersion) -> ModelVersion | None:
    """The model that a candidate has to be better than: the active one, or the one that was active last (laying it
    aside first is no way past the gate). None when no other was ever in use."""
    others = ModelVersion.objects.filter(kind=candidate.kind, activated_at__isnull=False).exclude(pk=candidate.pk)
    return others.filter(status=ModelStatus.ACTIVE).first() or others.order_by("-activated_at").first()


def yardstick() -> Yardstick | None:
    """The films of the release gate, as they were set last."""
    return Yardstick.objects.select_related("snapshot", "set_by").first()
