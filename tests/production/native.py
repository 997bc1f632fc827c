"""The programs of docker/compose.yml without containers: the very commands, environment and health checks, with the
paths and host names of the containers replaced by those of a test.

Where the machine allows it (root, mount namespaces) a program also runs as it does there: as user 10001, on a root file
system that cannot be written, with nothing but its data folder and a /tmp of its own.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests.production.compose_files import ROOT, compose, env_example

USER = "10001"
_CONFINED = """
set -e
mount --make-rprivate /
for folder in "$1" "$2"; do mount --bind "$folder" "$folder"; done
mount -o remount,bind,ro /
shift 2
exec setpriv --reuid 10001 --regid 10001 --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search \\
    --no-new-privs -- "$@"
"""


class Site:
    """Folders and addresses of a site whose programs run side by side on this machine."""

    def __init__(self, folder: Path, *, database_url: str, redis_port: int, ports: Mapping[str, int]) -> None:
        self.folder, self.redis_port, self.ports = folder, redis_port, ports
        self.data, self.secrets, self.temporary = (folder / name for name in ("data", "secrets", "tmp"))
        for path in (self.data, self.secrets, self.temporary):
            path.mkdir()
        if is_confinable():
            for path in (self.data, self.temporary):
                os.chown(path, int(USER), int(USER))
            for path in (folder, *folder.parents):  # pytest's folders are closed to others
                if path.owner() == "root" and path != Path("/") and path.is_relative_to("/tmp"):
                    path.chmod(path.stat().st_mode | 0o011)
        self.changes = {
            "postgresql://boneage@postgres:5432/boneage": database_url,
            "redis:6379": f"127.0.0.1:{redis_port}",
            "port 6379": f"port {redis_port}",
            "-p 6379": f"-p {redis_port}",
            "/run/secrets": str(self.secrets),
            "/tmp/redis.conf": str(folder / "redis.conf"),
            "dir /data": f"dir {folder}",
        }

    def fitted(self, text: str) -> str:
        """A text of the compose file, as it has to be here."""
        for old, new in self.changes.items():
            text = text.replace(old, new)
        return str(self.data) if text == "/data" else text.replace("$$", "$")

    def environment(self, service: str) -> dict[str, str]:
        """As in the container: docker/env.example, what compose.yml says, and nothing of the tests' own."""
        inherited = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG")}
        own = compose()["services"][service].get("environment", {})
        variables = {**env_example(), **{name: self.fitted(str(value)) for name, value in own.items()}}
        return {
            **inherited,
            **variables,
            "HOME": str(self.temporary),
            "TMPDIR": str(self.temporary),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "BONEAGE_PORT": str(self.ports["web"]),
            **({"BONEAGE_DICOM_PORT": str(self.ports["dicom"])} if service == "dicom-node" else {}),
            **self.own_settings(),
        }

    def own_settings(self) -> dict[str, str]:
        """What an administrator would write into docker/.env: here, fewer threads and a shorter wait for a sweep."""
        return {"BONEAGE_WORKER_THREADS": "1", "BONEAGE_WEB_PROCESSES": "1", "BONEAGE_SWEEP_SECONDS": "1"}

    def command(self, words: Sequence[str]) -> list[str]:
        """A command of the compose file, in its confinement where there is one."""
        fitted = [self.fitted(word) for word in words]
        if fitted[0] == "python":
            fitted[0] = sys.executable
            if is_confinable():
                return ["unshare", "--mount", "sh", "-c", _CONFINED, "-", str(self.data), str(self.temporary), *fitted]
        return fitted

    def run(self, service: str, words: Sequence[str] | None = None) -> subprocess.CompletedProcess[str]:
        """The service's command, or another one in its place, to its end."""
        return subprocess.run(
            self.command(words or compose()["services"][service]["command"]),
            cwd=ROOT, env=self.environment(service), capture_output=True, text=True, check=False,
        )  # fmt: skip

    def start(self, service: str) -> "Running":
        """Start a service as compose would."""
        return Running(self, service)


class Running:
    """A started service."""

    def __init__(self, site: Site, service: str) -> None:
        self.site, self.service = site, service
        self.described: dict[str, Any] = compose()["services"][service]
        self.log = site.folder / f"{service}.log"
        with self.log.open("ab") as sink:
            self.process = subprocess.Popen(
                site.command(self.described["command"]),
                cwd=ROOT, env=site.environment(service), stdout=sink, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def is_healthy(self) -> bool:
        """Its own health check, as compose would run it in its container."""
        return self.site.run(self.service, self.described["healthcheck"]["test"][1:]).returncode == 0

    def stop(self) -> None:
        """The signal that compose sends."""
        self.process.send_signal(getattr(signal, self.described["stop_signal"]))

    def ended_within(self, seconds: float) -> int:
        """Exit status; subprocess.TimeoutExpired when it does not end."""
        return self.process.wait(timeout=seconds)

    def kill(self) -> None:
        """Whatever is left of it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@cache
def is_confinable() -> bool:
    """Whether this machine lets a test take rights away."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "setpriv", "mount"))):
        return False
    probe = ["unshare", "--mount", "sh", "-c", "mount --make-rprivate / && mount -o remount,bind,ro /"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0
