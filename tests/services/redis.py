"""A throw-away Redis."""

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator

from tests.services.ports import free_port, wait_for_port


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """Start Redis and yield its URL; it and its data are gone afterwards."""
    program = shutil.which("redis-server")
    if not program:
        raise FileNotFoundError("redis-server is not installed: run .ci/setup test")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="boneage-redis-") as folder:
        server = subprocess.Popen(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for_port(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(timeout=20)
