"""Behind a proxy that ends TLS. Refuses to start with what is only meant for a demonstration."""

from boneage_web.env import ConfigurationError, environment
from boneage_web.settings.base import *  # noqa: F403

if environment.demonstration:
    raise ConfigurationError("BONEAGE_DEMONSTRATION=1 makes accounts with a public password: not in production.")
if not environment.https:
    raise ConfigurationError("Set BONEAGE_HTTPS=1: session cookies must not travel without TLS.")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^api/v1/health$"]
