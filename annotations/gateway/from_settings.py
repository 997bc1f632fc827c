"""What the site's settings say about its doors."""

from django.conf import settings

from annotations.gateway.capacity import CapacityLimits
from annotations.gateway.dicom_node import AllowedCaller, NodeSettings


def capacity_limits() -> CapacityLimits:
    """When the doors answer that they are full."""
    given = CapacityLimits()
    return CapacityLimits(
        free_bytes=getattr(settings, "QUARANTINE_FREE_BYTES", given.free_bytes),
        waiting=getattr(settings, "QUARANTINE_LIMIT_FILMS", given.waiting),
    )


def node_settings() -> NodeSettings:
    """Settings of the DICOM node. Raises NodeSettingsError."""
    return NodeSettings(
        ae_title=getattr(settings, "DICOM_AE_TITLE", "BONEAGE"),
        allowed_callers=tuple(AllowedCaller.parse(text) for text in getattr(settings, "DICOM_ALLOWED_CALLERS", ())),
        bind_address=getattr(settings, "DICOM_BIND_ADDRESS", "0.0.0.0"),  # noqa: S104
        port=getattr(settings, "DICOM_PORT", 11112),
        certificate=getattr(settings, "DICOM_CERTIFICATE_FILE", None),
        key=getattr(settings, "DICOM_KEY_FILE", None),
        client_authority=getattr(settings, "DICOM_CLIENT_AUTHORITY_FILE", None),
        most_associations=getattr(settings, "DICOM_ASSOCIATIONS", 10),
        store_limit_bytes=settings.UPLOAD_LIMIT_BYTES,
        capacity=capacity_limits(),
    )
