"""The DICOM node: answers C-ECHO, and puts what C-STORE brings into quarantine, byte for byte as it came.

A store is answered with Success only once the file is on the disk; whether the film can be used is decided afterwards,
as at every other door (docs/dicom_conformance.md says why raw detector data and secondary captures are accepted and
refused there). Only callers named in the settings are let in. Nothing that a caller sends is logged but counts and
status codes: even a title or an address may name a hospital's department.
"""

import logging
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable
from math import inf
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection
from pydicom import uid
from pydicom.uid import UID
from pynetdicom import AE, _config, evt
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from annotations.gateway.capacity import Capacity
from annotations.gateway.dicom_transport import BoundedServer, acceptor_threads
from annotations.gateway.node_settings import NodeSettings
from annotations.services.intake import Reason, arrive, refuse_at_door
from annotations.states import Door
from inference.imaging.decode import HTJ2K_SYNTAXES, PLUGIN_BY_SYNTAX

logger = logging.getLogger(__name__)

SUCCESS, OUT_OF_RESOURCES, CANNOT_UNDERSTAND = 0x0000, 0xA700, 0xC000
"""PS3.4 table B.2-1."""

CALLING_TITLE_UNKNOWN, TEMPORARY_CONGESTION = (0x01, 0x01, 0x03), (0x02, 0x03, 0x01)
"""Result, source and reason of a rejection, PS3.8 table 9-21."""

STORED_CLASSES: tuple[UID, ...] = (
    uid.ComputedRadiographyImageStorage,
    uid.DigitalXRayImageStorageForPresentation,
    uid.DigitalXRayImageStorageForProcessing,
    uid.SecondaryCaptureImageStorage,
)
"""The last two are always refused, but by the intake: it leaves a reason behind, and a queue that sends a whole study
is not held up by the one object that no presentation context was accepted for."""

TRANSFER_SYNTAXES: tuple[UID, ...] = (
    uid.ExplicitVRLittleEndian,
    uid.ImplicitVRLittleEndian,
    uid.DeflatedExplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.RLELossless,
    *(UID(syntax) for syntax in PLUGIN_BY_SYNTAX),
    *sorted(HTJ2K_SYNTAXES),
)
"""All that :mod:`inference.imaging.decode` reads; the uncompressed ones first."""

ASKS_WITHIN_SECONDS = 10.0
"""Whoever connects asks for an association, and ends one, in this time, or gives the place free."""

GRACE_SECONDS = 8.0
"""For stores that are running when the node is to stop; shorter than the supervisor's."""


