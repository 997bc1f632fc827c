"""Where the intake hands over, in clinical mode, what leads back to the child, without knowing who keeps it.

The roof registers one keeper (``boneage_web/vault``). In research mode there is none and nothing is read.
"""

import logging
from collections.abc import Callable
from uuid import UUID

from django.conf import settings

from annotations.services.site_mode import CLINICAL, OtherModeError, fix_mode
from inference.imaging.original_identity import OriginalIdentity, original_identity
from inference.imaging.read import read_dicom

logger = logging.getLogger(__name__)

Keeper = Callable[[OriginalIdentity, UUID], None]
"""Keeps an identity under the id of the radiograph. Durable when it returns; the same twice is once."""

_keepers: list[Keeper] = []


class IdentityNotKeptError(Exception):
    """The film must not be kept, because nothing would lead back from it.

    Attributes:
        code: ``vault_unavailable`` (nothing is wrong with the film) or ``identity_incomplete`` (its header names no
            patient or no examination).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def register_keeper(keeper: Keeper) -> None:
    """Make this the one keeper."""
    _keepers[:] = [keeper]


def keep_identity(data: bytes, *, radiograph: UUID) -> None:
    """Keep what leads back from the radiograph of this id. Call it before the first copy or row of the film is written.

    A crash afterwards leaves an entry without a film, which harms nobody and is swept; the film taken up again under
    the same id finds its entry there. In research mode it does nothing but check that the mode is still the same.

    Args:
        data: the original film, one that could be read.
        radiograph: the id that its radiograph, or the blocked film, has or will have.

    Raises:
        IdentityNotKeptError: see there. Neither the header nor the keeper's own error is in it.
    """
    try:
        fix_mode()
    except OtherModeError as error:
        logger.error("%s", error)
        raise IdentityNotKeptError("vault_unavailable") from None
    if settings.MODE != CLINICAL:
        return
    identity = original_identity(read_dicom(data))
    if not identity.leads_back:
        raise IdentityNotKeptError("identity_incomplete")
    if not _keepers:
        logger.error("clinical mode without a keeper of identities")
        raise IdentityNotKeptError("vault_unavailable")
    try:
        _keepers[0](identity, radiograph)
    except Exception as error:  # a database's error may quote what it was given
        logger.error("the identity vault refused an entry: %s", type(error).__name__)
        raise IdentityNotKeptError("vault_unavailable") from None
