"""Questions about models and snapshots."""

from collections.abc import Iterable
from uuid import UUID

from annotations.models import Radiograph
from boneage_web.registry.models import ModelKind, ModelStatement, ModelStatus, ModelVersion, Yardstick


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


def statements_of(model: ModelVersion) -> dict[str, ModelStatement]:
    """Item -> what was stated of it last."""
    rows = model.statements.select_related("by").order_by("at", "pk")
    return {row.item: row for row in rows}


def studies_of(ids: Iterable[str]) -> dict[str, str]:
    """The studies of this site that films of a report belong to; films of elsewhere have none."""
    here = [film for film in ids if _is_uuid(film)]
    rows = Radiograph.objects.filter(pk__in=here).values_list("pk", "study")
    return {str(radiograph): str(study) for radiograph, study in rows}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