class DicomNode:
    """A running node. ``counts`` tells associations, rejections and store answers by status."""

    def __init__(
        self,
        settings: NodeSettings,
        *,
        store: Callable[..., UUID] = arrive,
        refuse: Callable[..., None] = refuse_at_door,
        capacity: Capacity | None = None,
    ) -> None:
        self.settings = settings
        self.counts: Counter[str] = Counter()
        self._store, self._refuse, self._capacity = store, refuse, capacity or Capacity(settings.capacity)
        self._lock = threading.Lock()
        self._running_stores = 0
        # since its last message, by association
        self._received_bytes: WeakKeyDictionary[Any, float] = WeakKeyDictionary()
        self._stopping = threading.Event()
        self._server: BoundedServer | None = None

    @property
    def port(self) -> int:
        """Where it listens: of use when the settings said 0."""
        assert self._server is not None
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Listen, in threads of its own. Raises NodeSettingsError, or OSError when the port cannot be used."""
        _silence_pynetdicom()
        tls = self.settings.tls()
        ae = AE(self.settings.ae_title)
        ae.require_called_aet = True
        ae.maximum_pdu_size = self.settings.longest_pdu_bytes
        ae.maximum_associations = self.settings.most_associations
        ae.network_timeout = ae.dimse_timeout = self.settings.network_timeout_seconds
        ae.acse_timeout = ASKS_WITHIN_SECONDS
        ae.add_supported_context(Verification, list(TRANSFER_SYNTAXES[:3]))
        for stored_class in STORED_CLASSES:
            ae.add_supported_context(stored_class, list(TRANSFER_SYNTAXES))
        handlers: list[Any] = [
            (evt.EVT_REQUESTED, self._on_requested),
            (evt.EVT_ACCEPTED, lambda event: self._count("accepted")),
            (evt.EVT_REJECTED, lambda event: self._count("rejected")),
            (evt.EVT_DATA_RECV, self._on_data),
            (evt.EVT_C_ECHO, self._on_echo),
            (evt.EVT_C_STORE, self._on_store),
        ]
        address = (self.settings.bind_address, self.settings.port)
        self._server = BoundedServer(ae, address, handlers=handlers, tls=tls, is_welcome=self.settings.is_welcome)
        ae._servers.append(self._server)  # where its shutdown takes itself out
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def stop(self) -> None:
        """Take no more calls, let running stores end and be answered, then end all associations."""
        assert self._server is not None
        self._stopping.set()
        deadline = time.monotonic() + GRACE_SECONDS
        while self._running_stores and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.1)  # the last answer is on its way
        for association in acceptor_threads(self._server):
            if association.is_established:
                association.abort()
        self._server.shutdown()

    def _count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    def _on_requested(self, event: Any) -> None:
        """Reject whoever is not named, before anything is negotiated."""
        association = event.assoc
        title, address = association.requestor.primitive.calling_ae_title, association.requestor.address
        if not any(one.fits(title, address) for one in self.settings.allowed_callers):
            logger.warning("an association was rejected: its caller is not among those allowed")
            self._reject(association, CALLING_TITLE_UNKNOWN)
        elif self._stopping.is_set():
            self._reject(association, TEMPORARY_CONGESTION)

    def _reject(self, association: Any, how: tuple[int, int, int]) -> None:
        self._count("rejected")
        association.acse.send_reject(*how)
        association.kill()

    def _on_data(self, event: Any) -> None:
        """End an association whose object grows beyond the limit: pynetdicom gathers it in memory."""
        received = self._received_bytes.get(event.assoc, 0) + len(event.data)
        self._received_bytes[event.assoc] = received
        if received > self.settings.store_limit_bytes:
            self._received_bytes[event.assoc] = -inf  # what still comes until it has ended is no second object
            self._count("too large")
            logger.warning("an association was ended: its object is larger than what is taken")
            event.assoc.abort()
            self._record(Reason.too_large(self.settings.store_limit_bytes))

    def _record(self, reason: Reason) -> None:
        """For the intake page; what becomes of the association does not hang on it."""
        try:
            self._refuse(reason, door=Door.C_STORE)
        except Exception as error:
            logger.error("a refusal could not be recorded: %s", type(error).__name__)
        finally:
            connection.close()  # this thread's own, which ends with the association

    def _on_echo(self, event: Any) -> int:
        self._count("echo")
        return SUCCESS

    def _on_store(self, event: Any) -> int:
        self._received_bytes[event.assoc] = 0
        with self._lock:
            self._running_stores += 1
        try:
            status = self._stored(event)
        finally:
            with self._lock:
                self._running_stores -= 1
        self._count(f"store {status:04X}")
        return status

    def _stored(self, event: Any) -> int:
        if self._stopping.is_set() or not self._capacity.has_room():
            return OUT_OF_RESOURCES
        try:
            data = event.encoded_dataset()
        except Exception as error:
            logger.warning("a store was refused: %s", type(error).__name__)
            self._record(Reason.of("unreadable_header"))
            return CANNOT_UNDERSTAND
        try:
            self._store(data=data, by=None, door=Door.C_STORE)
        except Exception as error:  # its text may hold the path of a file, or worse
            logger.error("a store could not be made durable: %s", type(error).__name__)
            return OUT_OF_RESOURCES
        return SUCCESS


def _silence_pynetdicom() -> None:
    """It logs titles, addresses and, at debug, data sets; what kills one of its threads may quote a message."""
    _config.LOG_HANDLER_LEVEL = "none"
    for name in ("pynetdicom", "pydicom"):
        library = logging.getLogger(name)
        library.setLevel(logging.CRITICAL + 1)
        library.propagate = False
    warnings.filterwarnings("ignore", module="py(net)?dicom")  # pydicom's warnings quote values
    threading.excepthook = _tell_of_a_dead_thread


def _tell_of_a_dead_thread(dead: threading.ExceptHookArgs) -> None:
    logger.error("a thread of the node ended: %s", dead.exc_type.__name__)
