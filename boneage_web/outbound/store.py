"""C-STORE to a PACS: what got there, and of what fails, what may get there later."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.uid import (
    ComprehensiveSRStorage,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
)
from pynetdicom import AE, _config
from pynetdicom.association import Association

from boneage_web.outbound.destination import Destination

_config.LOG_HANDLER_LEVEL = "none"  # its logs quote data sets
TIMEOUT_SECONDS = 30
VERIFICATION = "1.2.840.10008.1.1"
SUCCESS = 0x0000
_WARNINGS = range(0xB000, 0xC000)
"""The object is stored, with elements coerced or unknown to the archive (PS3.4 B.2.3)."""
_OUT_OF_RESOURCES = range(0xA700, 0xA800)


class NotSentError(Exception):
    """Attributes:
    code: ``unreachable``, ``rejected``, ``no_presentation_context``, ``aborted``, ``out_of_resources``, ``refused``.
    passing: whether it is worth another try by itself.
    """

    def __init__(self, code: str, message: str, *, passing: bool) -> None:
        super().__init__(message)
        self.code, self.message, self.passing = code, message, passing


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that the PACS took, with its status."""

    kind: str
    status: int


def send(objects: Sequence[tuple[str, Dataset]], to: Destination) -> list[Stored]:
    """Store (kind, object) in one association. All are taken, or NotSentError tells of the first that was not."""
    association = _associate(to)
    stored = []
    try:
        accepted = {context.abstract_syntax for context in association.accepted_contexts}
        for kind, dataset in objects:
            if dataset.SOPClassUID not in accepted:
                raise NotSentError(
                    "no_presentation_context",
                    f"The PACS takes no objects of this kind ({kind}). Ask its administrator to allow them.",
                    passing=False,
                )
            stored.append(Stored(kind, _stored(association.send_c_store(dataset), kind)))
    finally:
        if association.is_established:
            association.release()
    return stored


def echo(to: Destination) -> None:
    """C-ECHO. Raises NotSentError."""
    association = _associate(to)
    try:
        answer = association.send_c_echo()
        if not answer or answer.Status != SUCCESS:
            raise NotSentError("aborted", "The PACS did not answer C-ECHO.", passing=True)
    finally:
        if association.is_established:
            association.release()


def _associate(to: Destination) -> Association:
    entity = AE(ae_title=to.calling_ae_title)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = entity.connection_timeout = TIMEOUT_SECONDS
    syntaxes = [ExplicitVRLittleEndian, ImplicitVRLittleEndian]
    for sop_class in (ComprehensiveSRStorage, SecondaryCaptureImageStorage, VERIFICATION):
        entity.add_requested_context(sop_class, syntaxes)
    tls = to.tls()
    association = entity.associate(
        to.host, to.port, ae_title=to.ae_title, tls_args=(tls, to.host) if tls is not None else None
    )
    if association.is_established:
        return association
    if association.is_rejected:
        raise NotSentError(
            "rejected", "The PACS turned us away: check both AE titles and that we are known to it.", passing=True
        )
    raise NotSentError("unreachable", "The PACS cannot be reached: check host, port, TLS and network.", passing=True)


def _stored(answer: Dataset, kind: str) -> int:
    status = answer.get("Status") if answer else None
    if status is None:
        raise NotSentError("aborted", "The PACS ended the connection before it answered.", passing=True)
    if status == SUCCESS or status in _WARNINGS:
        return int(status)
    if status in _OUT_OF_RESOURCES:
        raise NotSentError("out_of_resources", f"The PACS is out of resources (status {status:04X}).", passing=True)
    raise NotSentError("refused", f"The PACS refused the {kind} (status {status:04X}). See its log.", passing=False)
