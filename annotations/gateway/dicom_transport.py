"""The network below the DICOM node: pynetdicom's server with bounds that a stranger on the network cannot exceed.

pynetdicom reads whatever length a PDU announces, 4 KiB at a time, before it knows who is calling, and does the TLS
handshake in the loop that accepts connections, where one silent caller stops all others. Here the announced length is
bounded, a PDU is read in one sweep, and the handshake is done in the caller's own thread, within a time.
"""

import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any

from pynetdicom import AE
from pynetdicom.association import Association
from pynetdicom.transport import AssociationSocket, RequestHandler, ThreadedAssociationServer

LONGEST_PDU_BYTES = 1 << 20
"""More than the largest PDU that this node announces to receive, and than any association request."""

CONNECTIONS_PER_ASSOCIATION = 2
"""Connections that have not asked for an association yet are limited too."""


class BoundedSocket(AssociationSocket):
    """Reads a PDU into memory that was set aside for it, or closes the connection when it would be too long."""

    def recv(self, nr_bytes: int) -> bytearray:
        """The next ``nr_bytes``; fewer when the peer closed. Raises OSError (the connection is then closed)."""
        if nr_bytes > LONGEST_PDU_BYTES or self.socket is None:
            raise ConnectionAbortedError
        buffer = bytearray(nr_bytes)
        view, got = memoryview(buffer), 0
        while got < nr_bytes:
            read = self.socket.recv_into(view[got:])
            if not read:
                break
            got += read
        view.release()
        del buffer[got:]
        return buffer


class BoundedRequestHandler(RequestHandler):
    """Gives each association a bounded socket."""

    def _create_association(self) -> Association:
        association = super()._create_association()
        # a second AssociationSocket would announce the connection to the state machine a second time
        association.dul.socket.__class__ = BoundedSocket
        return association


class BoundedServer(ThreadedAssociationServer):
    """Accepts connections up to a number, each handled in a thread of its own from the handshake on."""

    daemon_threads = True

    def __init__(
        self,
        ae: AE,
        address: tuple[str, int],
        *,
        handlers: list[Any],
        tls: ssl.SSLContext | None,
        is_welcome: Callable[[str], bool],
    ) -> None:
        self.tls, self.is_welcome = tls, is_welcome
        super().__init__(
            ae,
            address,
            ae.ae_title,
            ae.supported_contexts,
            evt_handlers=handlers,
            request_handler=BoundedRequestHandler,
        )

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept; the handshake comes later."""
        assert self.socket is not None
        connection, address = self.socket.accept()
        connection.settimeout(self.ae.network_timeout)
        return connection, address

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether the address may connect at all, and there is room for one more connection."""
        is_room = len(self.active_associations) < CONNECTIONS_PER_ASSOCIATION * self.ae.maximum_associations
        return is_room and self.is_welcome(client_address[0])

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Handshake if there is TLS, then the association. A caller that fails either is let go without a word."""
        try:
            if self.tls is not None:
                request = self.tls.wrap_socket(request, server_side=True)
            self.finish_request(request, client_address)
        except Exception:  # nothing of it is logged: it may quote what the caller sent
            self.shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """socketserver prints a traceback here."""


def acceptor_threads(server: BoundedServer) -> list[Association]:
    """The associations that this server holds at present."""
    return [thread for thread in threading.enumerate() if isinstance(thread, Association) and thread._server is server]
