"""What the site's settings say about its doors."""

from django.conf import settings

from annotations.gateway.capacity import CapacityLimits
from annotations.gateway.dicom_node import AllowedCaller, NodeSettings


def capacity_limits() -> CapacityLimits:
    """When the doors answer that they are full."""
    return CapacityLimits(free_bytes=settings.QUARANTINE_FREE_BYTES, waiting=settings.QUARANTINE_LIMIT_FILMS)


def node_settings() -> NodeSettings:
    """Settings of the DICOM node. Raises NodeSettingsError."""
    return NodeSettings(
        ae_title=settings.DICOM_AE_TITLE,
        allowed_callers=tuple(AllowedCaller.parse(text) for text in settings.DICOM_ALLOWED_CALLERS),
        bind_address=settings.DICOM_BIND_ADDRESS,
        port=settings.DICOM_PORT,
        certificate=settings.DICOM_CERTIFICATE_FILE,
        key=settings.DICOM_KEY_FILE,
        client_authority=settings.DICOM_CLIENT_AUTHORITY_FILE,
        most_associations=settings.DICOM_ASSOCIATIONS,
        store_limit_bytes=settings.UPLOAD_LIMIT_BYTES,
        capacity=capacity_limits(),
    )
