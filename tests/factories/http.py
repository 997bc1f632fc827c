"""Somebody who uses the application over real HTTP, as a browser does: session cookie and CSRF token."""

import time
from typing import Any

import requests

DEMONSTRATION_PASSWORD = "boneage-demo"


class ApiError(AssertionError):
    """The server refused; carries its status and error body."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__(f"{response.request.method} {response.url} -> {response.status_code}: {response.text[:500]}")
        self.status = response.status_code
        self.body = response.json() if "json" in response.headers.get("Content-Type", "") else {}


class Caller:
    """A signed-in person."""

    def __init__(self, base_url: str, username: str, password: str = DEMONSTRATION_PASSWORD) -> None:
        self.base_url = f"{base_url}/api/v1"
        self.session = requests.Session()
        # a kept connection may be closed by the server at the very moment of the next request, which then fails
        self.session.headers["Connection"] = "close"
        self.get("/session")
        self.post("/session", {"username": username, "password": password})

    def call(self, method: str, path: str, **arguments: Any) -> requests.Response:
        address = path if path.startswith("http") else self.base_url + path.removeprefix("/api/v1")
        token = self.session.cookies.get("csrftoken", "")
        response = self.session.request(method, address, headers={"X-CSRFToken": token}, timeout=30, **arguments)
        if not response.ok:
            raise ApiError(response)
        return response

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, params=query).json()

    def post(self, path: str, body: object = None) -> Any:
        response = self.call("POST", path, json={} if body is None else body)
        return response.json() if response.content else None

    def upload(self, name: str, data: bytes, *, timeout_seconds: float = 50.0) -> dict[str, Any]:
        """Hand a film in and wait for its end, as the page does; raises TimeoutError when it goes on waiting."""
        outcome = dict(self.call("POST", "/uploads", files={"file": (name, data)}).json())
        deadline = time.monotonic() + timeout_seconds
        while outcome["outcome"] == "waiting":
            if time.monotonic() > deadline:
                raise TimeoutError(f"upload {outcome['id']} is still waiting")
            time.sleep(0.3)
            (outcome,) = self.post("/uploads/outcomes", {"ids": [outcome["id"]]})
        return outcome

    def finished_run(self, run_id: str, *, timeout_seconds: float = 50.0) -> dict[str, Any]:
        """The run once it has ended; raises TimeoutError when it does not end in time."""
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            run = self.get(f"/runs/{run_id}")
            if run["status"] in {"succeeded", "failed", "cancelled"}:
                return dict(run)
            time.sleep(0.3)
        raise TimeoutError(f"run {run_id} has not ended: {run}")
