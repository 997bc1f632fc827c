"""A throw-away PostgreSQL."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.services.ports import free_port, wait_for_port


def _program(name: str) -> str:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(installed[-1]) if installed else shutil.which(name)
    if not found:
        raise FileNotFoundError(f"{name} is not installed: run .ci/setup test")
    return found


def _wait_until_started(url: str, *, timeout_seconds: float = 30.0) -> None:
    """It listens a moment before it takes anybody in, and on a loaded machine a moment is long."""
    deadline = time.monotonic() + timeout_seconds
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@contextlib.contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """Start PostgreSQL and yield its URL; it and its data are gone afterwards.

    ``durable``: a commit waits for the disk, as on a site; else it does not, and tests are quicker.
    """
    # PostgreSQL refuses to run as root, so root hands it to the account that Debian's package made.
    account = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="boneage-postgres-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        Path(folder).chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(data, account)
        subprocess.run(
            [_program("initdb"), "-D", str(data), "-U", "boneage", "-A", "trust", "-E", "UTF8", "-N", "--locale=C"],
            check=True, stdout=subprocess.DEVNULL, user=account, cwd=data,
        )  # fmt: skip
        command = [_program("postgres"), "-D", str(data), "-p", str(port), "-k", str(data), "-h", "127.0.0.1"]
        hasty = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
        server = subprocess.Popen(
            [*command, *(() if durable else hasty)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=account, cwd=data,
        )  # fmt: skip
        try:
            wait_for_port(port)
            url = f"postgresql://boneage@127.0.0.1:{port}/postgres"
            _wait_until_started(url)
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown
            server.wait(timeout=20)
