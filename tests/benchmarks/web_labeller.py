"""Somebody who labels over HTTP as fast as the answers come, with the requests that the browser sends."""

import contextlib
import http.client
import json
import statistics
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

CSRF = "c" * 32


class Times:
    """Seconds that something took, each time."""

    def __init__(self, seconds: list[float] | None = None) -> None:
        self.seconds = seconds if seconds is not None else []

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds.append(time.perf_counter() - began)

    def milliseconds(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def __str__(self) -> str:
        return f"{1000 * statistics.median(self.seconds):.0f}/{self.milliseconds(0.95):.0f} (n {len(self.seconds)})"


class Labeller:
    """One connection that is kept, one session."""

    def __init__(self, port: int, session: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/json",
        }
        self.handed: list[str] = []
        self.failures: list[str] = []
        self.forget_times()

    def forget_times(self) -> None:
        """After warming up."""
        self.next_times, self.save_times = Times(), Times()
        self.annotations = self.requests = 0

    def get(self, path: str) -> Any:
        return self._call("GET", path, None)

    def post(self, path: str, body: object) -> Any:
        return self._call("POST", path, json.dumps(body))

    def _call(self, method: str, path: str, body: str | None) -> Any:
        self.requests += 1
        try:
            self._connection.request(method, f"/api/v1{path}", body, self._headers)
            response = self._connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError):  # closed between two requests: as a browser does
            self._connection.close()
            self._connection.request(method, f"/api/v1{path}", body, self._headers)
            response = self._connection.getresponse()
        text = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {text[:300]!r}")
        return json.loads(text) if text else None

    def annotate(self, *, batches: int = 1) -> None:
        """One study from "next" to "submitted"; its boxes in so many batches of operations."""
        with self.next_times.taken():
            work = self.post("/label/next", {"skip": []})
        box_set = work["contents"]
        self.handed.append(box_set["radiograph"]["id"])
        operations = [_operation(seq, region) for seq, region in enumerate(box_set["regions"], start=1)]
        size = -(-len(operations) // batches)
        with self.save_times.taken():
            for start in range(0, len(operations), size):
                batch = {"operations": operations[start : start + size]}
                saved = self.post(f"/box-sets/{work['box_set']}/operations", batch)
                assert len(saved["acknowledged"]) == len(batch["operations"])
            seen = {operation["region"]: operation["base_revision"] + 1 for operation in operations}
            handed_in = {"seen": seen, "effort": {"actions": 18, "seconds": 20.5}}
            assert self.post(f"/box-sets/{work['box_set']}/submit", handed_in)["status"] == "submitted"
        self.annotations += 1

    def annotate_until(self, end: float) -> None:
        """One after another until the monotonic clock says ``end``; a failure is kept and ends it."""
        try:
            while time.monotonic() < end:
                self.annotate()
        except Exception as failure:
            self.failures.append(f"{type(failure).__name__}: {failure}")


def _operation(seq: int, region: dict[str, Any]) -> dict[str, Any]:
    x, y = 60.0 + 140 * (seq % 6), 90.0 + 300 * (seq // 6)
    return {
        "id": str(uuid4()),
        "seq": seq,
        "kind": "set",
        "region": region["region"],
        "base_revision": region["revision"],
        "box": {"x0": x, "y0": y, "x1": x + 100, "y1": y + 180},
        "attributes": {"centre_not_visible": False, "occluded": False, "difficult": False},
        "absent_reason": None,
        "origin": "proposal",
        "made_at": "2026-01-01T10:00:00Z",
    }
