"""What the DICOM node is told: who it is, who may call, how it is secured, where its limits are."""

import ipaddress
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from annotations.gateway.capacity import CapacityLimits, capacity_limits

SMALLEST_PDU_BYTES, LARGEST_PDU_BYTES = 4096, 512 * 1024


class NodeSettingsError(Exception):
    """The node cannot be started with these settings; the message says what to change."""


@dataclass(frozen=True, slots=True)
class AllowedCaller:
    """A device that may call: its AE title, and the address or network that it must come from (None: any)."""

    ae_title: str
    network: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None

    @classmethod
    def parse(cls, text: str) -> "AllowedCaller":
        """``TITLE``, ``TITLE@10.1.2.3`` or ``TITLE@10.1.2.0/24``. Raises NodeSettingsError."""
        title, _, address = text.partition("@")
        if not is_ae_title(title):
            raise NodeSettingsError(f"{title!r} is not an AE title: 1 to 16 printable ASCII characters, no backslash.")
        try:
            return cls(title, ipaddress.ip_network(address, strict=False) if address else None)
        except ValueError:
            raise NodeSettingsError(
                f"{address!r} is neither an IP address nor a network such as 10.1.2.0/24."
            ) from None

    def may_come_from(self, address: str) -> bool:
        """Whether this device could have this IP address."""
        return self.network is None or _plain(address) in self.network

    def fits(self, ae_title: str, address: str) -> bool:
        """Whether somebody who calls so from there is this one."""
        return self.ae_title == ae_title and self.may_come_from(address)


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """Everything that the node is told.

    Attributes:
        ae_title: its own; calls for another title are rejected.
        allowed_callers: who may call; nobody else is.
        certificate, key: PEM files for TLS, or None for plain TCP.
        client_authority: PEM file of the authority whose certificates callers must show; None: any caller.
        longest_pdu_bytes: what callers are told to keep their PDUs below.
        most_associations: at the same time.
        store_limit_bytes: largest object that is taken.
        network_timeout_seconds: without a byte, after which an association ends.
    """

    ae_title: str
    allowed_callers: tuple[AllowedCaller, ...]
    bind_address: str = "127.0.0.1"
    port: int = 11112
    certificate: Path | None = None
    key: Path | None = None
    client_authority: Path | None = None
    longest_pdu_bytes: int = 128 * 1024
    most_associations: int = 10
    store_limit_bytes: int = 150 << 20
    network_timeout_seconds: float = 60.0
    capacity: CapacityLimits = field(default_factory=CapacityLimits)

    def __post_init__(self) -> None:
        if not is_ae_title(self.ae_title):
            raise NodeSettingsError("The node's own AE title has 1 to 16 printable ASCII characters, no backslash.")
        if not self.allowed_callers:
            raise NodeSettingsError("No device is allowed to call: name each as TITLE or TITLE@address.")
        if (self.certificate is None) != (self.key is None):
            raise NodeSettingsError("TLS needs both a certificate and its key.")
        if self.client_authority is not None and self.certificate is None:
            raise NodeSettingsError("Callers can be asked for certificates only over TLS: name certificate and key.")
        if not SMALLEST_PDU_BYTES <= self.longest_pdu_bytes <= LARGEST_PDU_BYTES:
            raise NodeSettingsError(f"A PDU has {SMALLEST_PDU_BYTES} to {LARGEST_PDU_BYTES} bytes.")

    def is_welcome(self, address: str) -> bool:
        """Whether any of those allowed could come from this IP address; from elsewhere nothing is even read."""
        return any(one.may_come_from(address) for one in self.allowed_callers)

    def tls(self) -> ssl.SSLContext | None:
        """TLS 1.2 or newer (BCP 195 profile, PS3.15 B.9). Raises NodeSettingsError when a file cannot be used."""
        if self.certificate is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.certificate, self.key)
            if self.client_authority is not None:
                context.load_verify_locations(self.client_authority)
                context.verify_mode = ssl.CERT_REQUIRED
        except (OSError, ssl.SSLError):
            raise NodeSettingsError("Certificate, key or authority of the node cannot be read as PEM files.") from None
        return context


def is_ae_title(text: str) -> bool:
    """PS3.5 table 6.2-1, AE: up to 16 characters of the default repertoire, no backslash, not only spaces."""
    return 1 <= len(text) <= 16 and text.isascii() and text.isprintable() and "\\" not in text and bool(text.strip())


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An IPv4 caller of an IPv6 socket is known by its IPv4 address."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return getattr(parsed, "ipv4_mapped", None) or parsed


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
