"""A browser behind the reverse proxy that ends TLS: it says https, and so do the headers that reach the server."""

from typing import Any

import requests

from tests.factories.http import ApiError, Caller


class ProxiedCaller(Caller):
    """A signed-in person. ``host``: the name by which browsers reach the site."""

    def __init__(self, base_url: str, host: str, username: str, password: str) -> None:
        self.host = host
        self.cookies: dict[str, str] = {}
        super().__init__(base_url, username, password)

    def call(self, method: str, path: str, **arguments: Any) -> requests.Response:
        headers = {
            "Host": self.host,
            "X-Forwarded-Proto": "https",
            "Referer": f"https://{self.host}/",
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            # secure cookies: the client's own jar would keep them from this plain connection
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        address = self.base_url + path.removeprefix("/api/v1")
        response = requests.request(method, address, headers=headers, timeout=30, allow_redirects=False, **arguments)
        self.cookies |= response.cookies.get_dict()
        if not response.ok or response.is_redirect:
            raise ApiError(response)
        return response
