"""Questions about models and snapshots."""

from boneage_web.registry.models import ModelKind, ModelStatus, ModelVersion


def active_model(kind: ModelKind = ModelKind.BONE_AGE) -> ModelVersion | None:
    """The model that new films go to."""
    return ModelVersion.objects.filter(kind=kind, status=ModelStatus.ACTIVE).first()
