"""The outbound gateway's work: make the objects of a claimed delivery and store them in the PACS.

Research mode: under the stand-ins that the site itself shows; the gateway knows nobody. Clinical mode: under the
original patient, examination and film, which the vault gives for this purpose alone and logs.
"""

import logging
import os
import socket
import warnings
from collections.abc import Sequence

import pydicom
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from pydicom.dataset import Dataset

from annotations.services.site_mode import CLINICAL
from boneage_web.outbound import deliveries
from boneage_web.outbound.destination import Destination
from boneage_web.outbound.models import Delivery, GatewaySign
from boneage_web.outbound.original import NoIdentityError, original_of
from boneage_web.outbound.store import NotSentError, send
from boneage_web.results.reports.dicom_target import Target, clinical_target, research_target
from boneage_web.results.reports.picture import film_picture
from boneage_web.results.reports.secondary_capture import NoFontError, secondary_capture
from boneage_web.results.reports.structured_report import structured_report

logger = logging.getLogger(__name__)
PICTURE_PX = 1536


def gateway_name() -> str:
    """This process, as logs and the vault name it."""
    return f"outbound gateway {socket.gethostname()}:{os.getpid()}"


def tell_alive() -> None:
    """The page says when the gateway was last there."""
    GatewaySign.objects.update_or_create(name=socket.gethostname()[:120], defaults={"seen_at": timezone.now()})


def work_off(to: Destination) -> int:
    """Send everything that is due; returns how many were tried."""
    tried = 0
    while (delivery := deliveries.claim()) is not None:
        deliver(delivery, to)
        tried += 1
    return tried


def deliver(delivery: Delivery, to: Destination) -> None:
    """One delivery, to its end or its next try. Whatever goes wrong is written on its row and never lost."""
    try:
        stored = send(objects_of(delivery), to)
    except NotSentError as error:
        deliveries.not_sent(delivery, code=error.code, message=error.message, passing=error.passing)
    except NoIdentityError as error:
        deliveries.not_sent(delivery, code=error.code, message=error.message, passing=False)
    except FileNotFoundError:
        message = "The copy of this film is gone from the store: restore the backup."
        deliveries.not_sent(delivery, code="file_missing", message=message, passing=False)
    except NoFontError as error:
        deliveries.not_sent(delivery, code="no_font", message=str(error), passing=False)
    except Exception as error:
        # Its text could quote a header: only the kind of error is kept.
        logger.error("delivery %s broke off with %s", delivery.pk, type(error).__name__)
        message = f"The gateway broke off with {type(error).__name__}. Tell whoever maintains it."
        deliveries.not_sent(delivery, code="broke_off", message=message, passing=False)
    else:
        deliveries.sent(delivery, stored)


def objects_of(delivery: Delivery) -> Sequence[tuple[str, Dataset]]:
    """(kind, object): the structured report and the picture of a signed version.

    Raises:
        NoIdentityError: clinical mode, and the vault gives nobody.
        FileNotFoundError: the film's copy is gone.
    """
    signed = delivery.signed
    facts, radiograph = signed.content, signed.radiograph
    target = _target(delivery)
    boxes = facts["prediction"]["boxes"] if facts["prediction"] else []
    picture = film_picture(radiograph, boxes, longest_px=PICTURE_PX)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they quote names of patients
        return [
            ("sr", structured_report(facts, target)),
            ("sc", secondary_capture(facts, picture, target, settings.REPORT_LANGUAGE)),
        ]


def _target(delivery: Delivery) -> Target:
    radiograph = delivery.signed.radiograph
    if settings.MODE == CLINICAL:
        return clinical_target(original_of(radiograph.pk, who=gateway_name()), delivery.signed.content)
    with default_storage.open(radiograph.film_name) as file:
        header = pydicom.dcmread(file, stop_before_pixels=True)
    return research_target(header, delivery.signed.content)
