"""Where results go, and how the connection is secured."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from annotations.gateway.node_settings import is_ae_title


class DestinationError(Exception):
    """The settings cannot be used; the message names what to change."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A PACS.

    Attributes:
        calling_ae_title: who we are to it.
        authority, certificate, key: PEM files; with an authority all traffic is TLS 1.2 or newer.
    """

    host: str
    port: int
    ae_title: str
    calling_ae_title: str
    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def tls(self) -> ssl.SSLContext | None:
        """None for plain TCP. Raises DestinationError."""
        if self.authority is None:
            return None
        try:
            context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(self.authority))
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            if self.certificate is not None and self.key is not None:
                context.load_cert_chain(self.certificate, self.key)
        except OSError as error:
            raise DestinationError(f"A file of the PACS's TLS cannot be used ({error.strerror}).") from None
        return context


def destination() -> Destination | None:
    """The site's PACS; None where there is none. Raises DestinationError."""
    if not settings.PACS_HOST:
        return None
    for title, name in (
        (settings.PACS_AE_TITLE, "BONEAGE_PACS_AE_TITLE"),
        (settings.GATEWAY_AE_TITLE, "BONEAGE_GATEWAY_AE_TITLE"),
    ):
        if not is_ae_title(title):
            raise DestinationError(f"{name} is no AE title: 1 to 16 printable ASCII characters, no backslash.")
    if (settings.PACS_CERTIFICATE_FILE is None) != (settings.PACS_KEY_FILE is None):
        raise DestinationError("A client certificate needs its key, and a key its certificate.")
    if settings.PACS_CERTIFICATE_FILE is not None and settings.PACS_AUTHORITY_FILE is None:
        raise DestinationError("Certificates are shown over TLS alone: name BONEAGE_PACS_AUTHORITY_FILE too.")
    return Destination(
        host=settings.PACS_HOST,
        port=settings.PACS_PORT,
        ae_title=settings.PACS_AE_TITLE,
        calling_ae_title=settings.GATEWAY_AE_TITLE,
        authority=settings.PACS_AUTHORITY_FILE,
        certificate=settings.PACS_CERTIFICATE_FILE,
        key=settings.PACS_KEY_FILE,
    )
