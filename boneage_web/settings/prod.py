"""Behind a proxy that ends TLS. Refuses to start with what is only meant for a demonstration."""

from boneage_web.env import ConfigurationError, environment
from boneage_web.settings.base import *  # noqa: F403

if environment.demonstration:
    raise ConfigurationError("BONEAGE_DEMONSTRATION=1 makes accounts with a public password: not in production.")
if not environment.https:
    raise ConfigurationError("Set BONEAGE_HTTPS=1: session cookies must not travel without TLS.")
if environment.keys and None in (environment.secret_key_file, environment.deidentification_key_file):
    raise ConfigurationError(
        "Set BONEAGE_SECRET_KEY_FILE and BONEAGE_DEIDENTIFICATION_KEY_FILE: a key that is made in passing is lost in "
        "passing (docker/make-secrets.sh makes them). A worker has no keys: BONEAGE_KEYS=0."
    )

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^api/v1/health$"]
