"""Where a request came from: an account is locked out for one address, not for everybody behind a proxy."""

from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address that the outermost of the site's own proxies was called from.

    Each proxy appends the address of its caller to X-Forwarded-For; what stands further left came from the caller and
    may say anything. Without proxies, or where the header is shorter than it must be, it is the peer's own address.
    """
    if settings.PROXIES > 0:
        chain = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        with suppress(ValueError, IndexError):
            return str(ip_address(chain[-settings.PROXIES].strip()))
    return request.META.get("REMOTE_ADDR") or None
